"""The shape of a value, as numbers to compute with."""

from ..engine.registry import op
from ..graph.keras_tensor import KerasTensor
from .core import shape as known_shape


@op("minikeras.Shape")
def shape(x: object) -> tuple:
    """Returns the sizes of the axes.

    The size of a free axis of a symbolic value prints as None. Wherever ops take a size, or compute, it can be used
    as a number: in the `call` of a layer, by Python too; in a graph of ops it is the size that each run has.

    Args:
        x: A value of any shape.

    Returns:
        A tuple with an integer for each axis that is not free.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> shape([[1, 2, 3]])
        (1, 3)
        >>> from minikeras import ops
        >>> x = KerasTensor((None, 3))
        >>> shape(x), ops.zeros((shape(x)[0] * 2, 5)).shape
        ((None, 3), (None, 5))
    """
    return x.sizes() if isinstance(x, KerasTensor) else known_shape(x)

"""Integrals of sampled functions."""

from ..engine.registry import op
from ..engine.specialization import specialized
from ..engine.tree import flatten
from ..errors import ShapeError
from ..graph.keras_tensor import KerasTensor
from ..typing import Tensor, TensorLike
from .arithmetic import add, multiply
from .common.arguments import normalize_axis, promoted, static_shape
from .cumulative import diff
from .indexing import get_item
from .reductions import sum
from .shaping import moveaxis


def _in_keras(x: TensorLike | None, dx: TensorLike, **others: object) -> dict | None:
    """Keras's class is made with the places, so they cannot be symbolic."""
    return None if any(isinstance(each, KerasTensor) for each in flatten([x, dx])) else {}


@specialized
@op("numpy.Trapezoid", settings="x dx axis", as_in_keras=_in_keras)
def trapezoid(y: TensorLike, x: TensorLike | None = None, dx: TensorLike = 1.0, axis: int = -1) -> Tensor:
    """Integrates along an axis by the trapezoidal rule.

    `sum_i (x_(i + 1) - x_i) (y_i + y_(i + 1)) / 2`

    Args:
        y: The values to integrate, of any shape.
        x: Their places: a vector, or one for each value, in the shape of `y`.
        dx: The distance between neighbors, if there is no `x`.
        axis: The axis.

    Returns:
        The integrals; the shape of `y` without the axis.

    Raises:
        ArgumentError: If there is no such axis.
        ShapeError: If `x` does not have as many places as there are values.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> print(trapezoid([1.0, 2.0, 3.0], x=[0.0, 1.0, 3.0]))
        6.5
    """
    y, steps = promoted(y, dx if x is None else x, to_float=True)
    axis = normalize_axis(axis, len(static_shape(y)))
    y = moveaxis(y, axis, -1)
    if x is not None:
        steps = moveaxis(steps, axis, -1) if len(static_shape(steps)) > 1 else steps
        places = static_shape(steps)[-1:]
        if not places or None not in (*places, static_shape(y)[-1]) and places != static_shape(y)[-1:]:
            raise ShapeError(
                "`trapezoid` expects a place for each value along the axis. "
                f"Received: {static_shape(y)[-1]} values, x of shape {static_shape(x)}"
            )
        steps = diff(steps)
    pairs = add(get_item(y, (..., slice(1, None))), get_item(y, (..., slice(None, -1))))
    return multiply(sum(multiply(pairs, steps), -1), 0.5)

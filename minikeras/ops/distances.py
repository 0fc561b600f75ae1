"""Distances between vectors."""

from ..engine.primitive import broadcast_shapes
from ..engine.registry import op
from ..errors import ShapeError
from ..typing import Tensor, TensorLike
from .arithmetic import subtract
from .common.arguments import as_value, promoted, static_shape
from .exponents import sqrt, square
from .reductions import sum
from .shaping import expand_dims


@op("math.CDist")
def cdist(x: TensorLike, y: TensorLike) -> Tensor:
    """Computes the Euclidean distances between all pairs of two collections of vectors.

    `norm(x[..., i, :] - y[..., j, :])`

    Args:
        x: Vectors of shape (..., m, d).
        y: Vectors of shape (..., n, d); leading axes broadcast.

    Returns:
        The distances, of shape (..., m, n). Their gradient is NaN where they are 0.

    Raises:
        ShapeError: If the shapes are incompatible.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> cdist([[0.0, 0.0]], [[3.0, 4.0], [0.0, 1.0]])
        array([[5., 1.]], dtype=float32)
    """
    x, y = promoted(as_value(x), as_value(y), to_float=True)
    first, second = static_shape(x), static_shape(y)
    fits = len(first) > 1 and len(second) > 1
    if not fits or (None not in (first[-1], second[-1]) and first[-1] != second[-1]):
        raise ShapeError(
            f"`cdist` expects vectors of the same size: (..., m, d) and (..., n, d). "
            f"Received: shapes {first} and {second}"
        )
    broadcast_shapes(first[:-2], second[:-2])
    return sqrt(sum(square(subtract(expand_dims(x, -2), expand_dims(y, -3))), -1))

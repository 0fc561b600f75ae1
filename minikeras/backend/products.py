"""Matrix products, also batched."""

from typing import Any

from .. import ops
from ..errors import ShapeError
from ..ops.common.arguments import static_shape
from ..tracebacks import filtered


@filtered
def dot(x: Any, y: Any) -> Any:
    """Matrix product; of tensors with more axes, over the last axis of `x` and the second-to-last of `y`.

    Example:
        >>> dot([[1.0, 2.0]], [[3.0], [4.0]])
        array([[11.]], dtype=float32)
    """
    axes = len(static_shape(x)), len(static_shape(y))
    if min(axes) < 1 or (axes[0] <= 2 and axes[1] <= 2):
        return ops.matmul(x, y)
    return ops.tensordot(x, y, axes=[[axes[0] - 1], [max(axes[1] - 2, 0)]])


@filtered
def batch_dot(x: Any, y: Any, axes: Any = None) -> Any:
    """Batched product over one axis of `x` and one of `y`.

    Args:
        x: Tensor of shape (batch, ...), with at least two axes.
        y: Tensor of shape (batch, ...), with at least two axes.
        axes: The axis of each to sum over, or one integer for both; by default the last axis of `x` and the
            second-to-last of `y` (the last one of a matrix).

    Returns:
        Tensor of shape (batch, remaining axes of `x`, remaining axes of `y`), or (batch, 1) if none remain.

    Raises:
        ShapeError: If the shapes are incompatible.

    Example:
        >>> batch_dot([[1.0, 2.0]], [[3.0, 4.0]])
        array([[11.]], dtype=float32)
    """
    first, second = tuple(static_shape(x)), tuple(static_shape(y))
    where = f"`K.batch_dot` of shapes {first} and {second}, axes={axes}"
    if len(first) < 2 or len(second) < 2:
        raise ShapeError(f"{where}: expected at least 2 axes, the first one the batch.")
    if axes is None:
        axes = (len(first) - 1, max(len(second) - 2, 1))
    axes = (axes, axes) if isinstance(axes, int) else tuple(axes)
    left, right = axes[0] % len(first), axes[1] % len(second)
    if 0 in (left, right):
        raise ShapeError(f"{where}: the batch axis cannot be summed over.")
    for sizes in ((first[0], second[0]), (first[left], second[right])):
        if None not in sizes and sizes[0] != sizes[1]:
            raise ShapeError(f"{where}: sizes {sizes[0]} and {sizes[1]} must be equal.")
    letters = iter("bcdefghijklmnopqrstuvwxyz")
    own, other = (["a", *(next(letters) for _ in sizes[1:])] for sizes in (first, second))
    other[right] = own[left]
    kept = [letter for letter in own[1:] if letter != own[left]] + [each for each in other[1:] if each != own[left]]
    found = ops.einsum(f"{''.join(own)},{''.join(other)}->a{''.join(kept)}", x, y)
    return found if kept else ops.expand_dims(found, -1)

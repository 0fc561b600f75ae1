"""Shape manipulation: reshaping, transposing, repeating, joining and padding."""

from typing import Any

import numpy as np

from .. import ops
from ..config import resolved_data_format
from ..errors import ShapeError
from ..tracebacks import filtered


@filtered
def reshape(x: Any, shape: Any) -> Any:
    """Reshapes a tensor.

    Example:
        >>> reshape([1.0, 2.0, 3.0, 4.0], (2, -1))
        array([[1., 2.],
               [3., 4.]], dtype=float32)
    """
    return ops.reshape(x, tuple(int(np.asarray(size)) for size in shape))


@filtered
def flatten(x: Any) -> Any:
    """Flattens a tensor to one axis.

    Example:
        >>> flatten([[1.0, 2.0], [3.0, 4.0]])
        array([1., 2., 3., 4.], dtype=float32)
    """
    return ops.reshape(x, (-1,))


@filtered
def batch_flatten(x: Any) -> Any:
    """Flattens each example of a batch.

    Example:
        >>> batch_flatten(np.zeros((2, 3, 4))).shape
        (2, 12)
    """
    return ops.reshape(x, (-1, int(np.prod(ops.shape(x)[1:], dtype=int))))


@filtered
def transpose(x: Any) -> Any:
    """Reverses the order of the axes.

    Example:
        >>> transpose(np.zeros((2, 3, 4))).shape
        (4, 3, 2)
    """
    return ops.transpose(x)


@filtered
def permute_dimensions(x: Any, pattern: Any) -> Any:
    """Permutes the axes.

    Example:
        >>> permute_dimensions(np.zeros((2, 3, 4)), (0, 2, 1)).shape
        (2, 4, 3)
    """
    return ops.transpose(x, tuple(pattern))


@filtered
def expand_dims(x: Any, axis: int = -1) -> Any:
    """Inserts an axis of size 1.

    Example:
        >>> expand_dims([1.0, 2.0], axis=0)
        array([[1., 2.]], dtype=float32)
    """
    return ops.expand_dims(x, axis)


@filtered
def squeeze(x: Any, axis: Any) -> Any:
    """Removes an axis of size 1.

    Example:
        >>> squeeze([[1.0, 2.0]], axis=0)
        array([1., 2.], dtype=float32)
    """
    return ops.squeeze(x, axis)


@filtered
def concatenate(tensors: list, axis: int = -1) -> Any:
    """Concatenates tensors along an axis.

    Example:
        >>> concatenate([[[1.0]], [[2.0]]])
        array([[1., 2.]], dtype=float32)
    """
    return ops.concatenate(list(tensors), axis)


@filtered
def stack(x: list, axis: int = 0) -> Any:
    """Stacks tensors along a new axis.

    Example:
        >>> stack([[1.0, 2.0], [3.0, 4.0]])
        array([[1., 2.],
               [3., 4.]], dtype=float32)
    """
    return ops.stack(list(x), axis)


@filtered
def tile(x: Any, n: Any) -> Any:
    """Tiles a tensor: `n` repetitions for each axis, or one integer for a vector.

    Example:
        >>> tile([1.0, 2.0], 2)
        array([1., 2., 1., 2.], dtype=float32)
    """
    return ops.tile(x, (n,) if isinstance(n, int) else tuple(n))


@filtered
def repeat(x: Any, n: int) -> Any:
    """Repeats each row of a matrix `n` times along a new second axis.

    Raises:
        ShapeError: If it is no matrix.

    Example:
        >>> repeat([[1.0, 2.0]], 2)
        array([[[1., 2.],
                [1., 2.]]], dtype=float32)
    """
    if len(ops.shape(x)) != 2:
        raise ShapeError(f"`K.repeat` expects a value of 2 axes. Received: one of shape {ops.shape(x)}")
    return ops.tile(ops.expand_dims(x, 1), (1, n, 1))


@filtered
def repeat_elements(x: Any, rep: int, axis: int) -> Any:
    """Repeats each element `rep` times along an axis, as `np.repeat` does.

    Example:
        >>> repeat_elements([1.0, 2.0], 2, axis=0)
        array([1., 1., 2., 2.], dtype=float32)
    """
    return ops.repeat(x, rep, axis)


@filtered
def reverse(x: Any, axes: Any) -> Any:
    """Reverses a tensor along axes.

    Example:
        >>> reverse([1.0, 2.0, 3.0], axes=0)
        array([3., 2., 1.], dtype=float32)
    """
    return ops.flip(x, tuple(axes) if isinstance(axes, (list, tuple)) else axes)


@filtered
def gather(reference: Any, indices: Any) -> Any:
    """Gathers slices along the first axis by index.

    Example:
        >>> gather([5.0, 6.0, 7.0], [2, 0])
        array([7., 5.], dtype=float32)
    """
    return ops.take(reference, indices, axis=0)


@filtered
def temporal_padding(x: Any, padding: tuple = (1, 1)) -> Any:
    """Zero-pads the time axis of a tensor of shape (batch, time, features).

    Example:
        >>> temporal_padding(np.ones((1, 3, 2)), (1, 2)).shape
        (1, 6, 2)
    """
    return ops.pad(x, ((0, 0), tuple(padding), (0, 0)))


@filtered
def spatial_2d_padding(x: Any, padding: tuple = ((1, 1), (1, 1)), data_format: str | None = None) -> Any:
    """Zero-pads the height and width of images.

    Example:
        >>> spatial_2d_padding(np.ones((1, 4, 4, 3)), ((1, 1), (0, 2))).shape
        (1, 6, 6, 3)
    """
    return ops.pad(x, _paddings(padding, data_format))


@filtered
def spatial_3d_padding(x: Any, padding: tuple = ((1, 1), (1, 1), (1, 1)), data_format: str | None = None) -> Any:
    """Zero-pads the depth, height and width of volumes.

    Example:
        >>> spatial_3d_padding(np.ones((1, 2, 4, 4, 3))).shape
        (1, 4, 6, 6, 3)
    """
    return ops.pad(x, _paddings(padding, data_format))


def _paddings(padding: tuple, data_format: str | None) -> tuple:
    data_format = resolved_data_format("padding", data_format)
    inner = tuple(tuple(pair) for pair in padding)
    return ((0, 0), (0, 0), *inner) if data_format == "channels_first" else ((0, 0), *inner, (0, 0))

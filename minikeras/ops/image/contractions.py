"""Linear maps along one axis: the filters and resampling of images are separable into them."""

import math

import numpy as np

from ...engine.dispatch import apply
from ...engine.dtypes import dtype_of
from ...engine.primitive import Primitive
from ...typing import Tensor, TensorLike
from ..common.arguments import static_shape
from ..conversion import cast
from ..indexing import get_item
from ..joining import stack
from ..padding import pad
from ..products import matmul
from ..rearranging import flip
from ..reductions import sum
from ..shaping import moveaxis, reshape, swapaxes

_NARROW = 16  # columns; with fewer, a matrix product per row is slower than transposing


def contract_kernel(x: np.ndarray, matrix: np.ndarray, axis: int) -> np.ndarray:
    """Computes `contract`."""
    # Contiguous operands: with others BLAS rounds differently.
    matrix = np.ascontiguousarray(matrix)
    size, new_size = matrix.shape
    before, after = x.shape[:axis], x.shape[axis:][1:]
    rows, width = math.prod(before), math.prod(after)
    if 1 < width < _NARROW:
        lines = np.ascontiguousarray(np.moveaxis(x, axis, -1)).reshape(rows * width, size)
        return np.moveaxis(np.matmul(lines, matrix).reshape(*before, *after, new_size), -1, axis)
    x = np.ascontiguousarray(x)
    if width == 1:
        return np.matmul(x.reshape(rows, size), matrix).reshape(*before, new_size, *after)
    return np.matmul(matrix.T, x.reshape(*before, size, width)).reshape(*before, new_size, *after)


def _rows(x: Tensor, axis: int) -> Tensor:
    """Returns the lines along an axis as rows of a matrix."""
    moved = moveaxis(x, axis, -1)
    sizes = static_shape(moved)
    return reshape(moved, (math.prod(sizes[:-1]), sizes[-1]))


_CONTRACT = Primitive(
    "contract_axis",
    contract_kernel,
    shape=lambda x, matrix, axis: ((*x.shape[:axis], matrix.shape[1], *x.shape[axis:][1:]), x.dtype),
    vjps=(
        lambda g, y, x, matrix, axis: apply(_CONTRACT, g, swapaxes(matrix, 0, 1), axis=axis),
        lambda g, y, x, matrix, axis: matmul(swapaxes(_rows(x, axis), 0, 1), _rows(g, axis)),
    ),
)


def contract(x: TensorLike, matrix: TensorLike, axis: int) -> Tensor:
    """Contracts an axis with the first axis of a matrix; the second takes its place.

    `y[..., j, ...] = sum_i x[..., i, ...] matrix[i, j]`

    Args:
        x: Input tensor, of any shape.
        matrix: Shape (size of the axis, new size), in the dtype of `x`.
        axis: The axis, counted from the end.

    Example:
        >>> contract(np.eye(2), np.array([[1.0], [2.0]]), -2)
        array([[1., 2.]])
    """
    return apply(_CONTRACT, x, matrix, axis=axis)


def _shifted(length: int, shift: int) -> tuple[slice, slice]:
    """Returns which part of an output a shifted input contributes to, and the part of the input."""
    low, high = max(0, -shift), max(0, min(length, length - shift))
    low = min(low, high)
    return slice(low, high), slice(low + shift, high + shift)


def _correlate_kernel(
    x: np.ndarray, weights: np.ndarray, axis: int, before: int, out: np.ndarray | None = None
) -> np.ndarray:
    out = np.empty_like(x, order="C") if out is None else out
    out[...] = 0
    scratch = np.empty_like(out)
    rest = (slice(None),) * (x.ndim + axis)
    for number, weight in enumerate(weights):
        target, source = _shifted(x.shape[axis], number - before)
        product = np.multiply(x[(*rest, source)], weight, out=scratch[(*rest, target)])
        out[(*rest, target)] += product
    return out


def _weights_gradient(g: Tensor, y: Tensor, x: Tensor, weights: Tensor, axis: int, before: int) -> Tensor:
    count, sizes = static_shape(weights)[0], static_shape(x)
    rank = len(sizes)
    padded = pad(x, [(before, count - 1 - before) if number == rank + axis else (0, 0) for number in range(rank)])
    rest = (slice(None),) * (rank + axis)
    length = sizes[axis]
    return stack([sum(g * get_item(padded, (*rest, slice(first, first + length)))) for first in range(count)])


_CORRELATE = Primitive(
    "correlate_axis",
    _correlate_kernel,
    shape=lambda x, weights, axis, before: (x.shape, x.dtype),
    vjps=(
        lambda g, y, x, weights, axis, before: apply(
            _CORRELATE, g, flip(weights), axis=axis, before=static_shape(weights)[0] - 1 - before
        ),
        _weights_gradient,
    ),
    has_out=True,
)


def correlate(x: TensorLike, weights: TensorLike, axis: int) -> Tensor:
    """Cross-correlates an axis with weights; the input is padded with zeros, so that its size stays.

    `y[i] = sum_k weights[k] x[i + k - (count - 1) // 2]`

    Args:
        x: Input tensor, of any shape.
        weights: A vector.
        axis: The axis, counted from the end.

    Example:
        >>> correlate(np.array([1.0, 2.0, 4.0]), np.array([-1.0, 0.0, 1.0]), -1)
        array([ 2.,  3., -2.])
    """
    weights = cast(weights, dtype_of(x))
    return apply(_CORRELATE, x, weights, axis=axis, before=(static_shape(weights)[0] - 1) // 2)

"""Resampling of one axis with fixed weights: by a matrix product, or where they are few, by sums of taken samples."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ...engine.batch_rules import along_another
from ...engine.dispatch import apply
from ...engine.primitive import Primitive, Spec
from ...typing import Tensor, TensorLike
from ..common.arguments import static_shape
from .contractions import contract_kernel
from .sampling import resizing_matrix

# A product takes 0.026 ns per sample of the axis and element of the result; a weight takes 1.7 ns.
_SAMPLES_PER_WEIGHT = 64
_BLOCK = 1 << 18  # bytes of the result that are computed at a time, in the cache
_NARROW = 64  # columns; over fewer, a factor is repeated, so that numpy's inner loops are long


class _Taps(NamedTuple):
    """The weights of a matrix with a narrow band: `sum_k weights[k, j] x[indices[k, j]]` is new sample j."""

    indices: np.ndarray
    weights: np.ndarray


@lru_cache(maxsize=16)
def _weights(
    size: int, new_size: int, method: str, antialias: bool, transposed: bool, dtype: str
) -> np.ndarray | _Taps:
    matrix = resizing_matrix(size, new_size, method, antialias, dtype)
    matrix = np.ascontiguousarray(matrix.T) if transposed else matrix
    is_used = matrix != 0
    first = is_used.argmax(0)
    count = int((len(matrix) - is_used[::-1].argmax(0) - first).max())
    if count * _SAMPLES_PER_WEIGHT > len(matrix):
        return matrix
    indices = first + np.arange(count)[:, None]
    is_inside, indices = indices < len(matrix), np.minimum(indices, len(matrix) - 1)
    return _Taps(indices, np.where(is_inside, matrix[indices, np.arange(matrix.shape[1])], 0).astype(dtype))


def _kernel(x: np.ndarray, axis: int, weighting: tuple, transposed: bool) -> np.ndarray:
    weights = _weights(*weighting, transposed, x.dtype.name)
    return _tapped(x, weights, axis) if isinstance(weights, _Taps) else contract_kernel(x, weights, axis)


def _tapped(x: np.ndarray, taps: _Taps, axis: int) -> np.ndarray:
    before, after = x.shape[:axis], x.shape[axis:][1:]
    rows, width, new_size = math.prod(before), math.prod(after), taps.indices.shape[1]
    x = np.ascontiguousarray(x).reshape(rows, x.shape[axis], width)
    result = np.empty((rows, new_size, width), x.dtype)
    is_narrow = width < _NARROW
    factors = [np.repeat(each, width) if is_narrow else each[:, None] for each in taps.weights]
    block = max(1, _BLOCK // max(1, new_size * width * x.itemsize))
    scratch = np.empty((min(block, rows), new_size, width), x.dtype)
    for start in range(0, rows, block):
        part, total = x[start : start + block], result[start : start + block]
        product = scratch[: len(part)]
        flat_total, flat_product = (
            (each.reshape(len(part), new_size * width) if is_narrow else each) for each in (total, product)
        )
        np.take(part, taps.indices[0], 1, total, "clip")
        np.multiply(flat_total, factors[0], flat_total)
        for indices, factor in zip(taps.indices[1:], factors[1:], strict=True):
            np.take(part, indices, 1, product, "clip")
            np.multiply(flat_product, factor, flat_product)
            np.add(flat_total, flat_product, flat_total)
    return result.reshape(*before, new_size, *after)


def _rule(x: Spec, axis: int, weighting: tuple, transposed: bool) -> tuple:
    size, new_size = weighting[:2]
    return (*x.shape[:axis], size if transposed else new_size, *x.shape[axis:][1:]), x.dtype


_RESAMPLE = Primitive(
    "resample_axis",
    _kernel,
    shape=_rule,
    vjps=(
        lambda g, y, x, axis, weighting, transposed: apply(
            _RESAMPLE, g, axis=axis, weighting=weighting, transposed=not transposed
        ),
    ),
    batch=along_another,
)


def resample(x: TensorLike, new_size: int, method: str, antialias: bool, axis: int) -> Tensor:
    """Resizes an axis.

    Args:
        x: Input tensor of dtype float32 or float64.
        new_size: The new size of the axis.
        method: One of `sampling.KERNELS`.
        antialias: Whether to stretch the kernel if the axis is made smaller.
        axis: The axis, counted from the end.

    Example:
        >>> resample(np.float32([1, 3]), 4, "bilinear", False, -1)
        array([1. , 1.5, 2.5, 3. ], dtype=float32)
    """
    return apply(
        _RESAMPLE, x, axis=axis, weighting=(static_shape(x)[axis], new_size, method, antialias), transposed=False
    )

"""Convolutions with large kernels, in frequency space.

Tiles of the inputs are transformed, multiplied with the transform of the kernel, and transformed back (overlap-save).
With the transform `X` of a tile and `K`, `G` the conjugate transforms of the kernel and of the gradient of the tile's
outputs, a convolution and its gradients are, for each frequency,

    Y = X K        conj(DX) = G K^T        DK = X^T G

so that they share the three transforms. Each is one matrix product along an axis. For tiles of 32 x 32 with 32 channels
that takes half as long as `numpy.fft`, and strides, dilation, padding and cropping are rows and columns left out of the
matrix.

Rounding errors are relative to the largest values of a tile: below 1e-6 of the scale of the results in float32. A NaN
or infinity would spread over its tile, so examples whose results are not finite are computed by products of windows.
"""

import itertools
import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from ...engine.primitive import Primitive, Spec, copying, in_turn
from ...typing import Tensor
from ..common.sliding_windows import Pairs, Sizes, extent, taps
from ..common.strided_calls import run_strided
from .block_ops import apply, contiguous, reshape, transpose
from .window_copies import TILES

_LONGEST = 256  # elements of a tile along an axis: the transform takes as many products for each element
_EXAMPLES = 2  # that share the transform of a kernel, at least; blocks of large images have no more
_SHARE = 0.45  # of the time of products, by the estimate, which leaves caches out; from 0.5 on some were no faster
# Nanoseconds, fitted to one thread with AVX-512. Their ratios matter.
_FLOP, _COPY, _CALL, _BYTE = 0.011, 0.5, 400.0, 0.1


@dataclass(frozen=True)
class Tiling:
    """How outputs are divided into tiles.

    Attributes:
        counts: The number of tiles along each spatial axis.
        shares: The number of outputs of a tile along each axis.
        lengths: The number of inputs that they depend on.
    """

    counts: Sizes
    shares: Sizes
    lengths: Sizes

    @property
    def frequencies(self) -> Sizes:
        """The number of frequencies along each axis; along the first one the others follow from symmetry."""
        return (self.lengths[0] // 2 + 1, *self.lengths[1:])


@lru_cache(1024)
def best_tiling(
    counts: Sizes, size: Sizes, channels: int, filters: int, strides: Sizes, dilation: Sizes
) -> Tiling | None:
    """Returns the fastest tiling, by an estimate; None if products of windows are faster.

    Args:
        counts: The number of outputs along each spatial axis.
        size: The size of the kernel.
        channels: The number of channels.
        filters: The number of filters.
        strides: The distance of neighbouring windows.
        dilation: The distance of neighbouring elements of a window.

    Example:
        >>> best_tiling((64, 64), (3, 3), 32, 32, (1, 1), (1, 1))
        >>> best_tiling((64, 64), (15, 15), 32, 32, (1, 1), (1, 1)).shares
        (16, 16)
    """
    if min(channels, filters) < 2 or 0 in counts or math.prod(size) < 16:
        return None
    best, lowest = None, _SHARE * _products_time(counts, size, channels, filters)
    for found in itertools.product(*map(_axis_tilings, counts, size, strides, dilation)):
        tiling = Tiling(*zip(*found, strict=True))
        # BLAS sums the products of a single row in another order, also where it computes rows of matrices alike.
        if math.prod(tiling.counts) > 1:
            time = _tiles_time(tiling, size, channels, filters)
            if time < lowest:
                best, lowest = tiling, time
    return best


def _axis_tilings(count: int, width: int, stride: int, step: int) -> list[Sizes]:
    """Returns tilings along an axis, as the attributes of `Tiling`, each with a fifth less outputs than the last."""
    reach = extent(width, step)
    found: list[Sizes] = []
    share = min(count, (_LONGEST - reach) // stride + 1)
    while share > 0:
        tiles = -(-count // share)
        share = -(-count // tiles)
        found.append((tiles, share, (share - 1) * stride + reach))
        if found[-1][-1] < 2 * reach - 1:  # more than half of the inputs are those of neighbours, too
            break
        share = min(share - 1, 4 * share // 5)
    return found


def _products_time(counts: Sizes, size: Sizes, channels: int, filters: int) -> float:
    columns = math.prod(counts) * math.prod(size) * channels
    return columns * (2 * filters * _FLOP + _COPY)


def _tiles_time(tiling: Tiling, size: Sizes, channels: int, filters: int) -> float:
    tiles, frequencies, pairs = math.prod(tiling.counts), math.prod(tiling.frequencies), channels * filters
    flops = tiles * _transform_flops(tiling.lengths, tiling.frequencies) * channels
    flops += tiles * _transform_flops(tiling.shares, tiling.frequencies) * filters
    flops += _transform_flops(size, tiling.frequencies) * pairs / _EXAMPLES + 8 * frequencies * tiles * pairs
    copies = tiles * (math.prod(tiling.lengths) * channels + math.prod(tiling.shares) * filters)
    return flops * _FLOP + 2 * copies * _COPY + frequencies * (_CALL + 8 * pairs * _BYTE) / _EXAMPLES


def _transform_flops(lengths: Sizes, frequencies: Sizes) -> int:
    """Returns the operations of a transform along one axis after the other; from the last one for its inverse."""
    rank = len(lengths)
    return sum(8 * math.prod(frequencies[: axis + 1]) * math.prod(lengths[axis:]) for axis in range(rank))


# ---------------------------------------------------------------- convolutions and their gradients


def conv_by_tiles(
    x: Tensor, kernel: Tensor, tiling: Tiling, counts: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes
) -> Tensor:
    """Returns the outputs of a convolution; not finite for examples that are not.

    Args:
        x: Shape (batch, *spatial, channels).
        kernel: Shape (*size, channels, filters).
        tiling: The tiles.
        counts: The number of outputs along each spatial axis.
        strides: The distance of neighbouring windows.
        padding: The number of elements added before and after.
        dilation: The distance of neighbouring elements of a window.
    """
    y = apply(_PRODUCT, _of_inputs(x, tiling, strides, padding), _transform(kernel, tiling, dilation, 1))
    y = _inverse(y, tiling, tiling.shares, strides, 1)
    y = reshape(y, (*tiling.shares, x.shape[0], *tiling.counts, y.shape[-1]))
    return apply(_PLACED, y, sizes=counts, strides=tiling.shares, before=(0,) * len(counts))


def input_by_tiles(
    g: Tensor, kernel: Tensor, tiling: Tiling, sizes: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes
) -> Tensor:
    """Returns the gradient of the inputs; not finite for examples that are not.

    Args:
        g: The gradient of the outputs, shape (batch, *counts, filters).
        kernel: Shape (*size, channels, filters).
        tiling: The tiles.
        sizes: The spatial sizes of the inputs.
        strides: The distance of neighbouring windows.
        padding: The number of elements added before and after.
        dilation: The distance of neighbouring elements of a window.
    """
    kernel = transpose(_transform(kernel, tiling, dilation, 1), (0, 2, 1))
    x = _inverse(apply(_PRODUCT, _of_outputs(g, tiling, strides), kernel), tiling, tiling.lengths, _ones(sizes), -1)
    x = reshape(x, (*tiling.lengths, g.shape[0], *tiling.counts, x.shape[-1]))
    return apply(_PLACED, x, sizes=sizes, strides=_steps(tiling, strides), before=_before(padding))


def kernel_by_tiles(
    x: Tensor, g: Tensor, tiling: Tiling, size: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes
) -> Tensor:
    """Returns complex numbers whose real part is the gradient of the kernel; not finite if an input is not.

    Args:
        x: Shape (batch, *spatial, channels).
        g: The gradient of the outputs, shape (batch, *counts, filters).
        tiling: The tiles.
        size: The size of the kernel.
        strides: The distance of neighbouring windows.
        padding: The number of elements added before and after.
        dilation: The distance of neighbouring elements of a window.
    """
    tiles = transpose(_of_inputs(x, tiling, strides, padding), (0, 2, 1))
    return _inverse(apply(_PRODUCT, tiles, _of_outputs(g, tiling, strides)), tiling, size, dilation, 1)


def _of_inputs(x: Tensor, tiling: Tiling, strides: Sizes, padding: Pairs) -> Tensor:
    tiles = _tiles(x, tiling.counts, tiling.lengths, _steps(tiling, strides), _before(padding))
    return _transform(tiles, tiling, _ones(strides), -1)


def _of_outputs(g: Tensor, tiling: Tiling, strides: Sizes) -> Tensor:
    tiles = _tiles(g, tiling.counts, tiling.shares, tiling.shares, (0,) * len(strides))
    return _transform(tiles, tiling, strides, 1)


def _tiles(x: Tensor, counts: Sizes, size: Sizes, strides: Sizes, before: Sizes) -> Tensor:
    """Returns tiles with zeros outside of an array, shape (*size, batch, *counts, channels)."""
    pairs = tuple(
        (first, (count - 1) * stride + width - first - n)
        for n, count, width, stride, first in zip(x.shape[1:-1], counts, size, strides, before, strict=True)
    )
    return apply(TILES, x, phases=(), size=size, strides=strides, padding=pairs, dilation=_ones(size))


def _ones(sizes: Sizes) -> Sizes:
    return (1,) * len(sizes)


def _steps(tiling: Tiling, strides: Sizes) -> Sizes:
    """Returns the distance of neighbouring tiles of the inputs."""
    return tuple(map(operator.mul, tiling.shares, strides))


def _before(padding: Pairs) -> Sizes:
    return tuple(before for before, _ in padding)


# ---------------------------------------------------------------- transforms


def _transform(x: Tensor, tiling: Tiling, steps: Sizes, sign: int) -> Tensor:
    """Returns the transform along the first axes, as a matrix for each frequency."""
    for axis, (length, step) in enumerate(zip(tiling.lengths, steps, strict=True)):
        x = apply(_ALONG, x, axis=axis, length=length, step=step, sign=sign)
    rank = len(steps)
    return reshape(x, (math.prod(tiling.frequencies), math.prod(x.shape[rank:-1]), x.shape[-1]))


def _inverse(x: Tensor, tiling: Tiling, counts: Sizes, steps: Sizes, sign: int) -> Tensor:
    """Returns complex numbers whose real part is the inverse at `steps * i` for i < `counts` along each axis."""
    x = reshape(x, (*tiling.frequencies, *x.shape[1:]))
    for axis in reversed(range(len(counts))):
        length, step = tiling.lengths[axis], steps[axis]
        x = apply(_ALONG, x, axis=axis, length=length, step=step, sign=sign, count=counts[axis])
    return x


@lru_cache(256)
def _matrix(
    dtype: np.dtype, length: int, step: int, sign: int, number: int, is_half: bool, inverse: bool
) -> np.ndarray:
    """Returns the matrix of a transform of `number` elements `step` apart, or that of its inverse."""
    frequencies = np.arange(length // 2 + 1 if is_half else length)
    angles = np.multiply.outer(frequencies, np.arange(number) * step) % length
    matrix = np.exp(sign * 2j * np.pi / length * angles)
    if inverse:
        # Half of the frequencies stand for the others, which are their conjugates.
        is_double = is_half & (frequencies > 0) & (2 * frequencies < length)
        matrix = (matrix * np.where(is_double, 2, 1)[:, None] / length).T
    return np.ascontiguousarray(matrix, dtype)


def _along_rule(x: Spec, axis: int, length: int, step: int, sign: int, count: int | None = None) -> tuple:
    size = count if count is not None else length if axis else length // 2 + 1
    return (*x.shape[:axis], size, *x.shape[axis + 1 :]), np.result_type(x.dtype, np.complex64)


def _bind_along(
    arrays: Sequence[np.ndarray],
    out: np.ndarray,
    axis: int,
    length: int,
    step: int,
    sign: int,
    count: int | None = None,
) -> Callable[[], object]:
    x, calls = contiguous(arrays[0])
    number = x.shape[axis] if count is None else count
    matrix = _matrix(out.dtype, length, step, sign, number, axis == 0, count is not None)
    before, after = math.prod(x.shape[:axis]), math.prod(x.shape[axis + 1 :])
    columns, result = x.reshape(before, x.shape[axis], after), out.reshape(before, out.shape[axis], after)
    return in_turn([*calls, partial(np.matmul, matrix, columns, result)])


_ALONG = Primitive.bound("dft", _bind_along, shape=_along_rule)


def _product_rule(a: Spec, b: Spec) -> tuple:
    return (*a.shape[:2], b.shape[2]), a.dtype


_PRODUCT = Primitive.bound(
    "products_by_frequency", lambda arrays, out: partial(np.matmul, *arrays, out), shape=_product_rule
)


# ---------------------------------------------------------------- results


def _bind_placed(
    arrays: Sequence[np.ndarray], out: np.ndarray, sizes: Sizes, strides: Sizes, before: Sizes
) -> Callable[[], None]:
    (tiles,) = arrays
    rank = len(sizes)
    size, counts = tiles.shape[:rank], tiles.shape[rank + 1 : -1]
    parts = np.moveaxis(tiles, rank, 0).real  # (batch, *size, *counts, channels)
    everywhere = (slice(None),)
    ends = map(operator.mul, size, counts)
    is_divided = size == strides and not any(before) and all(map(operator.ge, ends, sizes))  # into tiles, without rest
    calls: list[Callable] = [] if is_divided else [partial(out.fill, 0)]
    pairs = tuple((first, 0) for first in before)
    for index, inside, elements in taps(sizes, counts, size, _ones(sizes), pairs, strides):
        part, target = parts[everywhere + inside + index], out[everywhere + elements]
        calls.append(copying(target, part) if is_divided else partial(np.add, target, part, target))
    return partial(run_strided, calls)


def _placed_rule(tiles: Spec, sizes: Sizes, **_: object) -> tuple:
    return (tiles.shape[len(sizes)], *sizes, tiles.shape[-1]), np.empty(0, tiles.dtype).real.dtype


_PLACED = Primitive.bound("overlap_add_tiles", _bind_placed, shape=_placed_rule)


def _bind_finite(
    arrays: Sequence[np.ndarray], out: np.ndarray, instead: Callable, by_example: bool, **parameters: object
) -> Callable[[], None]:
    y, a, b = arrays
    copy = copying(out, y.real)
    examples = out.reshape(len(out), math.prod(out.shape[1:])) if by_example else out.reshape(1, out.size)

    def run() -> None:
        copy()
        is_finite = np.isfinite(np.add.reduce(examples, 1))
        if is_finite.all():
            return
        if not by_example:
            out[...] = instead(a, b, **parameters)
            return
        for index in np.flatnonzero(~is_finite):
            out[index : index + 1] = instead(a[index : index + 1], b, **parameters)

    return run


FINITE = Primitive.bound(
    "if_finite",
    _bind_finite,
    shape=lambda y, *_, **parameters: (y.shape, np.empty(0, y.dtype).real.dtype),
)

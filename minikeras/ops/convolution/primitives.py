"""The three bilinear primitives of convolution: each is the gradient of the others, to any order.

With `<a, b>` for the sum of products, `<g, CONV(x, k)> = <x, CONV_INPUT(g, k)> = <k, CONV_KERNEL(x, g)>`. All three
take `strides`, `padding` (pairs), `dilation` and `groups`, in the layout (batch, *spatial, channels) with kernels of
shape (*size, channels / groups, filters). `CONV_INPUT` is the transposed convolution. With `phases`, `y` and `g` have
the layout (batch, phases, *spatial, filters), see `pooling.phases`.

The kernels copy the windows of a block of examples into a matrix (im2col) and leave the rest to one matrix product;
blocks keep that matrix in the cache.
"""

import math
from collections.abc import Iterator

import numpy as np

from ...engine.batch_rules import SUM, Batching
from ...engine.dispatch import apply
from ...engine.primitive import Primitive, Spec
from ..common.sliding_windows import Pairs, Sizes, taps, window_counts, windows
from .lowering import as_image, as_phases, lowered_conv, lowered_input, lowered_kernel

_BLOCK = 1 << 19  # elements of the matrix of windows


def _in_full(array: np.ndarray) -> np.ndarray:
    """Converts float16 to float32: BLAS has no float16, and sums of many products would lose too much."""
    return array.astype(np.float32) if array.dtype == np.float16 else array


def _blocks(examples: int, windows_each: int, width: int) -> Iterator[slice]:
    step = max(1, _BLOCK // max(1, windows_each * width))
    for start in range(0, examples, step):
        yield slice(start, min(start + step, examples))


def _grouped_rows(array: np.ndarray, groups: int) -> np.ndarray:
    """Returns (batch, *counts, channels) as (groups, batch * counts, channels / groups)."""
    rows = array.reshape(math.prod(array.shape[:-1]), groups, array.shape[-1] // groups)
    return rows.transpose(1, 0, 2)


def _grouped_kernel(kernel: np.ndarray, groups: int) -> np.ndarray:
    """Returns a kernel as (groups, size * channels / groups, filters / groups)."""
    return _grouped_rows(kernel, groups)


def _window_matrix(
    x: np.ndarray, size: Sizes, counts: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes, groups: int
) -> np.ndarray:
    """Returns the windows of some examples as (groups, batch * counts, size * channels / groups)."""
    view = windows(x, size, counts, strides, padding, dilation)
    *outer, channels = view.shape
    view = np.moveaxis(view.reshape(*outer, groups, channels // groups), -2, 0)
    rows = len(x) * math.prod(counts)
    return view.reshape(groups, rows, math.prod(size) * (channels // groups))


def _conv_kernel(
    x: np.ndarray,
    kernel: np.ndarray,
    strides: Sizes,
    padding: Pairs,
    dilation: Sizes,
    groups: int,
    phases: Sizes = (),
) -> np.ndarray:
    dtype, x, kernel = x.dtype, _in_full(x), _in_full(kernel)
    size, filters = kernel.shape[:-2], kernel.shape[-1]
    counts = window_counts(x.shape[1:-1], size, strides, padding, dilation)
    matrix = _grouped_kernel(kernel, groups)
    result = np.empty((len(x), *counts, filters), dtype)
    for block in _blocks(len(x), math.prod(counts), math.prod(kernel.shape[:-1]) * groups):
        rows = _window_matrix(x[block], size, counts, strides, padding, dilation, groups)
        target = result[block]
        target[...] = np.matmul(rows, matrix).transpose(1, 0, 2).reshape(target.shape)
    return as_phases(result, phases) if phases else result


def _input_kernel(
    g: np.ndarray,
    kernel: np.ndarray,
    sizes: Sizes,
    strides: Sizes,
    padding: Pairs,
    dilation: Sizes,
    groups: int,
    phases: Sizes = (),
) -> np.ndarray:
    g = as_image(g, phases) if phases else g
    dtype, g, kernel = g.dtype, _in_full(g), _in_full(kernel)
    size, each = kernel.shape[:-2], kernel.shape[-2]
    counts = g.shape[1:-1]
    matrix = _grouped_kernel(kernel, groups).transpose(0, 2, 1)
    result = np.zeros((len(g), *sizes, groups, each), g.dtype)
    everywhere = list(taps(sizes, size, counts, strides, padding, dilation))
    for block in _blocks(len(g), math.prod(counts), math.prod(size) * groups * each):
        parts = np.matmul(_grouped_rows(g[block], groups), matrix)
        target = result[block]
        parts = np.moveaxis(parts.reshape(groups, len(target), *counts, *size, each), 0, -2)
        for index, inside, elements in everywhere:
            target[(slice(None), *elements)] += parts[(slice(None), *inside, *index)]
    return result.reshape(len(g), *sizes, groups * each).astype(dtype, copy=False)


def _kernel_kernel(
    x: np.ndarray,
    g: np.ndarray,
    size: Sizes,
    strides: Sizes,
    padding: Pairs,
    dilation: Sizes,
    groups: int,
    phases: Sizes = (),
) -> np.ndarray:
    g = as_image(g, phases) if phases else g
    dtype, x, g = x.dtype, _in_full(x), _in_full(g)
    counts, filters, each = g.shape[1:-1], g.shape[-1], x.shape[-1] // groups
    total = np.zeros((groups, math.prod(size) * each, filters // groups), x.dtype)
    for block in _blocks(len(x), math.prod(counts), math.prod(size) * x.shape[-1]):
        rows = _window_matrix(x[block], size, counts, strides, padding, dilation, groups)
        total += np.matmul(rows.transpose(0, 2, 1), _grouped_rows(g[block], groups))
    return total.transpose(1, 0, 2).reshape(*size, each, filters).astype(dtype, copy=False)


def _conv_rule(
    x: Spec, kernel: Spec, strides: Sizes, padding: Pairs, dilation: Sizes, groups: int, phases: Sizes = ()
) -> tuple:
    counts = window_counts(x.shape[1:-1], kernel.shape[:-2], strides, padding, dilation)
    if phases:
        counts = (math.prod(phases), *(count // each for count, each in zip(counts, phases, strict=True)))
    return (x.shape[0], *counts, kernel.shape[-1]), x.dtype


def _input_rule(g: Spec, kernel: Spec, sizes: Sizes, groups: int, **_: object) -> tuple:
    each = kernel.shape[-2]
    return (g.shape[0], *sizes, None if each is None else each * groups), g.dtype


def _kernel_rule(x: Spec, g: Spec, size: Sizes, groups: int, **_: object) -> tuple:
    channels = x.shape[-1]
    return (*size, None if channels is None else channels // groups, g.shape[-1]), x.dtype


def _sizes(x: object) -> tuple:
    return tuple(x.shape[1:-1])


def _shared_kernel(axes: tuple, *specs: Spec, **parameters: object) -> Batching | None:
    return Batching(axes, 0) if axes == (0, None) else None


def _summed(axes: tuple, *specs: Spec, **parameters: object) -> Batching | None:
    return Batching(axes, SUM) if axes == (0, 0) else None


CONV = Primitive(
    "conv",
    _conv_kernel,
    shape=_conv_rule,
    batch=_shared_kernel,
    lower=lowered_conv,
    vjps=(
        lambda g, y, x, kernel, **parameters: apply(CONV_INPUT, g, kernel, sizes=_sizes(x), **parameters),
        lambda g, y, x, kernel, **parameters: apply(CONV_KERNEL, x, g, size=tuple(kernel.shape[:-2]), **parameters),
    ),
)
CONV_INPUT = Primitive(
    "conv_transpose",
    _input_kernel,
    shape=_input_rule,
    batch=_shared_kernel,
    lower=lowered_input,
    vjps=(
        lambda h, y, g, kernel, sizes, **parameters: apply(CONV, h, kernel, **parameters),
        lambda h, y, g, kernel, sizes, **parameters: apply(
            CONV_KERNEL, h, g, size=tuple(kernel.shape[:-2]), **parameters
        ),
    ),
)
CONV_KERNEL = Primitive(
    "conv_kernel_gradient",
    _kernel_kernel,
    shape=_kernel_rule,
    batch=_summed,
    lower=lowered_kernel,
    vjps=(
        lambda h, y, x, g, size, **parameters: apply(CONV_INPUT, g, h, sizes=_sizes(x), **parameters),
        lambda h, y, x, g, size, **parameters: apply(CONV, x, h, **parameters),
    ),
)

"""How a plan computes the convolution of a block of examples, and its gradients: by matrix products.

For each of the three there is a table of ways. The first whose condition holds for the sizes is taken: sums of long
rows for depthwise convolutions, products in frequency space for large kernels, and products of copies of windows.
"""

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial, reduce

import numpy as np

from ...engine.primitive import Primitive, Spec, copying
from ...typing import Tensor
from ..common.sliding_windows import Pairs, Sizes, extent, taps, window_counts
from ..common.strided_calls import run_strided
from .block_ops import apply, matmul, reshape, transpose
from .depthwise import depthwise_conv, depthwise_input, depthwise_kernel
from .frequencies import FINITE, Tiling, best_tiling, conv_by_tiles, input_by_tiles, kernel_by_tiles
from .window_copies import ELEMENTS, GROUPS, WINDOWS, layout

_RUN = 16  # elements: shorter runs of a window are copied element by element of all windows
_MORE = 16  # filters: products with more of them, for windows at the edge, take longer than adding parts that overlap
_BLOCK = 1 << 19  # elements of the windows of a block
_TILED_BLOCK = 1 << 22  # elements of the tiles of a block, which share the transform of the kernel


@dataclass(frozen=True)
class Case:
    """The sizes of a convolution, by which the way of computing it is chosen.

    Attributes:
        sizes: The spatial sizes of the inputs.
        size: The size of the kernel.
        channels: The number of channels of the inputs.
        filters: The number of filters.
        groups: The number of groups of channels.
        phases: The number of phases along each axis, see `pooling.phases`; empty without.
        strides: The distance of neighbouring windows.
        padding: The number of elements added before and after.
        dilation: The distance of neighbouring elements of a window.
    """

    sizes: Sizes
    size: Sizes
    channels: int
    filters: int
    groups: int
    phases: Sizes
    strides: Sizes
    padding: Pairs
    dilation: Sizes

    @property
    def each(self) -> int:
        """The number of channels of a group."""
        return self.channels // self.groups

    @property
    def placing(self) -> dict[str, tuple]:
        """The placing of windows of a given size."""
        return {"strides": self.strides, "padding": self.padding, "dilation": self.dilation}

    @cached_property
    def counts(self) -> Sizes:
        """The number of outputs along each spatial axis, without those that phases leave out."""
        counts = window_counts(self.sizes, self.size, **self.placing)
        if not self.phases:
            return counts
        return tuple(count // each * each for count, each in zip(counts, self.phases, strict=True))

    @property
    def layout(self) -> Sizes:
        """The axes of the outputs between the examples and the filters."""
        return layout(self.counts, self.phases)

    @property
    def mirrored(self) -> dict[str, tuple]:
        """The placing of the windows that an element of the inputs lies in, in reverse order."""
        whole = [extent(width, step) - 1 for width, step in zip(self.size, self.dilation, strict=True)]
        pairs = tuple((n - before, n - after) for n, (before, after) in zip(whole, self.padding, strict=True))
        return {"strides": self.strides, "padding": pairs, "dilation": self.dilation}

    @cached_property
    def tiling(self) -> Tiling | None:
        """The tiles that are transformed, None if that does not pay off."""
        if self.groups > 1 or self.phases:
            return None
        return best_tiling(self.counts, self.size, self.channels, self.filters, self.strides, self.dilation)

    @cached_property
    def examples(self) -> int:
        """The number of examples that are computed at a time outside of plans."""
        each, most = math.prod(self.size) * self.channels * math.prod(self.counts), _BLOCK
        if self.tiling is not None:
            number = math.prod(self.tiling.counts) * math.prod(self.tiling.lengths)
            each, most = number * (self.channels + self.filters), _TILED_BLOCK
        return max(1, most // max(1, each))


_known_case = lru_cache(1024)(Case)  # a case keeps what it has computed


def case_of(x: Spec, kernel: Spec, groups: int, phases: Sizes = (), **placing: tuple) -> Case:
    """Returns the sizes of a convolution of `x`."""
    *size, _, filters = kernel.shape
    return _known_case(tuple(x.shape[1:-1]), tuple(size), x.shape[-1], filters, groups, phases, **placing)


def input_case(g: Spec, kernel: Spec, sizes: Sizes, groups: int, phases: Sizes = (), **placing: tuple) -> Case:
    """Returns the sizes of a convolution with a gradient `g` of its outputs."""
    *size, each, filters = kernel.shape
    return _known_case(tuple(sizes), tuple(size), each * groups, filters, groups, phases, **placing)


def kernel_case(x: Spec, g: Spec, size: Sizes, groups: int, phases: Sizes = (), **placing: tuple) -> Case:
    """Returns the sizes of a convolution of `x` with a gradient `g` of its outputs."""
    return _known_case(tuple(x.shape[1:-1]), tuple(size), x.shape[-1], g.shape[-1], groups, phases, **placing)


def lowered_conv(x: Tensor, kernel: Tensor, **parameters: object) -> Tensor:
    """Returns `CONV` of a block of examples."""
    case = case_of(x, kernel, **parameters)
    return _way(_CONV_WAYS, case)(x, kernel, case)


def lowered_input(g: Tensor, kernel: Tensor, **parameters: object) -> Tensor:
    """Returns `CONV_INPUT` of a block of examples."""
    case = input_case(g, kernel, **parameters)
    return _way(_INPUT_WAYS, case)(g, kernel, case)


def lowered_kernel(x: Tensor, g: Tensor, **parameters: object) -> Tensor:
    """Returns `CONV_KERNEL` of a block of examples."""
    case = kernel_case(x, g, **parameters)
    return _way(_KERNEL_WAYS, case)(x, g, case)


def gains_from_phases(x: Spec, kernel: Spec, **parameters: object) -> bool:
    """Whether a convolution returns phases as fast as an image."""
    case = case_of(x, kernel, **parameters)
    return not (_is_depthwise(case) or _is_tiled(case))


Way = Callable[[Tensor, Tensor, Case], Tensor]
Ways = Sequence[tuple[Callable[[Case], object], Way]]


@lru_cache(4096)
def _way(ways: Ways, case: Case) -> Way:
    return next(way for holds, way in ways if holds(case))


# ---------------------------------------------------------------- conditions


def _always(case: Case) -> bool:
    return True


def _is_depthwise(case: Case) -> bool:
    """Whether each channel is convolved on its own."""
    return case.groups == case.channels > 1 and not case.phases


def _is_tiled(case: Case) -> bool:
    """Whether the kernel is so large that products in frequency space are faster."""
    return case.tiling is not None


def _is_grouped(case: Case) -> bool:
    return case.groups > 1


def _is_mirrored(case: Case) -> bool:
    """Whether the gradient of the inputs is a convolution of that of the outputs in groups."""
    has_padding = min(map(min, case.mirrored["padding"])) >= 0
    return case.groups > 1 and not case.phases and set(case.strides) == {1} and has_padding


def _gathers(case: Case) -> bool:
    """Whether both gradients of a convolution are computed from windows of the gradient of its outputs.

    They share the copies of the windows. That pays off where the windows are not larger than those of the inputs.
    """
    fits = case.counts == case.sizes and set(case.strides) == {1} and case.filters <= case.channels
    return fits and case.groups == 1 and math.prod(case.size) > 1 and not case.phases


def _is_product(case: Case) -> bool:
    """Whether a convolution is a matrix product of each element's channels."""
    return _is_pointwise(case.size, **case.placing) and case.groups == 1 and case.counts == case.sizes


def _is_pointwise(size: Sizes, strides: Sizes, padding: Pairs, dilation: Sizes) -> bool:
    return set(size) | set(strides) == {1} and not any(map(any, padding))


def _is_by_remainder(case: Case) -> bool:
    """Whether the size of a window is a multiple of the strides, and few windows at the edge are added."""
    is_multiple = not any(map(operator.mod, case.size, case.strides))
    if case.groups > 1 or case.phases or set(case.strides) == {1} or set(case.dilation) != {1} or not is_multiple:
        return False
    counts, pairs, _ = _remainder_windows(case)
    more = math.prod(counts) / max(1, math.prod(case.counts)) - 1
    return min(map(min, pairs)) >= 0 and more * case.filters <= _MORE


# ---------------------------------------------------------------- convolutions


def _conv_depthwise(x: Tensor, kernel: Tensor, case: Case) -> Tensor:
    return depthwise_conv(x, kernel, **case.placing)


def _conv_tiled(x: Tensor, kernel: Tensor, case: Case) -> Tensor:
    y = conv_by_tiles(x, kernel, case.tiling, case.counts, **case.placing)
    return apply(FINITE, y, x, kernel, instead=_conv_by_window, by_example=True, case=case)


def _conv_by_group(x: Tensor, kernel: Tensor, case: Case) -> Tensor:
    kernel = reshape(kernel, (math.prod(case.size) * case.each, case.filters))
    columns = apply(GROUPS, x, groups=case.groups, phases=case.phases, size=case.size, **case.placing)
    y = transpose(matmul(columns, _by_group(kernel, case.groups)), (1, 0, 2))
    return reshape(y, (x.shape[0], *case.layout, case.filters))


def _conv_by_window(x: Tensor, kernel: Tensor, case: Case) -> Tensor:
    kernel = reshape(kernel, (math.prod(case.size) * case.channels, case.filters))
    columns = _columns(x, case.phases, size=case.size, **case.placing)
    return reshape(matmul(columns, kernel), (x.shape[0], *case.layout, case.filters))


def _by_group(rows: Tensor, groups: int) -> Tensor:
    """Returns a matrix with the columns of each group as a matrix of its own."""
    count, width = rows.shape
    return transpose(reshape(rows, (count, groups, width // groups)), (1, 0, 2))


def _columns(x: Tensor, phases: Sizes, **geometry: tuple) -> Tensor:
    """Returns the matrix of windows, shape (windows, elements of a window)."""
    if _is_pointwise(**geometry) and not phases:
        return reshape(x, (math.prod(x.shape[:-1]), x.shape[-1]))
    if geometry["size"][-1] * x.shape[-1] < _RUN:
        return transpose(apply(ELEMENTS, x, phases=phases, **geometry))
    return apply(WINDOWS, x, phases=phases, **geometry)


# ---------------------------------------------------------------- gradients of kernels


def _kernel_depthwise(x: Tensor, g: Tensor, case: Case) -> Tensor:
    return depthwise_kernel(x, g, size=case.size, **case.placing)


def _kernel_tiled(x: Tensor, g: Tensor, case: Case) -> Tensor:
    kernel = kernel_by_tiles(x, g, case.tiling, case.size, **case.placing)
    return apply(FINITE, kernel, x, g, instead=_kernel_of_examples, by_example=False, case=case)


def _kernel_of_examples(x: np.ndarray, g: np.ndarray, case: Case) -> np.ndarray:
    """Returns the gradient of the kernel by products, with the windows of one example at a time."""
    terms = (_kernel_by_window(x[each : each + 1], g[each : each + 1], case) for each in range(len(x)))
    return reduce(np.add, terms)


def _kernel_gathered(x: Tensor, g: Tensor, case: Case) -> Tensor:
    elements = math.prod(case.size)
    columns = _columns(g, (), size=case.size, **case.mirrored)
    y = matmul(transpose(reshape(x, (math.prod(x.shape[:-1]), case.channels))), columns)
    y = reshape(y, (case.channels, elements, case.filters))[:, ::-1]
    return reshape(transpose(y, (1, 0, 2)), (*case.size, case.channels, case.filters))


def _kernel_by_group(x: Tensor, g: Tensor, case: Case) -> Tensor:
    g = _by_group(reshape(g, (math.prod(g.shape[:-1]), case.filters)), case.groups)
    columns = apply(GROUPS, x, groups=case.groups, phases=case.phases, size=case.size, **case.placing)
    y = transpose(matmul(transpose(columns, (0, 2, 1)), g), (1, 0, 2))
    return reshape(y, (*case.size, case.each, case.filters))


def _kernel_by_window(x: Tensor, g: Tensor, case: Case) -> Tensor:
    g = reshape(g, (math.prod(g.shape[:-1]), case.filters))
    columns = _columns(x, case.phases, size=case.size, **case.placing)
    return reshape(matmul(transpose(columns), g), (*case.size, case.channels, case.filters))


# ---------------------------------------------------------------- gradients of inputs


def _input_depthwise(g: Tensor, kernel: Tensor, case: Case) -> Tensor:
    return depthwise_input(g, kernel, case.sizes, groups=case.groups, **case.placing)


def _input_tiled(g: Tensor, kernel: Tensor, case: Case) -> Tensor:
    x = input_by_tiles(g, kernel, case.tiling, case.sizes, **case.placing)
    return apply(FINITE, x, g, kernel, instead=_input_overlapped, by_example=True, case=case)


def _input_mirrored(g: Tensor, kernel: Tensor, case: Case) -> Tensor:
    elements, each = math.prod(case.size), case.filters // case.groups
    kernel = reshape(kernel, (elements, case.each, case.groups, each))[::-1]
    kernel = reshape(transpose(kernel, (0, 3, 2, 1)), (*case.size, each, case.channels))
    return lowered_conv(g, kernel, groups=case.groups, **case.mirrored)


def _input_gathered(g: Tensor, kernel: Tensor, case: Case) -> Tensor:
    elements = math.prod(case.size)
    kernel = transpose(reshape(kernel, (elements, case.channels, case.filters))[::-1], (0, 2, 1))
    columns = _columns(g, (), size=case.size, **case.mirrored)
    y = matmul(columns, reshape(kernel, (elements * case.filters, case.channels)))
    return reshape(y, (g.shape[0], *case.sizes, case.channels))


def _remainder_windows(case: Case) -> tuple[Sizes, Pairs, Pairs]:
    """Returns the counts and the padding of the windows of `g`, and where the inputs begin in what they give."""
    counts, pairs, starts = [], [], []
    for n, width, stride, (before, _), known in zip(
        case.sizes, case.size, case.strides, case.padding, case.counts, strict=True
    ):
        first = before // stride
        counts.append((before + n - 1) // stride - first + 1)
        pairs.append((width // stride - 1 - first, counts[-1] + first - known))
        starts.append((before - first * stride, 0))
    return tuple(counts), tuple(pairs), tuple(starts)


def _input_by_remainder(g: Tensor, kernel: Tensor, case: Case) -> Tensor:
    """Returns the gradient of the inputs from windows of that of the outputs.

    Which windows an input lies in, and which of their elements it is, depends on its place divided by the stride, and
    on the remainder. One product computes the inputs with all remainders.
    """
    counts, pairs, starts = _remainder_windows(case)
    rank, ones, strides = len(case.size), (1,) * len(case.size), case.strides
    reach = tuple(map(operator.floordiv, case.size, strides))
    parts = [part for pair in zip(reach, strides, strict=True) for part in pair]
    kernel = reshape(kernel, (*parts, case.channels, case.filters))[(slice(None, None, -1), slice(None)) * rank]
    axes = (*range(1, 2 * rank, 2), 2 * rank, *range(0, 2 * rank, 2), 2 * rank + 1)
    kernel = transpose(kernel, axes)
    kernel = reshape(kernel, (math.prod(strides) * case.channels, math.prod(reach) * case.filters))
    columns = _columns(g, (), size=reach, strides=ones, padding=pairs, dilation=ones)
    y = reshape(matmul(columns, transpose(kernel)), (g.shape[0], *counts, math.prod(strides), case.channels))
    return apply(_INTERLEAVED, y, sizes=case.sizes, strides=strides, padding=starts)


def _input_as_product(g: Tensor, kernel: Tensor, case: Case) -> Tensor:
    g, case = _without_phases(g, case)
    rows = reshape(g, (math.prod(g.shape[:-1]), case.filters))
    y = matmul(rows, transpose(reshape(kernel, (case.channels, case.filters))))
    return reshape(y, (g.shape[0], *case.sizes, case.channels))


def _input_by_group(g: Tensor, kernel: Tensor, case: Case) -> Tensor:
    g, case = _without_phases(g, case)
    rows = _by_group(reshape(g, (math.prod(g.shape[:-1]), case.filters)), case.groups)
    kernel = reshape(kernel, (math.prod(case.size), case.each, case.groups, case.filters // case.groups))
    parts = matmul(rows, transpose(kernel, (0, 2, 3, 1)))
    return _overlapped(transpose(parts, (0, 2, 1, 3)), g, case)


def _input_overlapped(g: Tensor, kernel: Tensor, case: Case) -> Tensor:
    g, case = _without_phases(g, case)
    kernel = reshape(kernel, (math.prod(case.size), case.channels, case.filters))
    parts = matmul(reshape(g, (math.prod(g.shape[:-1]), case.filters)), transpose(kernel, (0, 2, 1)))
    return _overlapped(parts, g, case)


def _overlapped(parts: Tensor, g: Tensor, case: Case) -> Tensor:
    parts = reshape(parts, (math.prod(case.size), *g.shape[:-1], case.channels))
    return apply(_OVERLAPPED, parts, sizes=case.sizes, size=case.size, **case.placing)


def _without_phases(g: Tensor, case: Case) -> tuple[Tensor, Case]:
    """Returns the gradient of the outputs as an image, without what phases leave out at the ends."""
    if not case.phases:
        return g, case
    g = reshape(_interleaved(g, case.phases), (g.shape[0], *case.counts, case.filters))
    return g, replace(case, phases=())


def _interleaved(g: Tensor, phases: Sizes) -> Tensor:
    """Returns an array with phases as (batch, count, phase, count, phase, ..., channels)."""
    rank = len(phases)
    g = reshape(g, (g.shape[0], *phases, *g.shape[2:]))
    pairs = [axis for each in range(1, rank + 1) for axis in (rank + each, each)]
    return transpose(g, (0, *pairs, 2 * rank + 1))


# ---------------------------------------------------------------- tables


_CONV_WAYS: Ways = (
    (_is_depthwise, _conv_depthwise),
    (_is_tiled, _conv_tiled),
    (_is_grouped, _conv_by_group),
    (_always, _conv_by_window),
)
_KERNEL_WAYS: Ways = (
    (_is_depthwise, _kernel_depthwise),
    (_is_tiled, _kernel_tiled),
    (_gathers, _kernel_gathered),
    (_is_grouped, _kernel_by_group),
    (_always, _kernel_by_window),
)
_INPUT_WAYS: Ways = (
    (_is_depthwise, _input_depthwise),
    (_is_tiled, _input_tiled),
    (_is_mirrored, _input_mirrored),
    (_gathers, _input_gathered),
    (_is_by_remainder, _input_by_remainder),
    (_is_grouped, _input_by_group),
    (_is_product, _input_as_product),
    (_always, _input_overlapped),
)


# ---------------------------------------------------------------- parts that overlap or interleave


def _bind_overlapped(
    arrays: Sequence[np.ndarray],
    out: np.ndarray,
    sizes: Sizes,
    size: Sizes,
    strides: Sizes,
    padding: Pairs,
    dilation: Sizes,
) -> Callable[[], None]:
    (parts,) = arrays
    counts = parts.shape[2:-1]
    everywhere = (slice(None),)
    calls = [partial(out.fill, 0)]
    numbers = dict(zip(np.ndindex(*size), range(len(parts)), strict=True))
    for index, inside, elements in taps(sizes, size, counts, strides, padding, dilation):
        target, part = out[everywhere + elements], parts[numbers[index]][everywhere + inside]
        calls.append(partial(np.add, target, part, target))
    return partial(run_strided, calls)


_OVERLAPPED = Primitive.bound(
    "overlap_add_windows",
    _bind_overlapped,
    shape=lambda parts, sizes, **geometry: ((parts.shape[1], *sizes, parts.shape[-1]), parts.dtype),
)


def _bind_interleaved(
    arrays: Sequence[np.ndarray], out: np.ndarray, sizes: Sizes, strides: Sizes, padding: Pairs
) -> Callable[[], None]:
    (parts,) = arrays
    numbers = dict(zip(np.ndindex(*strides), range(parts.shape[-2]), strict=True))
    ones, everywhere = (1,) * len(sizes), (slice(None),)
    calls = [
        copying(out[everywhere + elements], parts[..., numbers[index], :][everywhere + inside])
        for index, inside, elements in taps(sizes, strides, parts.shape[1:-2], strides, padding, ones)
    ]
    return partial(run_strided, calls)


def _interleaved_rule(parts: Spec, sizes: Sizes, **_: object) -> tuple:
    return (parts.shape[0], *sizes, parts.shape[-1]), parts.dtype


_INTERLEAVED = Primitive.bound("interleave", _bind_interleaved, shape=_interleaved_rule, computes=False)

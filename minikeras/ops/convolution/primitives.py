"""The three bilinear primitives of convolution: each is the gradient of the others, to any order.

With `<a, b>` for the sum of products, `<g, CONV(x, k)> = <x, CONV_INPUT(g, k)> = <k, CONV_KERNEL(x, g)>`. All three
take `strides`, `padding` (pairs), `dilation` and `groups`, in the layout (batch, *spatial, channels) with kernels of
shape (*size, channels / groups, filters). `CONV_INPUT` is the transposed convolution. With `phases`, `y` and `g` have
the layout (batch, phases, *spatial, filters), see `pooling.phases`.

How blocks of examples are computed, also outside of plans, is in `lowering`.
"""

import math
from collections.abc import Callable, Iterator
from functools import partial, wraps
from typing import Any

import numpy as np

from ...compiler.threads.blas_threads import on_one_thread
from ...engine.batch_rules import SUM, Batching
from ...engine.dispatch import apply
from ...engine.primitive import Primitive, Spec
from ..common.sliding_windows import Pairs, Sizes, window_counts
from .lowering import Case, case_of, input_case, kernel_case, lowered_conv, lowered_input, lowered_kernel


def _blocks(examples: int, case: Case) -> Iterator[slice]:
    step = case.examples
    for start in range(0, examples, step):
        yield slice(start, min(start + step, examples))


def _in_full(array: np.ndarray) -> np.ndarray:
    """Converts float16 to float32: BLAS has no float16, and sums of many products would lose too much."""
    return array.astype(np.float32) if array.dtype == np.float16 else array


def _on_one_thread(kernel: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """Decorator: products of a block take ten times as long on several BLAS threads if the cores are busy."""

    @wraps(kernel)
    def run(*arrays: np.ndarray, **parameters: Any) -> np.ndarray:
        return on_one_thread(partial(kernel, *arrays, **parameters))()

    return run


@_on_one_thread
def _conv_kernel(x: np.ndarray, kernel: np.ndarray, **parameters: Any) -> np.ndarray:
    shape, _ = _conv_rule(x, kernel, **parameters)
    result, kernel = np.empty(shape, x.dtype), _in_full(kernel)
    for block in _blocks(len(x), case_of(x, kernel, **parameters)):
        result[block] = lowered_conv(_in_full(x[block]), kernel, **parameters)
    return result


@_on_one_thread
def _input_kernel(g: np.ndarray, kernel: np.ndarray, **parameters: Any) -> np.ndarray:
    result = np.empty(_input_rule(g, kernel, **parameters)[0], g.dtype)
    kernel = _in_full(kernel)
    for block in _blocks(len(g), input_case(g, kernel, **parameters)):
        result[block] = lowered_input(_in_full(g[block]), kernel, **parameters)
    return result


@_on_one_thread
def _kernel_kernel(x: np.ndarray, g: np.ndarray, **parameters: Any) -> np.ndarray:
    total = None
    for block in _blocks(len(x), kernel_case(x, g, **parameters)):
        term = lowered_kernel(_in_full(x[block]), _in_full(g[block]), **parameters)
        total = term if total is None else total + term
    if total is None:
        return np.zeros(_kernel_rule(x, g, **parameters)[0], x.dtype)
    return total.astype(x.dtype, copy=False)


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

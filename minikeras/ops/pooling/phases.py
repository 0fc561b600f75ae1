"""Maxima over the phases of a convolution: max pooling of what has not been laid out as an image.

A convolution may return its outputs as phases: `y[n, p, i, j] = image[n, i * size + p]`, so that a window of pooling is
an index (i, j) and its elements are the phases. Each phase is contiguous, and what pooling leaves out is not computed.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from ...engine.batch_rules import leading, together
from ...engine.dispatch import apply
from ...engine.primitive import Primitive


def bits(array: np.ndarray) -> np.ndarray:
    """Returns a view of an array as integers: these times 0 are 0, which infinity and NaN are not.

    Example:
        >>> (bits(np.float32([1.5, np.inf])) * np.int32([1, 0])).view("float32")
        array([1.5, 0. ], dtype=float32)
    """
    return array.view(f"i{array.itemsize}")


def _bind_max(arrays: Sequence[np.ndarray], out: np.ndarray) -> Callable[[], object]:
    return partial(np.maximum.reduce, arrays[0], 1, None, out)


def _first_hits(x: np.ndarray, y: np.ndarray, hits: np.ndarray) -> Callable[[], None]:
    """Returns a call that marks the first phase that equals the maximum."""
    maxima, is_open, less = y[:, None], np.empty(y.shape, bool), np.empty(x.shape, bool)
    phases = [(hits[:, phase], less[:, phase]) for phase in range(x.shape[1])]

    def run() -> None:
        np.less(x, maxima, out=less)  # if the maximum is NaN, none is
        is_open.fill(True)
        for hit, lesser in phases:
            np.greater(is_open, lesser, out=hit)
            np.logical_and(is_open, lesser, out=is_open)

    return run


def _bind_scatter(arrays: Sequence[np.ndarray], out: np.ndarray) -> Callable[[], None]:
    g, x, y = arrays
    hits = np.empty(x.shape, bool)
    mark, shares, chosen = _first_hits(x, y, hits), bits(g)[:, None], bits(out)

    def run() -> None:
        mark()
        np.copyto(chosen, hits)  # numpy casts faster while it copies than while it multiplies
        np.multiply(chosen, shares, out=chosen)

    return run


def _bind_gather(arrays: Sequence[np.ndarray], out: np.ndarray) -> Callable[[], None]:
    h, x, y = arrays
    hits, shares = np.empty(x.shape, bool), bits(h)
    mark, chosen, found = _first_hits(x, y, hits), np.empty(h.shape, shares.dtype), bits(out)

    def run() -> None:
        mark()
        np.copyto(chosen, hits)
        np.multiply(chosen, shares, out=chosen)
        np.bitwise_or.reduce(chosen, 1, None, found)

    return run


PHASE_MAX = Primitive.bound(
    "phase_max",
    _bind_max,
    shape=lambda x: ((x.shape[0], *x.shape[2:]), x.dtype),
    vjps=(lambda g, y, x: apply(_SCATTER, g, x, y),),
    batch=leading,
)
_SCATTER = Primitive.bound(
    "phase_max_scatter",
    _bind_scatter,
    shape=lambda g, x, y: (x.shape, g.dtype),
    vjps=(lambda h, _, g, x, y: apply(_GATHER, h, x, y), None, None),
    batch=together,
)
_GATHER = Primitive.bound(
    "phase_max_gather",
    _bind_gather,
    shape=lambda h, x, y: (y.shape, h.dtype),
    vjps=(lambda g, _, h, x, y: apply(_SCATTER, g, x, y), None, None),
    batch=together,
)

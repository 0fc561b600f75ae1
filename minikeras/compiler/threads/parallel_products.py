"""Large matrix products on several threads, where a measurement shows that this pays off.

A product is cut into blocks of columns or rows, each of them computed on one BLAS thread. A product is only cut where
that gives the same bits as the whole. So results do not depend on the number of threads, and the choice may follow the
load of the machine.
"""

import os
from collections.abc import Callable, Sequence
from functools import cache, partial
from time import perf_counter

import numpy as np

from .blas_threads import numpy_blas, on_one_thread
from .thread_pool import thread_pool

_WORK = 4_000_000  # multiplications in a block, at least: about 60 us; handing a block to a thread costs 10 to 20 us
_UNIT = 64  # rows or columns: a multiple of the tile sizes of BLAS kernels
_TRIALS = 5  # steps timed alternately with each of the two ways
_PAYS = 0.95  # the share of the time on one thread that several threads may take
_SLOWER = 1.3  # a step this many times slower than when measured renews the choice
_WINDOW = 16  # steps
_EVERY = 10.0  # seconds of computing after which the choice is renewed in any case


class Threading:
    """Decides whether the large products of a plan are computed on several threads.

    Both ways are timed in the first steps, then again when steps become slower than they were then, and every ten
    seconds of computing, as nothing else tells that a core has become free.

    Args:
        threads: The maximum number of threads.
        clock: Returns the time in seconds.

    Attributes:
        parallel: Whether products are computed on several threads now.
        is_used: Whether the plan has a large enough product.
    """

    def __init__(self, threads: int | None = None, clock: Callable[[], float] = perf_counter):
        self.parallel = False
        self.is_used = False
        self._threads = allowed_threads() if threads is None else threads
        self._clock = clock
        self._start_trial(skip=1)  # the first step runs with cold caches

    def binder(
        self, bind: Callable[[Sequence[np.ndarray]], Callable], arrays: Sequence[np.ndarray], out: np.ndarray
    ) -> Callable[[Sequence[np.ndarray]], Callable]:
        """Returns a function that binds a matrix product to arrays; `bind` itself if the product is not split.

        Args:
            bind: Binds the unsplit product.
            arrays: The arrays that the product is bound to first.
            out: The output array.
        """
        cuts = blocks(arrays, out, self._threads)
        if len(cuts) < 2:
            return bind
        self.is_used = True
        return partial(self._bound, bind, out, cuts)

    def _bound(
        self, bind: Callable, out: np.ndarray, cuts: Sequence[tuple], arrays: Sequence[np.ndarray]
    ) -> Callable[[], None]:
        whole = bind(arrays)
        parts = [_block(*arrays, out, cut) for cut in cuts]

        def run() -> None:
            if self.parallel:
                thread_pool(len(parts) - 1).run(parts)
            else:
                whole()

        return run

    def timed(self, run: Callable[[], object]) -> None:
        """Runs a step and records its duration.

        Args:
            run: Computes the step.
        """
        start = self._clock()
        run()
        self._note(self._clock() - start)

    def _note(self, seconds: float) -> None:
        if self._skip:
            self._skip -= 1
            return
        self._times[self.parallel].append(seconds)
        if self._in_trial:
            if len(self._times[True]) < _TRIALS:
                self.parallel = not self.parallel
                return
            one, several = np.median(self._times[False]), np.median(self._times[True])
            self.parallel = several < _PAYS * one
            self._expected = several if self.parallel else one
            self._in_trial, self._until_trial = False, _EVERY
            self._times = {False: [], True: []}
            return
        self._until_trial -= seconds
        recent = self._times[self.parallel]
        if len(recent) == _WINDOW:
            if np.median(recent) > _SLOWER * self._expected or self._until_trial < 0:
                self._start_trial()
            recent.clear()

    def _start_trial(self, skip: int = 0) -> None:
        self.parallel, self._in_trial, self._skip = False, True, skip
        self._times: dict[bool, list[float]] = {False: [], True: []}
        self._until_trial = _EVERY
        self._expected = 0.0


def allowed_threads() -> int:
    """Returns the maximum number of threads: that of BLAS or the cores; 1 if BLAS cannot be controlled."""
    blas = numpy_blas()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return 1 if blas is None else min(blas.count(), cores or 1)


def blocks(arrays: Sequence[np.ndarray], out: np.ndarray, threads: int) -> list[tuple[slice, slice]]:
    """Returns the row and column slices of the blocks of a product; a single block if it is not split.

    Args:
        arrays: The factors.
        out: The output array.
        threads: The maximum number of threads.
    """
    whole = [(slice(None), slice(None))]
    first, second = arrays
    if threads < 2 or not first.ndim == second.ndim == 2 or out.dtype.kind != "f":
        return whole
    axis = int(out.shape[1] >= out.shape[0])
    units = -(-out.shape[axis] // _UNIT)
    count = min(threads, units, out.size * first.shape[1] // _WORK)
    # BLAS has a separate routine for the product of a matrix and its transpose.
    if count < 2 or np.may_share_memory(first, second):
        return whole
    edges = [min(units * part // count * _UNIT, out.shape[axis]) for part in range(count + 1)]
    slices = [slice(start, stop) for start, stop in zip(edges, edges[1:], strict=False)]
    cuts = [(slice(None), part) if axis else (part, slice(None)) for part in slices]
    layouts = tuple((array.shape, array.flags.c_contiguous, array.flags.f_contiguous) for array in arrays)
    return cuts if _same_bits(layouts, out.dtype.str, axis, tuple(edges)) else whole


def _block(first: np.ndarray, second: np.ndarray, out: np.ndarray, cut: tuple[slice, slice]) -> Callable[[], object]:
    rows, columns = cut
    return partial(np.matmul, first[rows], second[:, columns], out[rows, columns])


@cache
def _same_bits(layouts: tuple, dtype: str, axis: int, edges: tuple[int, ...]) -> bool:
    """Whether a product gives the same bits in blocks as in one piece.

    How BLAS rounds depends on shapes alone, so it is tried on random numbers.
    """
    generator = np.random.default_rng(0)
    first, second = (_random(generator, dtype, *layout) for layout in layouts)

    def compute() -> bool:
        whole = first.dot(second)
        parts = [slice(start, stop) for start, stop in zip(edges, edges[1:], strict=False)]
        computed = [first @ second[:, part] if axis else first[part] @ second for part in parts]
        return np.array_equal(whole, np.concatenate(computed, axis))

    return on_one_thread(compute)()


def _random(generator: "np.random.Generator", dtype: str, shape: tuple[int, int], is_c: bool, is_f: bool) -> np.ndarray:
    numbers = generator.random(shape if is_c else shape[::-1]).astype(dtype)
    return numbers if is_c else numbers.T

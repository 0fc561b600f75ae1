"""Large matrix products on several BLAS threads, where a measurement shows that this pays off.

A product is computed on several threads only if it has the same bits on several as on one. So results do not depend on
the number of threads, and the choice may follow the load of the machine. OpenBLAS sums in the same order in both cases
if the summed axis is short or a multiple of 32; if it is not, its last elements become a product of their own.
"""

import os
from collections.abc import Callable, Sequence
from functools import cache, partial
from time import perf_counter

import numpy as np

from .blas_threads import numpy_blas, on_one_thread

_WORK = 8_000_000  # multiplications in a product, at least: about 120 us
_UNIT = 32  # twice the rows that the kernels of OpenBLAS compute at a time
_DRAWN = 4099  # random numbers to try a product on: a prime, so that no two rows or columns are alike
_TRIALS = 5  # steps timed alternately with each of the two ways
_PAYS = 0.95  # the share of the time on one thread that several threads may take
_SLOWER = 1.3  # a step this many times slower than when measured renews the choice
_WINDOW = 16  # steps
_SHARE = 0.02  # of the time may be lost in trials
_SOONEST, _LATEST = 0.2, 10.0  # seconds of computing after which the choice is renewed in any case


class Threading:
    """Decides whether the large products of a plan are computed on several threads.

    Both ways are timed in the first steps, then again when steps become slower than they were then, and from time to
    time, as nothing else tells that a core has become free: the less a trial costs, the sooner.

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
        """Returns a function that binds a matrix product to arrays; `bind` itself if the product stays on one thread.

        Args:
            bind: Binds the product on one thread.
            arrays: The arrays that the product is bound to first.
            out: The output array.
        """
        length = parallel_length(arrays, out, self._threads)
        if not length:
            return bind
        self.is_used = True
        if length < arrays[0].shape[1]:
            bind = partial(_bound_in_two, length, out, np.empty_like(out))
        else:
            bind = partial(_bound_whole, bind)
        return partial(self._bound, bind)

    def _bound(self, bind: Callable, arrays: Sequence[np.ndarray]) -> Callable[[], object]:
        product, rest = bind(arrays)
        on_threads = numpy_blas().on_threads(self._threads, product)

        def run() -> None:
            if self.parallel:
                on_threads()
            else:
                product()
            for call in rest:
                call()

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
            self._in_trial = False
            lost = _TRIALS * (max(one, several) - self._expected)
            self._until_trial = min(max(_SOONEST, lost / _SHARE), _LATEST)
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
        self._expected = self._until_trial = 0.0


def allowed_threads() -> int:
    """Returns the maximum number of threads: that of BLAS or the cores; 1 if BLAS cannot be controlled."""
    blas = numpy_blas()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return 1 if blas is None else min(blas.count(), cores or 1)


def parallel_length(arrays: Sequence[np.ndarray], out: np.ndarray, threads: int) -> int:
    """Returns how much of the summed axis of a product may be computed on several threads; 0 if nothing.

    Args:
        arrays: The factors.
        out: The output array.
        threads: The number of threads.
    """
    first, second = arrays
    if threads < 2 or not first.ndim == second.ndim == 2 or out.dtype.kind != "f":
        return 0
    length = first.shape[1]
    # BLAS has a separate routine for the product of a matrix and its transpose.
    if out.size * length < _WORK or np.may_share_memory(first, second):
        return 0
    layouts = tuple((array.shape, array.flags.c_contiguous, array.flags.f_contiguous) for array in arrays)
    for part in (length, length // _UNIT * _UNIT):
        if _same_bits(layouts, out.dtype.str, threads, part):
            return part
    return 0


@cache
def _same_bits(layouts: tuple, dtype: str, threads: int, length: int) -> bool:
    """Whether a product over a part of the summed axis has the same bits on several threads as on one.

    How BLAS rounds depends on shapes alone, so it is tried on random numbers.
    """
    generator = np.random.default_rng(0)
    first, second = (_random(generator, dtype, *layout) for layout in layouts)
    out = np.empty((len(first), second.shape[1]), dtype)
    product = partial(np.matmul, first[:, :length], second[:length], out)

    def compute() -> bool:
        product()
        on_one = out.copy()
        numpy_blas().on_threads(threads, product)()
        return np.array_equal(on_one, out)

    return on_one_thread(compute)()


def _random(generator: "np.random.Generator", dtype: str, shape: tuple[int, int], is_c: bool, is_f: bool) -> np.ndarray:
    # Few numbers, repeated: to draw millions would take longer than to try the product.
    numbers = np.resize(generator.random(_DRAWN).astype(dtype), shape if is_c else shape[::-1])
    return numbers if is_c else numbers.T


def _bound_whole(bind: Callable, arrays: Sequence[np.ndarray]) -> tuple[Callable, list[Callable]]:
    """Binds a product; returns it, and nothing to do afterwards."""
    return bind(arrays), []


def _bound_in_two(
    length: int, out: np.ndarray, rest: np.ndarray, arrays: Sequence[np.ndarray]
) -> tuple[Callable, list[Callable]]:
    """Binds the product over the first part of the summed axis; returns it, and what adds the rest."""
    first, second = arrays
    product = partial(np.matmul, first[:, :length], second[:length], out)
    return product, [partial(np.matmul, first[:, length:], second[length:], rest), partial(np.add, out, rest, out)]

"""Prefetching: a second thread gathers the next block of data while the step runs on the present one.

Gathering rows scattered over a large array waits for memory about as long as a small network computes, and numpy does
it without holding Python's lock. A large network computes on all cores, so a second thread slows it down by more than
prefetching saves.
"""

from collections.abc import Callable, Generator
from time import perf_counter

from ..engine.daemon_threads import start_thread

_MIN_SHARE = 0.1  # prefetching pays if filling a block takes this share of the time that using one takes


class Prefetcher:
    """Fills one block after the other, ahead of its use where that pays.

    Args:
        pays: Whether prefetching pays; if None, it is measured in the first passes.
        clock: Returns the time in seconds.
    """

    def __init__(self, pays: bool | None = None, clock: Callable[[], float] = perf_counter):
        self._pays = pays
        self._clock = clock

    def blocks(self, fill: Callable[[int], None], count: int) -> Generator[int, None, None]:
        """Yields 0, 1, ..., `count` - 1, each once it is filled; if it pays, the next is filled while one is in use.

        Args:
            fill: Called with each index, in order and never concurrently; what it raises is raised here.
            count: The number of blocks.

        Example:
            >>> filled = []
            >>> [(index, index in filled) for index in Prefetcher().blocks(filled.append, 3)]
            [(0, True), (1, True), (2, True)]
        """
        first = 0
        while first < count and not self._pays:
            start = self._clock()
            fill(first)
            ready = self._clock()
            yield first
            if first > 0 and self._pays is None:  # steps are traced while the very first block is in use
                self._pays = ready - start > _MIN_SHARE * (self._clock() - ready)
            first += 1
        if first < count:
            yield from _prefetched(fill, first, count)


def _prefetched(fill: Callable[[int], None], first: int, count: int) -> Generator[int, None, None]:
    fill(first)
    if count == first + 1:
        yield first
        return
    worker = _Worker(fill)
    try:
        for index in range(first + 1, count):
            worker.start(index)
            yield index - 1
            worker.wait()
        yield count - 1
    finally:
        worker.close()


class _Worker:
    """A thread that calls a function on request; where no thread can be started, `wait` makes the call."""

    def __init__(self, function: Callable[[int], None]):
        from queue import SimpleQueue

        self._function = function
        self._requests: SimpleQueue = SimpleQueue()
        self._results: SimpleQueue = SimpleQueue()
        self._thread = start_thread("minikeras-data", self._work)

    def start(self, index: int) -> None:
        """Starts a call of the function."""
        self._requests.put(index)

    def wait(self) -> None:
        """Waits for the call to return, and raises what it raised."""
        if self._thread is None:
            self._function(self._requests.get())
            return
        error = self._results.get()
        if error is not None:
            raise error

    def close(self) -> None:
        """Ends the thread once its present call has returned."""
        if self._thread is not None:
            self._requests.put(None)
            self._thread.join()

    def _work(self) -> None:
        while (index := self._requests.get()) is not None:
            try:
                self._function(index)
            except BaseException as error:
                self._results.put(error)
            else:
                self._results.put(None)

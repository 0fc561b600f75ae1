"""Work done ahead by a second thread: while one block of data is trained on, the next one is gathered.

Gathering rows from all over a large array waits for memory about as long as a small network computes, and numpy does
it without Python's lock. A large network computes on all cores, and is held up more by a second thread than that gains.
"""

import threading
from collections.abc import Callable, Generator
from time import perf_counter

_PAYS = 0.1  # filling has to take this share of the time that using takes


class Filler:
    """Fills one thing after the other, ahead of its use where that pays.

    Args:
        pays: Whether it does; by default the first passes tell.
    """

    def __init__(self, pays: bool | None = None):
        self._pays = pays

    def filled(self, fill: Callable[[int], None], count: int) -> Generator[int, None, None]:
        """Yields 0, 1, ... `count` - 1, each after it was filled; if it pays, the next one is filled while one is used.

        Args:
            fill: Called with each number, in order, never two at a time; what it raises is raised here.
            count: How many there are.

        Example:
            >>> filled = []
            >>> [(number, number in filled) for number in Filler().filled(filled.append, 3)]
            [(0, True), (1, True), (2, True)]
        """
        first = 0
        while first < count and not self._pays:
            start = perf_counter()
            fill(first)
            ready = perf_counter()
            yield first
            if first > 0 and self._pays is None:  # steps are traced while the very first is used
                self._pays = ready - start > _PAYS * (perf_counter() - ready)
            first += 1
        if first < count:
            yield from _filled_ahead(fill, first, count)


def _filled_ahead(fill: Callable[[int], None], first: int, count: int) -> Generator[int, None, None]:
    fill(first)
    if count == first + 1:
        yield first
        return
    worker = _Worker(fill)
    try:
        for number in range(first + 1, count):
            worker.start(number)
            yield number - 1
            worker.wait()
        yield count - 1
    finally:
        worker.close()


class _Worker:
    """A thread that calls a function when asked to."""

    def __init__(self, function: Callable[[int], None]):
        from queue import SimpleQueue

        self._function = function
        self._orders = SimpleQueue()
        self._reports = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="minikeras-data", daemon=True)
        self._thread.start()

    def start(self, number: int) -> None:
        """Lets the thread call the function."""
        self._orders.put(number)

    def wait(self) -> None:
        """Waits until the call is done, and raises what it raised."""
        error = self._reports.get()
        if error is not None:
            raise error

    def close(self) -> None:
        """Ends the thread, waiting until it has done what it is doing."""
        self._orders.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (number := self._orders.get()) is not None:
            try:
                self._function(number)
            except BaseException as error:
                self._reports.put(error)
            else:
                self._reports.put(None)

"""Threads that work ahead of those who read: functions of elements in parallel, and prefetching."""

import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ..engine.daemon_threads import start_thread

if TYPE_CHECKING:
    from concurrent.futures import Future

_GRACE = 0.5  # seconds that threads have to end by themselves when their results are not needed
_WAKES = 0.5  # seconds between looks for an interrupt while the main thread waits


class Threads:
    """A pool of daemon threads, which unlike those of `concurrent.futures` do not keep this process alive.

    Where no thread can be started, each call is made when its result is asked for.

    Args:
        count: The maximum number of threads.

    Attributes:
        count: How many there are.

    Example:
        >>> threads = Threads(2)
        >>> result(threads.submit(abs, -3))
        3
        >>> threads.close()
    """

    broken: tuple = ()  # threads do not die

    def __init__(self, count: int):
        from queue import SimpleQueue

        self._tasks: SimpleQueue = SimpleQueue()
        self._futures: list = []
        self._threads: list[threading.Thread] = []
        for index in range(count):
            thread = start_thread(f"minikeras-dataset-{index}", self._run)
            if thread is None:
                break
            self._threads.append(thread)
        self.count = len(self._threads)

    def submit(self, function: Callable, *args: Any) -> "Future | Deferred":
        """Returns the future of a call of the function by one of the threads."""
        from concurrent.futures import Future

        if not self._threads:
            return Deferred(function, args)

        future: Any = Future()
        self._tasks.put((future, function, args))
        self._futures = [each for each in self._futures if not each.done()] + [future]
        return future

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            future, function, args = task
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(function(*args))
                except BaseException as error:
                    future.set_exception(error)

    def close(self, wait: bool = True) -> None:
        """Cancels what has not begun, and ends the threads.

        Args:
            wait: Whether to wait for the calls that have begun. Else they are abandoned after a moment.
        """
        for future in self._futures:
            future.cancel()
        for _ in self._threads:
            self._tasks.put(None)
        end = time.monotonic() + _GRACE
        for thread in self._threads:
            if thread is not threading.current_thread():  # a generator may be closed by any thread
                thread.join(None if wait else max(0.0, end - time.monotonic()))

    def ends(self) -> str:
        """Returns how the first of them died: threads do not."""
        return ""


class Deferred(NamedTuple):
    """A call that is made when its result is asked for."""

    function: Callable
    args: tuple


def result(future: "Future | Deferred") -> Any:
    """Returns the result of a future, and raises what was raised instead.

    A signal that arrives just before the main thread starts to wait does not wake it up, so it wakes up by itself.
    """
    from concurrent.futures import wait

    if isinstance(future, Deferred):
        return future.function(*future.args)
    while not wait([future], _WAKES).done:
        pass
    return future.result()


def mapped(function: Callable, items: Iterable, threads: int) -> Generator:
    """Yields `function(item)` for each item, in order, computed by threads ahead of what is read.

    Args:
        function: Called by several threads at once.
        items: Read by the thread that reads the results.
        threads: How many there are; they are ahead by twice as many items.

    Example:
        >>> list(mapped(abs, [-1, 2, -3], threads=2))
        [1, 2, 3]
    """
    source, pending = iter(items), deque()  # type: ignore[var-annotated]
    pool = Threads(threads)
    finished = False
    try:
        for item in islice(source, 2 * threads):
            pending.append(pool.submit(function, item))
        while pending:
            value = result(pending.popleft())
            for item in islice(source, 1):
                pending.append(pool.submit(function, item))
            yield value
        finished = True
    finally:
        pool.close(wait=finished)


def prefetched(items: Callable[[], Iterator], size: int) -> Generator:
    """Yields the items of an iterator that a thread reads ahead, if one can be started.

    Args:
        items: Returns the iterator; called and read by the thread.
        size: How many items it is ahead.

    Example:
        >>> list(prefetched(lambda: iter("abc"), 2))
        ['a', 'b', 'c']
    """
    from queue import Empty, Full, Queue

    queue: Queue = Queue(size)
    stopped = threading.Event()

    def put(entry: tuple) -> bool:
        while not stopped.is_set():
            try:
                queue.put(entry, timeout=_WAKES)
                return True
            except Full:
                continue
        return False

    def read() -> None:
        iterator: Any = None
        try:
            iterator = items()
            for item in iterator:
                if not put((item, None, False)):
                    break
            else:
                put((None, None, True))
        except BaseException as error:
            put((None, error, True))
        finally:
            if hasattr(iterator, "close"):
                iterator.close()

    thread = start_thread("minikeras-prefetch", read)
    if thread is None:
        yield from items()
        return
    try:
        while True:
            try:
                item, error, is_last = queue.get(timeout=_WAKES)
            except Empty:
                continue
            if error is not None:
                raise error
            if is_last:
                return
            yield item
    finally:
        stopped.set()
        if thread is not threading.current_thread():
            thread.join(_GRACE)

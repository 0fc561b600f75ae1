"""A pool of threads that share the calls of one instruction with the thread that runs the plan.

No thread spins, and none waits for a call that has not begun: the first free thread takes the next call. So on a busy
machine, where the other threads may not get a core for milliseconds, the caller makes all calls.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


class ThreadPool:
    """Threads that start on first use.

    Args:
        size: How many there are besides the thread that calls `run`.
    """

    def __init__(self, size: int):
        from queue import SimpleQueue

        self._jobs: Any = SimpleQueue()
        self._busy = [threading.Lock() for _ in range(size)]
        for number, lock in enumerate(self._busy):
            name = f"product-worker-{number}"
            threading.Thread(target=self._serve, args=(lock,), name=name, daemon=True).start()

    def run(self, calls: Sequence[Callable[[], object]]) -> None:
        """Makes all calls, in any order and several at a time, and returns when the last one has ended.

        Args:
            calls: Functions without arguments that do not depend on each other.
        """
        job = _Job(calls)
        try:
            for _ in range(min(len(calls) - 1, len(self._busy))):
                self._jobs.put(job)
            job.work()
            job.wait()
        except BaseException:  # also a KeyboardInterrupt
            job.drop()
            for lock in self._busy:  # no thread writes to the caller's arrays any more
                with lock:
                    pass
            raise

    def _serve(self, busy: threading.Lock) -> None:
        np.seterr(all="ignore")  # for this thread, as in plans
        while True:
            job = self._jobs.get()
            with busy:
                job.work()
            del job  # it holds arrays


class _Job:
    """The calls of one `run`."""

    def __init__(self, calls: Sequence[Callable[[], object]]):
        from queue import SimpleQueue

        self._left = deque(calls)
        self._count = len(calls)
        self._ended: Any = SimpleQueue()  # one item for each call that has ended: None or what it raised

    def work(self) -> None:
        """Makes calls until none are left."""
        while True:
            try:
                call = self._left.popleft()
            except IndexError:
                return
            try:
                call()
            except Exception as error:
                self._ended.put(error)
            else:
                self._ended.put(None)

    def wait(self) -> None:
        """Waits for the calls that other threads have begun, and raises what one of them raised."""
        errors = [self._ended.get() for _ in range(self._count)]
        for error in errors:
            if error is not None:
                raise error

    def drop(self) -> None:
        """Makes no further calls."""
        self._left.clear()


class _Pools:
    """The pools of this process, by size."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forgets all pools: a child process has none of their threads, nor the one that may hold the lock."""
        self._by_size: dict[int, ThreadPool] = {}
        self._lock = threading.Lock()

    def get(self, size: int) -> ThreadPool:
        """Returns the pool of a size, which is created once, whichever thread asks first."""
        if size not in self._by_size:
            with self._lock:
                if size not in self._by_size:
                    self._by_size[size] = ThreadPool(size)
        return self._by_size[size]


_pools = _Pools()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pools.clear)


def thread_pool(size: int) -> ThreadPool:
    """Returns the pool of this many threads besides the calling one, the same for all plans.

    Args:
        size: The number of threads.

    Example:
        >>> found = []
        >>> thread_pool(1).run([lambda: found.append(1), lambda: found.append(2)])
        >>> sorted(found)
        [1, 2]
    """
    return _pools.get(size)

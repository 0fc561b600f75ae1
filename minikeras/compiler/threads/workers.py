"""Threads that compute parts of a step side by side."""

import os
import threading
from collections.abc import Callable, Sequence

import numpy as np

from ...engine.daemon_threads import start_thread

_TURN = 0.5  # seconds: a wait that begins just after a signal is not interrupted before its end


class Workers:
    """Daemon threads, which are started when they are first needed; where none can be, tasks run one after the other.

    Example:
        >>> found = []
        >>> Workers().run([lambda: found.append(1), lambda: found.append(2)])
        >>> sorted(found)
        [1, 2]
    """

    def __init__(self) -> None:
        self._queues: list = []

    def run(self, tasks: Sequence[Callable[[], object]]) -> None:
        """Runs tasks side by side, the first one in this thread, and waits for their end.

        Args:
            tasks: Functions without arguments.

        Raises:
            BaseException: What the first of the tasks that failed raised.
        """
        first, *others = tasks
        jobs = [_Job(task) for task in others]
        try:
            for queue, job in zip(self._at_least(len(jobs)), jobs, strict=False):
                queue.put(job)
            first()
            for job in jobs:
                job.run()  # what no thread has begun, as on a busy machine or without threads
        finally:
            for job in jobs:
                job.end()
        for job in jobs:
            if job.error is not None:
                raise job.error

    def _at_least(self, count: int) -> list:
        from queue import SimpleQueue

        while len(self._queues) < count:
            queue: SimpleQueue = SimpleQueue()
            if start_thread(f"minikeras-blocks-{len(self._queues) + 1}", _work, queue) is None:
                break
            self._queues.append(queue)
        return self._queues

    def after_fork(self) -> None:
        """Forgets the threads, which a child process does not have."""
        self._queues = []


class _Job:
    """A task that is run once, by the first thread to claim it."""

    def __init__(self, task: Callable[[], object]):
        self._task = task
        self._claimed, self._done = threading.Lock(), threading.Lock()
        self._done.acquire()
        self.error: BaseException | None = None

    def run(self) -> None:
        """Runs the task, unless it is claimed."""
        if not self._claimed.acquire(blocking=False):
            return
        try:
            self._task()
        except BaseException as error:
            self.error = error
        finally:
            self._done.release()

    def end(self) -> None:
        """Sees to it that the task does not run any more, even while interrupts arrive: it writes to shared memory."""
        if self._claimed.acquire(blocking=False):
            return
        interrupt = None
        while True:
            try:
                if self._done.acquire(timeout=_TURN):
                    break
            except KeyboardInterrupt as error:
                interrupt = error
        if interrupt is not None:
            raise interrupt


def _work(queue: object) -> None:
    np.seterr(all="ignore")  # numpy keeps this setting for each thread
    while True:
        queue.get().run()


WORKERS = Workers()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=WORKERS.after_fork)

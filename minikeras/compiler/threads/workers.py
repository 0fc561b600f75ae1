"""A pool of threads that compute parts of a step side by side."""

import os
import threading
from collections.abc import Callable, Sequence

import numpy as np

_TURN = 0.5  # seconds: a wait that begins just after a signal is only interrupted when it ends


class Workers:
    """Daemon threads, started when they are first needed."""

    def __init__(self) -> None:
        self._queues: list = []

    def run(self, tasks: Sequence[Callable[[], object]]) -> None:
        """Runs tasks side by side, the first one in this thread, and waits for all of them.

        Args:
            tasks: Functions without arguments.

        Raises:
            BaseException: What the first failed task raised.
        """
        jobs = [_Job(task) for task in tasks[1:]]
        for queue, job in zip(self._at_least(len(jobs)), jobs, strict=False):
            queue.put(job)
        try:
            tasks[0]()
        finally:
            for job in jobs:
                job.wait()
        for job in jobs:
            if job.error is not None:
                raise job.error

    def _at_least(self, count: int) -> list:
        from queue import SimpleQueue

        while len(self._queues) < count:
            queue: SimpleQueue = SimpleQueue()
            name = f"minikeras-blocks-{len(self._queues)}"
            threading.Thread(target=_work, args=(queue,), name=name, daemon=True).start()
            self._queues.append(queue)
        return self._queues

    def after_fork(self) -> None:
        """Forgets the threads, which a child process does not have."""
        self._queues = []


class _Job:
    def __init__(self, task: Callable[[], object]):
        self._task = task
        self._done = threading.Lock()
        self._done.acquire()
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self._task()
        except BaseException as error:
            self.error = error
        finally:
            self._done.release()

    def wait(self) -> None:
        """Waits for the end of the task, even if interrupts arrive meanwhile: it writes to shared memory."""
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
    np.seterr(all="ignore")
    while True:
        queue.get().run()


WORKERS = Workers()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=WORKERS.after_fork)

"""Batches of a PyDataset prefetched by several threads or processes, in order."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from ..data.threads import Threads, result
from ..engine.daemon_threads import can_start_threads
from ..errors import WorkerError, warn_user
from ..utils.py_dataset import PyDataset

_GRACE = 0.5  # seconds that workers have to end by themselves when their results are not needed

_served: Any = None  # in a worker process: its copy of the dataset


class Workers:
    """A pool of threads or processes that make the batches of a dataset.

    Where no process can be started, as in a browser, threads make them; where no thread can be, the thread that asks
    for them does. A warning says so.

    Args:
        dataset: The dataset; processes get a copy of its present state.
        warns: Whether to warn if there are no such workers.

    Example:
        >>> class Letters(PyDataset):
        ...     def __getitem__(self, index):
        ...         return "abcdef"[index]
        >>> workers = Workers(Letters(workers=2))
        >>> list(workers.batches(iter([3, 1, 4])))
        ['d', 'b', 'e']
        >>> workers.close()
    """

    def __init__(self, dataset: PyDataset, warns: bool = True):
        self._name = type(dataset).__name__
        self._ahead = max(1, dataset.max_queue_size)
        self._pending: deque = deque()
        count = max(1, dataset.workers)
        processes = _processes(count, dataset) if dataset.use_multiprocessing else None
        self._function: Callable = dataset.__getitem__ if processes is None else _item
        self._pool: Any = Threads(count) if processes is None else processes
        if warns and processes is None:
            self._warn(dataset, self._pool.count)

    def batches(self, numbers: Iterator[int]) -> Iterator:
        """Yields the batches of these indices in order; an error of a worker is raised in place of its batch.

        Args:
            numbers: The indices of the batches; consumed ahead of the batches that are yielded.

        Raises:
            WorkerError: If a process died before its batch was made.
        """
        for number in islice(numbers, self._ahead):
            self._submit(number)
        while self._pending:
            number, future = self._pending.popleft()
            try:
                batch = result(future)
            except self._pool.broken as error:
                raise self._ended(number) from error
            for following in islice(numbers, 1):
                self._submit(following)
            yield batch

    def _warn(self, dataset: PyDataset, threads: int) -> None:
        if threads and not dataset.use_multiprocessing:
            return
        wanted = f"workers={dataset.workers}, use_multiprocessing={dataset.use_multiprocessing}"
        kind = "process" if threads else "thread"
        instead = f"by {threads} thread(s)" if threads else "one at a time, between the steps, with equal results"
        warn_user(
            f"PyDataset {self._name}: no {kind} can be started here (in a browser, none ever can), so batches are made "
            f"{instead}. Received: {wanted}",
            UserWarning,
        )

    def _submit(self, number: int) -> None:
        try:
            self._pending.append((number, self._pool.submit(self._function, number)))
        except self._pool.broken as error:
            raise self._ended(number) from error

    def _ended(self, number: int) -> WorkerError:
        return WorkerError(
            f"A worker process of PyDataset {self._name} ended before it had made its batch, while batch {number} was "
            f"asked for. {self._pool.ends()} A process that is killed by signal 9 often was out of memory: try fewer "
            "`workers`, or `use_multiprocessing=False`, which also shows errors of `__getitem__` as they are."
        )

    def close(self, wait: bool = True) -> None:
        """Ends the workers.

        Args:
            wait: Whether to wait until they finish their present batches. Else processes are killed, and threads are
                abandoned: they end with their present batch, or with this process.
        """
        self._pending.clear()
        self._pool.close(wait)


def _processes(count: int, dataset: PyDataset) -> "_Processes | None":
    """Returns a pool of processes; None if none can be started, which threads of this process have to serve."""
    if not can_start_threads():
        return None
    try:
        return _Processes(count, dataset)
    except (ImportError, NotImplementedError):  # what Python raises that was built without them
        return None


class _Processes:
    """A pool of processes, each with a copy of a dataset."""

    def __init__(self, count: int, dataset: PyDataset):
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool

        self.broken = (BrokenProcessPool,)
        self._context = _Context()
        self._pool = ProcessPoolExecutor(count, self._context, initializer=_serve, initargs=(dataset,))

    def submit(self, function: Callable, number: int) -> Any:
        return self._pool.submit(function, number)

    def close(self, wait: bool) -> None:
        if not wait:
            for process in self._context.processes:
                process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def ends(self) -> str:
        """Returns how the first processes to end died: the pool then terminates the others."""
        import signal

        end = time.monotonic() + _GRACE
        for process in self._context.processes:
            process.join(max(0.0, end - time.monotonic()))
        codes = [process.exitcode for process in self._context.processes]
        own = [code for code in codes if code not in (None, 0, -signal.SIGTERM)] or [code for code in codes if code]
        if not own:
            return ""
        return f"It was killed by signal {-own[0]}." if own[0] < 0 else f"Its exit status was {own[0]}."


class _Context:
    """A multiprocessing context that keeps a list of the processes it started."""

    def __init__(self) -> None:
        import multiprocessing

        self._context = multiprocessing.get_context()
        self.processes: list = []

    def Process(self, *args: Any, **kwargs: Any) -> Any:
        process = self._context.Process(*args, **kwargs)
        self.processes.append(process)
        return process

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)


def _serve(dataset: PyDataset) -> None:
    """Initializes a worker process; an interrupt at the terminal is left to the main process, which ends this one."""
    import signal

    global _served
    _served = dataset
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _item(number: int) -> Any:
    return _served[number]

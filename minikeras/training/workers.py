"""Batches of a PyDataset made ahead of need by several threads or processes, and handed on in their order."""

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any

from ..utils.py_dataset import PyDataset

_served: Any = None  # in a process of its own: the dataset whose batches it makes


class Workers:
    """Threads or processes that call a dataset.

    Args:
        dataset: The dataset; processes have a copy of it as it is now.

    Example:
        >>> class Letters(PyDataset):
        ...     def __getitem__(self, index):
        ...         return "abcdef"[index]
        >>> workers = Workers(Letters(workers=2))
        >>> list(workers.batches(iter([3, 1, 4])))
        ['d', 'b', 'e']
        >>> workers.close()
    """

    def __init__(self, dataset: PyDataset):
        from concurrent import futures

        self._ahead = max(1, dataset.max_queue_size)
        self._pending: deque = deque()
        count = max(1, dataset.workers)
        if dataset.use_multiprocessing:
            self._function = _item
            self._pool: Any = futures.ProcessPoolExecutor(count, initializer=_serve, initargs=(dataset,))
        else:
            self._function = dataset.__getitem__
            self._pool = futures.ThreadPoolExecutor(count, thread_name_prefix="minikeras-dataset")

    def batches(self, numbers: Iterator[int]) -> Iterator:
        """Yields the batches of these numbers, in this order; an error of a worker is raised in the place of its batch.

        Args:
            numbers: The numbers of the batches. They are taken ahead of need, too.
        """
        for number in islice(numbers, self._ahead):
            self._pending.append(self._pool.submit(self._function, number))
        while self._pending:
            batch = self._pending.popleft().result()
            for number in islice(numbers, 1):
                self._pending.append(self._pool.submit(self._function, number))
            yield batch

    def close(self) -> None:
        """Lets the workers finish what they are doing, and waits until they have ended."""
        self._pending.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)


def _serve(dataset: PyDataset) -> None:
    """Prepares a process; an interrupt at the terminal is for the process that trains, which then ends this one."""
    import signal

    global _served
    _served = dataset
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _item(number: int) -> Any:
    return _served[number]

"""The base class of user-defined datasets that create batches on demand."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from ..argument_checks import check_int
from ..errors import NotSupportedError, warn_user
from ..tracebacks import Filtered

_DEFAULTS = {"workers": 1, "use_multiprocessing": False, "max_queue_size": 10}


class PyDataset(Filtered):
    """A dataset of batches, by index. A subclass defines `__getitem__`, and `__len__` or `num_batches`.

    `dataset[i]` is batch `i`: the inputs, or a tuple `(inputs, labels)` or `(inputs, labels, sample_weights)`.

    Args:
        workers: The number of workers that prefetch batches in parallel, if more than one. Where none can be started,
            as in a browser, batches are made one at a time, with a warning.
        use_multiprocessing: Whether workers are processes instead of threads. Each has a copy of the dataset from the
            start of the epoch; batches must be picklable.
        max_queue_size: The maximum number of prefetched batches, with several workers or processes. A single thread
            does not prefetch.

    Raises:
        ArgumentError: If a number is not an integer, or negative.

    Source: https://keras.io/api/utils/python_utils/#pydataset-class

    Example:
        >>> class Squares(PyDataset):
        ...     def __len__(self):
        ...         return 3
        ...     def __getitem__(self, index):
        ...         x = np.arange(4.0)[:, None] + 4 * index
        ...         return x, x**2
        >>> [float(y.max()) for x, y in Squares()]
        [9.0, 49.0, 121.0]
    """

    def __init__(self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10):
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size

    @property
    def workers(self) -> int:
        """The number of workers."""
        return self._setting("workers")

    @workers.setter
    def workers(self, value: int) -> None:
        vars(self)["_workers"] = check_int("PyDataset", "workers", value, minimum=0)

    @property
    def use_multiprocessing(self) -> bool:
        """Whether workers are processes instead of threads."""
        return self._setting("use_multiprocessing")

    @use_multiprocessing.setter
    def use_multiprocessing(self, value: bool) -> None:
        vars(self)["_use_multiprocessing"] = bool(value)

    @property
    def max_queue_size(self) -> int:
        """The maximum number of prefetched batches."""
        return self._setting("max_queue_size")

    @max_queue_size.setter
    def max_queue_size(self, value: int) -> None:
        vars(self)["_max_queue_size"] = check_int("PyDataset", "max_queue_size", value, minimum=0)

    @property
    def num_batches(self) -> int | None:
        """The number of batches; None for an infinite dataset.

        Raises:
            NotSupportedError: If a subclass defines neither this nor `__len__`.
        """
        if hasattr(self, "__len__"):
            return len(self)
        raise NotSupportedError(f"{type(self).__name__} needs a method `__len__`, or a property `num_batches`.")

    def on_epoch_begin(self) -> None:
        """Called before the first batch of each epoch; does nothing here."""

    def on_epoch_end(self) -> None:
        """Called after the last batch of each epoch, and once before `fit` and `evaluate` begin; does nothing here."""

    def __getitem__(self, index: int) -> Any:
        raise NotSupportedError(f"{type(self).__name__} needs a method `__getitem__` that returns a batch.")

    def __iter__(self) -> Iterator:
        try:
            size = self.num_batches
        except NotImplementedError:
            size = None
        return (self[index] for index in (count() if size is None else range(size)))

    def _setting(self, name: str) -> Any:
        if f"_{name}" not in vars(self):
            warn_user(
                f"`{type(self).__name__}.__init__` should call `super().__init__(**kwargs)`: `{name}` is "
                f"{_DEFAULTS[name]!r} now.",
                UserWarning,
            )
            vars(self)[f"_{name}"] = _DEFAULTS[name]
        return vars(self)[f"_{name}"]

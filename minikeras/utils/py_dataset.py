"""The class users derive from to hand `fit` one batch after the other, made when it is needed."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from ..argument_checks import check_int
from ..errors import NotSupportedError, warn_user
from ..tracebacks import Filtered

_DEFAULTS = {"workers": 1, "use_multiprocessing": False, "max_queue_size": 10}


class PyDataset(Filtered):
    """Batches by their number. A subclass defines `__getitem__`, and `__len__` or `num_batches`.

    `dataset[i]` is batch `i`: the inputs, or a tuple `(inputs, labels)` or `(inputs, labels, sample_weights)`.

    Args:
        workers: How many batches are made at the same time, ahead of need, if there are more than one.
        use_multiprocessing: Make them in processes of their own instead of threads. Each has a copy of the dataset, as
            it is when an epoch begins; batches have to be picklable.
        max_queue_size: How many batches are made ahead of need at most, with several workers or processes. With one
            worker and no processes none is.

    Raises:
        ArgumentError: If a number is not a whole one, or negative.

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
        """How many batches are made at the same time."""
        return self._setting("workers")

    @workers.setter
    def workers(self, value: int) -> None:
        vars(self)["_workers"] = check_int("PyDataset", "workers", value, minimum=0)

    @property
    def use_multiprocessing(self) -> bool:
        """Whether they are made in processes instead of threads."""
        return self._setting("use_multiprocessing")

    @use_multiprocessing.setter
    def use_multiprocessing(self, value: bool) -> None:
        vars(self)["_use_multiprocessing"] = bool(value)

    @property
    def max_queue_size(self) -> int:
        """How many batches are made ahead of need at most."""
        return self._setting("max_queue_size")

    @max_queue_size.setter
    def max_queue_size(self, value: int) -> None:
        vars(self)["_max_queue_size"] = check_int("PyDataset", "max_queue_size", value, minimum=0)

    @property
    def num_batches(self) -> int | None:
        """The number of batches; None for a dataset without end.

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

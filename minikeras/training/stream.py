"""Streams of batches: from a generator, a PyDataset, or any other iterable."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice
from typing import Any

import numpy as np

from .. import config
from ..compiler.step import signature
from ..engine import tree
from ..engine.dtypes import has_fractions
from ..errors import ArgumentError, DataError
from ..utils.py_dataset import PyDataset
from .arrays import as_arrays, common_length, dense
from .sample_weights import (
    check_class_weights,
    check_sample_weights,
    class_indices,
    class_weights_to_samples,
    warn_of_absent,
)
from .workers import Workers


class IterableSource:
    """Batches of an iterable; a generator or other iterator can be consumed only once.

    Args:
        iterable: Yields batches.

    Attributes:
        once: Whether there is only one pass.
        may_end: True: it may be exhausted before the last epoch.
    """

    may_end = True

    def __init__(self, iterable: Any):
        self._iterable = iterable
        self.once = hasattr(iterable, "__next__")
        self._pass: Iterator = iterable if self.once else iter(())
        self._kept: list = []  # a batch that was fetched to see whether there is one
        self._taken = 0
        self._begun = False

    @property
    def steps(self) -> int | None:
        """The number of batches in a pass; None if it is not known."""
        try:
            return len(self._iterable)
        except (TypeError, NotImplementedError):
            return None

    @property
    def left(self) -> int | None:
        """The number of batches left in the pass; None if it is not known."""
        steps = self.steps
        return None if steps is None else max(0, steps - self._taken)

    def peek(self) -> list:
        """Returns the first batch in a list; an empty list if there is none."""
        self.start(False)
        self._begun = self.has_next()
        return self._kept

    def has_next(self) -> bool:
        """Returns whether there is another batch in the pass."""
        if not self._kept:
            self._kept = list(islice(self._pass, 1))
        return bool(self._kept)

    def start(self, shuffle: bool | str) -> None:
        """Starts a pass, unless `peek` has started it; a generator continues."""
        if not self.once and not self._begun:
            self._pass, self._kept = iter(self._iterable), []
        self._begun, self._taken = False, 0

    def take(self, limit: int | None) -> Iterator:
        """Yields batches of the pass lazily.

        Args:
            limit: The maximum number of batches; None for all.
        """
        for _ in count() if limit is None else range(limit):
            if not self.has_next():
                return
            self._taken += 1
            yield self._kept.pop()

    def begin_epoch(self) -> None:
        """Does nothing: an iterable has no hooks."""

    def end_epoch(self) -> None:
        """Does nothing: an iterable has no hooks."""

    def close(self) -> None:
        """Does nothing: a generator may continue later."""


class PyDatasetSource:
    """Batches of a PyDataset, made by workers if it has some.

    Args:
        dataset: The dataset.

    Attributes:
        once: False: any number of passes is possible.
        may_end: False: there is always another pass.
    """

    once = may_end = False

    def __init__(self, dataset: PyDataset):
        self._dataset = dataset
        self._numbers: Iterator[int] = iter(())  # the indices of the batches left in the pass
        self._left: int | None = 0  # their number; None if it is infinite
        self._workers: Workers | None = None
        self._warned = False

    @property
    def steps(self) -> int | None:
        """The number of batches in a pass as the dataset is now; None if it is infinite."""
        return self._dataset.num_batches

    @property
    def left(self) -> int | None:
        """The number of batches left in the pass; None if it is infinite."""
        return self._left

    def peek(self) -> list:
        """Returns the first batch in a list, for inspection only; an empty list if there is none."""
        return [] if self.steps == 0 else [self._dataset[0]]

    def start(self, shuffle: bool | str) -> None:
        """Starts a pass, with the batches shuffled if requested and if it is finite."""
        self._left = self.steps
        if self._left is None:
            self._numbers = count()
            return
        numbers = list(range(self._left))
        if shuffle:
            import random

            random.shuffle(numbers)  # Python's generator, as in Keras
        self._numbers = iter(numbers)

    def take(self, limit: int | None, first: int = 0, step: int = 1) -> Iterator:
        """Yields batches of the pass; workers prefetch no more than these.

        Args:
            limit: The maximum number of batches; None for all.
            first: The number of the first of them to be made.
            step: Which ones after it are made: every so many.
        """
        numbers: Iterator[int] = islice(self._numbers, limit)
        if step > 1:
            finite = limit is not None or self._left is not None
            numbers = islice(list(numbers) if finite else numbers, first, None, step)
        if self._left is not None:
            self._left -= self._left if limit is None else min(self._left, limit)
        return map(self._dataset.__getitem__, numbers) if self._workers is None else self._workers.batches(numbers)

    def begin_epoch(self) -> None:
        """Calls `on_epoch_begin` and starts the workers; indices beyond the present length are dropped."""
        self._dataset.on_epoch_begin()
        size = self.steps
        if self._left and size is not None:
            numbers = [number for number in self._numbers if number < size]
            self._numbers, self._left = iter(numbers), len(numbers)
        workers = self._dataset.workers
        if workers > 1 or (workers and self._dataset.use_multiprocessing):
            self._workers = Workers(self._dataset, warns=not self._warned)
            self._warned = True

    def end_epoch(self) -> None:
        """Waits for the workers and calls `on_epoch_end`."""
        self._end_workers(wait=True)
        self._dataset.on_epoch_end()

    def close(self) -> None:
        """Ends remaining workers, as after an error, without waiting for them."""
        self._end_workers(wait=False)

    def _end_workers(self, wait: bool) -> None:
        workers, self._workers = self._workers, None
        if workers is not None:
            workers.close(wait)


class StreamBatch:
    """One batch of a stream, with the interface of a `Batch`.

    Args:
        structure: `(x, y, sample_weight)`, nested arrays.
    """

    buffers = None
    is_reused = False

    def __init__(self, structure: tuple):
        self.structure = structure
        self._arrays = tree.flatten(structure)
        self.size = self._arrays[0].shape[0]
        self.key = signature(self._arrays, structure)
        self.ready: dict = {}
        self.plans: dict = {}

    def arrays(self) -> list[np.ndarray]:
        """Returns copies of the arrays: a generator may reuse the originals for the next batch."""
        return [array.copy() for array in self._arrays]

    def write(self, buffers: Sequence[np.ndarray]) -> None:
        """Copies the batch into the buffers of a plan."""
        for array, buffer in zip(self._arrays, buffers, strict=True):
            np.copyto(buffer, array, casting="same_kind")


class StreamData:
    """A stream of batches, each checked and converted to arrays when it arrives.

    Args:
        source: Where the batches come from.
        names: What errors call the parts of a batch.
        class_weight: The weight of the examples of each class, by class index.

    Attributes:
        check_labels: Called with the labels of each batch, to refuse those the loss cannot use.

    Raises:
        DataError: If there is no batch, or the first one cannot be used.
    """

    def __init__(self, source: Any, names: tuple[str, ...], class_weight: dict | None = None):
        self.source = source
        self.check_labels: Callable[[Any], None] | None = None
        if class_weight is not None:
            check_class_weights(class_weight)
        self._names, self._class_weight = names, class_weight
        self.name_of_x = f"{names[0]} of a batch"
        self._unseen = set(class_weight or ())  # classes without an example so far
        self._warned = False
        found = source.peek()
        if not found:
            raise DataError(f"`{names[0]}` yields no batch: expected at least one. Is the generator used up?")
        self._first = self._batch(found[0])

    @property
    def structure(self) -> tuple:
        """The nested structure of the data, with the arrays of the first batch."""
        return self._first.structure

    @property
    def steps(self) -> int | None:
        """The number of batches in a pass; None if it is not known."""
        return self.source.steps

    def first(self) -> StreamBatch:
        """Returns the first batch, for inspection only: it is trained on later."""
        return self._first

    def batches(self, limit: int | None) -> Iterator[StreamBatch]:
        """Yields batches of the pass that was started lazily.

        Args:
            limit: The maximum number of batches; None for all.
        """
        return self.converted(self.source.take(limit))

    def converted(self, raws: Iterator) -> Iterator[StreamBatch]:
        """Yields batches of the user, checked and converted.

        Args:
            raws: The batches.
        """
        for raw in raws:
            batch = self._batch(raw)
            if self.check_labels is not None:
                self.check_labels(batch.structure[1])
            yield batch
        if self._unseen:
            warn_of_absent(self._unseen, "the first epoch")
            self._unseen = set()

    def _batch(self, raw: Any) -> StreamBatch:
        floatx = np.dtype(config.floatx())
        names = [f"{name} of a batch" for name in self._names]
        parts = [as_arrays(part, name, name is names[0]) for part, name in zip(_parts(raw), names, strict=False)]
        parts = [
            tree.map_structure(lambda a: a.astype(floatx) if has_fractions(a.dtype) else a, part) for part in parts
        ]
        parts = [dense(part) for part in parts]
        common_length(parts, names)
        if self._class_weight is not None and len(parts) == 3:
            if parts[2] is not None:
                raise ArgumentError("`class_weight` and sample weights cannot both be given. Multiply them yourself.")
            labels = tree.single(parts[1])
            parts[2] = class_weights_to_samples(labels, self._class_weight)
            self._unseen -= set(class_indices(labels).tolist())
            names[2] = "class_weight"
        if len(parts) == 3:
            self._warned |= check_sample_weights(parts[2], names[2], warns=not self._warned)
        return StreamBatch(tuple(parts))


def _parts(raw: Any) -> tuple:
    """Returns a batch as (x, y, sample_weight)."""
    if not isinstance(raw, (list, tuple)):
        return raw, None, None
    if not 1 <= len(raw) <= 3:
        raise DataError(
            "A batch must be `x`, or a tuple `(x,)`, `(x, y)` or `(x, y, sample_weight)`. "
            f"Received: a {type(raw).__name__} of {len(raw)}. Put several inputs into a tuple of their own."
        )
    return (*raw, None, None)[:3]

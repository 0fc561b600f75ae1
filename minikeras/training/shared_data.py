"""The part of the data that one of several processes computes: some rows of each batch.

The batches are those of a single process, and so is their order. What belongs to a batch is split as by
`np.array_split`. A process without rows of a batch computes its first row, of which nothing counts.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from itertools import count
from typing import Any

import numpy as np

from ..data.parts import parts_of
from ..engine import tree
from ..engine.replicas import Replicas, current
from ..errors import ArgumentError
from ..lazy import namespace
from ..random.seed_generator import share_random
from .data import ArrayData, Batch
from .prefetcher import Prefetcher
from .stream import IterableSource, PyDatasetSource, StreamBatch, StreamData


def split_rows(total: int, parts: int) -> list[slice]:
    """Returns which rows of a batch each process has; the first row for one that has none.

    Args:
        total: The rows of the batch.
        parts: The number of processes.

    Example:
        >>> split_rows(5, 2), split_rows(1, 2)
        ([slice(0, 3, None), slice(3, 5, None)], [slice(0, 1, None), slice(0, 1, None)])
    """
    short, more = divmod(total, parts)
    starts = [part * short + min(part, more) for part in range(parts + 1)]
    pairs = zip(starts, starts[1:], strict=False)
    return [slice(start, stop) if stop > start else slice(0, 1) for start, stop in pairs]


def rows_of(total: int, rank: int, parts: int) -> int:
    """Returns how many rows of a batch a process has.

    Args:
        total: The rows of the batch.
        rank: The number of the process.
        parts: The number of processes.

    Example:
        >>> [rows_of(5, rank, 2) for rank in range(2)]
        [3, 2]
    """
    return total // parts + (rank < total % parts)


def check_divisible(batch_size: int, replicas: Replicas) -> None:
    """Refuses batches that cannot be shared evenly.

    Args:
        batch_size: The number of examples in a batch.
        replicas: The processes.

    Raises:
        ArgumentError: If the batch size is not divisible by their number.
    """
    size = replicas.size
    if batch_size % size:
        raise ArgumentError(
            f"`batch_size` is that of all processes together, so it must be divisible by their number, {size}. "
            f"Received: batch_size={batch_size}. Take {-(-batch_size // size) * size}, or another number of processes."
        )


class SharedArrays(ArrayData):
    """The rows of in-memory data that a process computes.

    Args:
        whole: The data.
        replicas: The processes.
        exact: Whether the batches have to be those of a single process; else they may become a little larger.

    Raises:
        ArgumentError: If the batch size is not divisible by the number of processes.
    """

    def __init__(self, whole: ArrayData, replicas: Replicas, exact: bool = True):
        vars(self).update(vars(whole))
        self._keys, self._blocks, self._prefetcher, self.plans = {}, [], Prefetcher(), {}
        self._whole, self._replicas = whole, replicas
        self._total, parts = whole.size, replicas.size
        self._size_of_batch = min(whole.batch_size, self._total) if exact else -(-whole.batch_size // parts) * parts
        is_single = self._size_of_batch >= self._total
        if not is_single:
            check_divisible(self._size_of_batch, replicas)
        full = 0 if is_single else self._total // self._size_of_batch
        share = self._size_of_batch // parts
        start = full * self._size_of_batch
        table = np.arange(start).reshape(full, self._size_of_batch)
        rows = [table[:, replicas.rank * share : (replicas.rank + 1) * share].reshape(-1)]
        if start < self._total:
            rows.append(np.arange(start, self._total)[split_rows(self._total - start, parts)[replicas.rank]])
        self._rows = np.concatenate(rows)
        self.size = len(self._rows)
        self.batch_size = self.size if is_single else share

    def order(self, shuffle: bool | str) -> np.ndarray:
        """Returns the rows of this process in the order of a pass, which is drawn for all of the data.

        Args:
            shuffle: See `batches`.
        """
        order = self._whole.order(shuffle)
        return self._rows if order is None else order[self._rows]

    def batches(self, shuffle: bool | str = False) -> Generator[Batch, None, None]:
        """Yields the part of each batch of a pass, after setting how many rows there are.

        Args:
            shuffle: As in `ArrayData`.
        """
        with closing(super().batches(shuffle)) as batches:
            for start, batch in zip(count(step=self._size_of_batch), batches):
                total = min(self._size_of_batch, self._total - start)
                self._replicas.set_rows(rows_of(total, self._replicas.rank, self._replicas.size), total)
                yield batch


class _FirstSource:
    """The source of a stream that process 0 reads, and shares.

    Args:
        source: The source of this process, which is read in process 0 alone.
        replicas: The processes.
    """

    def __init__(self, source: Any, replicas: Replicas):
        self._source, self._replicas = source, replicas
        self.once, self.may_end = source.once, source.may_end
        self.begin_epoch, self.end_epoch, self.close = source.begin_epoch, source.end_epoch, source.close

    @property
    def steps(self) -> int | None:
        return self._source.steps

    @property
    def left(self) -> int | None:
        return self._replicas.group.broadcast(self._source.left, "the length of a stream")

    def has_next(self) -> bool:
        is_first = self._replicas.rank == 0
        return self._replicas.group.broadcast(self._source.has_next() if is_first else None, "whether a stream goes on")

    def start(self, shuffle: bool | str) -> None:
        if self._replicas.rank == 0:
            self._source.start(shuffle)


class _OwnSource(_FirstSource):
    """The source of a stream of which each process has its own part."""

    @property
    def left(self) -> int | None:
        found = [
            left
            for left in self._replicas.group.gather(self._source.left, "the lengths of streams")
            if left is not None
        ]
        return min(found, default=None)

    def has_next(self) -> bool:
        return not self._replicas.any(not self._source.has_next())

    def start(self, shuffle: bool | str) -> None:
        self._source.start(shuffle)


class PartSource(IterableSource):
    """The part of each batch of a `Dataset` that this process loads.

    Args:
        parts: The rows of this process in each batch, and the number of rows of the batch.
    """

    def peek(self) -> list:
        """Returns the rows in the first batch in a list; an empty list if there is none."""
        return [part for part, _ in super().peek()]


def stream_source(iterable: Any) -> IterableSource:
    """Returns the source of a stream: of the part of this process, if several share the stream and it has parts.

    Args:
        iterable: Yields batches.
    """
    replicas = current()
    if replicas is not None and replicas.shares_streams and isinstance(iterable, namespace("data").Dataset):
        share_random(replicas)  # which the first pass may draw its order from
        parts = parts_of(iterable, lambda total: split_rows(total, replicas.size)[replicas.rank])
        if parts is not None:
            return PartSource(parts)
    return IterableSource(iterable)


class SharedStream(StreamData):
    """The rows of a stream of batches that a process computes.

    Of a `Dataset` each process loads its rows, if it can be told which these are. Batches of a `PyDataset` are made by
    the processes in turn, those of other streams by process 0; each batch is then scattered. If streams are not shared,
    each process has a batch of its own in each step, and all of them end together, with the shortest.

    Args:
        whole: The stream.
        replicas: The processes.
    """

    def __init__(self, whole: StreamData, replicas: Replicas):
        vars(self).update(vars(whole))
        self._read, self._replicas = whole.source, replicas
        if not replicas.shares_streams:
            self.source = _OwnSource(whole.source, replicas)
        elif not isinstance(whole.source, (PyDatasetSource, PartSource)):
            self.source = _FirstSource(whole.source, replicas)

    def batches(self, limit: int | None) -> Iterator[StreamBatch]:
        """Yields the part of each batch of the pass, after setting how many rows there are.

        Args:
            limit: The maximum number of batches; None for all.
        """
        if not self._replicas.shares_streams:
            return self._own_batches(limit)
        if isinstance(self._read, PyDatasetSource):
            return self._batches_in_turn(limit)
        if isinstance(self._read, PartSource):
            return self._batches_of_parts(limit)
        return self._batches_of_first(limit)

    def _own_batches(self, limit: int | None) -> Iterator[StreamBatch]:
        replicas = self._replicas
        own = self.converted(self._read.take(limit))
        while True:
            batch = next(own, None)
            sizes = replicas.group.gather(0 if batch is None else batch.size, "the rows of a batch")
            if batch is None or 0 in sizes:
                return
            replicas.set_rows(batch.size, sum(sizes))
            yield batch

    def _batches_of_parts(self, limit: int | None) -> Iterator[StreamBatch]:
        replicas, totals = self._replicas, []

        def parts() -> Iterator:
            for part, total in self._read.take(limit):
                totals.append(total)
                yield part

        for batch in self.converted(parts()):
            total = totals.pop()
            replicas.set_rows(rows_of(total, replicas.rank, replicas.size), total)
            yield batch

    def _batches_of_first(self, limit: int | None) -> Iterator[StreamBatch]:
        is_first = self._replicas.rank == 0
        own = self.converted(self._read.take(limit)) if is_first else iter(())
        while True:
            batch = self._received(next(own, None), 0)
            if batch is None:
                return
            yield batch

    def _batches_in_turn(self, limit: int | None) -> Iterator[StreamBatch]:
        rank, parts = self._replicas.rank, self._replicas.size
        number = min((size for size in (self._read.left, limit) if size is not None), default=None)
        own = self.converted(self._read.take(number, rank, parts))
        for index in count() if number is None else range(number):
            root = index % parts
            yield self._received(next(own) if root == rank else None, root)

    def _received(self, batch: StreamBatch | None, root: int) -> StreamBatch | None:
        """Returns the part of a batch that process `root` has; None if there is none."""
        replicas, pieces = self._replicas, None
        if replicas.rank == root:
            pieces = [None] * replicas.size if batch is None else self._pieces(batch)
        received = replicas.group.scatter(pieces, root, "a batch of a stream")
        if received is None:
            return None
        structure, total = received
        replicas.set_rows(rows_of(total, replicas.rank, replicas.size), total)
        return StreamBatch(structure)

    def _pieces(self, batch: StreamBatch) -> Sequence:
        def piece(part: slice) -> tuple:
            return tree.map_structure(lambda array: array[part], batch.structure), batch.size

        return [piece(part) for part in split_rows(batch.size, self._replicas.size)]


def shared(data: ArrayData | StreamData, replicas: Replicas, exact: bool = True) -> ArrayData | StreamData:
    """Returns the part of a dataset that this process computes.

    Args:
        data: The data.
        replicas: The processes.
        exact: See `SharedArrays`.
    """
    return SharedStream(data, replicas) if isinstance(data, StreamData) else SharedArrays(data, replicas, exact)

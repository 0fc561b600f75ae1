"""Batches of elements of similar length."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any

from ..errors import ArgumentError, DataError
from .arguments import UNKNOWN_CARDINALITY
from .padding import padded, padded_spec
from .sources import Source, stack
from .specs import with_axis


class Buckets(Source):
    """Elements batched by their lengths.

    Args:
        source: The elements.
        length_of: Returns the length of the element in a pair (number, element).
        boundaries: Upper limits, exclusive, of the lengths in all buckets but the last.
        sizes: The batch size of each bucket.
        padding: `padded_shapes` and `padding_values` of `padded_batch`; None: elements are stacked as they are.
        to_boundary: Whether free sizes are padded to the boundary less 1.
        drop_remainder: Whether smaller last batches are dropped.

    Raises:
        ArgumentError: If the numbers of boundaries and sizes do not fit.
    """

    size = UNKNOWN_CARDINALITY

    def __init__(
        self,
        source: Source,
        length_of: Callable,
        boundaries: list[int],
        sizes: list[int],
        padding: tuple[Any, Any] | None,
        to_boundary: bool,
        drop_remainder: bool,
    ):
        if len(sizes) != len(boundaries) + 1 or sorted(boundaries) != boundaries or min(sizes) < 1:
            raise ArgumentError(
                "Dataset.bucket_by_sequence_length: expected ascending boundaries and one more positive batch size "
                f"than boundaries. Received: bucket_boundaries={boundaries}, bucket_batch_sizes={sizes}"
            )
        self._source, self._length_of, self._boundaries, self._sizes = source, length_of, boundaries, sizes
        self._padding, self._to_boundary, self._drop = padding, to_boundary, drop_remainder

    def items(self) -> Iterator:
        kept: list[list] = [[] for _ in self._sizes]
        for number, element in enumerate(self._source.elements()):
            bucket = bisect_right(self._boundaries, int(self._length_of((number, element))))
            kept[bucket].append(element)
            if len(kept[bucket]) == self._sizes[bucket]:
                yield self._batch(kept[bucket], bucket)
                kept[bucket] = []
        for bucket, elements in enumerate(kept):
            if elements and not self._drop:
                yield self._batch(elements, bucket)

    def _batch(self, elements: list, bucket: int) -> Any:
        if self._padding is None:
            return stack(elements)
        if not self._to_boundary:
            return padded(elements, *self._padding)
        if bucket == len(self._boundaries):
            raise DataError(
                "Dataset.bucket_by_sequence_length: with `pad_to_bucket_boundary`, elements must be shorter than the "
                f"last boundary, {self._boundaries[-1:]}."
            )
        return padded(elements, *self._padding, at_least=self._boundaries[bucket] - 1)

    def spec(self) -> Any:
        spec = self._source.spec()
        return with_axis(None, spec if self._padding is None else padded_spec(spec, self._padding[0]))

"""Elements of a dataset stacked to batches, and taken apart."""

from collections.abc import Callable, Iterator
from typing import Any

from ..engine import tree
from .arguments import UNKNOWN_CARDINALITY, positive
from .buckets import Buckets
from .elements import Elements
from .padding import PaddedBatched
from .specs import DatasetSpec, TensorSpec
from .transformations import Batched, Numbered, unbatched, windows_of


class Batching(Elements):
    """The part of `Dataset` that makes batches and windows of elements."""

    def batch(
        self,
        batch_size: int,
        drop_remainder: bool = False,
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> Any:
        """Stacks elements along a new first axis.

        Args:
            batch_size: How many.
            drop_remainder: Whether a smaller last batch is dropped.
            num_parallel_calls: Has no effect: rows of arrays are gathered in one call.
            deterministic: Has no effect: the order is always that of the elements.
            name: Ignored.

        Raises:
            ArgumentError: If `batch_size` is not positive.
            DataError: If the shapes of elements differ; raised when the batch is read.
        """
        return self._of(Batched(self._source, positive("batch", "batch_size", batch_size), bool(drop_remainder)))

    def padded_batch(
        self,
        batch_size: int,
        padded_shapes: Any = None,
        padding_values: Any = None,
        drop_remainder: bool = False,
        name: str | None = None,
    ) -> Any:
        """Pads elements at their ends to one shape, and stacks them.

        Args:
            batch_size: How many.
            padded_shapes: Shapes, nested like an element, None or -1 for the longest of the batch; None: for all sizes.
            padding_values: What is filled in, nested like an element or one for all; by default 0, "" and False.
            drop_remainder: Whether a smaller last batch is dropped.
            name: Ignored.

        Example:
            >>> from minikeras.data import Dataset
            >>> rows = Dataset.from_generator(lambda: iter([np.arange(1), np.arange(3)]))
            >>> [batch.tolist() for batch in rows.padded_batch(2, padding_values=-1)]
            [[[0, -1, -1], [0, 1, 2]]]
        """
        count = positive("padded_batch", "batch_size", batch_size)
        return self._of(PaddedBatched(self._source, count, padded_shapes, padding_values, bool(drop_remainder)))

    def unbatch(self, name: str | None = None) -> Any:
        """Splits elements along their first axis."""

        def spec() -> Any:
            return tree.map_structure(
                lambda part: TensorSpec(None if part.shape is None else part.shape[1:], part.dtype), self._source.spec()
            )

        return self._made(lambda: unbatched(self._source), UNKNOWN_CARDINALITY, spec)

    def rebatch(self, batch_size: int, drop_remainder: bool = False, name: str | None = None) -> Any:
        """Splits batches and stacks their rows to batches of another size."""
        return self.unbatch().batch(batch_size, drop_remainder)

    def window(
        self,
        size: int,
        shift: int | None = None,
        stride: int = 1,
        drop_remainder: bool = False,
        name: str | None = None,
    ) -> Any:
        """Returns a dataset of windows, each a dataset of `size` elements (nested like an element).

        Args:
            size: Elements a window.
            shift: How far the starts of windows are apart; by default `size`.
            stride: How far the elements of a window are apart.
            drop_remainder: Whether shorter windows at the end are dropped.
            name: Ignored.

        Example:
            >>> from minikeras.data import Dataset
            >>> windows = Dataset.range(4).window(2, shift=1, drop_remainder=True)
            >>> [window.tolist() for window in windows.flat_map(lambda window: window.batch(2))]
            [[0, 1], [1, 2], [2, 3]]
        """
        count = positive("window", "size", size)
        apart = count if shift is None else positive("window", "shift", shift)
        step = positive("window", "stride", stride)
        source = self._source

        def windows() -> Iterator:
            for elements in windows_of(source.elements(), count, apart, step, drop_remainder):
                yield self._of_each_component(elements)

        total = source.size
        if total >= 0:
            span = (count - 1) * step + 1
            total = max((total - span) // apart + 1, 0) if drop_remainder else -(-total // apart)
        return self._made(windows, total, lambda: tree.map_structure(DatasetSpec, source.spec()))

    def bucket_by_sequence_length(
        self,
        element_length_func: Callable,
        bucket_boundaries: list[int],
        bucket_batch_sizes: list[int],
        padded_shapes: Any = None,
        padding_values: Any = None,
        pad_to_bucket_boundary: bool = False,
        no_padding: bool = False,
        drop_remainder: bool = False,
        name: str | None = None,
    ) -> Any:
        """Batches elements of similar length together, so that little is padded.

        Args:
            element_length_func: Returns the length of an element.
            bucket_boundaries: Upper limits, exclusive, of the buckets' lengths but the last.
            bucket_batch_sizes: The batch size of each bucket: one more than boundaries.
            padded_shapes: As in `padded_batch`.
            padding_values: As in `padded_batch`.
            pad_to_bucket_boundary: Whether free sizes are padded to the boundary less 1, not to the longest.
            no_padding: Whether elements are stacked as they are.
            drop_remainder: Whether smaller last batches are dropped.
            name: Ignored.

        Raises:
            ArgumentError: If the numbers of boundaries and batch sizes do not fit.
        """
        length_of = Numbered(element_length_func, "bucket_by_sequence_length")
        boundaries, sizes = list(bucket_boundaries), list(bucket_batch_sizes)
        padding = None if no_padding else (padded_shapes, padding_values)
        return self._of(
            Buckets(self._source, length_of, boundaries, sizes, padding, pad_to_bucket_boundary, drop_remainder)
        )

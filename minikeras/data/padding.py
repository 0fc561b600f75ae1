"""Elements padded at their ends to one shape, so that they can be stacked."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..engine import tree
from ..errors import DataError, brief
from .sources import Source
from .specs import TensorSpec, with_axis
from .transformations import Batched, batches_of


class PaddedBatched(Source):
    """Elements padded to common shapes, and stacked.

    Args:
        source: The elements.
        count: Elements a batch.
        shapes: The shapes to pad to, with None for the longest in the batch; nested like an element, or None.
        values: What is filled in, nested like an element or one for all; None: 0, "" and False.
        drop_remainder: Whether a smaller last batch is dropped.
    """

    def __init__(self, source: Source, count: int, shapes: Any, values: Any, drop_remainder: bool):
        self._source, self._count, self._drop = source, count, drop_remainder
        self._shapes, self._values = shapes, values
        self.size = Batched(source, count, drop_remainder).size

    def items(self) -> Iterator:
        for items in batches_of(self._source.items(), self._count, self._drop):
            yield padded([self._source.element(item) for item in items], self._shapes, self._values)

    def spec(self) -> Any:
        return with_axis(self._count if self._drop else None, padded_spec(self._source.spec(), self._shapes))


def padded(elements: list, shapes: Any, values: Any, at_least: int | None = None) -> Any:
    """Returns elements padded at their ends, and stacked.

    Args:
        elements: Nested arrays.
        shapes: The shapes to pad to; None or -1 for the longest; nested like an element, or None.
        values: What is filled in, nested like an element or one for all; None: 0, "" and False.
        at_least: The size that free axes get if they are not longer.

    Raises:
        DataError: If an element does not fit.

    Example:
        >>> padded([np.arange(1), np.arange(3)], None, 7).tolist()
        [[0, 7, 7], [0, 1, 2]]
    """
    columns = list(zip(*map(tree.flatten, elements), strict=True))
    all_shapes = _per_component(shapes, len(columns), is_shape)
    fillers = _per_component(values, len(columns), lambda value: not isinstance(value, (tuple, list, dict)))
    rows = zip(columns, all_shapes, fillers, strict=True)
    return tree.pack_like(elements[0], [_padded_column(column, *settings, at_least) for column, *settings in rows])


def padded_spec(spec: Any, shapes: Any) -> Any:
    """Returns the nested spec of elements that are padded to these shapes."""
    parts = tree.flatten(spec)
    pairs = zip(parts, _per_component(shapes, len(parts), is_shape), strict=True)
    return tree.pack_like(
        spec, [part if shape is None else TensorSpec(list(map(_size, shape)), part.dtype) for part, shape in pairs]
    )


def is_shape(value: Any) -> bool:
    """Returns whether a value is one shape: a list or tuple of sizes, -1 or None where they are free."""
    return isinstance(value, (list, tuple)) and all(
        size is None or isinstance(size, (int, np.integer)) for size in value
    )


def leaves(setting: Any, is_one: Callable) -> Iterator:
    """Yields the settings of the components of an element, in the order of its flat components."""
    if setting is None or is_one(setting):
        yield setting
    elif isinstance(setting, dict):
        for key in tree.sorted_keys(setting):
            yield from leaves(setting[key], is_one)
    else:
        for part in setting:
            yield from leaves(part, is_one)


def _per_component(setting: Any, count: int, is_one: Callable) -> list:
    if setting is None or (is_one(setting) and not isinstance(setting, (list, tuple))) or count == 1:
        return (list(leaves(setting, is_one)) or [None]) * count
    parts = list(leaves(setting, is_one))
    if len(parts) != count:
        raise DataError(
            "Dataset.padded_batch: `padded_shapes` and `padding_values` must be nested like an element, which has "
            f"{count} components. Received: {brief(setting)}"
        )
    return parts


def _size(size: Any) -> int | None:
    return None if size is None or int(size) == -1 else int(size)


def _padded_column(column: tuple, shape: Any, value: Any, at_least: int | None) -> np.ndarray:
    arrays = [np.asarray(part) for part in column]
    if len({array.ndim for array in arrays}) > 1:
        raise DataError(
            "Dataset.padded_batch: the elements of a batch must have equal ranks. "
            f"Received: shapes {[array.shape for array in arrays]}"
        )
    longest = tuple(map(max, zip(*(array.shape for array in arrays), strict=True)))
    wanted = [None] * len(longest) if shape is None else list(map(_size, shape))
    target = [max(size, at_least or 0) if want is None else want for want, size in zip(wanted, longest, strict=False)]
    if len(wanted) != len(longest) or any(want < size for want, size in zip(target, longest, strict=True)):
        raise DataError(
            f"Dataset.padded_batch: an element does not fit into its padded shape. Expected at most {wanted}. "
            f"Received: {longest}"
        )
    dtype = np.result_type(*(array.dtype for array in arrays))
    filler = ("" if dtype.kind in "US" else 0) if value is None else value
    if dtype.kind in "US":
        dtype = np.result_type(dtype, np.asarray(filler))
    stacked = np.full((len(arrays), *target), filler, dtype)
    for number, array in enumerate(arrays):
        stacked[(number, *map(slice, array.shape))] = array
    return stacked

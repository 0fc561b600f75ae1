"""Datasets split into two parts."""

import random
from typing import Any

import numpy as np

from ..argument_checks import bad_argument, is_int
from ..data.dataset import Dataset
from ..data.sources import stack
from ..data.transformations import batch_size_of
from ..engine import tree
from ..errors import ArgumentError, ArgumentTypeError, DataError, NotSupportedError, brief
from ..tracebacks import filtered

_WHERE = "split_dataset"


@filtered
def split_dataset(
    dataset: Any,
    left_size: float | None = None,
    right_size: float | None = None,
    shuffle: bool = False,
    seed: int | None = None,
    preferred_backend: str | None = None,
) -> tuple[Dataset, Dataset]:
    """Splits a dataset into two, such as one for training and one for validation; all elements are kept in memory.

    Args:
        dataset: A `minikeras.data.Dataset`, an array, or a list or tuple of arrays with the same number of rows. A
            dataset of batches is split by their rows, and the parts have batches of the same size.
        left_size: The number of elements of the first part, or their fraction; by default the rest.
        right_size: The same for the second part.
        shuffle: Whether to shuffle before.
        seed: Same seed, same parts.
        preferred_backend: None, "numpy", "tensorflow" or "jax", all of which give the same; "torch" is refused.

    Returns:
        Two datasets. If both sizes are given, elements between the parts are left out.

    Raises:
        ArgumentError: If a size is out of range, or a part would be empty.
        ArgumentTypeError: If `dataset` or a size is of another type.
        DataError: If the arrays are of different lengths, or the elements of different shapes.

    Source: https://keras.io/api/utils/python_utils/#split_dataset-function

    Example:
        >>> left, right = split_dataset(np.arange(5), left_size=0.6)
        >>> [int(number) for number in left], [int(number) for number in right]
        ([0, 1, 2], [3, 4])
    """
    if preferred_backend not in (None, "numpy", "tensorflow", "jax"):
        raise NotSupportedError(
            f"{_WHERE}: the parts are datasets of `minikeras.data`. Leave `preferred_backend` out. "
            f"Received: preferred_backend={brief(preferred_backend)}"
        )
    if left_size is None and right_size is None:
        raise ArgumentError(f"{_WHERE}: pass `left_size`, `right_size` or both.")
    for name, size in (("left_size", left_size), ("right_size", right_size)):
        if not (size is None or is_int(size) or isinstance(size, (float, np.floating))):
            raise bad_argument(_WHERE, name, size, "an integer, a fraction or None", ArgumentTypeError)
    elements, batch_size = _stacked(dataset)
    total = len(tree.flatten(elements)[0])
    left, right = _sizes(left_size, right_size, total)
    order = list(range(total))
    if shuffle:
        random.Random(random.randint(0, int(1e6)) if seed is None else seed).shuffle(order)
    parts = []
    for rows in (order[:left], order[total - right :]):
        part = Dataset.from_tensor_slices(tree.map_structure(lambda array, rows=rows: array[rows], elements))
        parts.append((part if batch_size is None else part.batch(batch_size)).prefetch())
    return parts[0], parts[1]


def _stacked(dataset: Any) -> tuple[Any, int | None]:
    """Returns all elements, stacked, and the batch size that the dataset has."""
    if isinstance(dataset, Dataset):
        count = batch_size_of(dataset)
        elements = [tree.map_structure(np.asarray, each) for each in (dataset if count is None else dataset.unbatch())]
        if not elements:
            raise DataError(f"{_WHERE}: the dataset is empty.")
        return stack(elements), count
    if isinstance(dataset, np.ndarray):
        arrays: Any = dataset
    elif isinstance(dataset, (list, tuple)):
        arrays = tuple(dataset)
        for number, array in enumerate(arrays):
            if not isinstance(array, np.ndarray):
                raise DataError(
                    f"{_WHERE}: expected a list or tuple of numpy arrays. Received: {brief(array)} at index {number}"
                )
    else:
        raise ArgumentTypeError(
            f"{_WHERE}: `dataset` must be a `minikeras.data.Dataset`, an array, or a list or tuple of arrays. "
            f"Received: {brief(dataset)}"
        )
    shapes = {array.shape[:1] for array in tree.flatten(arrays)}
    if len(shapes) != 1 or () in shapes or (0,) in shapes:
        raise DataError(f"{_WHERE}: expected arrays with equally many rows, at least 1. Received: {brief(arrays)}")
    return arrays, None


def _sizes(left: Any, right: Any, total: int) -> tuple[int, int]:
    """Returns the numbers of elements of both parts."""
    for name, size in (("left_size", left), ("right_size", right)):
        if size is not None and not (0 < size < total if is_int(size) else 0 < size < 1):
            expected = f"a positive integer below {total}, the number of elements, or a fraction between 0 and 1"
            raise bad_argument(_WHERE, name, size, expected)
    counts = [None if size is None else int(size) if is_int(size) else round(size * total) for size in (left, right)]
    first = total - counts[1] if counts[0] is None else counts[0]
    second = total - first if counts[1] is None else counts[1]
    fractions = [size for size in (left, right) if size is not None and not is_int(size)]
    if first + second > total or (len(fractions) == 2 and sum(fractions) > 1):
        raise ArgumentError(
            f"{_WHERE}: the parts have more than the {total} elements of the dataset. "
            f"Received: left_size={left}, right_size={right}"
        )
    if first == 0 or second == 0:
        raise ArgumentError(
            f"{_WHERE}: of {total} elements, left_size={left} and right_size={right} leave none for the "
            f"{'first' if first == 0 else 'second'} part."
        )
    return first, second

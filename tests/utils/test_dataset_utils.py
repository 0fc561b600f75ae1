"""Splits of datasets. Orders of seeds come from Keras 3.15.1, which shuffles with Python's `random`."""

import random

import numpy as np
import pytest

from minikeras.data import Dataset
from minikeras.errors import ArgumentError, ArgumentTypeError, DataError, NotSupportedError
from minikeras.utils import split_dataset


def plain(parts):
    def lists(each):
        return tuple(map(lists, each)) if isinstance(each, tuple) else np.asarray(each).tolist()

    return [[lists(each) for each in part.as_numpy_iterator()] for part in parts]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (0.6, None, [[0, 1, 2], [3, 4]]),
        (3, None, [[0, 1, 2], [3, 4]]),
        (None, 1, [[0, 1, 2, 3], [4]]),
        (None, 0.4, [[0, 1, 2], [3, 4]]),
        (1, 1, [[0], [4]]),
        (0.2, 0.4, [[0], [3, 4]]),
        (np.int64(2), np.float64(0.6), [[0, 1], [2, 3, 4]]),
    ],
)
def test_sizes(left, right, expected):
    assert plain(split_dataset(np.arange(5), left, right)) == expected


def test_what_is_split():
    x, y = np.arange(8).reshape(4, 2), np.arange(4)
    pairs = [[([0, 1], 0), ([2, 3], 1)], [([4, 5], 2), ([6, 7], 3)]]
    assert plain(split_dataset((x, y), 0.5)) == plain(split_dataset([x, y], 0.5)) == pairs
    assert plain(split_dataset(Dataset.from_tensor_slices((x, y)), 2)) == pairs
    left, right = split_dataset(Dataset.from_tensor_slices((x, y)).batch(2), 0.75)
    assert plain([left]) == [[([[0, 1], [2, 3]], [0, 1]), ([[4, 5]], [2])]] and len(right) == 1


def test_shuffling():
    random.seed(1)
    state = random.getstate()
    parts = plain(split_dataset(np.arange(6), 0.5, shuffle=True, seed=42))
    assert parts == [[3, 1, 2], [4, 0, 5]] and random.getstate() == state
    assert plain(split_dataset(np.arange(6), 0.5, shuffle=True)) != plain(
        split_dataset(np.arange(6), 0.5, shuffle=True)
    )


@pytest.mark.parametrize("size", [0, 5, 9, -1, 0.0, 1.0, -0.5, 1e-9])
@pytest.mark.parametrize("side", ["left_size", "right_size"])
def test_sizes_out_of_range(side, size):
    with pytest.raises(ArgumentError, match=side):
        split_dataset(np.arange(5), **{side: size})


@pytest.mark.parametrize(("left", "right"), [(4, 2), (0.9, 0.2), (None, None)])
def test_sizes_that_do_not_fit(left, right):
    with pytest.raises(ArgumentError):
        split_dataset(np.arange(5), left, right)


@pytest.mark.parametrize(
    ("dataset", "error", "text"),
    [
        ("text", ArgumentTypeError, "must be a `minikeras.data.Dataset`"),
        (iter([1]), ArgumentTypeError, "must be a"),
        ([], DataError, "at least 1"),
        (np.zeros((0, 2)), DataError, "at least 1"),
        ([np.arange(2), np.arange(3)], DataError, "equally many rows"),
        ([[1, 2], [3, 4]], DataError, "at index 0"),
        (np.array(3), DataError, "equally many rows"),
        (Dataset.range(0), DataError, "the dataset is empty"),
        (Dataset.from_generator(lambda: iter([np.arange(1), np.arange(2)])), DataError, "shape"),
    ],
    ids=["text", "iterator", "nothing", "no rows", "lengths", "lists", "number", "empty", "shapes"],
)
def test_what_cannot_be_split(dataset, error, text):
    with pytest.raises(error, match=text):
        split_dataset(dataset, 0.5)


def test_other_arguments():
    with pytest.raises(ArgumentTypeError, match="left_size"):
        split_dataset(np.arange(5), "0.5")
    with pytest.raises(NotSupportedError, match="preferred_backend"):
        split_dataset(np.arange(5), 0.5, preferred_backend="torch")

"""Windows of time series. Examples are those of Keras's documentation, and worked by hand."""

import numpy as np
import pytest

from minikeras.data import TensorSpec
from minikeras.errors import ArgumentError, NotSupportedError
from minikeras.utils import timeseries_dataset_from_array


def lists(dataset):
    return [
        tuple(part.tolist() for part in each) if isinstance(each, tuple) else each.tolist()
        for each in dataset.as_numpy_iterator()
    ]


def test_the_first_example_of_keras():
    (batch,) = lists(timeseries_dataset_from_array(np.arange(99), None, 10, sequence_stride=3, sampling_rate=2))
    assert batch[0] == list(range(0, 20, 2)) and batch[1] == list(range(3, 23, 2))
    assert batch[-1] == list(range(78, 98, 2)) and len(batch) == 27


def test_targets_belong_to_the_first_step():
    data = np.arange(12, dtype="float32").reshape(6, 2)
    dataset = timeseries_dataset_from_array(data[:-2], np.arange(6)[2:], 2, batch_size=2)
    assert lists(dataset) == [
        ([[[0, 1], [2, 3]], [[2, 3], [4, 5]]], [2, 3]),
        ([[[4, 5], [6, 7]]], [4]),
    ]
    assert dataset.element_spec == (TensorSpec((None, 2, 2), "float32"), TensorSpec((None,), "int64"))
    assert len(dataset) == 2


def test_windows_of_a_part():
    settings = {"start_index": 2, "end_index": 7, "batch_size": None}
    assert lists(timeseries_dataset_from_array(np.arange(9), np.arange(9) * 10, 3, **settings)) == [
        ([2, 3, 4], 20),
        ([3, 4, 5], 30),
        ([4, 5, 6], 40),
    ]
    # fewer targets than windows
    assert lists(timeseries_dataset_from_array(np.arange(9), np.arange(4), 3, **settings)) == [
        ([2, 3, 4], 2),
        ([3, 4, 5], 3),
    ]


def test_lists_and_dtypes():
    assert timeseries_dataset_from_array([1.0, 2.0, 3.0], None, 2).element_spec.dtype == np.float32
    assert timeseries_dataset_from_array(np.arange(3.0), None, 2).element_spec.dtype == np.float64


def test_no_windows():
    for shuffle in (False, True):
        dataset = timeseries_dataset_from_array(np.arange(3), None, 5, shuffle=shuffle)
        assert lists(dataset) == [] and len(dataset) == 0


def test_shuffling():
    make = lambda seed: timeseries_dataset_from_array(  # noqa: E731
        np.arange(50), np.arange(50), 1, batch_size=7, shuffle=True, seed=seed
    )
    flat = lambda dataset: [(x[0], y) for xs, ys in lists(dataset) for x, y in zip(xs, ys, strict=True)]  # noqa: E731
    dataset = make(3)
    first, second = flat(dataset), flat(dataset)
    assert sorted(first) == sorted(second) == [(i, i) for i in range(50)]
    assert first != second and first == flat(make(3)) and first != flat(make(4))


@pytest.mark.parametrize(
    "settings",
    [
        {"sequence_length": 0},
        {"sequence_stride": 0},
        {"sequence_stride": 9},
        {"sampling_rate": -1},
        {"sampling_rate": 9},
        {"batch_size": 0},
        {"start_index": -1},
        {"start_index": 9},
        {"end_index": 9},
        {"end_index": -1},
        {"start_index": 5, "end_index": 5},
        {"format": "torch"},
        {"seed": -1},
        {"data": 3},
    ],
    ids=str,
)
def test_bad_arguments(settings):
    with pytest.raises(ArgumentError, match=f"timeseries_dataset_from_array: .*{list(settings)[-1]}"):
        timeseries_dataset_from_array(**{"data": np.arange(9), "targets": None, "sequence_length": 2} | settings)


def test_grain():
    with pytest.raises(NotSupportedError, match="no datasets of Grain"):
        timeseries_dataset_from_array(np.arange(9), None, 2, format="grain")

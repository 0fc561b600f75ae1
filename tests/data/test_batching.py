import numpy as np
import pytest

from minikeras.data import Dataset, TensorSpec
from minikeras.errors import ArgumentError, DataError


def lists(dataset):
    return [np.asarray(each).tolist() for each in dataset.as_numpy_iterator()]


def test_batches_of_slices_are_gathered_at_once():
    class Rows(np.ndarray):
        reads = 0

        def __getitem__(self, key):
            Rows.reads += isinstance(key, list)
            return super().__getitem__(key)

    data = Dataset.from_tensor_slices(np.arange(6))
    data._source._arrays = np.arange(6).view(Rows)
    assert lists(data.shuffle(6, seed=1).repeat(2).batch(4).take(3)) and Rows.reads == 3


def test_batches():
    data = Dataset.range(5)
    assert lists(data.batch(2)) == [[0, 1], [2, 3], [4]] and len(data.batch(2)) == 3
    assert lists(data.batch(2, drop_remainder=True)) == [[0, 1], [2, 3]] and len(data.batch(2, True)) == 2
    assert lists(data.batch(9, drop_remainder=True)) == [] and lists(data.take(0).batch(2)) == []
    assert lists(data.batch(2).batch(2, drop_remainder=True)) == [[[0, 1], [2, 3]]]
    for size in (0, -2, "a"):
        with pytest.raises(ArgumentError, match="batch: expected a positive `batch_size`"):
            data.batch(size)


def test_elements_of_different_shapes():
    data = Dataset.from_generator(lambda: iter([(np.zeros(2), 1), (np.zeros(3), 1)]))
    message = (
        r"Dataset.batch: the elements of a batch must have equal shapes; `padded_batch` pads them. "
        r"Received: component 0 of element 0 has shape \(2,\), that of element 1 \(3,\)"
    )
    with pytest.raises(DataError, match=message):
        list(data.batch(2))


def test_unbatch_and_rebatch():
    data = Dataset.from_tensor_slices((np.arange(5), np.arange(5.0))).batch(3)
    assert [(int(x), float(y)) for x, y in data.unbatch()] == [(each, float(each)) for each in range(5)]
    assert [x.tolist() for x, _ in data.rebatch(2)] == [[0, 1], [2, 3], [4]]
    assert data.unbatch().element_spec == (TensorSpec((), "int64"), TensorSpec((), "float64"))
    with pytest.raises(DataError, match=r"must have one length. Received: lengths \[\(1,\), \(2,\)\] in element 0"):
        list(Dataset.from_tensors((np.zeros(1), np.zeros(2))).unbatch())
    with pytest.raises(DataError, match="must have one length"):
        list(Dataset.range(3).unbatch())


def test_windows():
    windows = Dataset.range(7).window(3, shift=2)
    assert [[int(each) for each in window] for window in windows] == [[0, 1, 2], [2, 3, 4], [4, 5, 6], [6]]
    assert len(windows) == 4 and len(Dataset.range(7).window(3, 2, 1, True)) == 3
    pairs = Dataset.from_tensor_slices({"x": np.arange(4), "y": np.arange(4.0)}).window(2)
    first = next(iter(pairs))
    assert sorted(first) == ["x", "y"] and lists(first["y"]) == [0.0, 1.0]
    for settings in ({"size": 0}, {"size": 1, "shift": 0}, {"size": 1, "stride": -1}):
        with pytest.raises(ArgumentError, match="window: expected a positive"):
            Dataset.range(3).window(**settings)


def test_padded_batches():
    data = Dataset.from_generator(lambda: iter([np.arange(2), np.arange(3), np.arange(1)]))
    assert lists(data.padded_batch(2)) == [[[0, 1, 0], [0, 1, 2]], [[0]]]
    assert lists(data.padded_batch(3, padded_shapes=[4], padding_values=9))[0][2] == [0, 9, 9, 9]


def test_buckets():
    data = Dataset.from_tensor_slices(np.int64([3, 1, 2, 4])).map(lambda n: np.arange(int(n)))
    found = lists(data.bucket_by_sequence_length(len, [3], [2, 2], padding_values=-1))
    assert found == [[[0, -1], [0, 1]], [[0, 1, 2, -1], [0, 1, 2, 3]]]

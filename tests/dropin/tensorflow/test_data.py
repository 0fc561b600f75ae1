import numpy as np
import pytest

from minikeras import Sequential, layers
from minikeras.dropin import EagerTensor
from minikeras.dropin.tensorflow.data import Dataset
from minikeras.errors import ArgumentError, DataError


def numbers(dataset):
    return [np.asarray(part).tolist() for part in dataset.as_numpy_iterator()]


def test_order_and_size():
    data = Dataset.range(10)
    assert numbers(data.batch(4)) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]] and len(data.batch(4)) == 3
    assert numbers(data.skip(7).repeat(2)) == [7, 8, 9, 7, 8, 9] and len(data.shard(3, 1)) == 3
    first = data.shuffle(4, seed=1)
    assert sorted(numbers(first)) == list(range(10)) and numbers(first) != numbers(first)
    same = data.shuffle(10, seed=1, reshuffle_each_iteration=False)
    assert numbers(same) == numbers(same) != list(range(10))
    with pytest.raises(TypeError, match="infinite"):
        len(data.repeat())
    with pytest.raises(TypeError, match="unknown"):
        len(data.filter(lambda v: v > 3))
    assert bool(data.repeat()) and numbers(data.repeat().take(12))[-2:] == [0, 1]


def test_cached_elements_are_made_once():
    made = []
    data = Dataset.range(3).map(lambda v: made.append(int(v)) or v).cache()
    assert numbers(data) == numbers(data) == [0, 1, 2] and made == [0, 1, 2]


def test_generators_and_types():
    def pairs(count):
        for number in range(count):
            yield [number, number], number

    data = Dataset.from_generator(pairs, output_types=("float32", "int64"), args=(2,))
    x, y = list(data)[1]
    assert (x.dtype, y.dtype) == ("float32", "int64") and x.tolist() == [1, 1]
    assert len(list(data)) == len(list(data)) == 2
    assert Dataset.from_tensors([1.0, 2.0]).get_single_element().tolist() == [1, 2]
    assert data.reduce(0, lambda state, each: state + int(each[1])) == 1
    assert Dataset.from_tensor_slices({"a": [[1, 2], [3, 4]]}).element_spec["a"].shape == (2,)
    with pytest.raises(DataError, match="same number of rows"):
        Dataset.from_tensor_slices(([1, 2], [1]))
    for size in (0, -1):
        with pytest.raises(ArgumentError, match="positive"):
            Dataset.range(3).batch(size)


def test_datasets_train(installed):
    x, y = np.ones((10, 2), "float32"), np.ones((10, 1), "float32")
    data = Dataset.from_tensor_slices((x, y)).shuffle(10).batch(4)
    assert all(type(part) is EagerTensor for part in next(iter(data)))
    model = Sequential([layers.Dense(1)])
    model.compile("sgd", "mse")
    history = model.fit(data, epochs=3, verbose=0, validation_data=data)
    assert len(history.history["val_loss"]) == 3 and history.params["steps"] == 3
    assert model.predict(data.map(lambda x, y: x), verbose=0).shape == (10, 1)
    assert len(model.fit(data.repeat(), steps_per_epoch=2, epochs=2, verbose=0).history["loss"]) == 2


def test_strings_are_bytes_as_in_tensorflow(installed):
    data = Dataset.from_tensor_slices((["a", "ä"], [0, 1]))
    assert [text for text, _ in data.as_numpy_iterator()] == [b"a", "ä".encode()]
    assert [text.numpy().decode() for text, _ in data] == ["a", "ä"]
    assert next(iter(data.batch(2)))[0].numpy().tolist() == [b"a", "ä".encode()]
    lengths = data.map(lambda text, _: len(text.numpy()))
    assert numbers(lengths) == [1, 2]


def test_reduced_values_are_tensors(installed):
    total = Dataset.range(4).reduce(np.int64(0), lambda state, each: state + 1)
    assert type(total) is EagerTensor and total.numpy() == 4
    low, high = Dataset.range(4).reduce((np.int64(9), np.int64(0)), lambda s, x: (np.minimum(s[0], x), max(s[1], x)))
    assert (low.numpy(), high.numpy()) == (0, 3)

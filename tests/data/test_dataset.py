import numpy as np
import pytest

from minikeras import Sequential, layers
from minikeras.data import Dataset, TensorSpec
from minikeras.errors import ArgumentError, ArgumentTypeError, DataError


def numbers(dataset):
    return [np.asarray(each).tolist() for each in dataset.as_numpy_iterator()]


def test_sources():
    assert numbers(Dataset.range(2, 9, 3)) == [2, 5, 8] and len(Dataset.range(10**12)) == 10**12
    assert Dataset.range(3, output_type="float32").element_spec == TensorSpec((), "float32")
    with pytest.raises(DataError, match=r"the same number of rows. Received: \[\(1,\), \(2,\)\]"):
        Dataset.from_tensor_slices(([1, 2], [1]))
    with pytest.raises(DataError, match="same number of rows"):
        Dataset.from_tensor_slices(3)
    with pytest.raises(ArgumentTypeError, match="Datasets are made by"):
        Dataset([1, 2])
    with pytest.raises(ArgumentTypeError, match="expected a function that returns an iterator"):
        Dataset.from_generator(iter([1]))


def test_elements_cannot_be_changed_in_place():
    rows = np.arange(3.0)
    (batch,) = Dataset.from_tensor_slices(rows).batch(3).map(lambda x: x)
    batch += 1
    assert rows.tolist() == [0, 1, 2]


def test_random_numbers():
    data = Dataset.random(seed=4).take(3)
    assert (
        numbers(data) == numbers(data) == numbers(Dataset.random(seed=4).take(3)) != numbers(Dataset.random(5).take(3))
    )
    anew = Dataset.random(seed=4, rerandomize_each_iteration=True).take(3)
    assert numbers(anew) != numbers(anew)
    assert int(Dataset.random().cardinality()) == -1 and all(
        0 <= each < 2**32 for each in numbers(Dataset.random().take(9))
    )


def test_zip():
    data = Dataset.zip({"a": Dataset.range(3), "b": (Dataset.range(5, 9),)})
    assert len(data) == 3 and next(iter(data)) == {"a": 0, "b": (5,)}
    pairs = Dataset.zip(Dataset.from_tensor_slices((np.arange(2), np.arange(2))), Dataset.range(2))
    assert [tuple(map(int, (*both, third))) for both, third in pairs] == [(0, 0, 0), (1, 1, 1)]
    assert int(Dataset.zip(Dataset.range(3), Dataset.range(3).filter(bool)).cardinality()) == -2
    with pytest.raises(ArgumentTypeError, match="Dataset.zip: expected a Dataset. Received: 3"):
        Dataset.zip(Dataset.range(3), 3)
    with pytest.raises(ArgumentError, match="at least one dataset"):
        Dataset.zip()


def test_concatenate_and_interleave():
    both = Dataset.range(2).concatenate(Dataset.range(5, 6))
    assert numbers(both) == [0, 1, 5] and len(both) == 3
    assert int(Dataset.range(2).concatenate(Dataset.range(1).repeat()).cardinality()) == -1
    with pytest.raises(ArgumentTypeError, match="The datasets have different elements"):
        Dataset.range(2).concatenate(Dataset.from_tensors(1.5)).element_spec  # noqa: B018
    each = Dataset.range(1, 4).interleave(lambda n: Dataset.from_tensors(n).repeat(n), cycle_length=2)
    assert numbers(each) == [1, 2, 2, 3, 3, 3]
    assert each.element_spec == TensorSpec((), "int64")
    with pytest.raises(ArgumentTypeError, match="Dataset.flat_map: expected a Dataset. Received") as error:
        list(Dataset.range(2).flat_map(lambda n: n))
    assert error.value.args


def test_reduce_scan_and_apply():
    assert Dataset.range(5).reduce(10, lambda state, each: state + each) == 20
    assert numbers(Dataset.range(4).scan(0, lambda state, each: (state + each, state))) == [0, 0, 1, 3]
    assert Dataset.range(5).apply(len) == 5
    assert numbers(Dataset.range(3).enumerate(start=2)) == [[2, 0], [3, 1], [4, 2]]


def test_single_elements():
    assert int(Dataset.range(1).get_single_element()) == 0
    for data, count in ((Dataset.range(0), "none"), (Dataset.range(2), "more than one")):
        with pytest.raises(DataError, match=f"a dataset of one element. Received: {count}"):
            data.get_single_element()


def test_nothing_is_done_before_it_is_asked_for():
    done = []
    data = (
        Dataset.range(10**9).map(lambda n: done.append(int(n)) or n).filter(lambda n: n % 2 == 1).batch(2).prefetch(0)
    )
    assert done == [] and next(iter(data)).tolist() == [1, 3] and done == [0, 1, 2, 3]


def test_prefetch():
    data = Dataset.range(6).prefetch(3)
    assert numbers(data) == [0, 1, 2, 3, 4, 5] and len(data) == 6
    with pytest.raises(ArgumentError, match="buffer_size"):
        data.prefetch(-2)


def test_text_and_size():
    assert repr(Dataset.range(3)) == "<Dataset size=3>" and repr(Dataset.range(3).repeat()) == "<Dataset size=infinite>"
    with pytest.raises(TypeError, match="The dataset length is unknown"):
        len(Dataset.range(3).filter(bool))
    assert bool(Dataset.range(0))


def test_datasets_train_models():
    x = np.random.default_rng(1).normal(size=(40, 3)).astype("float32")
    y = x @ np.float32([[1], [2], [3]])
    data = Dataset.from_tensor_slices((x, y)).shuffle(40, seed=1).batch(8).prefetch(2)
    model = Sequential([layers.Dense(1)])
    model.compile("adam", "mse")
    losses = model.fit(data, epochs=3, validation_data=data, verbose=0).history
    assert losses["loss"][2] < losses["loss"][0] and len(losses["val_loss"]) == 3
    assert model.predict(data.map(lambda x, y: x), verbose=0).shape == (40, 1)
    assert model.evaluate(data, verbose=0) == pytest.approx(losses["val_loss"][-1], rel=1e-5)
    weighted = data.map(lambda x, y: (x, y, y * 0 + 1), num_parallel_calls=2)
    assert len(model.fit(weighted.repeat(), steps_per_epoch=5, epochs=2, verbose=0).history["loss"]) == 2


def test_specs_of_functions_compute_nothing():
    calls = []

    def halves(x):
        calls.append(type(x).__name__)
        return x[..., :1] * 2

    data = Dataset.from_tensor_slices(np.zeros((5, 4), "float32")).batch(2).map(halves)
    assert data.element_spec == TensorSpec((None, 1)) and set(calls) == {"KerasTensor"}
    arrays = Dataset.range(5).batch(2).map(lambda x: np.array([int(each) for each in x]))
    assert arrays.element_spec == TensorSpec((None,), "int64")
    with pytest.raises(DataError, match="the dataset is empty"):
        Dataset.from_generator(lambda: iter([])).element_spec  # noqa: B018

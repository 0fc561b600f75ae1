"""`FeatureSpace` on a small table. Values are worked by hand; bins of hashes are compared in `compat/`."""

import numpy as np
import pytest

import minikeras
from minikeras import Model, layers
from minikeras.data import Dataset
from minikeras.errors import ArgumentError, DataError, StateError, UnknownNameError
from minikeras.saving import load_model
from minikeras.utils import FeatureSpace

TABLE = {"age": [20.0, 40.0], "city": ["Rome", "Oslo"], "rooms": [3, 3]}
KINDS = {"city": "string_categorical", "age": "float_normalized", "rooms": "integer_categorical"}
# age; city: unknown, Rome, Oslo (ties are in reverse order); rooms: unknown, 3
ENCODED = [[-1, 0, 1, 0, 0, 1], [1, 0, 0, 1, 0, 1]]


@pytest.fixture
def space():
    space = FeatureSpace(KINDS)
    space.adapt(TABLE)
    return space


def test_a_table(space):
    found = space(TABLE)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, ENCODED, atol=1e-6)  # epsilon of the normalization
    np.testing.assert_allclose(space({"age": 40.0, "city": "Oslo", "rooms": 7}), [1, 0, 0, 1, 1, 0], atol=1e-6)
    found = space({name: np.array(values)[:, None] for name, values in TABLE.items()})
    np.testing.assert_allclose(found, ENCODED, atol=1e-6)


@pytest.mark.parametrize("batch_size", [None, 1, 2])
def test_datasets(batch_size, space):
    dataset = Dataset.from_tensor_slices(TABLE)
    dataset = dataset if batch_size is None else dataset.batch(batch_size)
    other = FeatureSpace(KINDS)
    other.adapt(dataset)
    np.testing.assert_allclose(other(TABLE), ENCODED, atol=1e-6)
    rows = np.concatenate([np.atleast_2d(row) for row in dataset.map(space)])
    np.testing.assert_allclose(rows, ENCODED, atol=1e-6)


def test_lists_of_batches():
    other = FeatureSpace(KINDS)
    other.adapt([{name: np.array(values[start : start + 1]) for name, values in TABLE.items()} for start in (0, 1)])
    np.testing.assert_allclose(other(TABLE), ENCODED, atol=1e-6)


def test_dicts_and_crosses():
    space = FeatureSpace(
        {"age": FeatureSpace.float_rescaled(0.5, 1.0), "rooms": FeatureSpace.integer_hashed(4, output_mode="int")},
        crosses=[FeatureSpace.cross(("rooms", "rooms"), 3)],
        output_mode="dict",
    )
    found = space({"age": [20.0, 40.0], "rooms": [3, 4]})
    assert list(found) == ["age", "rooms", "rooms_X_rooms"] and found["age"].tolist() == [[11], [21]]
    assert found["rooms"].shape == (2, 1) and found["rooms_X_rooms"].sum(1).tolist() == [1, 1]
    assert space({"age": 20.0, "rooms": 3})["age"].tolist() == [11]


def test_boundaries_and_own_layers():
    lookup = layers.StringLookup(vocabulary=["x"])
    space = FeatureSpace(
        {
            "a": FeatureSpace.float_discretized(None, [0.0, 1.0]),
            "b": FeatureSpace.feature("string", lookup, "one_hot"),
            "c": FeatureSpace.feature("float32", layers.Normalization(mean=1.0, variance=4.0), "float"),
            "d": FeatureSpace.feature("int32", layers.CategoryEncoding(2, output_mode="one_hot"), "float"),
        }
    )
    # nothing is to be learned
    found = space({"a": [0.5], "b": ["x"], "c": [3.0], "d": [1]})
    assert found.tolist() == [[0, 1, 0, 0, 1, 1, 0, 1]]


def test_a_model_trains_on_it(space):
    outputs = layers.Dense(1, kernel_initializer="ones")(space.get_encoded_features())
    model = Model(space.get_inputs(), outputs)
    columns = {name: np.array(values)[:, None] for name, values in TABLE.items()}
    np.testing.assert_allclose(model.predict(columns, verbose=0), [[1], [3]], atol=1e-5)
    model.compile("sgd", "mse")
    history = model.fit(columns, np.array([[0.0], [1.0]]), epochs=5, verbose=0).history["loss"]
    assert history[-1] < history[0]


def test_a_file(space, tmp_path):
    space.save(tmp_path / "a.keras")
    loaded = load_model(tmp_path / "a.keras")
    np.testing.assert_array_equal(loaded(TABLE), space(TABLE))
    assert list(loaded.features) == list(KINDS) and loaded.get_config() == space.get_config()


def test_it_is_adapted_again(space):
    space.adapt(TABLE | {"city": ["Rome", "Bonn"], "age": [0.0, 20.0]})
    found = space({"age": [20.0], "city": ["Oslo"], "rooms": [3]})
    np.testing.assert_allclose(found, [[1, 1, 0, 0, 0, 1]], atol=1e-6)


def test_where_it_is():
    assert minikeras.utils.FeatureSpace is FeatureSpace and "FeatureSpace" not in minikeras.layers.__all__


@pytest.mark.parametrize(
    ("code", "error", "text"),
    [
        (lambda: FeatureSpace([]), ArgumentError, "must be a dict of features"),
        (
            lambda: FeatureSpace({"a": "flot"}),
            UnknownNameError,
            "feature 'a': 'flot'. Did you mean 'float'",
        ),
        (lambda: FeatureSpace({"a": "float"}, "list"), UnknownNameError, "output_mode of FeatureSpace"),
        (lambda: FeatureSpace({"a": "float"}, crosses=[("a", "b")]), ArgumentError, r"must name features.*\['b'\]"),
        (lambda: FeatureSpace(KINDS)(TABLE), StateError, "call `adapt` on data first"),
        (lambda: FeatureSpace(KINDS).get_encoded_features(), StateError, "call `adapt` on data first"),
        (lambda: FeatureSpace(KINDS).adapt(3), ArgumentError, "takes a dict of columns"),
        (lambda: FeatureSpace(KINDS).adapt(iter([TABLE])), ArgumentError, "read again and again"),
        (lambda: FeatureSpace(KINDS).adapt([1.0]), DataError, "must be dicts with"),
        (lambda: FeatureSpace(KINDS).adapt({"age": [1.0]}), DataError, "must be dicts with"),
        (
            lambda: FeatureSpace(KINDS).adapt(Dataset.from_tensor_slices(([1.0], [2.0]))),
            DataError,
            "must be dicts with",
        ),
        (lambda: FeatureSpace({"a": "float"})([1.0]), ArgumentError, "takes a dict of features"),
        (lambda: FeatureSpace({"a": "float"})({"b": [1.0]}), ArgumentError, r"expected the features \['a'\]"),
        (
            lambda: FeatureSpace({"a": FeatureSpace.integer_hashed(3, output_mode="int")})({"a": [1]}),
            ArgumentError,
            "Pass output_mode='dict'",
        ),
        (
            lambda: FeatureSpace({"a": FeatureSpace.feature("float32", layers.Rescaling(2.0), "one_hot")})(
                {"a": [1.0]}
            ),
            ArgumentError,
            "cannot be one-hot encoded",
        ),
    ],
)
def test_refusals(code, error, text):
    with pytest.raises(error, match=text):
        code()

"""`FeatureSpace` beside Keras: the same encodings, and files that both read."""

import keras
import numpy as np
import pytest

import minikeras

TABLE = {
    "age": [20.0, 35.0, 50.0, 35.0],
    "weight": [60.0, 70.0, 90.0, 75.0],
    "height": [1.6, 1.9, 1.7, 1.8],
    "rooms": [1, 3, 3, 2],
    "zip": [10115, 20095, 80331, 10115],
    "city": ["Berlin", "Hamburg", "München", "Berlin"],
    "street": ["a", "b", "c", "d"],
}
KINDS = {
    "age": "float_normalized",
    "weight": "float_discretized",
    "height": "float",
    "rooms": "integer_categorical",
    "zip": "integer_hashed",
    "city": "string_categorical",
    "street": "string_hashed",
}
ROWS = {name: values[:2] for name, values in TABLE.items()}
ROW = {name: values[1] for name, values in TABLE.items()}


def custom(k):
    space = k.utils.FeatureSpace
    return space(
        {
            "age": space.float_rescaled(0.1, offset=-1.0),
            "city": space.string_categorical(max_tokens=3, num_oov_indices=2, output_mode="int"),
            "zip": space.integer_hashed(7, output_mode="int"),
            "weight": space.float_discretized(4, output_mode="int"),
            "street": space.feature("string", k.layers.TextVectorization(output_mode="multi_hot"), "float"),
        },
        crosses=[space.cross(("city", "zip"), 5, output_mode="int")],
        output_mode="dict",
    )


SPACES = {
    "all": lambda k: k.utils.FeatureSpace(KINDS, num_discretization_bins=3, hashing_dim=5),
    "crosses": lambda k: k.utils.FeatureSpace(KINDS, crosses=[("zip", "city"), ("city", "rooms")], crossing_dim=4),
    "dict": lambda k: k.utils.FeatureSpace(KINDS, output_mode="dict", num_discretization_bins=2),
    "custom": custom,
    "nothing to learn": lambda k: k.utils.FeatureSpace({"height": "float", "zip": "integer_hashed"}),
}


def plain(value):
    return {name: plain(part) for name, part in value.items()} if isinstance(value, dict) else np.asarray(value)


def assert_same(found, expected):
    found, expected = plain(found), plain(expected)
    assert list(found) == list(expected) if isinstance(expected, dict) else True
    pairs = [(found[name], expected[name]) for name in expected] if isinstance(expected, dict) else [(found, expected)]
    for array, array2 in pairs:
        assert array.shape == array2.shape and array.dtype == array2.dtype
        np.testing.assert_allclose(array, array2, rtol=1e-5, atol=1e-6)  # float32


def made(library, name):
    space = SPACES[name](library)
    table = TABLE if name != "nothing to learn" else {key: TABLE[key] for key in ("height", "zip")}
    space.adapt(table)
    keys = list(space.features)
    return space, {key: ROWS[key] for key in keys}, {key: ROW[key] for key in keys}


@pytest.mark.parametrize("name", SPACES)
def test_encodings(name):
    (ours, rows, row), (theirs, _, _) = made(minikeras, name), made(keras, name)
    assert_same(ours(rows), theirs(rows))
    assert_same(ours(row), theirs(row))
    outputs = [space.get_encoded_features() for space in (ours, theirs)]
    shapes = [
        {key: (part.shape, part.dtype) for key, part in (each.items() if isinstance(each, dict) else [("", each)])}
        for each in outputs
    ]
    if name == "custom":  # Keras's symbolic vectors of texts have another rank and dtype than its arrays
        del shapes[0]["street"], shapes[1]["street"]
    assert shapes[0] == shapes[1]
    assert list(ours.get_inputs()) == list(theirs.get_inputs())


# raised by Keras when it saves variables of TensorFlow
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("name", SPACES)
def test_files(name, tmp_path):
    for writer, reader in ((minikeras, keras), (keras, minikeras), (minikeras, minikeras)):
        space, rows, _ = made(writer, name)
        expected = space(rows)
        space.save(str(tmp_path / "a.keras"))
        assert_same(reader.models.load_model(str(tmp_path / "a.keras"))(rows), expected)


def test_configs():
    def without_names(value):
        if isinstance(value, dict):
            return {key: without_names(part) for key, part in value.items() if key not in ("name", "build_config")}
        return [without_names(part) for part in value] if isinstance(value, (list, tuple)) else value

    ours, theirs = (SPACES["crosses"](library).get_config() for library in (minikeras, keras))
    assert without_names(ours) == without_names(theirs)


@pytest.mark.parametrize(
    "code",
    [
        lambda k: k.utils.FeatureSpace({}),
        lambda k: k.utils.FeatureSpace({"a": "text"}),
        lambda k: k.utils.FeatureSpace({"a": "float"}, output_mode="list"),
        lambda k: k.utils.FeatureSpace({"a": "float"}, crosses=[("a", "b")]),
        lambda k: k.utils.FeatureSpace({"a": "float_normalized"})({"a": [1.0]}),
        lambda k: k.utils.FeatureSpace({"a": "float_normalized"}).adapt([1.0]),
        lambda k: k.utils.FeatureSpace({"a": "float"})([1.0]),
        lambda k: k.utils.FeatureSpace({"a": k.utils.FeatureSpace.integer_hashed(3, output_mode="int")})({"a": [1]}),
        lambda k: k.utils.FeatureSpace.cross(("a", "b"), 3, output_mode="float"),
        lambda k: k.utils.FeatureSpace.feature("float32", k.layers.Rescaling(2.0), "text"),
    ],
)
def test_refusals(code):
    for library in (minikeras, keras):
        with pytest.raises(ValueError):
            code(library)

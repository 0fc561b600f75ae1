"""`.h5` files: those of Keras 2, and there and back."""

import base64
import io
import json
import marshal
import re
import struct
import time

import h5py
import numpy as np
import pytest

from minikeras import Model, Sequential, layers, ops, saving
from minikeras.errors import ModelFileError
from minikeras.saving.hdf5 import image_of, open_image
from minikeras.saving.hdf5_texts import read_texts
from minikeras.saving.legacy_configs import upgraded_model, upgraded_training
from minikeras.saving.legacy_format import _distinct
from minikeras.saving.source import Source
from tests.saving import keras2
from tests.saving.keras2 import RNG
from tests.saving.models import OTHER, X, Y, assert_equal, functional, sequential, subclassed, trained
from tests.saving.watching import refused


@pytest.mark.parametrize("make", [sequential, functional])
@pytest.mark.parametrize("name", ["a.h5", "a.hdf5"])
def test_there_and_back(make, name, tmp_path):
    model, x = trained(make)
    path = tmp_path / name
    model.save(path)
    again = saving.load_model(path)
    assert type(again) is type(model) and again.get_config() == model.get_config()
    assert_equal(model, again)
    np.testing.assert_array_equal(model.predict(x, verbose=0), again.predict(x, verbose=0))
    again.fit(x, Y, verbose=0)
    again.load_weights(path)
    assert_equal(model, again, optimizer=False)
    assert not saving.load_model(path, compile=False).compiled
    model.save(path, include_optimizer=False)
    assert not saving.load_model(path).compiled
    data = path.read_bytes()
    path.write_bytes(data[:999] + b"?" + data[1000:])
    with pytest.raises(ModelFileError, match="corrupt"):
        saving.load_model(path)


def test_a_model_of_a_class_of_the_user(tmp_path):
    model, x = trained(subclassed)
    model.save(tmp_path / "a.h5")
    again = saving.load_model(tmp_path / "a.h5")
    assert type(again) is type(model)
    assert_equal(model, again)
    np.testing.assert_array_equal(model.predict(x, verbose=0), again.predict(x, verbose=0))
    other, _ = trained(subclassed)
    other.load_weights(tmp_path / "a.h5")
    assert_equal(model, other, optimizer=False)


def test_a_class_that_is_not_known(tmp_path):
    class Unknown(Model):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.dense = layers.Dense(2)

        def call(self, x):
            return self.dense(x)

    model = Unknown()
    model(X)
    model.save(tmp_path / "a.h5")
    with pytest.raises(ModelFileError, match="Unknown"):
        saving.load_model(tmp_path / "a.h5")
    again = saving.load_model(tmp_path / "a.h5", {"Unknown": Unknown})
    np.testing.assert_array_equal(again(X), model(X))


def twins(**names):
    """A layer of two others, whose names are the same."""

    class Twins(layers.Layer):
        def __init__(self):
            super().__init__(**names)
            self.parts = [layers.Dense(3, name="d") for _ in range(3)]

        def call(self, x):
            for part in self.parts:
                x = part(x)
            return x

    x = layers.Input((3,))
    return Model(x, layers.Dense(2)(Twins()(x))), Twins


@pytest.mark.parametrize("name", ["twins", "top_level_model_weights"])
def test_names_that_come_again(name, tmp_path):
    model, cls = twins(name=name)
    model.compile("adafactor", "mse")
    model.fit(X, Y, verbose=0)
    model.save(tmp_path / "a.h5")
    again = saving.load_model(tmp_path / "a.h5", {"Twins": of(cls)})
    assert_equal(model, again)
    with h5py.File(tmp_path / "a.h5") as file:
        group = file["model_weights"]
        paths = [list(group[each].attrs["weight_names"]) for each in group.attrs["layer_names"] if len(group[each])]
    assert [len(set(each)) for each in paths] == [len(each) for each in paths] == [6, 2]


def of(cls):
    """The class with a `from_config` that leaves the arguments away."""
    return type(cls.__name__, (cls,), {"from_config": classmethod(lambda cls, config: cls())})


def test_distinct_names():
    names = ["a/b", "a/b", "a", "a_1", "a/b_1", "a/b"]
    found = _distinct(names, ["c"])
    assert found == ["a/b", "a/b_2", "a_2", "a_1", "a/b_1", "a/b_3"]
    assert _distinct(["c", "d"], ["c"]) == ["c_1", "d"]


def test_ops_in_a_graph(tmp_path):
    x = layers.Input((3, 2))
    model = Model(x, [x[..., 0], x[..., None, 1:], ops.logsumexp(x, axis=-1), x + 1, x[:, 1]])
    model.save(tmp_path / "a.h5")
    data = np.arange(12, dtype="float32").reshape(2, 3, 2)
    for mine, other in zip(model(data), saving.load_model(tmp_path / "a.h5")(data), strict=True):
        np.testing.assert_array_equal(mine, other)
    with h5py.File(tmp_path / "a.h5") as file:
        assert "__ellipsis__" not in file.attrs["model_config"]  # Keras does not read it there


def test_what_is_in_the_file(tmp_path):
    model, _ = trained(sequential, "sgd")
    model.save(tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5") as file:
        assert sorted(file.attrs) == ["backend", "keras_version", "model_config", "training_config"]
        config = json.loads(file.attrs["model_config"])
        assert list(config) == ["class_name", "config"] and config["class_name"] == "Sequential"
        assert [sorted(entry) for entry in config["config"]["layers"]] == [["class_name", "config"]] * 4
        training = json.loads(file.attrs["training_config"])
        assert (training["loss"], training["metrics"]) == ("mean_squared_error", ["mae"])  # see `_full_names`
        assert sorted(training["optimizer_config"]) == ["class_name", "config"]
        weights = file["model_weights"]
        assert list(weights.attrs["layer_names"]) == [layer.name for layer in model.layers]
        kernel = weights["end"].attrs["weight_names"][0]
        assert kernel == "s/end/kernel" and weights["end"][kernel].shape == (4, 2)
        assert list(file["optimizer_weights"].attrs["weight_names"]) == [
            variable.path for variable in model.optimizer.variables
        ]


def test_a_sequential_model_of_keras_2(tmp_path):
    path, weights = tmp_path / "a.h5", keras2.SEQUENTIAL_WEIGHTS
    state = {"iter:0": np.array(7), "learning_rate:0": np.array(0.125, "float32")}
    state |= {
        f"m/{i}:0": array for i, array in enumerate(each for layer in weights.values() for each in layer.values())
    }
    keras2.write(path, keras2.SEQUENTIAL, weights, keras2.TRAINING, state)
    model = saving.load_model(path)
    (kernel, bias), (other_kernel, other_bias) = (list(weights[name].values()) for name in ("first", "second"))
    expected = np.maximum(X @ kernel + bias, 0) @ other_kernel + other_bias
    np.testing.assert_allclose(model.predict(X, verbose=0), expected, rtol=1e-5, atol=1e-6)
    assert model.input_shape == (None, 3) and model.loss == "mse"
    assert int(model.optimizer.iterations) == 7 and float(model.optimizer.learning_rate) == 0.125
    assert np.array_equal(model.optimizer.variables[2], kernel) and model.optimizer.momentum == 0.5
    assert set(model.evaluate(X, Y, verbose=0, return_dict=True)) == {"loss", "mae"}
    keras2.write(path, keras2.SEQUENTIAL, weights, keras2.TRAINING, {"iter:0": np.array([7, 8])})
    with pytest.warns(UserWarning, match="it has 6 variables and the store has 1"):
        model = saving.load_model(path)
    assert int(model.optimizer.iterations) == 0


def test_a_graph_of_keras_2(tmp_path):
    path, weights = tmp_path / "a.h5", keras2.GRAPH_WEIGHTS
    keras2.write(path, keras2.GRAPH, weights)
    model = saving.load_model(path)
    (kernel, bias), (other_kernel, other_bias) = (list(weights[name].values()) for name in ("shared", "end"))
    hidden = np.tanh(X @ kernel + bias) + np.tanh(OTHER @ kernel + bias)
    np.testing.assert_allclose(model([X, OTHER]), hidden @ other_kernel + other_bias, rtol=1e-5, atol=1e-6)
    assert not model.compiled


def test_convolutions_of_keras_2(tmp_path):
    """With channels first; the weights of today's layers with channels last give the same."""
    path, weights = tmp_path / "a.h5", keras2.CONVOLUTION_WEIGHTS
    keras2.write(path, keras2.CONVOLUTIONS, weights)
    model = saving.load_model(path)
    assert model.output_shape == (None, 3, 6, 6)
    parts = [
        layers.Conv2D(4, 3, padding="same"),
        layers.DepthwiseConv2D(2, 2, depth_multiplier=2),
        layers.SeparableConv2D(4, (2, 1), depth_multiplier=2),
        layers.Conv2DTranspose(3, 3, 2, output_padding=1),
    ]
    today = Sequential([layers.Input((6, 5, 2)), *parts])
    today.set_weights([array for arrays in weights.values() for array in arrays.values()])
    x = np.random.default_rng(0).normal(size=(2, 6, 5, 2)).astype("float32")
    expected = np.moveaxis(today(x), 3, 1)
    np.testing.assert_allclose(model(np.moveaxis(x, 3, 1)), expected, rtol=1e-4, atol=1e-4)
    for layer, arrays in weights.items():
        for weight, array in zip(model.get_layer(layer).get_weights(), arrays.values(), strict=True):
            assert np.array_equal(weight, array)


def test_kernels_of_theano_are_flipped(tmp_path):
    path, found = tmp_path / "a.h5", []
    for backend in ("tensorflow", "theano"):
        keras2.write(path, keras2.CONVOLUTIONS, keras2.CONVOLUTION_WEIGHTS)
        with h5py.File(path, "r+") as file:
            file["model_weights"].attrs["backend"] = backend.encode()
        found.append(saving.load_model(path))
        other = saving.load_model(path)
        other.set_weights([0 * weight for weight in other.get_weights()])
        other.load_weights(path)
        assert_equal(other, found[-1], optimizer=False)
    for first, second in zip(*(model.weights for model in found), strict=True):
        is_flipped = first.path.partition("/")[2] in ("conv/kernel", "transposed/kernel")
        expected = first.numpy()[::-1, ::-1] if is_flipped else first.numpy()
        np.testing.assert_array_equal(second.numpy(), expected)
    assert not np.array_equal(found[0].weights[0].numpy(), found[1].weights[0].numpy())


def test_layers_of_images_of_keras_2(tmp_path):
    path, weights = tmp_path / "a.h5", keras2.IMAGE_WEIGHTS
    keras2.write(path, keras2.IMAGES, weights)
    model = saving.load_model(path)
    x = RNG.uniform(-1, 1, (2, 4, 4, 2)).astype("float32")
    y = (x - [1, 2]) / [2, 1] * [2, 1] + [0, 1]
    y = y.reshape(2, 2, 2, 2, 2, 2).max((2, 4)).repeat(2, 1).repeat(2, 2)  # 4 x 4 pixels again
    y = y.reshape(2, 4, 2, 2, 2)
    y = np.stack([y.max((2, 3)), y[:, :, 1].max(2)], 2)  # behind the second row is padding
    np.testing.assert_allclose(model.predict(x, verbose=0), y.mean((1, 2)), rtol=1e-5, atol=1e-6)
    layer = model.get_layer("norm")
    assert (layer.axis, layer.renorm, layer.renorm_clipping, layer.renorm_momentum) == (3, True, {"rmax": 3.0}, 0.75)
    for variable, value in zip(layer.weights, weights["norm"].values(), strict=True):
        np.testing.assert_array_equal(variable, value)


def test_models_in_models_of_keras_2():
    """There, the first call of a model inside is number 1; of a Sequential one, too."""
    inner = {"class_name": "Sequential", "config": {**keras2.SEQUENTIAL["config"], "name": "inner"}}
    graph = {"class_name": "Model", "config": {**keras2.GRAPH["config"], "name": "graph"}}
    outer = {
        "name": "outer",
        "layers": [
            keras2.entry(keras2.inputs("x", 3)),
            keras2.entry(inner, [("x", 0, 0)], [("x", 0, 0)]),
            keras2.entry(graph, [("x", 0, 0), ("x", 0, 0)]),
            keras2.entry({"class_name": "Add", "config": keras2.MERGED}, [("inner", 2, 0), ("graph", 1, 0)]),
        ],
        "input_layers": [["x", 0, 0]],
        "output_layers": [["sum", 0, 0], ["inner", 1, 0], ["graph", 1, 0]],
    }
    model = saving.deserialize_keras_object(upgraded_model({"class_name": "Functional", "config": outer}))
    total, first, second = model(X)
    np.testing.assert_allclose(total, first + second, rtol=1e-6)
    assert [layer.name for layer in model.layers] == ["x", "inner", "graph", "sum"]


def test_configs():
    entry = {"class_name": "Dense", "config": {"units": 2, "groups": 1, "time_major": False, "unknown": 3}}
    assert upgraded_model(entry)["config"] == {"units": 2, "unknown": 3}
    today = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 2, "time_major": False}}
    assert upgraded_model(today) is today
    of_20 = {"class_name": "Sequential", "config": [keras2.dense("d", 2, batch_input_shape=[None, 3])]}
    assert saving.deserialize_keras_object(upgraded_model(of_20)).output_shape == (None, 2)
    embedding = {"input_dim": 9, "output_dim": 2, "input_length": 4, "batch_input_shape": [None, 4], "dtype": "int32"}
    stack = {"class_name": "Sequential", "config": {"layers": [{"class_name": "Embedding", "config": embedding}]}}
    found = upgraded_model(stack)["config"]["layers"]
    assert found[0]["config"] == {"batch_shape": [None, 4], "dtype": "int32"}
    assert found[1]["config"] == {"input_dim": 9, "output_dim": 2, "dtype": "int32"}
    old = {"loss": {"class_name": "MeanSquaredError", "config": {"reduction": "auto", "name": "m"}}}
    old["optimizer_config"] = {"class_name": "Adam", "config": {"lr": 0.5, "decay": 0.0}}
    new = upgraded_training(old)
    assert new["optimizer"]["config"] == {"learning_rate": 0.5}
    assert new["loss"]["config"] == {"reduction": "sum_over_batch_size", "name": "m"}


def test_by_name(tmp_path):
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:  # of weights alone
        keras2.write_weights(file, keras2.SEQUENTIAL_WEIGHTS)
    first, second = (list(keras2.SEQUENTIAL_WEIGHTS[name].values()) for name in ("first", "second"))
    model = Sequential([layers.Input((4,)), layers.Dense(2, name="second"), layers.Dense(4, name="third")])
    before = model.get_weights()
    with pytest.raises(ModelFileError, match=r"'first'.*shape \(4, 2\), received an array of shape \(3, 4\)"):
        model.load_weights(path)
    assert all(np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True))
    model.load_weights(path, by_name=True)
    now = model.get_weights()
    assert all(np.array_equal(*pair) for pair in zip(now, [*second, *before[2:]], strict=True))
    other = Sequential([layers.Input((3,)), layers.Dense(4, name="first"), layers.Dense(5, name="second")])
    before = other.get_weights()
    with pytest.raises(ModelFileError, match="second"):
        other.load_weights(path, by_name=True)
    with pytest.warns(UserWarning, match="are skipped") as caught:
        other.load_weights(path, by_name=True, skip_mismatch=True)
    assert len(caught) == 2
    now = other.get_weights()
    assert all(np.array_equal(*pair) for pair in zip(now, [*first, *before[2:]], strict=True))
    one = Sequential([layers.Input((3,)), layers.Dense(4)])
    with pytest.raises(ModelFileError, match="1 layers with weights, but the file has 2"):
        one.load_weights(path)


def test_many_names(tmp_path):
    """A list of names that is too long for one attribute is in several."""
    stack = [layers.Dense(1, name=f"{'n' * 700}{i}") for i in range(120)]
    model = Sequential([layers.Input((1,)), *stack])
    model.save(tmp_path / "a.h5")
    with h5py.File(tmp_path / "a.h5") as file:
        assert [name for name in file["model_weights"].attrs if name.startswith("layer")] == [
            "layer_names0",
            "layer_names1",
        ]
    again = saving.load_model(tmp_path / "a.h5")
    assert_equal(model, again, optimizer=False)


def lambda_of_keras_2():
    code = base64.encodebytes(marshal.dumps((lambda x: x * 0).__code__)).decode()
    config = {"name": "l", "trainable": True, "dtype": "float32", "function": [code, None, None], "arguments": {}}
    config |= {"function_type": "lambda", "module": "__main__", "output_shape": None, "output_shape_type": "raw"}
    config |= {"output_shape_module": None}
    return {"class_name": "Lambda", "config": config}


def test_code(tmp_path):
    first = keras2.dense("first", 4, batch_input_shape=[None, 3])
    config = {"class_name": "Sequential", "config": {"name": "s", "layers": [first, lambda_of_keras_2()]}}
    keras2.write(tmp_path / "a.h5", config, {"first": keras2.SEQUENTIAL_WEIGHTS["first"]})
    refused(saving.load_model, tmp_path / "a.h5", "model_config: .*safe_mode=False")
    assert not saving.load_model(tmp_path / "a.h5", safe_mode=False)(X).any()


DAMAGE = {
    "no config": (lambda file: file.attrs.__delitem__("model_config"), "model_config: there is no such attribute"),
    "no JSON": (lambda file: file.attrs.__setitem__("model_config", "a"), "model_config: Expecting"),
    "no object": (lambda file: file.attrs.__setitem__("model_config", "[]"), "model_config: expected a JSON object"),
    "numbers": (lambda file: file.attrs.__setitem__("model_config", [1, 2]), "model_config: expected strings"),
    "nothing": (lambda file: file.attrs.__setitem__("model_config", h5py.Empty("S1")), "model_config: "),
    "too large": (
        lambda file: file.attrs.__setitem__("model_config", json.dumps(keras2.SEQUENTIAL).replace("4,", "4000000000,")),
        "model_config: Variable.*bytes",
    ),
    "a foreign class": (
        lambda file: file.attrs.__setitem__(
            "model_config", json.dumps(keras2.SEQUENTIAL).replace('"Dropout"', '"os>system"')
        ),
        "model_config: Unknown layer: 'os>system'",
    ),
    "no weights": (lambda file: file.__delitem__("model_weights"), "model_weights: there is no such group"),
    "no layer": (lambda file: file.__delitem__("model_weights/first"), "layer_names: the model has 2 layers"),
    "no array": (lambda file: file.__delitem__("model_weights/first/first/bias:0"), "first/first/bias:0"),
    "a link": (
        lambda file: (
            file.__delitem__("model_weights"),
            file.__setitem__("model_weights", h5py.ExternalLink("a", "b")),
        ),
        "model_weights: it is a link",
    ),
    "names that lead out": (
        lambda file: file["model_weights/first"].attrs.__setitem__("weight_names", [b"../../a", b"/a"]),
        "model_weights/first",
    ),
    "a wrong optimizer": (
        lambda file: file.attrs.__setitem__("training_config", '{"optimizer_config": {"class_name": "Evil"}}'),
        "model_config: .*Evil",
    ),
    "references": (
        lambda file: file.attrs.__setitem__("model_config", file["model_weights"].ref),
        "model_config: expected strings",
    ),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_what_is_refused(case, tmp_path):
    damage, reason = DAMAGE[case]
    keras2.write(tmp_path / "a.h5", keras2.SEQUENTIAL, keras2.SEQUENTIAL_WEIGHTS, keras2.TRAINING)
    saving.load_model(tmp_path / "a.h5")  # so that everything needed for that is imported
    with h5py.File(tmp_path / "a.h5", "r+") as file:
        damage(file)
    refused(saving.load_model, tmp_path / "a.h5", reason)


def test_texts_that_multiply(tmp_path):
    """Thousands of names that all point to one text of a megabyte, and one that says it has gigabytes."""
    path = tmp_path / "a.h5"
    keras2.write(path, keras2.SEQUENTIAL, keras2.SEQUENTIAL_WEIGHTS)
    with h5py.File(path, "r+") as file:
        names = np.array(["a" * 10**6] + ["b"] * 3000, dtype=object)
        file["model_weights"].attrs.create("layer_names", names, dtype=h5py.string_dtype())
    data = path.read_bytes()
    (start,) = [each.start() for each in re.finditer(re.escape(struct.pack("<I", 10**6)), data) if data[each.end()]]
    one = data[start : start + 16]
    for wrong in (one * 3001, struct.pack("<I", 2**32 - 1) + one[4:]):
        path.write_bytes(data[:start] + wrong + data[start + len(wrong) :])
        refused(saving.load_model, path, "layer_names: its strings are much larger than the file")


def test_texts(tmp_path):
    """What h5py writes into attributes, in the ways it has, is read as it reads it; nothing else is."""
    path = tmp_path / "a.h5"
    texts = {
        "text": "größe",
        "bytes": b"abc",
        "list": ["a", "", "ccc"],
        "bytes in a list": [b"ab", b"c"],
        "fixed": np.bytes_(b"abc"),
        "fixed list": np.array([b"ab", b"c", b"de"]),
        "empty": [],
        "none": h5py.Empty("S1"),
        "long": "x" * 100000,
    }
    with h5py.File(path, "w") as file:
        group = file.create_group("group")
        for name, value in texts.items():
            group.attrs[name] = value
        group.attrs["number"], group.attrs["table"] = 3, np.array([[b"a"], [b"b"]])
    source = Source(path)
    with h5py.File(path) as file:
        for name, value in texts.items():
            expected = [] if name in ("empty", "none") else np.atleast_1d(np.asarray(value)).tolist()
            expected = [each.decode() if isinstance(each, bytes) else each for each in expected]
            assert read_texts(file["group"], name, path.read_bytes(), source) == expected, name
        assert read_texts(file["group"], "nothing", path.read_bytes(), source) is None
        for name in ("number", "table"):
            with pytest.raises(ModelFileError, match="expected strings|a string or a list"):
                read_texts(file["group"], name, path.read_bytes(), source)
    with h5py.File(path, "w", libver="latest") as file:
        file.attrs["text"] = "a"
    with h5py.File(path) as file, pytest.raises(ModelFileError, match="newer HDF5 version"):
        read_texts(file, "text", path.read_bytes(), source)


def test_many_names_in_a_large_file():
    image = image_of(
        lambda file: (file.attrs.update(names=[b"a", b"b"]), file.create_dataset("w", data=np.ones(1 << 22)))
    )
    with open_image(io.BytesIO(image), Source("a")) as file:
        start = time.process_time()
        found = [read_texts(file, "names", image, Source("a")) for _ in range(1000)]
        assert time.process_time() - start < 3  # a hundredth of it; copying the file for each took ten seconds
    assert found == [["a", "b"]] * 1000

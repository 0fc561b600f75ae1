"""`.keras` files: what is in them, and that what is read is what was written."""

import io
import json
import zipfile

import h5py
import numpy as np
import pytest

from minikeras import Sequential, layers, models, saving
from minikeras.errors import ArgumentError, ModelFileError, NotSupportedError
from tests.saving.models import MODELS, X, Y, assert_equal, sequential, subclassed, trained


def arrays(path):
    """The arrays in a file, by path, with their shapes."""
    found = {}
    data = zipfile.ZipFile(path).read("model.weights.h5") if str(path).endswith(".keras") else path.read_bytes()
    with h5py.File(io.BytesIO(data)) as file:
        file.visititems(lambda name, value: found.update({name: getattr(value, "shape", None)}))
    return {name: shape for name, shape in found.items() if shape is not None}


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_there_and_back(make, tmp_path):
    model, x = trained(make)
    model.save(tmp_path / "a.keras")
    again = saving.load_model(tmp_path / "a.keras")
    assert type(again) is type(model) and again.name == model.name and again is not model
    assert_equal(model, again)
    np.testing.assert_array_equal(model.predict(x, verbose=0), again.predict(x, verbose=0))
    for each in (model, again):  # trained on, they stay the same: there is nothing more to keep
        each.fit(x, Y, batch_size=8, epochs=2, shuffle=False, verbose=0)
    if make is not sequential:  # whose dropout draws other numbers: Keras does not save how many were drawn
        assert_equal(model, again)
    plain = models.load_model(tmp_path / "a.keras", compile=False)
    assert not plain.compiled and again.compiled


def test_what_is_in_the_file(tmp_path):
    model, _ = trained(sequential, "sgd")
    model.save(tmp_path / "a.keras")
    archive = zipfile.ZipFile(tmp_path / "a.keras")
    assert [info.filename for info in archive.infolist()] == ["metadata.json", "config.json", "model.weights.h5"]
    assert all(info.compress_type == zipfile.ZIP_STORED for info in archive.infolist())
    assert json.loads(archive.read("metadata.json"))["keras_version"] == "3.15.1"
    config = json.loads(archive.read("config.json"))
    assert config["class_name"] == "Sequential" and config["compile_config"]["loss"] == "mse"
    assert config["build_config"] == {"input_shape": [None, 3]}
    assert arrays(tmp_path / "a.keras") == {
        "layers/dense/vars/0": (3, 4),
        "layers/dense/vars/1": (4,),
        "layers/dense_1/vars/0": (4, 2),
        "layers/dense_1/vars/1": (2,),
        "optimizer/vars/0": (),
        "optimizer/vars/1": (),
    }


def test_where_layers_are_found(tmp_path):
    """As in real Keras: by attributes in sorted order, `layers` being one of them, private ones last."""
    model, x = subclassed()
    model(x)
    model.save_weights(tmp_path / "a.weights.h5")
    kernels = {name: shape for name, shape in arrays(tmp_path / "a.weights.h5").items() if len(shape) == 2}
    assert kernels == {
        "again/vars/0": (3, 4),  # `first` is the same layer, and comes later
        "block/alpha/dense/vars/0": (2, 3),
        "block/alpha/container/dense/vars/0": (3, 2),
        "block/zed/vars/0": (3, 2),
        "block/_hidden/vars/0": (2, 2),
        "layers/dense_1/vars/0": (4, 3),  # `z` comes after `layers`, where it is the second of its class
    }


def test_without_the_optimizer(tmp_path):
    model, _ = trained(sequential)
    model.save(tmp_path / "a.keras", include_optimizer=False)
    assert not any(name.startswith("optimizer") for name in arrays(tmp_path / "a.keras"))
    again = saving.load_model(tmp_path / "a.keras")
    assert not again.compiled
    assert_equal(model, again, optimizer=False)


def test_an_optimizer_that_has_not_trained(tmp_path):
    model, x = sequential()
    model.compile("adam", "mse")
    model.optimizer.learning_rate = 0.5
    model.save(tmp_path / "a.keras")
    again = saving.load_model(tmp_path / "a.keras")
    assert float(again.optimizer.learning_rate) == 0.5 and len(again.optimizer.variables) == 10
    again.fit(x, Y, verbose=0)
    with pytest.warns(UserWarning, match="has 2 variables and the store has 10 arrays"):
        again.save_weights(tmp_path / "a.weights.h5")
        model.load_weights(tmp_path / "a.weights.h5")


def test_not_built(tmp_path):
    model = Sequential([layers.Dense(2)])
    with pytest.warns(UserWarning, match="before it is built"):
        model.save(tmp_path / "a.keras")
    assert not saving.load_model(tmp_path / "a.keras").built
    for method in (model.save_weights, model.load_weights):
        with pytest.raises(ValueError, match="is not built"):
            method(tmp_path / "a.weights.h5")


class Words(layers.Layer):
    """A layer that keeps words in a file of its own."""

    def __init__(self, words=(), **kwargs):
        super().__init__(**kwargs)
        self.words = list(words)

    def call(self, x):
        return x * len(self.words)

    def get_config(self):
        return layers.Layer.get_config(self)

    def save_assets(self, folder):
        with open(f"{folder}/words.txt", "w", encoding="utf-8") as file:
            file.write("\n".join(self.words))

    def load_assets(self, folder):
        with open(f"{folder}/words.txt", encoding="utf-8") as file:
            self.words = file.read().split("\n")


def test_assets(tmp_path):
    model = Sequential([layers.Input((3,)), Words(["a", "b"]), Words(["c"])])
    model.save(tmp_path / "a.keras")
    names = zipfile.ZipFile(tmp_path / "a.keras").namelist()
    assert names[3:] == ["assets/layers/words/words.txt", "assets/layers/words_1/words.txt"]
    again = saving.load_model(tmp_path / "a.keras", custom_objects={"Words": Words})
    assert [layer.words for layer in again.layers] == [["a", "b"], ["c"]]
    np.testing.assert_array_equal(again(X), 2 * X)
    with pytest.raises(ModelFileError, match=r"in 'config\.json': Unknown layer: 'Words'"):
        saving.load_model(tmp_path / "a.keras")


class Squared(layers.Dense):
    """A layer that says itself what is kept of it."""

    def save_own_variables(self, store):
        store["root"] = np.sqrt(np.abs(self.kernel))
        store["bias"] = self.bias

    def load_own_variables(self, store):
        self.bias.assign(store["bias"])
        self.kernel.assign(store["root"] ** 2)


def test_hooks(tmp_path):
    model = Sequential([layers.Input((3,)), Squared(2, kernel_initializer="ones")])
    model.save_weights(tmp_path / "a.weights.h5")
    assert arrays(tmp_path / "a.weights.h5") == {"layers/squared/vars/bias": (2,), "layers/squared/vars/root": (3, 2)}
    model.set_weights([np.zeros((3, 2)), np.ones(2)])
    model.load_weights(tmp_path / "a.weights.h5")
    np.testing.assert_array_equal(model.get_weights()[0], np.ones((3, 2)))
    with h5py.File(tmp_path / "a.weights.h5", "r+") as file:
        del file["layers/squared/vars/root"]
        file["layers/squared/vars/bias"][...] = 7
    with pytest.raises(ModelFileError, match=r"layers/squared/vars.*KeyError: 'root'"):
        model.load_weights(tmp_path / "a.weights.h5")
    np.testing.assert_array_equal(model.get_weights()[1], np.zeros(2))  # although the hook had set it already


def test_json():
    model, x = trained(MODELS["functional"])
    text = model.to_json(indent=1)
    assert text.startswith("{\n ") and json.loads(text)["class_name"] == "Functional"
    again = models.model_from_json(text)
    assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]
    assert again.predict(x, verbose=0).shape == (8, 2) and again.compiled
    for wrong in ("", "[1]", '{"module": "keras.layers", "class_name": "ReLU", "config": {}}'):
        with pytest.raises(ArgumentError, match="model_from_json"):
            models.model_from_json(wrong)
    with pytest.raises(TypeError, match="model_from_json"):
        models.model_from_json(model)


def test_overwrite(tmp_path, monkeypatch, capsys):
    model, _ = trained(sequential)
    answers, asked = [], []

    def answer(text):
        asked.append(text)
        return answers.pop(0)

    monkeypatch.setattr("builtins.input", answer)
    for save, name in ((model.save, "a.keras"), (model.save_weights, "a.weights.h5")):
        path = tmp_path / name
        save(path, overwrite=False)
        assert not asked
        path.write_bytes(b"")
        answers[:] = ["what", "n"]
        save(path, overwrite=False)
        assert path.read_bytes() == b"" and len(asked) == 2
        assert asked[0] == f"[WARNING] {path} already exists - overwrite? [y/n]"
        answers[:] = ["y"]
        save(path, overwrite=False)
        assert len(path.read_bytes()) > 1000 and "overwrite=True" in capsys.readouterr().out
        save(path)
        asked.clear()


def test_arguments(tmp_path):
    model, _ = trained(sequential)
    for call in (
        lambda: model.save(tmp_path / "a.zip"),
        lambda: model.save(tmp_path / "a.keras", save_format="tf"),
        lambda: model.save_weights(tmp_path / "a.keras"),
        lambda: model.load_weights(tmp_path / "a.npz"),
        lambda: model.load_weights(tmp_path / "a.weights.h5", name=True),
        lambda: model.load_weights(tmp_path / "a.keras", objects_to_skip=[]),
        lambda: saving.load_model(tmp_path / "a.zip"),
    ):
        with pytest.raises(ArgumentError, match="`(save|load)_"):
            call()
    with pytest.raises(NotSupportedError, match="zipped"):
        model.save(tmp_path / "a", zipped=False)
    with pytest.raises(NotSupportedError, match="max_shard_size"):
        model.save_weights(tmp_path / "a.weights.h5", max_shard_size=1)
    for load in (saving.load_model, model.load_weights):
        with pytest.raises(FileNotFoundError, match=r"a\.keras"):
            load(tmp_path / "a.keras")
    assert list(tmp_path.iterdir()) == []

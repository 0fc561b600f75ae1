"""Files of models go both ways: saved here and opened by real Keras, saved by real Keras and opened here."""

import inspect
import io
import json
import pathlib
import subprocess
import sys
import zipfile

import h5py
import keras
import numpy as np
import pytest

import minikeras
from compat.saved_models import IN_OLD_FILES, MODELS, X, Y, classes, made, report
from minikeras.errors import ModelFileError
from tests.saving import keras2

ROOT = pathlib.Path(__file__).parent.parent
CLOSE = {"rtol": 1e-6, "atol": 1e-6}


class Exchange:
    """Two folders of files, one written by each library, and what each reports about the models it made of them."""

    def __init__(self, folder):
        self.theirs, self.ours = folder / "theirs", folder / "ours"
        self.theirs.mkdir()
        self.ours.mkdir()
        command = [sys.executable, "-m", "compat.keras_process", str(self.theirs)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.reports = {}
        for name in MODELS:
            model, x = made(minikeras, name)
            model.save(self.ours / f"{name}.keras")
            model.save_weights(self.ours / f"{name}.weights.h5")
            if name in IN_OLD_FILES:
                model.save(self.ours / f"{name}.h5")
            self.reports[name] = report(model, x)
        output, errors = self._process.communicate(f"{self.ours}\n")
        assert output.split() == ["saved", "loaded"], errors

    def of_keras(self, folder, name):
        with np.load(folder / f"{name}.npz") as stored:
            return [stored[key] for key in stored.files]


@pytest.fixture(scope="module")
def exchange(tmp_path_factory):
    return Exchange(tmp_path_factory.mktemp("files"))


def arrays(path):
    """The arrays and the attributes in a file of weights, by path."""
    data = zipfile.ZipFile(path).read("model.weights.h5") if path.suffix == ".keras" else path.read_bytes()
    found = {}

    def note(name, value):
        own = str(value.dtype), value.shape
        found[name] = own

    with h5py.File(io.BytesIO(data)) as file:
        file.visititems(lambda name, value: note(name, value) if isinstance(value, h5py.Dataset) else None)
        groups = []
        file.visititems(lambda name, value: groups.append(name) if isinstance(value, h5py.Group) else None)
    return found, sorted(groups)


@pytest.mark.parametrize("name", MODELS)
def test_files_look_alike(name, exchange):
    for end in (".keras", ".weights.h5"):
        assert arrays(exchange.ours / f"{name}{end}") == arrays(exchange.theirs / f"{name}{end}")
    members = []
    for folder in (exchange.ours, exchange.theirs):
        with zipfile.ZipFile(folder / f"{name}.keras") as archive:
            members.append([(info.filename, info.compress_type) for info in archive.infolist()])
            metadata = json.loads(archive.read("metadata.json"))
            assert list(metadata)[:2] == ["keras_version", "date_saved"]
            assert metadata["keras_version"] == keras.__version__
            own = {"minikeras_version": minikeras.__version__} if folder == exchange.ours else {}
            assert dict(list(metadata.items())[2:]) == own
    assert members[0] == members[1]


@pytest.mark.parametrize("name", MODELS)
def test_keras_reads_ours(name, exchange):
    ours, theirs = exchange.reports[name], exchange.of_keras(exchange.ours, name)
    extra = theirs[len(ours) :]
    assert len(extra) == 1 + (name in IN_OLD_FILES)
    for mine, other in zip([*ours, *[ours[0]] * len(extra)], theirs, strict=True):
        np.testing.assert_allclose(mine, other, **CLOSE)


@pytest.mark.parametrize("name", MODELS)
def test_ours_reads_keras(name, exchange):
    theirs = exchange.of_keras(exchange.theirs, name)
    _, x = MODELS[name](minikeras, *classes(minikeras))
    model = minikeras.saving.load_model(exchange.theirs / f"{name}.keras")
    for mine, other in zip(report(model, x), theirs, strict=True):
        np.testing.assert_allclose(mine, other, **CLOSE)
    model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
    model.load_weights(exchange.theirs / f"{name}.weights.h5")
    np.testing.assert_allclose(model.predict(x, verbose=0), theirs[0], **CLOSE)
    if name in IN_OLD_FILES:
        old = minikeras.saving.load_model(exchange.theirs / f"{name}.h5")
        for mine, other in zip(report(old, x), theirs, strict=True):
            np.testing.assert_allclose(mine, other, **CLOSE)


# ---------------------------------------------------------------- what is called how, and what is refused

NAMES = ("load_model", "load_weights", "save_model", "save_weights")


def parameters(function):
    found = inspect.signature(function).parameters.values()
    return [(each.name, each.default, each.kind) for each in found]


def test_names():
    for name in NAMES:
        assert parameters(getattr(minikeras.saving, name)) == parameters(getattr(keras.saving, name))
    for name in ("load_model", "save_model", "model_from_json"):
        assert parameters(getattr(minikeras.models, name)) == parameters(getattr(keras.models, name))
    for name in ("save", "save_weights", "load_weights", "to_json"):
        assert parameters(getattr(minikeras.Model, name)) == parameters(getattr(keras.Model, name))


def of_keras_2_15(config):
    """The config of a model as later versions of Keras 2 wrote it: inputs are layers, dtypes are strings."""
    config = json.loads(json.dumps(config))
    for entry in config["config"]["layers"]:
        entry["config"]["dtype"] = "float32"
        for name in (f"{weight}_initializer" for weight in ("kernel", "depthwise", "pointwise", "bias")):
            entry["config"].get(name, {}).get("config", {}).pop("dtype", None)
    if config["class_name"] == "Sequential":
        shape = config["config"]["layers"][0]["config"].pop("batch_input_shape")
        config["config"]["layers"].insert(0, keras2.inputs("input_1", shape[1]))
    return config


@pytest.mark.parametrize("case", ["sequential", "graph"])
def test_files_of_keras_2(case, tmp_path):
    """Put together by hand. Keras reads them if they are not quite as old, which shows that they are like real ones."""
    path, newer = tmp_path / "a.h5", tmp_path / "b.h5"
    config, weights, x = {
        "sequential": (keras2.SEQUENTIAL, keras2.SEQUENTIAL_WEIGHTS, X[:, :3]),
        "graph": (keras2.GRAPH, keras2.GRAPH_WEIGHTS, [X[:, :3], Y[:, :1] + X[:, 1:]]),
    }[case]
    keras2.write(path, config, weights)
    keras2.write(newer, of_keras_2_15(config), weights)
    ours, theirs = minikeras.saving.load_model(path), keras.saving.load_model(newer, compile=False)
    for model in (ours, minikeras.saving.load_model(newer)):
        np.testing.assert_allclose(model(x), np.asarray(theirs(x)), **CLOSE)
    assert [layer.name for layer in ours.layers] == [layer.name for layer in theirs.layers]
    for library, model in ((keras, theirs), (minikeras, ours)):
        other = library.Sequential([library.layers.Input((3,)), library.layers.Dense(4, name="first")])
        if case == "sequential":
            other.load_weights(path, by_name=True)
            np.testing.assert_array_equal(other.get_weights()[0], model.get_weights()[0])


def test_convolutions_of_keras_2(tmp_path):
    """Keras refuses the arguments that Keras 2 wrote for layers derived from `Conv2D`, whose values have no effect."""
    path, newer = tmp_path / "a.h5", tmp_path / "b.h5"
    config = of_keras_2_15(keras2.CONVOLUTIONS)
    config["config"]["layers"][0]["config"]["batch_input_shape"] = [None, 2, 6, 5]
    keras2.write(path, config, keras2.CONVOLUTION_WEIGHTS)
    with pytest.raises((TypeError, ValueError), match="groups"):
        keras.saving.load_model(path, compile=False)
    for entry in config["config"]["layers"][2:]:
        entry["config"].pop("groups")
        for name in ("initializer", "regularizer", "constraint"):
            if "depthwise_initializer" in entry["config"]:
                entry["config"].pop(f"kernel_{name}", None)
    keras2.write(newer, config, keras2.CONVOLUTION_WEIGHTS)
    x = np.random.default_rng(0).normal(size=(2, 2, 6, 5)).astype("float32")
    ours, theirs = minikeras.saving.load_model(path), keras.saving.load_model(newer, compile=False)
    np.testing.assert_allclose(ours(x), np.asarray(theirs(x)), rtol=1e-5, atol=1e-5)


def test_json_goes_both_ways():
    for name in ("sequential", "functional", "subclassed"):
        theirs = MODELS[name](keras, *classes(keras))[0]
        ours, x = MODELS[name](minikeras, *classes(minikeras))
        if name == "subclassed":
            ours(x), theirs(x)
        # The numbers in automatic names differ, since other tests have made other layers.
        again = minikeras.models.model_from_json(theirs.to_json())
        assert json.loads(again.to_json()) == json.loads(theirs.to_json())
        again = keras.models.model_from_json(ours.to_json())
        assert json.loads(again.to_json()) == json.loads(ours.to_json())


LATER = ("quantization_config", "input_axes", "output_axes", "optional")  # arguments that came after Keras 3.0


def older(config):
    """The config as Keras 3.0 wrote it: without what came later, and with dtypes as strings."""
    if isinstance(config, list):
        return [older(each) for each in config]
    if not isinstance(config, dict):
        return config
    if config.get("class_name") == "DTypePolicy":
        return config["config"]["name"]
    return {key: older(value) for key, value in config.items() if key not in LATER}


@pytest.mark.parametrize("name", ["sequential", "functional", "words"])
def test_files_of_keras_3_0(name, exchange, tmp_path):
    with (
        zipfile.ZipFile(exchange.theirs / f"{name}.keras") as archive,
        zipfile.ZipFile(tmp_path / "a.keras", "w") as old,
    ):
        for member in archive.namelist():
            data = archive.read(member)
            if member == "config.json":
                data = json.dumps(older(json.loads(data)))
                assert not any(key in data for key in LATER) and "DTypePolicy" not in data
            old.writestr(member, data.replace(b"3.15.1", b"3.0.0") if member == "metadata.json" else data)
    _, x = MODELS[name](minikeras, *classes(minikeras))
    ours, theirs = minikeras.saving.load_model(tmp_path / "a.keras"), keras.saving.load_model(tmp_path / "a.keras")
    expected = exchange.of_keras(exchange.theirs, name)[0]
    np.testing.assert_allclose(ours.predict(x, verbose=0), expected, **CLOSE)
    np.testing.assert_allclose(np.asarray(theirs(x)), expected, **CLOSE)


def test_the_file_editor(exchange, capsys, monkeypatch):
    """The same is printed, of files that Keras prints all of: it leaves out what is in objects with weights."""
    monkeypatch.setenv("COLUMNS", "200")
    for path in (exchange.ours / "words.keras", exchange.theirs / "deferred.weights.h5"):
        texts = []
        for library in (keras, minikeras):
            editor = library.saving.KerasFileEditor(str(path))
            editor.summary()
            editor.add_object("layers/more", {"0": np.ones((2, 2))})
            editor.rename_object("layers/more", "other")
            editor.delete_object("optimizer")
            editor.summary()
            texts.append(capsys.readouterr().out)
        assert texts[0] == texts[1]


@pytest.mark.filterwarnings("ignore:.*lambda:UserWarning", "ignore:__array__:DeprecationWarning")
def test_what_both_refuse(tmp_path):
    for library, error in ((keras, ValueError), (minikeras, ModelFileError)):
        saving, layers = library.saving, library.layers
        for name in ("a.keras", "a.h5"):
            model = library.Sequential([layers.Input((2,)), layers.Lambda(lambda x: x * 2)])
            model.save(tmp_path / name)
            for other, refusal in ((keras, ValueError), (minikeras, ModelFileError)):
                with pytest.raises(refusal, match="safe_mode=False"):
                    other.saving.load_model(tmp_path / name)
                found = other.saving.load_model(tmp_path / name, safe_mode=False)
                assert np.asarray(found(np.ones((1, 2)))).tolist() == [[2.0, 2.0]]
        small = library.Sequential([layers.Input((2,)), layers.Dense(2)])
        small.save_weights(tmp_path / "a.weights.h5")
        large = library.Sequential([layers.Input((3,)), layers.Dense(2)])
        with pytest.raises(error):
            large.load_weights(tmp_path / "a.weights.h5")
        with pytest.warns(UserWarning, match="could not be loaded"):
            large.load_weights(tmp_path / "a.weights.h5", skip_mismatch=True)
        for path in ("a.zip", "nowhere.keras"):
            with pytest.raises(ValueError, match="filepath|nowhere"):
                saving.load_model(tmp_path / path)
        with pytest.raises(FileNotFoundError):
            large.load_weights(tmp_path / "nowhere.weights.h5")
        with pytest.raises(ValueError, match=r"\.weights\.h5"):
            small.save_weights(tmp_path / "a.npz")

"""The models of `keras.applications`: layers, weights, files and outputs are those of real Keras."""

import inspect
import json
import os
import pathlib
import subprocess
import sys
import warnings
from functools import partial

import keras
import numpy as np
import pytest

import minikeras
from compat.application_cases import FAMILIES, Case, called, cases, described, functions
from compat.side_by_side import attempt, plain
from minikeras.applications.pretrained import Weights
from minikeras.initializers import VarianceScaling

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of TensorFlow
ROOT = pathlib.Path(__file__).parent.parent
FUNCTIONS = functions(keras.applications)
CASES = cases(FUNCTIONS)
NAMESPACES = [name for name in dir(keras.applications) if inspect.ismodule(getattr(keras.applications, name))]
CHECK = "Is it the version that the extra `compat` names?"


class Facts:
    """What real Keras says of its models, while it is still going on."""

    def __init__(self, names):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "compat.application_facts"],
            cwd=ROOT,
            env={**os.environ, "KERAS_BACKEND": "jax"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        print(json.dumps(names), file=self.process.stdin, flush=True)
        self.lines = {}

    def of(self, name):
        while name not in self.lines:
            line = self.process.stdout.readline()
            assert line, f"Keras ended before it described {name}. {CHECK}"
            self.lines[json.loads(line)["case"]] = line
        return json.loads(self.lines.pop(name))


@pytest.fixture(scope="module")
def facts(request):
    tests = [item for item in request.session.items if item.name.startswith("test_layers_weights_and_files[")]
    made = Facts([item.callspec.params["name"] for item in tests])
    yield made
    made.process.kill()
    made.process.communicate()


@pytest.fixture
def files(monkeypatch):
    """The files of weights that are asked for; none is read, and no weights are drawn."""
    asked = []

    def fetch(weights):
        fname = weights.fname or weights.url.rpartition("/")[2]
        asked.append([fname, weights.url, "models", weights.file_hash])
        return "noted"

    monkeypatch.setattr(Weights, "fetch", fetch)
    monkeypatch.setattr(minikeras.Model, "load_weights", lambda self, path: None)
    monkeypatch.setattr(VarianceScaling, "__call__", lambda self, shape, dtype=None: np.zeros(shape, dtype))
    return asked


def test_all_40_models_and_17_namespaces():
    assert len(FUNCTIONS) == 40 and FUNCTIONS == functions(minikeras.applications)
    assert len(NAMESPACES) == 17
    assert sorted(minikeras.applications.__all__) == sorted(FUNCTIONS + NAMESPACES)


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_signatures(namespace):
    theirs, ours = getattr(keras.applications, namespace), getattr(minikeras.applications, namespace)
    names = [name for name in dir(theirs) if inspect.isfunction(getattr(theirs, name))]
    assert sorted(ours.__all__) == sorted(names)
    for name in names:
        assert defaults(getattr(ours, name)) == defaults(getattr(theirs, name)), name


@pytest.mark.parametrize("name", FUNCTIONS)
def test_signatures_of_models(name):
    assert defaults(getattr(minikeras.applications, name)) == defaults(getattr(keras.applications, name))


def defaults(function):
    return [(each.name, each.default, each.kind) for each in inspect.signature(function).parameters.values()]


@pytest.mark.parametrize("name", CASES)
def test_layers_weights_and_files(name, facts, files):
    minikeras.utils.clear_session()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that images of free sizes get the weights for 224 pixels
        ours = described(called(minikeras, CASES[name]), CASES[name])
    theirs = facts.of(name)
    assert ours["layers"] == theirs["layers"]
    assert ours["parameters"] == theirs["parameters"]
    assert files == theirs["files"]
    for key in ours:
        assert ours[key] == theirs[key], key


def filled(model, seed=0):
    """Gives all weights random values of a scale that keeps the outputs of deep models apart."""
    rng = np.random.default_rng(seed)
    for weight in model.weights:
        name, shape = weight.path.rpartition("/")[2], weight.shape
        if "kernel" in name:
            is_depthwise = name == "depthwise_kernel" or (len(shape) == 4 and shape[-1] == 1)
            fan_in = np.prod(shape[:2] if is_depthwise else shape[:-1])
            weight.assign(rng.normal(0, np.sqrt(2 / fan_in), shape))
        elif name in ("gamma", "moving_variance", "variance", "variable"):
            weight.assign(rng.uniform(0.5, 1.5, shape))
        elif name != "count":
            weight.assign(rng.normal(0, 0.1, shape))
    return model


# With the weights of seed 0, EfficientNetV2B0 is ill-conditioned: a change of the images by 6e-8 changes its outputs by
# up to 1e-4, so that Keras's own backends differ by 4e-4 in float32, from each other and from float64.
SEEDS = {"EfficientNetV2B0": 1}


@pytest.mark.parametrize("name", FAMILIES)
def test_outputs_with_weights_of_keras(name, tmp_path):
    size = FAMILIES[name]
    arguments = {"classes": 5, "input_shape": (size, size, 3), "classifier_activation": None}
    theirs = filled(getattr(keras.applications, name)(weights=None, **arguments), SEEDS.get(name, 0))
    path = tmp_path / "model.weights.h5"
    theirs.save_weights(path)
    theirs.load_weights(path)  # only now Normalization uses the mean that was assigned
    x = np.random.default_rng(1).uniform(0, 255, (2, size, size, 3)).astype("float32")
    expected = theirs(x).numpy()
    del theirs
    ours = getattr(minikeras.applications, name)(weights=path, **arguments)
    scale = np.abs(expected).max()
    assert np.ptp(expected, axis=0).max() > 1e-3 * scale  # the outputs depend on the images
    np.testing.assert_allclose(ours.predict(x, verbose=0) / scale, expected / scale, atol=1e-4)


@pytest.mark.parametrize("name", ["ConvNeXtTiny", "InceptionResNetV2"])
def test_files_with_layers_of_their_own_go_both_ways(name, tmp_path):
    size = FAMILIES[name]
    arguments = {"weights": None, "include_top": False, "input_shape": (size, size, 3), "pooling": "avg"}
    x = np.random.default_rng(1).uniform(0, 1, (1, size, size, 3)).astype("float32")
    ours = getattr(minikeras.applications, name)(**arguments)
    expected = ours.predict(x, verbose=0)
    ours.save(tmp_path / "ours.keras")
    del ours
    theirs = keras.saving.load_model(tmp_path / "ours.keras")
    np.testing.assert_allclose(theirs(x).numpy(), expected, rtol=1e-4, atol=1e-5)
    theirs.save(tmp_path / "theirs.keras")
    del theirs
    again = minikeras.saving.load_model(tmp_path / "theirs.keras")
    np.testing.assert_array_equal(again.predict(x, verbose=0), expected)


@pytest.mark.parametrize("name", ["EfficientNetB0", "MobileNetV2"])
def test_weights_in_files_of_the_old_format(name, tmp_path):
    """The files of ImageNet are of this format."""
    arguments = {"include_top": False, "input_shape": (32, 32, 3), "pooling": "avg"}
    theirs = filled(getattr(keras.applications, name)(weights=None, **arguments))
    path = tmp_path / "model.h5"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs.save(path)
    theirs.load_weights(path)  # only now Normalization uses the mean that was assigned
    x = np.random.default_rng(1).uniform(0, 255, (1, 32, 32, 3)).astype("float32")
    expected = theirs(x).numpy()
    del theirs
    ours = getattr(minikeras.applications, name)(weights=path, **arguments)
    scale = np.abs(expected).max()
    np.testing.assert_allclose(ours.predict(x, verbose=0) / scale, expected / scale, atol=1e-4)


BAD = {
    "classes of imagenet": ("ResNet50", {"classes": 10}),
    "no such file": ("VGG16", {"weights": "nowhere.h5"}),
    "too small": ("VGG16", {"weights": None, "input_shape": (31, 32, 3)}),
    "too small for Inception": ("InceptionV3", {"weights": None, "include_top": False, "input_shape": (74, 75, 3)}),
    "too small for MobileNetV3": ("MobileNetV3Small", {"weights": None, "input_shape": (31, 31, 3)}),
    "free size": ("VGG16", {"weights": None, "input_shape": (None, 32, 3)}),
    "two sizes": ("VGG16", {"weights": None, "input_shape": (32, 32)}),
    "shape of imagenet": ("ResNet50", {"input_shape": (225, 224, 3)}),
    "channels of imagenet": ("ResNet50", {"include_top": False, "input_shape": (64, 64, 1)}),
    "activation of imagenet": ("MobileNet", {"classifier_activation": "relu"}),
    "alpha of MobileNet": ("MobileNet", {"alpha": 0.3}),
    "alpha of MobileNetV2": ("MobileNetV2", {"alpha": 0.3}),
    "alpha of MobileNetV3": ("MobileNetV3Small", {"alpha": 0.5, "input_shape": (224, 224, 3)}),
    "alpha of the minimalistic": (
        "MobileNetV3Small",
        {"alpha": 0.75, "minimalistic": True, "input_shape": (224, 224, 3)},
    ),
    "depth multiplier": ("MobileNet", {"depth_multiplier": 2}),
    "no tensor": ("MobileNetV2", {"weights": None, "input_tensor": 3, "input_shape": (32, 32, 3)}),
    "no tensor for VGG": ("VGG16", {"weights": None, "input_tensor": np.zeros((1, 32, 32, 3))}),
    "free size of NASNet": ("NASNetMobile", {"include_top": False, "input_shape": (None, 64, 3)}),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused(name):
    function, arguments = BAD[name]
    results = [attempt(partial(getattr(k.applications, function), **arguments)) for k in (keras, minikeras)]
    assert results[0][0] == "raises" and results[0] == results[1]


@pytest.mark.parametrize("name", ["ConvNeXtBase", "DenseNet121", "NASNetLarge"])
def test_models_for_channels_last_alone(name):
    case = Case(name, {"weights": None}, "channels_first")
    results = [attempt(partial(called, k, case)) for k in (keras, minikeras)]
    assert results == [("raises", "ValueError")] * 2


SHAPES = [(2, 4, 5, 3), (4, 5, 3), (2, 3, 4, 5), (3, 4, 5)]


@pytest.mark.parametrize("dtype", ["float32", "float16", "float64", "uint8", "int64"])
@pytest.mark.parametrize("namespace", NAMESPACES)
def test_preprocess_input(namespace, dtype):
    for shape in SHAPES:
        layout = "channels_last" if shape[-1] == 3 else "channels_first"
        results = []
        for k in (keras, minikeras):
            x = np.random.default_rng(0).integers(0, 256, shape).astype(dtype)
            y = getattr(k.applications, namespace).preprocess_input(x, data_format=layout)
            results.append((np.asarray(y), x))  # x is written over, or not
        (theirs, their_x), (ours, our_x) = results
        assert ours.dtype == theirs.dtype
        # numpy rounds a float16 twice where Keras subtracts a Python number: the last bit of numbers up to 152.
        tolerance = {"rtol": 1e-6, "atol": 1e-6} if dtype != "float16" else {"atol": 0.125}
        np.testing.assert_allclose(ours, theirs, **tolerance)
        np.testing.assert_allclose(our_x, their_x, **tolerance)


@pytest.mark.parametrize("mode", ["caffe", "tf", "torch"])
@pytest.mark.parametrize("layout", ["channels_last", "channels_first"])
def test_preprocess_input_in_a_model(layout, mode):
    shape = (4, 5, 3) if layout == "channels_last" else (3, 4, 5)
    x = np.random.default_rng(0).uniform(0, 255, (2, *shape)).astype("float32")
    results = []
    for k in (keras, minikeras):
        image = k.Input(shape)
        y = k.applications.imagenet_utils.preprocess_input(image, data_format=layout, mode=mode)
        results.append(plain(k.Model(image, y)(x)))
    np.testing.assert_allclose(results[1], results[0], rtol=1e-5, atol=1e-5)


def test_decode_predictions(tmp_path, monkeypatch):
    names = {str(number): [f"n{number:08}", f"class_{number}"] for number in range(1000)}
    path = tmp_path / "index.json"
    path.write_text(json.dumps(names))
    monkeypatch.setattr(Weights, "fetch", lambda self: path)
    monkeypatch.setattr(keras.src.applications.imagenet_utils, "CLASS_INDEX", names)
    outputs = np.random.default_rng(0).permutation(3000).reshape(3, 1000).astype("float32")
    for top in (1, 5, 1000):
        theirs, ours = (k.applications.vgg16.decode_predictions(outputs, top=top) for k in (keras, minikeras))
        assert plain(ours) == plain(theirs)
    bad = [attempt(partial(k.applications.vgg16.decode_predictions, outputs[:, :9])) for k in (keras, minikeras)]
    assert bad == [("raises", "ValueError")] * 2

"""Initializers next to those of Keras: names, arguments, configs, spellings. Their bits are in `test_random_bits`."""

import inspect
import json

import keras
import numpy as np
import pytest
from scipy.signal import get_window

import minikeras
from compat import draws
from minikeras import initializers
from minikeras.ops.windows import _ALIASES, _COSINE_SUMS, _OTHERS, window

NAMES = [name for name in dir(keras.initializers) if not name.startswith("_")]
CLASSES = [name for name in NAMES if inspect.isclass(getattr(keras.initializers, name))]
EACH = [
    (name, arguments)
    for name in CLASSES
    for arguments in [{}, *draws.ARGUMENTS.get(getattr(keras.initializers, name).__name__, [])]
]
SPELLINGS = [
    *CLASSES,
    "normal",
    "uniform",
    "one",
    "zero",
    "initializer",
    "Uniform",
    "Normal",
    "eye",
    "glorotuniform",
    "GLOROT_UNIFORM",
    "orthogonal_initializer",
]


def test_names():
    assert sorted(initializers.__all__) == sorted(NAMES)


@pytest.mark.parametrize("name", CLASSES)
def test_classes(name):
    ours, theirs = getattr(initializers, name), getattr(keras.initializers, name)
    assert ours.__name__ == theirs.__name__
    expected, received = (inspect.signature(cls).parameters.values() for cls in (theirs, ours))
    assert [(each.name, each.default) for each in received] == [(each.name, each.default) for each in expected]


@pytest.mark.parametrize(("name", "arguments"), EACH)
@pytest.mark.parametrize("seed", [None, 3, "generator"])
def test_configs(name, arguments, seed):
    made = []
    for library in (keras, minikeras):
        cls, given = getattr(library.initializers, name), dict(arguments)
        if "seed" in inspect.signature(cls).parameters:
            given["seed"] = library.random.SeedGenerator(5, name="s") if seed == "generator" else seed
        made.append(cls(**given))
    theirs, ours = made
    if isinstance(ours, initializers.Identity):  # Keras leaves the gain out, and so forgets it
        assert theirs.get_config() == {} and keras.initializers.Identity(**ours.get_config()).gain == theirs.gain
        assert ours.get_config() == {"gain": theirs.gain} == ours.clone().get_config()
        return
    assert ours.get_config() == theirs.get_config() == ours.clone().get_config()
    config = json.loads(json.dumps(keras.initializers.serialize(theirs)))
    assert json.loads(json.dumps(initializers.serialize(ours))) == config
    for again in (initializers.deserialize(config), initializers.get(config)):
        assert type(again) is type(ours) and json.loads(json.dumps(again.get_config())) == config["config"]
    again = keras.initializers.deserialize(json.loads(json.dumps(initializers.serialize(ours))))
    assert json.loads(json.dumps(again.get_config())) == config["config"]


@pytest.mark.parametrize("name", SPELLINGS)
def test_spellings(name):
    if name.lower() == "constant":  # Keras cannot make one by its name alone
        assert type(initializers.get(name)) is initializers.Constant
        return
    try:
        theirs = keras.initializers.get(name)
    except ValueError:
        with pytest.raises(ValueError):
            initializers.get(name)
    else:
        ours = initializers.get(name)
        assert type(ours).__name__ == type(theirs).__name__
        assert isinstance(ours, initializers.Identity) or ours.get_config() == theirs.get_config()


@pytest.mark.parametrize("identifier", [3, [1.0, 2.0], {"value": 3}, "zeroes", ("a",)])
def test_what_get_refuses(identifier):
    with pytest.raises(ValueError):
        keras.initializers.get(identifier)
    with pytest.raises((ValueError, TypeError)):
        initializers.get(identifier)


def test_arrays_and_functions():
    array = np.arange(4.0).reshape(2, 2)
    for module in (keras.initializers, initializers):
        np.testing.assert_array_equal(module.get(array)((2, 2)), array.astype("float32"))
        with pytest.raises(ValueError):
            module.get(array)((3,))
        assert module.get(max) is max and module.get(None) is None


BAD = [
    ("GlorotUniform", {"seed": 1.5}),
    ("GlorotUniform", {"seed": "a"}),
    ("RandomNormal", {"seed": [1]}),
    ("VarianceScaling", {"scale": 0}),
    ("VarianceScaling", {"mode": "fan_on"}),
    ("VarianceScaling", {"distribution": "unifrm"}),
    ("STFT", {"side": "reel"}),
    ("STFT", {"window": "hanning"}),
    ("STFT", {"window": "kaiser"}),
    ("STFT", {"scaling": "densty"}),
]


@pytest.mark.parametrize(("name", "arguments"), BAD)
def test_what_is_refused(name, arguments):
    for module in (keras.initializers, initializers):
        with pytest.raises(ValueError):
            getattr(module, name)(**arguments)


@pytest.mark.parametrize("name", [*_COSINE_SUMS, *_OTHERS, *_ALIASES])
def test_windows(name):
    for size in (1, 2, 3, 7, 8, 25, 400):
        for periodic in (True, False):
            np.testing.assert_array_equal(window(name, size, periodic), get_window(name, size, periodic))

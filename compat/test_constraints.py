"""Constraints next to those of Keras: names, arguments, configs and values."""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf

from minikeras import constraints

NAMES = [name for name in dir(keras.constraints) if not name.startswith("_")]
CLASSES = [name for name in NAMES if inspect.isclass(getattr(keras.constraints, name))]
AXES = [{}, {"axis": 1}, {"axis": [0, 1]}, {"axis": (0, -1)}, {"axis": None}]
CASES = {
    "Constraint": [{}],
    "MaxNorm": [*AXES, {"max_value": 0.5}, {"max_value": 0}, {"max_value": 1e6}],
    "MinMaxNorm": [
        *({"min_value": 0.5, "max_value": 2.0, **axis} for axis in AXES),
        {},
        {"min_value": 3, "max_value": 3},
        {"rate": 0.3},
        {"rate": 0},
        {"min_value": 1.0, "max_value": 2.0, "rate": 0.5, "axis": 1},
    ],
    "NonNeg": [{}],
    "UnitNorm": AXES,
}
EACH = [(name, arguments) for name in CLASSES for arguments in CASES[getattr(keras.constraints, name).__name__]]
W = np.array([[0.5, -2, 0, 1], [3, 0.25, -1e4, 1e4], [0, 0, 0, 0], [1e-4, 0.1, -0.7, 7]], "float32")


def test_names():
    assert sorted(constraints.__all__) == sorted(NAMES)


@pytest.mark.parametrize("name", CLASSES)
def test_classes(name):
    ours, theirs = getattr(constraints, name), getattr(keras.constraints, name)
    assert ours.__name__ == theirs.__name__
    expected, received = (inspect.signature(cls).parameters.values() for cls in (theirs, ours))
    assert [(each.name, each.default) for each in received] == [(each.name, each.default) for each in expected]


@pytest.mark.parametrize(("name", "arguments"), EACH)
def test_configs(name, arguments):
    ours, theirs = getattr(constraints, name)(**arguments), getattr(keras.constraints, name)(**arguments)
    assert ours.get_config() == theirs.get_config()
    config = keras.constraints.serialize(theirs)
    assert constraints.serialize(ours) == config
    assert constraints.deserialize(config).get_config() == theirs.get_config()


@pytest.mark.parametrize(("name", "arguments"), EACH)
@pytest.mark.parametrize("w", [W, W[:1], W[:0], W[:, :, None]], ids=lambda w: str(w.shape))
def test_values(name, arguments, w):
    theirs = getattr(keras.constraints, name)(**arguments)(tf.constant(w))
    ours = getattr(constraints, name)(**arguments)(w)
    assert ours.dtype == "float32" and ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=5e-7)  # float32, whatever the order of the additions


@pytest.mark.parametrize("name", NAMES)
def test_get(name):
    if name in ("deserialize", "get", "serialize"):
        return
    ours, theirs = constraints.get(name), keras.constraints.get(name)
    assert type(ours).__name__ == type(theirs).__name__ and ours.get_config() == theirs.get_config()


@pytest.mark.parametrize("identifier", ["max_nrm", 3, ["max_norm"], {"max_value": 3}])
def test_what_get_refuses(identifier):
    with pytest.raises(ValueError):
        keras.constraints.get(identifier)
    with pytest.raises((ValueError, TypeError)):
        constraints.get(identifier)

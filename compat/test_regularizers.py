"""Regularizers next to those of Keras: names, arguments, configs, values and gradients."""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf

from minikeras import regularizers
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace

NAMES = [name for name in dir(keras.regularizers) if not name.startswith("_")]
CLASSES = [name for name in NAMES if inspect.isclass(getattr(keras.regularizers, name))]
CASES = {
    "L1": [{}, {"l1": 0.3}, {"l1": 0}, {"l1": None}],
    "L2": [{}, {"l2": 0.3}, {"l2": 0}, {"l2": None}],
    "L1L2": [{}, {"l1": 0.3}, {"l2": 0.3}, {"l1": 0.3, "l2": 0.1}, {"l1": None, "l2": None}],
    "OrthogonalRegularizer": [{}, {"factor": 0.3}, {"mode": "columns"}, {"factor": 0.0, "mode": "rows"}],
    "Regularizer": [],
}
EACH = [(name, arguments) for name in CLASSES for arguments in CASES[getattr(keras.regularizers, name).__name__]]
X = np.array([[0.5, -2, 0, 1], [3, 0.25, -1e4, 1e4], [0, 0, 0, 0], [1e-4, 0.1, -0.7, 7]], "float32")
BAD = [-1, "0.1", float("nan"), float("inf"), [0.1]]


def test_names():
    assert sorted(regularizers.__all__) == sorted(NAMES)


@pytest.mark.parametrize("name", CLASSES)
def test_classes(name):
    ours, theirs = getattr(regularizers, name), getattr(keras.regularizers, name)
    assert ours.__name__ == theirs.__name__
    expected = inspect.signature(theirs).parameters.values()
    received = inspect.signature(ours).parameters.values()
    named = [(each.name, each.default) for each in received if each.kind is not each.VAR_KEYWORD]
    assert named == [(each.name, each.default) for each in expected]


@pytest.mark.parametrize(("name", "arguments"), EACH)
def test_configs(name, arguments):
    ours, theirs = getattr(regularizers, name)(**arguments), getattr(keras.regularizers, name)(**arguments)
    assert ours.get_config() == theirs.get_config()
    config = keras.regularizers.serialize(theirs)
    assert regularizers.serialize(ours) == config
    assert regularizers.deserialize(config).get_config() == theirs.get_config()
    assert keras.regularizers.deserialize(regularizers.serialize(ours)).get_config() == theirs.get_config()


@pytest.mark.parametrize(("name", "arguments"), EACH)
@pytest.mark.parametrize("rows", [4, 2, 0])
def test_values_and_gradients(name, arguments, rows):
    x = X[:rows]
    source = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(source)
        theirs = getattr(keras.regularizers, name)(**arguments)(source)
    their_gradient = tape.gradient(theirs, source)
    with Trace() as trace:
        value = Tensor(x, trace)
        ours = getattr(regularizers, name)(**arguments)(value)
        found = gradients(ours, [value])[0] if isinstance(ours, Tensor) else None
    if "orthogonal" in name.lower() and rows == 0 and arguments.get("mode") != "columns":
        assert float(ours) == 0 and np.isnan(theirs)  # Keras divides by the number of pairs of rows
        return
    # float32, whatever the order of the additions
    np.testing.assert_allclose(np.asarray(ours), theirs.numpy(), rtol=2e-6)
    if their_gradient is None:
        assert found is None
    else:
        np.testing.assert_allclose(np.asarray(found), their_gradient.numpy(), rtol=5e-6, atol=1e-8)


@pytest.mark.parametrize("name", [*NAMES, "L1L2", "l1l2"])
def test_get(name):
    if name in ("deserialize", "get", "serialize", "l1_l2"):  # Keras 3 does not know the string "l1_l2"
        with pytest.raises(ValueError):
            keras.regularizers.get(name)
        return
    ours, theirs = regularizers.get(name), keras.regularizers.get(name)
    assert type(ours).__name__ == type(theirs).__name__
    if name.lower() != "regularizer":  # the base has no config
        assert ours.get_config() == theirs.get_config()


@pytest.mark.parametrize("identifier", ["l3", 3, ["l1"], {"l1": 0.1}])
def test_what_get_refuses(identifier):
    with pytest.raises(ValueError):
        keras.regularizers.get(identifier)
    with pytest.raises((ValueError, TypeError)):
        regularizers.get(identifier)


@pytest.mark.parametrize("value", BAD)
@pytest.mark.parametrize(("name", "argument"), [("L1", "l1"), ("L2", "l2"), ("OrthogonalRegularizer", "factor")])
def test_what_is_refused(name, argument, value):
    for library in (keras.regularizers, regularizers):
        with pytest.raises(ValueError, match=argument):
            getattr(library, name)(**{argument: value})


def test_the_base():
    for library in (keras.regularizers, regularizers):
        assert library.Regularizer()(X) == 0.0
        with pytest.raises(NotImplementedError):
            library.Regularizer().get_config()

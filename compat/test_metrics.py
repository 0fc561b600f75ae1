"""Metrics next to those of Keras: values over batches, state, configs, names."""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.src.trainers.compile_utils import get_loss, get_metric

from minikeras import metrics
from minikeras.engine.naming import reset_names
from minikeras.engine.step import Step
from minikeras.metrics.accuracy import accuracy
from minikeras.metrics.resolve import resolve_accuracy

OPTIONS = {
    "Accuracy": [{}],
    "BinaryAccuracy": [{}, {"threshold": 0.3}],
    "BinaryCrossentropy": [{}, {"from_logits": True}, {"label_smoothing": 0.1}],
    "CategoricalAccuracy": [{}],
    "CategoricalCrossentropy": [{}, {"from_logits": True}, {"label_smoothing": 0.1}],
    "MeanAbsoluteError": [{}],
    "MeanSquaredError": [{}],
    "SparseCategoricalAccuracy": [{}],
    "SparseCategoricalCrossentropy": [{}, {"from_logits": True}, {"ignore_class": 2}],
}
SHAPES = [(5, 4), (3, 6, 4), (7, 2, 3, 4)]
CASES = [(name, options, shape) for name in OPTIONS for options in OPTIONS[name] for shape in SHAPES]


def data(name, shape, seed):
    rng = np.random.default_rng(seed)
    numbers = rng.integers(0, shape[-1], size=shape[:-1])
    y_pred = rng.uniform(0.02, 0.98, size=shape).astype("float32")
    if name.startswith("Sparse"):
        return numbers, y_pred
    if name.startswith("Categorical"):
        return np.eye(shape[-1])[numbers], y_pred
    if name == "Accuracy":
        return rng.integers(0, 3, size=shape), rng.integers(0, 3, size=shape).astype("float32")
    return rng.integers(0, 2, size=shape), y_pred


def same(ours, theirs, **tolerance):
    theirs = keras.ops.convert_to_numpy(theirs)
    assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
    np.testing.assert_allclose(ours, theirs, **tolerance)


def pair(cls, **options):
    return getattr(metrics, cls)(**options), getattr(keras.metrics, cls)(**options)


def same_state(ours, theirs):
    for variable, other in zip(ours.variables, theirs.variables, strict=True):
        same(variable.numpy(), other.numpy(), rtol=3e-6)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("name", "options", "shape"), CASES)
def test_values_over_batches(name, options, shape, weighted):
    ours, theirs = pair(name, **options)
    stepped = getattr(metrics, name)(**options)
    step = Step(lambda data: stepped.update_state(*data), name="step")
    rng = np.random.default_rng(9)
    for seed in range(3):
        y_true, y_pred = data(name, shape, seed)
        # a weight per example; the last axis is reduced by all but the plain accuracies
        values = shape if name in ("Accuracy", "BinaryAccuracy") else shape[:-1]
        weights = (rng.uniform(size=values),) if weighted else ()
        ours.update_state(y_true, y_pred, *weights)
        theirs.update_state(y_true, y_pred, *weights)
        step((y_true, y_pred, *weights))
        same_state(ours, theirs)
        same_state(stepped, theirs)
        same(ours.result(), theirs.result(), rtol=3e-6)
    ours.reset_state()
    theirs.reset_state()
    same_state(ours, theirs)
    same(ours.result(), theirs.result())


WEIGHTS = [
    ((5,), None),
    ((5,), (5,)),
    ((5,), (5, 1)),
    ((5,), ()),
    ((5, 1), (5,)),
    ((5, 3), (5,)),
    ((5, 3), (5, 3)),
    ((5, 3), (1, 3)),
    ((5, 3), (5, 1)),
    ((5, 3), (5, 3, 1)),
    ((5, 3, 2), (5,)),
    ((5, 3, 2), (5, 3)),
    ((5, 3, 2), (5, 3, 1)),
    ((), ()),
    ((), None),
]


@pytest.mark.parametrize(("values", "weights"), WEIGHTS)
@pytest.mark.parametrize("name", ["Mean", "Sum"])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_reductions(name, values, weights, dtype):
    rng = np.random.default_rng(0)
    ours, theirs = pair(name, dtype=dtype)
    for _ in range(2):
        value = rng.uniform(size=values).astype("float32")
        weight = None if weights is None else rng.uniform(size=weights)
        ours.update_state(value, sample_weight=weight)
        theirs.update_state(value, sample_weight=weight)
    tolerance = 1e-2 if dtype == "float16" else 1e-6
    for variable, other in zip(ours.variables, theirs.variables, strict=True):
        same(variable.numpy(), other.numpy(), rtol=tolerance)
    same(ours.result(), theirs.result(), rtol=tolerance)


@pytest.mark.parametrize(("values", "weights"), [((), (2,)), ((3,), (2,)), ((3,), (3, 2))])
def test_weights_that_keras_refuses(values, weights):
    ours, theirs = pair("Mean")
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError)):
        theirs.update_state(np.ones(values, "float32"), np.ones(weights, "float32"))
    with pytest.raises(ValueError, match="sample weights"):
        ours.update_state(np.ones(values, "float32"), np.ones(weights, "float32"))


LABELS = [
    ("sparse_categorical_accuracy", (5,), (5, 4)),
    ("sparse_categorical_accuracy", (5, 1), (5, 4)),
    ("sparse_categorical_accuracy", (5, 3), (5, 3, 4)),
    ("sparse_categorical_accuracy", (5, 3, 1), (5, 3, 4)),
    ("sparse_categorical_accuracy", (5, 1), (5, 1, 4)),
    ("sparse_categorical_accuracy", (5, 1, 1), (5, 1, 4)),
    ("sparse_categorical_accuracy", (5, 1), (5, 1)),
    ("categorical_accuracy", (5, 4), (5, 4)),
    ("categorical_accuracy", (5, 3, 4), (5, 3, 4)),
    ("categorical_accuracy", (5, 1, 4), (5, 4)),
    ("categorical_accuracy", (5, 1), (5, 1)),
    ("binary_accuracy", (5,), (5,)),
    ("binary_accuracy", (5,), (5, 1)),
    ("binary_accuracy", (5, 1), (5,)),
    ("binary_accuracy", (5, 3), (5, 3)),
]


@pytest.mark.parametrize(("name", "labels", "outputs"), LABELS)
@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64", "float32", "float64"])
def test_accuracy_functions(name, labels, outputs, dtype):
    rng = np.random.default_rng(0)
    y_true = rng.integers(0, 2, size=labels).astype(dtype)
    y_pred = rng.uniform(size=outputs).astype("float32")
    ours, theirs = getattr(metrics, name), getattr(keras.metrics, name)
    same(ours(y_true, y_pred), theirs(y_true, y_pred))


def test_plain_accuracy_function():
    y_true, y_pred = np.array([1, 2, 3]), np.float32([[1], [2], [4]])
    same(accuracy(y_true, y_pred), keras.metrics.get("accuracy")._fn(y_true, y_pred))


def test_configs_names_and_paths():
    keras.utils.clear_session()
    reset_names()
    for name in [*OPTIONS, "Mean", "Sum"]:
        for options in [*OPTIONS.get(name, [{}]), {"name": "a/b", "dtype": "float64"}]:
            ours, theirs = pair(name, **options)
            assert (ours.name, ours.dtype) == (theirs.name, theirs.dtype)
            assert list(ours.get_config().items()) == list(theirs.get_config().items())
            assert metrics.serialize(ours) == keras.metrics.serialize(theirs)
            assert metrics.deserialize(keras.metrics.serialize(theirs)).get_config() == theirs.get_config()
            assert repr(ours) == repr(theirs)
            for variable, other in zip(ours.variables, theirs.variables, strict=True):
                assert (variable.path, variable.dtype, variable.shape) == (other.path, other.dtype, other.shape)
                assert (variable.trainable, variable.aggregation) == (other.trainable, other.aggregation)


def test_wrapped_function():
    keras.utils.clear_session()
    reset_names()
    for options in ({}, {"name": "b", "threshold": 0.2}):
        ours = metrics.MeanMetricWrapper(metrics.binary_accuracy, **options)
        theirs = keras.metrics.MeanMetricWrapper(keras.metrics.binary_accuracy, **options)
        assert metrics.serialize(ours) == keras.metrics.serialize(theirs)


def test_aliases():
    names = ["mse", "MSE", "mae", "MAE", "bce", "BCE", "accuracy", "mean", "sum", *OPTIONS, "Mean", "Sum"]
    for name in [*names, *(keras.src.utils.naming.to_snake_case(name) for name in OPTIONS)]:
        ours, theirs = metrics.get(name), keras.metrics.get(name)
        assert (type(ours).__name__, ours.name) == (type(theirs).__name__, theirs.name)


def test_stateless():
    ours, theirs = pair("Mean")
    values = np.float32([1, 2, 6])
    state = ours.stateless_update_state(ours.stateless_reset_state(), values)
    expected = theirs.stateless_update_state(theirs.stateless_reset_state(), values)
    for value, other in zip(state, expected, strict=True):
        same(value, other)
    same(ours.stateless_result(state), theirs.stateless_result(expected))
    same(ours.result(), theirs.result())


RANKS = [(5,), (5, 1), (5, 4), (5, 3, 1), (5, 3, 4), (None, 1), (None, 4), (5, 3)]


@pytest.mark.parametrize("outputs", RANKS)
@pytest.mark.parametrize("labels", RANKS)
def test_what_accuracy_and_crossentropy_mean(labels, outputs):
    y_true, y_pred = keras.KerasTensor(labels), keras.KerasTensor(outputs)
    for which in ("accuracy", "acc"):
        ours, theirs = resolve_accuracy(labels, outputs, which), get_metric(which, y_true, y_pred)
        assert (type(ours).__name__, ours.name) == (type(theirs).__name__, theirs.name)
    for which in ("crossentropy", "ce"):
        ours, theirs = resolve_accuracy(labels, outputs, which), get_loss(which, y_true, y_pred)
        assert ours.__name__ == theirs.fn.__name__


@pytest.mark.parametrize("name", [*OPTIONS, "Mean", "MeanMetricWrapper", "Metric", "Sum"])
def test_arguments(name):
    ours, theirs = (inspect.signature(getattr(module, name)) for module in (metrics, keras.metrics))
    described = [[(each.name, each.default) for each in side.parameters.values()] for side in (ours, theirs)]
    assert described[0] == described[1]

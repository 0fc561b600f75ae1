"""Losses next to those of Keras: values, gradients, configs, names."""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.src.losses.losses import LossFunctionWrapper as KerasWrapper  # not public in Keras

from minikeras import losses, ops
from minikeras.engine.gradients import gradients
from minikeras.engine.naming import reset_names
from minikeras.engine.step import Step
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.losses.reduction import squeeze_or_expand_to_same_rank
from minikeras.losses.wrapper import LossFunctionWrapper

CLASSES = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
]
FUNCTIONS = [
    "binary_crossentropy",
    "categorical_crossentropy",
    "mean_absolute_error",
    "mean_squared_error",
    "sparse_categorical_crossentropy",
]
REDUCTIONS = ["sum_over_batch_size", "mean", "sum", "mean_with_sample_weight", "none", None]
SHAPES = [(5, 4), (3, 6, 4)]
OPTIONS = {
    "BinaryCrossentropy": [{}, {"from_logits": True}, {"label_smoothing": 0.1}, {"axis": 0}],
    "CategoricalCrossentropy": [{}, {"from_logits": True}, {"label_smoothing": 0.1}, {"axis": 1}],
    "MeanAbsoluteError": [{}],
    "MeanSquaredError": [{}],
    "SparseCategoricalCrossentropy": [{}, {"from_logits": True}, {"ignore_class": 2}, {"ignore_class": -1}],
}
CASES = [(name, options, shape) for name in CLASSES for options in OPTIONS[name] for shape in SHAPES]


def data(name, options, shape, dtype="float32", seed=0):
    rng = np.random.default_rng(seed)
    if options.get("from_logits") or name.startswith("Mean"):
        y_pred = rng.normal(size=shape) * 3
    else:
        y_pred = rng.uniform(0.02, 0.98, size=shape)
    if name == "SparseCategoricalCrossentropy":
        y_true = rng.integers(0, shape[-1], size=shape[:-1])
        if options.get("ignore_class") == -1:
            y_true[0] = -1
    elif name == "CategoricalCrossentropy":
        y_true = np.eye(shape[-1])[rng.integers(0, shape[-1], size=shape[:-1])]
    elif name == "BinaryCrossentropy":
        y_true = rng.integers(0, 2, size=shape)
    else:
        y_true = rng.normal(size=shape)
    return y_true, y_pred.astype(dtype)


def same(ours, theirs, **tolerance):
    theirs = keras.ops.convert_to_numpy(theirs)
    assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
    np.testing.assert_allclose(ours, theirs, **tolerance)


def pair(cls, **options):
    return getattr(losses, cls)(**options), getattr(keras.losses, cls)(**options)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(("name", "options", "shape"), CASES)
def test_values(name, options, shape, reduction):
    y_true, y_pred = data(name, options, shape)
    ours, theirs = pair(name, reduction=reduction, **options)
    same(ours(y_true, y_pred), theirs(y_true, y_pred), rtol=3e-6, atol=1e-6)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(("name", "options", "shape"), [case for case in CASES if "axis" not in case[1]])
def test_sample_weights(name, options, shape, reduction):
    y_true, y_pred = data(name, options, shape)
    ours, theirs = pair(name, reduction=reduction, **options)
    weights = np.random.default_rng(1).uniform(size=shape[:-1])
    for weight in (weights, weights[..., None], np.float32(0.5), weights[:1], np.zeros(shape[:-1])):
        expected = theirs(y_true, y_pred, sample_weight=weight)
        same(ours(y_true, y_pred, sample_weight=weight), expected, rtol=3e-6, atol=1e-6)


@pytest.mark.parametrize(("dtype", "rtol"), [("float16", 1e-2), ("float32", 3e-6), ("float64", 1e-7)])
@pytest.mark.parametrize("given", ["float32", "float64"])
@pytest.mark.parametrize("name", CLASSES)
def test_dtypes(name, given, dtype, rtol):
    y_true, y_pred = data(name, {}, (5, 4), given)
    ours, theirs = pair(name, dtype=dtype)
    same(ours(y_true, y_pred), theirs(y_true, y_pred), rtol=rtol)
    assert ours.dtype == theirs.dtype


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("shape", SHAPES)
def test_functions(name, shape):
    cls = "".join(part.title() for part in name.split("_"))
    for options in OPTIONS[cls]:
        y_true, y_pred = data(cls, options, shape)
        ours = getattr(losses, name)(y_true, y_pred, **options)
        same(ours, getattr(keras.losses, name)(y_true, y_pred, **options), rtol=3e-6, atol=1e-6)


@pytest.mark.parametrize("name", ["CategoricalCrossentropy", "SparseCategoricalCrossentropy", "BinaryCrossentropy"])
def test_probabilities_of_zero_and_one(name):
    y_true, _ = data(name, {}, (4, 4))
    y_pred = np.eye(4, dtype="float32")[::-1].copy()
    ours, theirs = pair(name, reduction=None)
    same(ours(y_true, y_pred), theirs(y_true, y_pred), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("name", "options", "shape"), CASES)
def test_gradients(name, options, shape):
    y_true, y_pred = data(name, options, shape)
    ours, theirs = pair(name, **options)
    weight = None if "axis" in options else np.random.default_rng(1).uniform(size=shape[:-1]).astype("float32")
    with Trace() as trace:
        source = Tensor(y_pred, trace)
        result = gradients(ours(y_true, source, weight), [source])[0]
    variable = tf.Variable(y_pred)
    with tf.GradientTape() as tape:
        value = theirs(y_true, variable, weight)
    expected = tape.gradient(value, variable)
    same(result.array, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "activation"),
    [
        ("CategoricalCrossentropy", "softmax"),
        ("SparseCategoricalCrossentropy", "softmax"),
        ("BinaryCrossentropy", "sigmoid"),
    ],
)
@pytest.mark.parametrize("scale", [1.0, 50.0])
def test_a_step_from_scores(name, activation, scale):
    """With scores of 50 the activation rounds to 0 and 1, so this needs the scores behind it, as in a graph of TF."""
    ours, theirs = pair(name)
    ours_activation, theirs_activation = getattr(ops, activation), getattr(keras.activations, activation)

    def traced(inputs):
        value = ours(inputs[0], ours_activation(inputs[1]))
        return value, gradients(value, [inputs[1]])[0]

    @tf.function
    def graph(labels, scores):
        with tf.GradientTape() as tape:
            tape.watch(scores)
            value = theirs(labels, theirs_activation(scores))
        return value, tape.gradient(value, scores)

    step = Step(traced, name="step")
    for seed in range(3):  # traced once, then replayed
        y_true, scores = data(name, {"from_logits": True}, (8, 5), seed=seed)
        scores *= np.float32(scale)
        expected = graph(tf.constant(y_true), tf.constant(scores))
        result = step((y_true, scores))
        same(result[0], expected[0], rtol=1e-5)
        same(result[1], expected[1], rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize(
    ("labels", "outputs"), [((5,), (5, 1)), ((5, 1), (5,)), ((5, 3), (5, 3, 1)), ((5, 3, 1), (5, 3)), ((5, 1), (5, 3))]
)
@pytest.mark.parametrize("name", ["MeanSquaredError", "MeanAbsoluteError"])
def test_ranks_of_regression(name, labels, outputs):
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.normal(size=labels), rng.normal(size=outputs).astype("float32")
    ours, theirs = pair(name)
    same(ours(y_true, y_pred), theirs(y_true, y_pred), rtol=1e-6)


@pytest.mark.parametrize(
    ("first", "second"), [((5,), (5, 1)), ((5, 2), (5, 2, 1)), ((1,), ()), ((5,), (5, 2)), ((5, 1, 1), (5,))]
)
def test_same_rank(first, second):
    from keras.src.losses.loss import squeeze_or_expand_to_same_rank as theirs

    for shapes in ((first, second), (second, first)):
        values = [np.zeros(shape, "float32") for shape in shapes]
        expected = [tuple(value.shape) for value in theirs(*values)]
        assert [value.shape for value in squeeze_or_expand_to_same_rank(*values)] == expected


@pytest.mark.parametrize(("labels", "outputs"), [((5,), (5, 1)), ((5, 1), (5, 1)), ((5, 3), (5, 3, 1))])
def test_ranks_of_binary(labels, outputs):
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.integers(0, 2, size=labels), rng.uniform(size=outputs).astype("float32")
    ours, theirs = pair("BinaryCrossentropy")
    same(ours(y_true, y_pred), theirs(y_true, y_pred), rtol=1e-6)


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64", "float32"])
def test_labels_with_an_axis_more(dtype):
    y_true, y_pred = data("SparseCategoricalCrossentropy", {}, (5, 4))
    ours, theirs = pair("SparseCategoricalCrossentropy")
    labels = y_true[:, None].astype(dtype)
    same(ours(labels, y_pred), theirs(labels, y_pred), rtol=1e-6)


def test_configs_and_names():
    keras.utils.clear_session()
    reset_names()
    for name in CLASSES:
        for options in [*OPTIONS[name], {"name": "own", "reduction": "sum"}]:
            ours, theirs = pair(name, **options)
            expected = theirs.get_config()
            if name == "SparseCategoricalCrossentropy":
                assert "axis" not in expected
            assert ours.get_config() == expected
            assert list(ours.get_config()) == list(expected)
            assert losses.serialize(ours) == keras.losses.serialize(theirs)
            again = losses.deserialize(keras.losses.serialize(theirs))
            assert again.get_config() == expected
    for name in FUNCTIONS:
        ours, theirs = LossFunctionWrapper(getattr(losses, name)), KerasWrapper(getattr(keras.losses, name))
        assert (ours.name, ours.get_config()) == (theirs.name, theirs.get_config())
        assert losses.serialize(ours.fn) == keras.losses.serialize(theirs.fn)


def test_aliases():
    for name in ["mse", "MSE", "mae", "MAE", "bce", "BCE", *FUNCTIONS]:
        assert losses.get(name).__name__ == keras.losses.get(name).__name__
    for name in CLASSES:
        assert type(losses.get(name)).__name__ == type(keras.losses.get(name)).__name__


@pytest.mark.parametrize(
    ("name", "labels", "outputs"),
    [
        ("MeanSquaredError", (5, 2), (5, 3)),
        ("CategoricalCrossentropy", (5,), (5, 4)),
        ("CategoricalCrossentropy", (5, 1), (5, 4)),
        ("SparseCategoricalCrossentropy", (5, 4), (5, 4)),
        ("SparseCategoricalCrossentropy", (4,), (5, 4)),
        ("BinaryCrossentropy", (5, 2), (5, 3)),
    ],
)
def test_what_keras_refuses(name, labels, outputs):
    y_true, y_pred = np.zeros(labels, "float32"), np.full(outputs, 0.25, "float32")
    ours, theirs = pair(name)
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError)):
        theirs(y_true, y_pred)
    with pytest.raises(ValueError, match="Received|fit together"):
        ours(y_true, y_pred)


@pytest.mark.parametrize("name", [*CLASSES, *FUNCTIONS, "Loss"])
def test_arguments(name):
    ours, theirs = (inspect.signature(getattr(module, name)) for module in (losses, keras.losses))
    described = [[(each.name, each.default) for each in side.parameters.values()] for side in (ours, theirs)]
    assert described[0] == described[1]

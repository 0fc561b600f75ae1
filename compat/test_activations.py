"""Activations next to those of Keras: every public name, values, gradients, types, spellings, configs."""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf

from minikeras import activations, layers, ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from tests.activations.cases import CORNERS, NEEDED, OPTIONS

# Everything below is about what the reference lists, so that a name minikeras lacks fails.
PUBLIC = [name for name in dir(keras.activations) if not name.startswith("_")]
NAMES = [name for name in PUBLIC if name not in ("deserialize", "get", "serialize")]
CASES = [(name, {**NEEDED.get(name, {}), **options}) for name in NAMES for options in ({}, *OPTIONS.get(name, []))]
every = pytest.mark.parametrize(("name", "options"), CASES, ids=[f"{name}-{options}" for name, options in CASES])
SHAPES = [(8,), (5, 8), (2, 4, 6), (2, 2, 2, 4), (0, 4), (1, 2)]
# float16 and float64: Keras takes some constants in the type of the value, some in float32.
BOUNDS = {"float16": 4e-3, "float32": 3e-6, "float64": 1e-6}


def test_names():
    assert activations.__all__ == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_arguments(name):
    ours, theirs = (inspect.signature(getattr(module, name)) for module in (activations, keras.activations))
    described = [[(each.name, each.default) for each in side.parameters.values()] for side in (ours, theirs)]
    assert described[0] == described[1]


def values(name, options, x):
    theirs = keras.ops.convert_to_numpy(getattr(keras.activations, name)(tf.constant(x), **options))
    ours = getattr(activations, name)(x, **options)
    assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
    return ours, theirs


@pytest.mark.filterwarnings("ignore:You are using a softmax:UserWarning", "ignore:`softmax` over an axis:UserWarning")
@every
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", BOUNDS)
def test_values(name, options, shape, dtype):
    if len(shape) == 1 and options.get("axis") == 1:
        return  # no such axis
    x = np.random.default_rng(0).normal(size=shape).astype(dtype) * 3
    try:
        ours, theirs = values(name, options, x)
    except tf.errors.InvalidArgumentError:
        # TensorFlow has no largest of none, nor half of an odd size
        assert 0 in shape or name == "glu"
        return
    except ValueError as error:
        assert "divisible by 2" in str(error) and name == "glu"
        with pytest.raises(ValueError, match="even size"):
            getattr(activations, name)(x, **options)
        return
    np.testing.assert_allclose(ours, theirs, rtol=BOUNDS[dtype], atol=BOUNDS[dtype])


@every
def test_values_at_the_corners_and_far_out(name, options):
    ours, theirs = values(name, options, CORNERS)
    # log_softmax is the difference of numbers of the size 1e4.
    np.testing.assert_allclose(ours, theirs, rtol=3e-6, atol=1e-6)


def test_both_warn_of_a_softmax_of_one():
    for module in (activations, keras.activations):
        with pytest.warns(UserWarning, match="softmax.* axis.* of size 1|This axis has size 1"):
            module.softmax(np.ones((2, 1), "float32"))


def their_gradient(name, options, x, weights):
    source = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(source)
        y = getattr(keras.activations, name)(source, **options)
        total = tf.reduce_sum(y * weights(y.shape))
    return tape.gradient(total, source).numpy()


def our_gradient(name, options, x, weights):
    with Trace() as trace:
        source = Tensor(x, trace)
        y = getattr(activations, name)(source, **options)
        (gradient,) = gradients(ops.sum(y * weights(y.shape)), [source])
    return np.asarray(getattr(gradient, "array", gradient))


def both_gradients(name, options, x):
    def weights(shape):
        return np.cos(np.arange(np.prod(shape), dtype=x.dtype)).reshape(shape)

    ours, theirs = our_gradient(name, options, x, weights), their_gradient(name, options, x, weights)
    assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
    return ours, theirs


@every
@pytest.mark.parametrize("dtype", BOUNDS)
def test_gradients(name, options, dtype):
    x = np.random.default_rng(1).normal(size=(4, 6)).astype(dtype) * 3
    ours, theirs = both_gradients(name, options, x)
    np.testing.assert_allclose(ours, theirs, rtol=BOUNDS[dtype], atol=BOUNDS[dtype])


@every
def test_gradients_at_the_corners_and_far_out(name, options):
    """The slopes at corners are a matter of convention; of two numbers with no NaN in Keras there is none here."""
    x = CORNERS[CORNERS != 0].reshape(2, -1)[:, :10] if name == "celu" else CORNERS
    ours, theirs = both_gradients(name, options, x)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=2e-6)


def test_celu_at_0():
    """Its slope there is 1 from both sides. Keras adds the slopes of both parts of its formula and gets 2."""
    zero = np.zeros(1, "float32")
    arguments = ("celu", {}, zero, lambda shape: np.ones(shape, "float32"))
    assert (our_gradient(*arguments).tolist(), their_gradient(*arguments).tolist()) == ([1], [2])


@pytest.mark.parametrize(
    "value", [[[1.5, -2.5]], np.int32([[1, -2]]), np.int64([[3, 0]]), 2.5, True, np.uint8([[1, 2]])]
)
@pytest.mark.parametrize("name", NAMES)
def test_other_values(name, value):
    """Lists, numbers and integers: where Keras takes them."""
    options = NEEDED.get(name, {})
    try:
        theirs = getattr(keras.activations, name)(value, **options)
    except (TypeError, ValueError, AttributeError, tf.errors.OpError):
        return  # minikeras takes them, as floats; see tests/
    ours = getattr(activations, name)(value, **options)
    if name == "linear":
        assert ours is theirs is value
        return
    theirs = keras.ops.convert_to_numpy(theirs)
    if isinstance(value, np.ndarray) and name in ("soft_shrink", "exponential"):
        # Of numpy's integers Keras makes numpy's float64, or cuts the results off to integers.
        assert ours.dtype == "float32"
        return
    assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
    np.testing.assert_allclose(ours, theirs, rtol=3e-6, atol=1e-6)


@pytest.mark.parametrize("name", [*NAMES, None])
def test_spellings(name):
    """By string, by function, in a config, in a layer; what Keras writes is read and the same is written."""
    theirs, ours = keras.activations.get(name), activations.get(name)
    assert ours.__name__ == theirs.__name__
    assert ours is getattr(activations, theirs.__name__)
    assert activations.get(ours) is ours
    written = keras.activations.serialize(theirs)
    assert activations.serialize(ours) == written
    assert activations.deserialize(written) is ours
    config = {"module": "builtins", "class_name": "function", "config": written, "registered_name": "function"}
    assert activations.get(config) is activations.deserialize(config) is ours
    if name in NEEDED:
        return
    x = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
    for identifier in (name, theirs.__name__):
        expected = keras.layers.Activation(identifier or "linear")(x)
        np.testing.assert_allclose(layers.Activation(identifier or "linear")(x), expected, rtol=3e-6, atol=1e-6)
    if name != "glu":  # Keras's `Dense` goes by the shape before the activation
        dense, their_dense = layers.Dense(4, activation=name), keras.layers.Dense(4, activation=name)
        expected = their_dense(x)
        dense(x)
        dense.set_weights(their_dense.get_weights())
        np.testing.assert_allclose(dense(x), expected, rtol=1e-5, atol=1e-6)
        assert dense.get_config()["activation"] == their_dense.get_config()["activation"]


def test_functions_of_the_user():
    def mine(x):
        return x

    written = keras.activations.serialize(mine)
    assert activations.serialize(mine) == written
    for module in (activations, keras.activations):
        assert module.deserialize(written, custom_objects={"mine": mine}) is mine
        assert module.deserialize("mine", custom_objects={"mine": mine}) is mine
        assert module.get(mine) is mine


def test_layers():
    ours, theirs = layers.ReLU(max_value=2.0, name="r"), keras.layers.ReLU(max_value=2.0, name="r")
    written = keras.activations.serialize(theirs)
    received = activations.serialize(ours)
    assert list(received) == list(written)
    assert {**received, "config": None} == {**written, "config": None}


@pytest.mark.parametrize("identifier", ["relo", 3, {"class_name": "function", "config": "relo", "module": "builtins"}])
def test_what_keras_refuses(identifier):
    with pytest.raises((ValueError, TypeError)):
        keras.activations.get(identifier)
    with pytest.raises((ValueError, TypeError)):
        activations.get(identifier)


@pytest.mark.parametrize("name", ["ReLU", "ELU", "Softmax"])
def test_names_of_keras_2_are_taken_with_a_warning(name):
    with pytest.raises(ValueError):
        keras.activations.get(name)
    with pytest.warns(DeprecationWarning):
        assert callable(activations.get(name))

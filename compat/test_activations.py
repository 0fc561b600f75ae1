"""Activations next to those of Keras: names, values and gradients."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from minikeras import activations, ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace

NOT_OFFERED = {
    "celu",
    "glu",
    "hard_shrink",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "log_sigmoid",
    "soft_shrink",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "tanh_shrink",
    "threshold",
}
NAMES = [name for name in activations.__all__ if name not in ("deserialize", "get", "serialize")]
CASES = [(name, {}) for name in NAMES] + [
    ("relu", {"negative_slope": 0.1}),
    ("relu", {"max_value": 6.0}),
    ("relu", {"max_value": 2.5}),
    ("relu", {"threshold": 0.5}),
    ("relu", {"threshold": -1.5, "max_value": 4.0}),
    ("relu", {"negative_slope": 0.1, "max_value": 6.0, "threshold": 0.5}),
    ("relu", {"negative_slope": 0.1, "max_value": 6.0}),
    ("leaky_relu", {"negative_slope": 1.5}),
    ("elu", {"alpha": 0.7}),
    ("gelu", {"approximate": True}),
    ("softmax", {"axis": 0}),
    ("log_softmax", {"axis": 0}),
]
# The corners of the piecewise ones are among the points: there the slopes are a matter of convention.
X = np.concatenate([np.linspace(-7, 7, 29), [-3, 3, -1, 1, 0, 6, 0.5, 2.5, -20, 20, 1e-3]]).astype("float32")
X = X.reshape(5, 8)


def test_names():
    theirs = {name for name in dir(keras.activations) if not name.startswith("_")}
    assert theirs - set(activations.__all__) == NOT_OFFERED
    assert set(activations.__all__) <= theirs


@pytest.mark.parametrize(("name", "options"), CASES)
def test_values_and_gradients(name, options):
    weights = np.cos(np.arange(X.size, dtype="float32")).reshape(X.shape)
    source = tf.constant(X)
    with tf.GradientTape() as tape:
        tape.watch(source)
        theirs = getattr(keras.activations, name)(source, **options)
        total = tf.reduce_sum(theirs * weights)
    their_gradient = tape.gradient(total, source)
    with Trace() as trace:
        x = Tensor(X, trace)
        ours = getattr(activations, name)(x, **options)
        (our_gradient,) = gradients(ops.sum(ours * weights), [x])
    np.testing.assert_allclose(np.asarray(ours), theirs.numpy(), rtol=3e-6, atol=1e-6)
    np.testing.assert_allclose(np.asarray(our_gradient), their_gradient.numpy(), rtol=3e-6, atol=2e-6)


@pytest.mark.parametrize("name", NAMES)
def test_serialize(name):
    ours = activations.serialize(getattr(activations, name))
    assert ours == keras.activations.serialize(getattr(keras.activations, name))


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_one_axis(name):
    ours, theirs = getattr(activations, name)(X[0]), getattr(keras.activations, name)(tf.constant(X[0]))
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-6)


@pytest.mark.parametrize("identifier", ["relo", 3])
def test_what_keras_refuses(identifier):
    with pytest.raises(ValueError):
        keras.activations.get(identifier)
    with pytest.raises((ValueError, TypeError)):
        activations.get(identifier)

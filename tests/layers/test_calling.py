"""Calling a layer: `training`, masks, what is checked and what comes back."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.engine.masks import get_mask, set_mask
from minikeras.errors import ArgumentError, ShapeError, StateError
from minikeras.layers import InputSpec, Layer
from minikeras.layers.calling import is_in_call


class Training(Layer):
    def call(self, inputs, training=None):
        return inputs * (1.0 if training is None else 2.0 if training else 3.0)


class Outer(Layer):
    def __init__(self):
        super().__init__()
        self.inner = Training()

    def call(self, inputs):
        assert is_in_call()
        return self.inner(inputs)


def test_training_reaches_sublayers():
    x = np.ones((1, 1), "float32")
    assert [Outer()(x, training=training).item() for training in (None, True, False)] == [1, 2, 3]
    assert not is_in_call()


def test_a_call_that_returns_nothing():
    class Nothing(Layer):
        def call(self, inputs):
            pass

    with pytest.raises(ArgumentError, match="`call` returned None"):
        Nothing()(np.ones((1, 2)))


def test_the_number_of_inputs_is_checked():
    layer = Training()
    layer.input_spec = [InputSpec(ndim=2), InputSpec(ndim=2)]
    with pytest.raises(ShapeError, match=r"expected 2 input\(s\), received 1"):
        layer(np.ones((1, 2)))


def test_masks_pass_through_or_end_with_a_warning():
    x = np.ones((1, 2, 1), "float32")
    set_mask(x, np.array([[True, False]]))
    assert get_mask(layers.ReLU()(x)).tolist() == [[True, False]]
    with pytest.warns(UserWarning, match="does not support masking"):
        assert get_mask(Training()(x)) is None


def test_call_cannot_write_to_its_inputs():
    class Writes(Layer):
        def call(self, inputs):
            inputs[0] = 5.0
            return inputs

    x = np.ones((2, 1), "float32")
    with pytest.raises((ValueError, TypeError)):
        Writes()(x)
    assert x.tolist() == [[1], [1]]
    y = layers.Identity()(x)
    y[0] = 7
    assert x.tolist() == [[1], [1]]


def test_stateless_call():
    layer = layers.BatchNormalization(momentum=0.5)
    with pytest.raises(StateError, match="is not built"):
        layer.stateless_call([], [], np.ones((2, 1)))
    layer.build((None, 1))
    x = np.array([[1.0], [3.0]], "float32")
    outputs, updated = layer.stateless_call([[2.0], [1.0]], [[0.0], [1.0]], x, training=True)
    np.testing.assert_allclose(outputs, [[-1], [3]], atol=2e-3)  # 2 * -+1 + 1
    np.testing.assert_allclose(updated, [[1], [1]])
    assert layer.moving_mean.numpy().tolist() == [0]
    with pytest.raises(ArgumentError, match="`trainable_variables` must have 2 values"):
        layer.stateless_call([1.0], [[0.0], [1.0]], x)

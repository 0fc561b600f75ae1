"""What a layer holds: weights in order, sublayers, freezing, saving."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError, StateError
from minikeras.layers import Layer


class Block(Layer):
    def __init__(self):
        super().__init__(name="block")
        self.first = layers.Dense(2, name="first")
        self.rest = [layers.Dense(3, use_bias=False, name="second")]

    def build(self, input_shape):
        self.scale = self.add_weight((), "ones", name="scale")
        self.first.build(input_shape)
        self.rest[0].build((None, 2))


def built():
    layer = Block()
    layer.build((None, 4))
    return layer


def test_weights_of_the_layer_come_before_those_of_sublayers():
    assert [weight.path for weight in built().weights] == [
        "block/scale",
        "block/first/kernel",
        "block/first/bias",
        "block/second/kernel",
    ]
    assert built().count_params() == 1 + 8 + 2 + 6
    with pytest.raises(StateError, match="its parameters cannot be counted"):
        Block().count_params()


def test_freezing_reaches_sublayers():
    layer = built()
    layer.first.trainable = False
    assert [weight.name for weight in layer.trainable_weights] == ["scale", "kernel"]
    assert [weight.name for weight in layer.non_trainable_weights] == ["kernel", "bias"]
    layer.trainable = False
    assert layer.trainable_variables == [] and not layer.rest[0].trainable
    layer.trainable = True
    assert len(layer.trainable_variables) == 4


def test_set_weights_checks_all_before_it_sets_any():
    layer = built()
    before = layer.get_weights()
    with pytest.raises(ArgumentError, match="expects 4 arrays, received 1"):
        layer.set_weights([1.0])
    with pytest.raises(ShapeError):
        layer.set_weights([5.0, *before[1:3], np.ones((1, 1))])
    assert layer.scale.numpy() == 1
    layer.set_weights([5.0, *before[1:]])
    assert layer.scale.numpy() == 5


def test_own_variables_are_saved_without_those_of_sublayers():
    layer, store = built(), {}
    layer.save_own_variables(store)
    assert list(store) == ["0"] and store["0"] == 1
    layer.load_own_variables({"0": np.float32(3)})
    assert layer.scale.numpy() == 3
    with pytest.raises(ArgumentError, match="expects 1 arrays, received 0"):
        layer.load_own_variables({})


def test_state_in_a_default_value_would_be_shared():
    class Shared(Layer):
        def __init__(self, inner=layers.Dense(2)):  # noqa: B008
            super().__init__()
            self.inner = inner

    with pytest.raises(ArgumentError, match="`self.inner` is the default of a parameter of `__init__`"):
        Shared()

import numpy as np
import pytest

from minikeras import activations, layers, ops
from minikeras.errors import ArgumentTypeError, LegacyWarning, SerializationError, UnknownNameError
from minikeras.serialization.custom_objects import CustomObjectScope
from tests.activations.cases import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_names(name):
    function = getattr(activations, name)
    assert activations.get(name) is function
    assert activations.get(function) is function
    assert activations.deserialize(name) is function
    assert activations.deserialize(activations.serialize(function)) is function
    assert activations.serialize(function) == {"swish": "silu", "hard_swish": "hard_silu"}.get(name, name)


def test_none_is_linear():
    assert activations.get(None) is activations.linear


def test_functions_of_the_user():
    def mine(x):
        return x

    assert activations.get(mine) is mine
    config = activations.serialize(mine)
    assert config == {"module": "builtins", "class_name": "function", "config": "mine", "registered_name": "function"}
    assert activations.deserialize(config, custom_objects={"mine": mine}) is mine
    assert activations.deserialize("mine", custom_objects={"mine": mine}) is mine
    assert activations.deserialize("relu", custom_objects={"mine": mine}) is activations.relu
    assert activations.deserialize("relu", custom_objects={"relu": mine}) is mine
    with pytest.raises(UnknownNameError, match="'mine'"):
        activations.deserialize(config)


def test_objects_of_the_user():
    class Scaled:
        def __init__(self, factor):
            self.factor = factor

        def __call__(self, x):
            return x * self.factor

        def get_config(self):
            return {"factor": self.factor}

        @classmethod
        def from_config(cls, config):
            return cls(**config)

    config = activations.serialize(Scaled(3))
    again = activations.deserialize(config, custom_objects={"Scaled": Scaled})
    assert again(2) == 6


def test_layers():
    layer = layers.ReLU(max_value=2.0)
    assert activations.get(layer) is layer
    assert activations.serialize(layer) == layers.serialize(layer)
    layer(np.zeros((2, 3), "float32"))
    assert activations.serialize(layer) == layers.serialize(layer)


def test_ops_go_by_their_names():
    assert activations.serialize(ops.relu) == "relu"


def test_own_functions_do_not_become_others_of_the_same_name():
    def relu(x):
        return x

    with pytest.raises(SerializationError, match="'relu'.*register_keras_serializable"):
        activations.serialize(relu)
    with CustomObjectScope({"relu": relu}):
        assert activations.deserialize(activations.serialize(relu)) is relu


def test_config_of_a_function():
    config = {"class_name": "function", "config": "relu", "registered_name": "relu"}
    assert activations.get(config) is activations.relu


@pytest.mark.parametrize(("name", "today"), [("ReLU", "relu"), ("ELU", "elu"), ("Softmax", "softmax")])
def test_names_of_keras_2(name, today):
    with pytest.warns(LegacyWarning, match=f"'{name}'.*write '{today}'"):
        assert activations.get(name) is getattr(activations, today)


@pytest.mark.parametrize(("name", "nearest"), [("relo", "relu"), ("LeakyReLU", "leaky_relu"), ("sigmod", "sigmoid")])
def test_unknown_name(name, nearest):
    with pytest.raises(UnknownNameError, match=f"Unknown activation: '{name}'. Did you mean '{nearest}'?"):
        activations.get(name)


@pytest.mark.parametrize("identifier", [3, 2.5, [1]])
def test_something_else(identifier):
    with pytest.raises(ArgumentTypeError, match="activation"):
        activations.get(identifier)

import pytest

from minikeras import activations, layers, ops
from minikeras.engine.custom_objects import CustomObjectScope
from minikeras.errors import ArgumentTypeError, SerializationError, UnknownNameError

NAMES = [name for name in activations.__all__ if name not in ("deserialize", "get", "serialize")]


@pytest.mark.parametrize("name", NAMES)
def test_names(name):
    function = getattr(activations, name)
    assert activations.get(name) is function
    assert activations.get(function) is function
    assert activations.deserialize(name) is function
    assert activations.deserialize(activations.serialize(function)) is function
    assert activations.serialize(function) == {"swish": "silu"}.get(name, name)


def test_none_is_linear():
    assert activations.get(None) is activations.linear


def test_own_functions():
    def mine(x):
        return x

    assert activations.get(mine) is mine
    config = activations.serialize(mine)
    assert config == {"module": "builtins", "class_name": "function", "config": "mine", "registered_name": "function"}
    assert activations.deserialize(config, {"mine": mine}) is mine
    with pytest.raises(UnknownNameError, match="'mine'"):
        activations.deserialize(config)


def test_own_functions_do_not_become_others_of_the_same_name():
    def relu(x):
        return x

    with pytest.raises(SerializationError, match="'relu'.*register_keras_serializable"):
        activations.serialize(relu)
    with CustomObjectScope({"relu": relu}):
        assert activations.deserialize(activations.serialize(relu)) is relu


def test_an_op_is_written_as_the_activation_of_that_name():
    assert activations.serialize(ops.relu) == "relu"


def test_a_layer_is_an_activation():
    config = activations.serialize(layers.ReLU(max_value=6.0))
    assert (config["module"], config["class_name"]) == ("keras.layers", "ReLU")
    assert type(activations.get(config)) is layers.ReLU and activations.deserialize(config).max_value == 6.0


def test_config_of_a_function():
    config = {"class_name": "function", "config": "relu", "registered_name": "relu"}
    assert activations.get(config) is activations.relu


@pytest.mark.parametrize(("name", "nearest"), [("relo", "relu"), ("Softmax", "softmax"), ("sigmod", "sigmoid")])
def test_unknown_name(name, nearest):
    with pytest.raises(UnknownNameError, match=f"Unknown activation: '{name}'. Did you mean '{nearest}'?"):
        activations.get(name)


@pytest.mark.parametrize("identifier", [3, 2.5, [1]])
def test_something_else(identifier):
    with pytest.raises(ArgumentTypeError, match="activation"):
        activations.get(identifier)

import pytest

from minikeras import activations
from minikeras.errors import ArgumentError, ArgumentTypeError, UnknownNameError

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
    with pytest.raises(ArgumentError, match="not one of minikeras"):
        activations.serialize(mine)


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

"""What a model tells about its layers, inputs and outputs."""

import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError
from minikeras.models.structure import single_or_all


def two_inputs():
    a, b = layers.Input((2,), name="a"), layers.Input((3,), name="b")
    return minikeras.Model({"a": a, "b": b}, [layers.Dense(4, name="x")(a), layers.Dense(5, name="y")(b)])


def test_inputs_and_outputs():
    model = two_inputs()
    assert model.input_shape == [(None, 2), (None, 3)] and model.output_shape == [(None, 4), (None, 5)]
    assert model.output_names == ["x", "y"] and sorted(model.input) == ["a", "b"]
    assert [tensor.name for tensor in model.inputs] == ["a", "b"] and len(model.outputs) == 2
    assert [layer.name for layer in model.layers] == ["a", "b", "x", "y"] and len(model.operations) == 4
    assert [spec.shape for spec in model.input_spec] == [(None, 2), (None, 3)]


def test_get_layer():
    model = two_inputs()
    assert model.get_layer("x") is model.get_layer(index=2) is model.layers[2] and model.get_layer(index=-1).name == "y"
    with pytest.raises(ArgumentError, match="No such layer: 'z'. The layers are"):
        model.get_layer("z")
    with pytest.raises(ArgumentError, match="there is no layer 4; the model has 4 layers"):
        model.get_layer(index=4)
    for arguments in ({}, {"name": "x", "index": 2}):
        with pytest.raises(ArgumentError, match="either a layer's `name` or its `index`"):
            model.get_layer(**arguments)


def test_a_subclass_has_layers_but_no_graph():
    class Own(minikeras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2)

    model = Own()
    assert model.layers == [model.dense]
    for name in ("inputs", "outputs", "output_names", "operations", "input_shape", "output_shape"):
        with pytest.raises(AttributeError, match=f"has no defined {name} yet"):
            getattr(model, name)
    with pytest.raises(AttributeError, match="`layers` of .* is set by minikeras"):
        model.layers = []


def test_single_or_all():
    assert single_or_all([3]) == 3 and single_or_all((3, 4)) == (3, 4)
    assert single_or_all({"a": 3}) == {"a": 3} and single_or_all(3) == 3

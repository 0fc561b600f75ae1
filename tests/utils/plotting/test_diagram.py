import numpy as np
import pytest

from minikeras import Model, Sequential, layers
from minikeras.errors import StateError
from minikeras.utils.plotting.diagram import Cell, Diagram, Show, diagram_of

ALL = Show(True, True, True, True, True)


def names(diagram):
    """The names of the layers, those of nested models in a list."""
    return [names(item) if isinstance(item, Diagram) else item.name for item in diagram.items]


def edges(diagram):
    """The arrows by the names of layers, of each model by itself."""
    known = {own.key: own.name for own in diagram.boxes()}
    inner = [edge for item in diagram.items if isinstance(item, Diagram) for edge in edges(item)]
    return inner + [(known.get(source), known.get(target)) for source, target in diagram.edges]


def twins():
    encoder = Sequential([layers.Input((8,)), layers.Dense(4, name="a"), layers.Dense(3, name="b")], name="encoder")
    left, right = layers.Input((8,), name="left"), layers.Input((8,), name="right")
    return Model([left, right], layers.Add(name="sum")([encoder(left), encoder(right)]))


def test_a_nested_model_is_one_box():
    diagram = diagram_of(twins(), Show())
    assert names(diagram) == ["left", "right", "encoder", "sum"]
    assert edges(diagram) == [("left", "encoder"), ("right", "encoder"), ("encoder", "sum")]


def test_a_nested_model_with_its_layers():
    diagram = diagram_of(twins(), Show(), expand_nested=True)
    assert names(diagram) == ["left", "right", ["a", "b"], "sum"]
    assert edges(diagram) == [("a", "b"), ("left", "a"), ("right", "a"), ("b", "sum")]


def test_models_in_models_in_models():
    inner = Sequential([layers.Input((3,)), layers.Dense(3, name="x"), layers.Dense(3, name="y")], name="inner")
    middle = Sequential([layers.Input((3,)), inner, layers.Dense(3, name="z")], name="middle")
    outer = Sequential([layers.Input((3,)), layers.Dense(3, name="w"), middle, layers.Dense(1, name="v")])
    diagram = diagram_of(outer, Show(), expand_nested=True)
    assert names(diagram) == ["w", [["x", "y"], "z"], "v"]
    names_of = {own.key: own.name for own in diagram.boxes()}
    middle = diagram.items[1]
    assert [(names_of[source], names_of[target]) for source, target in middle.edges] == [("y", "z")]
    assert edges(diagram)[-2:] == [("w", "x"), ("z", "v")]


def test_only_calls_in_the_model_have_arrows():
    value, dense = layers.Input((3,), name="in"), layers.Dense(3, name="dense")
    model = Model(value, dense(value))
    other = layers.Input((3,), name="other")
    dense(other)
    assert edges(diagram_of(model, Show())) == [("in", "dense")]


def test_a_layer_called_twice():
    value, dense = layers.Input((3,), name="in"), layers.Dense(3, name="dense")
    diagram = diagram_of(Model(value, dense(dense(value))), ALL)
    assert edges(diagram) == [("in", "dense"), ("dense", "dense")]
    (box,) = [own for own in diagram.boxes() if own.name == "dense"]
    assert [cell.value for cell in box.cells] == ["(None, 3)", "(None, 3)", "float32", "Trainable"]


def test_what_a_box_shows():
    model = Sequential([layers.Input((4,)), layers.Dense(3, "relu", name="d"), layers.Dropout(0.1, name="o")], name="m")
    model.layers[0].trainable = False
    first, second = diagram_of(model, ALL).boxes()
    assert (first.name, first.class_name, first.activation) == ("d", "Dense", "relu") and second.activation is None
    assert first.cells == [
        Cell("Input shape: ", "(None, 4)"),
        Cell("Output shape: ", "(None, 3)"),
        Cell("Output dtype: ", "float32"),
        Cell("", "Non-trainable", "firebrick", "white"),
    ]
    assert len(second.cells) == 3  # it has no weights
    (plain, _) = diagram_of(model, Show(layer_names=False)).boxes()
    assert (plain.name, plain.activation, plain.cells) == (None, None, [])


def test_shapes_of_several_inputs():
    a, b = layers.Input((3,), name="a"), layers.Input((3,), name="b")
    model = Model({"a": a, "b": b}, {"sum": layers.Add(name="sum")([a, b]), "a": layers.Identity(name="same")(a)})
    (box,) = [own for own in diagram_of(model, Show(shapes=True)).boxes() if own.name == "sum"]
    assert box.cells[0].value == "[(None, 3), (None, 3)]"
    outer = layers.Input((3,))
    boxes = diagram_of(Model(outer, model({"a": outer, "b": outer})), Show(shapes=True)).boxes()
    (box,) = [own for own in boxes if own.name == model.name]
    assert [cell.value for cell in box.cells] == ["a: (None, 3), b: (None, 3)", "sum: (None, 3), a: (None, 3)"]


class Own(Model):
    def __init__(self):
        super().__init__(name="own")
        self.dense = layers.Dense(2)

    def call(self, inputs):
        return self.dense(inputs)


def test_a_subclass_of_model_is_one_box():
    model = Own()
    with pytest.raises(StateError, match="The model 'own' is not built"):
        diagram_of(model, Show())
    model(np.zeros((1, 2)))
    (box,) = diagram_of(model, ALL, expand_nested=True).boxes()
    assert (box.name, box.class_name) == ("own", "Own")


def test_names_of_activations():
    named = Sequential([layers.Input((2,)), layers.Dense(2, activation=lambda x: x), layers.Activation("tanh")])
    assert [own.activation for own in diagram_of(named, ALL).boxes()] == ["<lambda>", "tanh"]

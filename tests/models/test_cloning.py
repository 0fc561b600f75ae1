"""Copies of models: new layers, new weights, the same structure, what the arguments change, what is refused."""

import numpy as np
import pytest

import minikeras
from minikeras import Model, Sequential, layers
from minikeras.errors import ArgumentError
from minikeras.layers import Dense, Dropout, Input
from minikeras.models import clone_model

X = np.array([[1, 2], [3, 4]], "float32")


def graph():
    """A shared layer, an op, a model inside."""
    x = Input((2,), name="x")
    shared, inner = Dense(2, name="shared"), Sequential([Input((2,)), Dense(2, name="inside")], name="inner")
    return Model(x, shared(inner(shared(x))) + 1, name="mine")


def test_layers_are_new_and_shared_as_before():
    model = graph()
    copy = clone_model(model)
    assert copy.name == "mine" and copy.get_config() == model.get_config()
    assert not {id(layer) for layer in copy.layers} & {id(layer) for layer in model.layers}
    assert len(copy.weights) == len(model.weights) == 4
    copy.set_weights(model.get_weights())
    np.testing.assert_array_equal(copy(X), model(X))
    copy.get_layer("shared").bias.assign([1, 1])
    assert not np.array_equal(copy(X), model(X)) and model.get_layer("shared").bias.numpy().tolist() == [0, 0]
    assert not copy.compiled
    model.compile("adam", "mse", metrics=["mae"])
    copy = clone_model(model)
    assert copy.compiled and copy.optimizer is not model.optimizer and copy.optimizer.iterations is not None


def test_a_function_makes_the_layers():
    asked = []

    def renamed(layer):
        asked.append(layer.name)
        return type(layer).from_config({**layer.get_config(), "name": layer.name + "_new"})

    copy = clone_model(graph(), clone_function=renamed)
    assert asked == ["shared", "inner"]  # each once; neither inputs nor ops
    assert [layer.name for layer in copy.layers] == ["x", "shared_new", "inner_new"]
    asked.clear()
    assert [layer.name for layer in clone_model(graph(), clone_function=renamed, recursive=True).layers][1:] == [
        "shared_new",
        "inner",
    ]
    assert asked == ["shared", "inside"]
    model = graph()
    same = clone_model(model, clone_function=lambda layer: layer)
    assert same.get_layer("shared") is model.get_layer("shared")


def test_a_function_calls_the_layers():
    def with_dropout(layer, *args, **kwargs):
        outputs = layer(*args, **kwargs)
        return Dropout(0.5)(outputs) if layer.name == "shared" else outputs

    copy = clone_model(graph(), call_function=with_dropout)
    assert [type(layer).__name__ for layer in copy.layers].count("Dropout") == 2


@pytest.mark.parametrize("nest", [lambda x: x, lambda x: [x]])
def test_built_on_other_inputs(nest):
    x, model = Input((2,), name="other"), Sequential([Input((2,)), Dense(1, name="d")])
    assert clone_model(model, input_tensors=nest(x)).output_shape == (None, 1)
    if nest(x) is x:
        copy = clone_model(graph(), input_tensors=x)
        assert copy.inputs[0] is x and copy.layers[0].name == "other"


def test_sequential():
    model = Sequential([Input((2,)), Dense(2, name="a"), Sequential([Dense(1, name="b")], name="inner")], name="stack")
    for recursive in (False, True):
        copy = clone_model(model, recursive=recursive)
        assert type(copy) is Sequential and copy.get_config() == model.get_config() and copy.built
        assert copy.get_layer("inner").layers[0] is not model.get_layer("inner").layers[0]
    assert clone_model(Sequential([Dense(2)])).built is False


class Own(Model):
    def __init__(self, units, **options):
        super().__init__(**options)
        self.units = units
        self.dense = Dense(units)

    def call(self, inputs):
        return self.dense(inputs)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def test_a_class_of_the_user():
    model = Own(3, name="own")
    model(X)
    copy = clone_model(model)
    assert type(copy) is Own and copy.units == 3 and copy.name == "own" and copy.dense is not model.dense
    for argument in ("clone_function", "call_function", "input_tensors"):
        with pytest.raises(ArgumentError, match=f"'{argument}'.* are for functional and Sequential models"):
            clone_model(model, **{argument: lambda layer: layer})


@pytest.mark.parametrize(
    ("model", "arguments", "message"),
    [
        (graph, {"speed": 3}, r"has no arguments \['speed'\]"),
        (graph, {"input_tensors": 3}, None),
        (graph, {"input_tensors": [Input((2,)), Input((2,))]}, "must be nested like the inputs"),
        (
            lambda: Sequential([Dense(2)]),
            {"call_function": lambda layer, x: x},
            "`call_function` is for functional models",
        ),
        (lambda: Sequential([Dense(2)]), {"input_tensors": X}, "`input_tensors` must be one symbolic value"),
    ],
)
def test_refused(model, arguments, message):
    with pytest.raises(ArgumentError, match=message):
        clone_model(model(), **arguments)


def test_a_clone_trains_alone():
    model = graph()
    copy = clone_model(model)
    copy.set_weights(model.get_weights())
    before = model.get_weights()
    copy.compile("sgd", "mse")
    copy.fit(X, X, verbose=0)
    assert all(map(np.array_equal, model.get_weights(), before))
    assert not np.array_equal(copy.get_weights()[0], before[0])
    assert isinstance(minikeras.models.clone_model(copy).get_layer("shared"), layers.Dense)

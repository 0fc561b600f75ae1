"""`model_to_dot` writes the graph of real Keras, line by line."""

import os
import re

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import pytest

import minikeras
from compat.mnist import clear_names


def chain(k):
    frozen = k.layers.Dense(2, trainable=False)
    return k.Sequential([k.Input((8,)), k.layers.Dense(4, "relu"), k.layers.Dropout(0.2), frozen], name="chain")


def residual(k):
    x = inputs = k.Input((8, 8, 3))
    x = k.layers.Conv2D(4, 3, padding="same")(x)
    for _ in range(2):
        y = k.layers.BatchNormalization()(k.layers.Conv2D(4, 3, padding="same", activation="relu")(x))
        x = k.layers.Activation("relu")(k.layers.Add()([x, y]))
    return k.Model(inputs, k.layers.Dense(2)(k.layers.GlobalAveragePooling2D()(x)), name="residual")


def several(k):
    a, b = k.Input((5,), name="a", dtype="int32"), k.Input((None, 3), name="b")
    x = k.layers.Concatenate()([k.layers.Flatten()(k.layers.Embedding(10, 2)(a)), k.layers.LSTM(4)(b)])
    return k.Model({"a": a, "b": b}, [k.layers.Dense(1, "sigmoid", name="p")(x), x * 2 + 1], name="several")


def nested(k):
    encoder = k.Sequential([k.Input((8,)), k.layers.Dense(4, name="e1"), k.layers.Dense(4, name="e2")], name="encoder")
    x = k.Input((4,))
    deep = k.Model(x, k.layers.Add()([k.layers.Dense(4)(x), x]), name="deep")
    x = k.Input((8,))
    block = k.Model(x, deep(encoder(x)), name="block")
    left, right = k.Input((8,), name="left"), k.Input((8,), name="right")
    return k.Model([left, right], k.layers.Subtract()([block(left), block(right)]), name="nested")


def chain_of_models(k):
    inner = k.Sequential([k.Input((8,)), k.layers.Dense(4, name="i1"), k.layers.Dense(4, name="i2")], name="inner")
    return k.Sequential([k.Input((8,)), k.layers.Dense(8), inner, k.layers.Dense(1)], name="outer")


def called_again(k):
    inputs, a, b = k.Input((4,)), k.layers.Dense(4, name="a"), k.layers.Dense(4, name="b")
    return k.Model(inputs, b(b(a(b(a(inputs))))), name="again")


def own_class(k):
    class Own(k.Model):
        def __init__(self):
            super().__init__(name="own")
            self.dense = k.layers.Dense(2)

        def call(self, inputs):
            return self.dense(inputs)

    model = Own()
    model(k.ops.zeros((1, 3)))
    return model


MODELS = [chain, residual, several, nested, chain_of_models, called_again, own_class]
SETTINGS = [
    {},
    {"show_shapes": True, "show_dtype": True, "show_layer_activations": True, "show_trainable": True},
    {"expand_nested": True, "rankdir": "LR", "show_layer_names": False, "splines": "curved"},
    {"subgraph": True, "expand_nested": True, "show_shapes": True, "dpi": 96},
]


def text(k, build, settings):
    """The graph, with the ids of layers replaced by numbers."""
    clear_names(k)
    numbers = {}
    graph = k.utils.model_to_dot(build(k), **settings).to_string()
    return re.sub(r"\b\d{9,}\b", lambda match: numbers.setdefault(match[0], f"n{len(numbers)}"), graph).splitlines()


@pytest.mark.parametrize("settings", SETTINGS, ids=["", "all shown", "expanded", "cluster"])
@pytest.mark.parametrize("build", MODELS)
def test_graphs(build, settings):
    assert text(minikeras, build, settings) == text(keras, build, settings)

"""The stateful objects of a model and their paths."""

from minikeras import Model, Sequential, layers
from minikeras.saving.parts import is_stateful, parts_of


class Block(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = layers.Dense(1)
        self.more = [layers.Dense(1), layers.Dense(2), [layers.Dense(3)]]
        self.by_name = {"b": layers.Dropout(0.1), "a": self.first}
        self.size = 3


def test_paths():
    block = Block()
    assert [(path, part) for path, part in parts_of(block)] == [
        ("", block),
        ("by_name/dropout", block.by_name["b"]),
        ("by_name/dense", block.first),
        ("more/dense", block.more[0]),
        ("more/dense_1", block.more[1]),
        ("more/container/dense", block.more[2][0]),
    ]


def test_each_object_comes_once():
    x, dense = layers.Input((2,)), layers.Dense(2)
    model = Model(x, dense(dense(x)))
    model.again = dense
    assert [part for _, part in parts_of(model)].count(dense) == 1


def test_what_is_left_out():
    inner = Sequential([layers.Input((2,)), layers.Dense(1)], name="inner")
    model = Sequential([layers.Input((2,)), inner, layers.Dense(1)])
    paths = dict(parts_of(model, left_out={id(inner)}))
    assert "layers/dense" in paths and inner not in paths.values() and inner.layers[0] not in paths.values()
    assert inner.layers[0] in dict(parts_of(model)).values()


def test_names_do_not_depend_on_how_many_layers_there_were():
    paths = [[path for path, _ in parts_of(Sequential([layers.Input((2,)), layers.Dense(1)]))] for _ in range(2)]
    assert paths[0] == paths[1]


def test_stateful_objects():
    assert is_stateful(layers.Dense(1)) and is_stateful(Model()) and not is_stateful([layers.Dense(1)])
    assert not is_stateful(3)

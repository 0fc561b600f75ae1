"""Building: once, in the layer's scope, and not at all if it fails."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from minikeras.layers import Layer


class Pair(Layer):
    def build(self, x_shape, y_shape):
        self.a = self.add_weight(x_shape[1:], "ones", name="a")
        self.b = self.add_weight(y_shape[1:], "ones", name="b")

    def call(self, x, y):
        return x * self.a, y * self.b


class Failing(Layer):
    def __init__(self):
        super().__init__()
        self.inner = layers.Dense(2)

    def build(self, input_shape):
        self.inner.build(input_shape)
        self.add_weight((2,), "ones")
        raise RuntimeError("no memory")


def test_shapes_are_matched_by_the_parameters_of_build():
    layer = Pair(name="pair")
    layer(np.ones((5, 2)), np.ones((5, 3)))
    assert layer.a.shape == (2,) and layer.b.path == "pair/b" and layer.path == "pair"
    assert layer.get_build_config() == {"shapes_dict": {"x_shape": (5, 2), "y_shape": (5, 3)}}


def test_a_config_builds_it_again():
    layer = Pair()
    layer.build_from_config({"shapes_dict": {"x_shape": [None, 2], "y_shape": [None, 3]}})
    assert layer.built and [weight.shape for weight in layer.weights] == [(2,), (3,)]
    dense = layers.Dense(2)
    assert dense.get_build_config() is None
    dense.build_from_config({"input_shape": [None, 4]})
    assert dense.kernel.shape == (4, 2) and dense.get_build_config() == {"input_shape": (None, 4)}
    with pytest.raises(ArgumentError, match="'shapes_dict' must be a dict"):
        Pair().build_from_config({"shapes_dict": 3})


def test_a_build_that_fails_leaves_nothing_behind():
    layer = Failing()
    with pytest.raises(RuntimeError, match="no memory(.|\\n)*Raised in `build` of layer 'failing'"):
        layer.build((None, 3))
    assert not layer.built and layer.weights == [] and not layer.inner.built


def test_sublayers_are_built_by_running_call():
    class Outer(Layer):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2)

        def call(self, inputs):
            return self.dense(inputs)

    layer = Outer()
    layer.build((None, 3))
    assert layer.dense.kernel.shape == (3, 2)


def test_sublayers_that_cannot_be_built_warn():
    class Broken(Layer):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2)

        def call(self, inputs):
            raise RuntimeError("not on symbolic values")

    with pytest.warns(UserWarning, match="has no `build` method(.|\\n)*not on symbolic values"):
        Broken().build((None, 3))

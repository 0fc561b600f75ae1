"""Layers whose output has the shape and the mask of their input."""

import numpy as np

from minikeras import ops
from minikeras.engine.masks import get_mask, set_mask
from minikeras.layers import Input
from minikeras.layers.same_shape import SameShape


class Negative(SameShape):
    def call(self, inputs):
        return ops.negative(inputs)


class Scaled(SameShape):
    def build(self, input_shape):
        self.factor = self.add_weight((), "ones")

    def call(self, inputs):
        return inputs * self.factor


def test_the_shape_and_the_mask_stay():
    layer = Negative()
    assert layer.compute_output_shape((None, 3)) == (None, 3)
    assert layer.compute_output_shape([(2,), (None, 4)]) == [(2,), (None, 4)]
    assert layer(Input((3,))).shape == (None, 3)
    x = np.ones((1, 3), "float32")
    set_mask(x, np.array([[True, False, True]]))
    assert get_mask(layer(x)).tolist() == [[True, False, True]]


def test_only_a_layer_without_build_is_built_from_the_start():
    assert Negative().built
    layer = Scaled()
    assert not layer.built
    layer(np.ones((1, 2)))
    assert layer.built and len(layer.weights) == 1

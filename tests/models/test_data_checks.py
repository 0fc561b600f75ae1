"""What a model says about data before it is trained with it."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ShapeError
from minikeras.training.data import DATA_NAMES, ArrayData


def data(x):
    return ArrayData((x,), DATA_NAMES[:1])


def functional():
    x = layers.Input((None, 2))
    return minikeras.Model(x, layers.Dense(3, name="d")(x))


def test_outputs_are_known_for_the_shape_of_the_data():
    model = functional()
    assert model._checked_outputs(data(np.ones((5, 7, 2)))).shape == (None, 7, 3)
    assert model._known_outputs()[0] == ["d"] and model._names_of_outputs() == ["d"]
    with pytest.raises(ShapeError, match="expected"):
        model._checked_outputs(data(np.ones((5, 7, 4))))


def test_a_subclass_is_built_on_one_batch():
    class Own(minikeras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2)

        def call(self, inputs):
            return self.dense(inputs)

    model = Own()
    assert model._checked_outputs(data(np.ones((5, 3)))) is None and model._known_outputs() == (None, None)
    model._build_for(data(np.ones((5, 3))))
    assert model.dense.kernel.shape == (3, 2)

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.helpers import run_layer_test

X = np.array([[-2, 0, 3]], "float32")


def test_in_full():
    run_layer_test(lambda: layers.PReLU("ones", shared_axes=[1]), (3, 2, 4), (3, 2, 4))


def test_by_hand():
    layer = layers.PReLU()
    assert layer(X).tolist() == [[0, 0, 3]]
    layer.alpha.assign([0.25, 1, 1])
    assert layer(X).tolist() == [[-0.5, 0, 3]] and layer.alpha.shape == (3,)
    shared = layers.PReLU(shared_axes=[1, 2])
    assert shared(layers.Input((None, None, 3))).shape == (None, None, None, 3) and shared.alpha.shape == (1, 1, 3)


def test_refused():
    with pytest.raises(ArgumentError, match="sizes that are not shared must be known"):
        layers.PReLU()(layers.Input((None, 3)))
    with pytest.raises(ArgumentError, match="`shared_axes` must be axes of the input, counted from 1"):
        layers.PReLU(shared_axes=[2])(X)

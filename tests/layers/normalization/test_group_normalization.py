import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.helpers import run_layer_test

X = np.array([[1, 5], [3, 5]], "float32")


def test_in_full():
    run_layer_test(lambda: layers.GroupNormalization(2, axis=1), (2, 4, 2), (2, 4, 2), order=1)


def test_by_hand():
    grouped = layers.GroupNormalization(-1, epsilon=0.0)
    x = np.array([[[1, 10], [3, 30]]], "float32")
    np.testing.assert_allclose(grouped(x), [[[-1, -1], [1, 1]]], rtol=1e-6)
    assert grouped.groups == 2


def test_refused():
    for groups in (0, -2, 1.5, None, True):
        with pytest.raises(ArgumentError, match="`groups` must be a positive integer, or -1"):
            layers.GroupNormalization(groups)
    with pytest.raises(ArgumentError, match="2 channels and groups=3"):
        layers.GroupNormalization(3)(X)

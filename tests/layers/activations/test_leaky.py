"""ELU, LeakyReLU and PReLU."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, LegacyWarning
from tests.helpers import run_layer_test

X = np.array([[-2, 0, 3]], "float32")


def test_in_full():
    run_layer_test(lambda: layers.ELU(0.5), (3, 4), (3, 4))
    run_layer_test(lambda: layers.LeakyReLU(0.1), (3, 4), (3, 4))
    run_layer_test(lambda: layers.PReLU("ones", shared_axes=[1]), (3, 2, 4), (3, 2, 4))


def test_by_hand():
    np.testing.assert_allclose(layers.ELU(0.5)(X), [[0.5 * (np.exp(-2) - 1), 0, 3]], rtol=1e-6)
    np.testing.assert_allclose(layers.LeakyReLU()(X), [[-0.6, 0, 3]], rtol=1e-6)
    layer = layers.PReLU()
    assert layer(X).tolist() == [[0, 0, 3]]
    layer.alpha.assign([0.25, 1, 1])
    assert layer(X).tolist() == [[-0.5, 0, 3]] and layer.alpha.shape == (3,)
    shared = layers.PReLU(shared_axes=[1, 2])
    assert shared(layers.Input((None, None, 3))).shape == (None, None, None, 3) and shared.alpha.shape == (1, 1, 3)


def test_refused():
    for slope in (-1, None, "a", True):
        with pytest.raises(ArgumentError, match="LeakyReLU: `negative_slope` must be a number >= 0"):
            layers.LeakyReLU(slope)
    with pytest.warns(LegacyWarning, match="negative_slope=0.2"):
        assert layers.LeakyReLU(alpha=0.2).negative_slope == 0.2
    with pytest.raises(ArgumentError, match="sizes that are not shared must be known"):
        layers.PReLU()(layers.Input((None, 3)))
    with pytest.raises(ArgumentError, match="`shared_axes` must be axes of the input, counted from 1"):
        layers.PReLU(shared_axes=[2])(X)

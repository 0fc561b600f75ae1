import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, LegacyWarning
from tests.helpers import run_layer_test


def test_in_full():
    run_layer_test(lambda: layers.LeakyReLU(0.1), (3, 4), (3, 4))


def test_by_hand():
    np.testing.assert_allclose(layers.LeakyReLU()(np.array([[-2, 0, 3]], "float32")), [[-0.6, 0, 3]], rtol=1e-6)


def test_refused():
    for slope in (-1, None, "a", True):
        with pytest.raises(ArgumentError, match="LeakyReLU: `negative_slope` must be a number >= 0"):
            layers.LeakyReLU(slope)
    with pytest.warns(LegacyWarning, match="negative_slope=0.2"):
        assert layers.LeakyReLU(alpha=0.2).negative_slope == 0.2

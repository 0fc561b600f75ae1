import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import LegacyWarning
from tests.helpers import run_layer_test

X = np.array([[1, 5], [3, 5]], "float32")


def test_in_full():
    run_layer_test(lambda: layers.LayerNormalization([1, 2], epsilon=0.1), (2, 3, 2), (2, 3, 2))
    run_layer_test(lambda: layers.LayerNormalization(1, scale=False), (2, 3, 2), (2, 3, 2), order=1)


def test_layer_normalization_by_hand():
    layer = layers.LayerNormalization(epsilon=1.0)
    # mean 3, variance 4 and mean 4, variance 1
    np.testing.assert_allclose(layer(X), [[-2 / 5**0.5, 2 / 5**0.5], [-1 / 2**0.5, 1 / 2**0.5]], rtol=1e-6)
    layer.gamma.assign([2, 1])
    layer.beta.assign([0, 1])
    np.testing.assert_allclose(layer(X)[1], [-2 / 2**0.5, 1 + 1 / 2**0.5], rtol=1e-6)
    with pytest.warns(LegacyWarning, match="RMSNormalization"):
        old = layers.LayerNormalization(rms_scaling=True, epsilon=1.0)
    np.testing.assert_allclose(old(X)[0], X[0] / 5**0.5, rtol=1e-6)
    assert [weight.name for weight in old.weights] == ["gamma"]

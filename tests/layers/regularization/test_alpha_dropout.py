import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError


def test_by_hand():
    """Kept elements are `a x + b`, dropped ones `a l + b`, with a, l and b as in the paper."""
    x = np.ones((50, 4), "float32")
    y = layers.AlphaDropout(0.3, seed=1)(x, training=True)
    lowest = -1.6732632 * 1.050701
    scale = (0.7 * (1 + 0.3 * lowest**2)) ** -0.5
    shift = -scale * lowest * 0.3
    np.testing.assert_allclose(sorted(set(y.ravel().tolist())), [scale * lowest + shift, scale + shift], rtol=1e-5)


def test_noise_shape():
    layer = layers.AlphaDropout(0.5, noise_shape=(None, 1), seed=1)
    y = layer(np.ones((20, 5), "float32"), training=True)
    assert (y == y[:, :1]).all() and len(np.unique(y)) == 2
    assert layer.get_config()["noise_shape"] == (None, 1)
    with pytest.raises(ArgumentError, match="`rate` must be less than 1"):
        layers.AlphaDropout(1.0)

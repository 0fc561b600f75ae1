import numpy as np
import pytest

from minikeras import layers, random
from minikeras.errors import ArgumentError


def test_the_noise_multiplies():
    x = np.full((2, 3), 4, "float32")
    noise = random.normal((2, 3), 1.0, 0.5, seed=random.SeedGenerator(1))  # (0.2 / 0.8)^(1/2) is 0.5
    np.testing.assert_allclose(layers.GaussianDropout(0.2, seed=1)(x, training=True), 4 * noise, rtol=1e-6)
    assert not layers.GaussianDropout(0.2, seed=1)(0 * x, training=True).any()


def test_a_rate_of_1_has_no_variance():
    with pytest.raises(ArgumentError, match="`rate` must be less than 1"):
        layers.GaussianDropout(1.0)

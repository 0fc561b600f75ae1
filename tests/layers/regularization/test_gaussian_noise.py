import numpy as np
import pytest

from minikeras import layers, random
from minikeras.errors import LegacyWarning


def test_the_noise_is_added():
    x = np.full((2, 3), 4, "float32")
    noise = random.normal((2, 3), stddev=0.5, seed=random.SeedGenerator(1))
    np.testing.assert_allclose(layers.GaussianNoise(0.5, seed=1)(x, training=True), 4 + noise, rtol=1e-6)
    np.testing.assert_array_equal(layers.GaussianNoise(0.5, seed=1)(x), x)


def test_the_argument_of_keras_1():
    with pytest.warns(LegacyWarning, match="stddev"):
        assert layers.GaussianNoise(sigma=0.25).stddev == 0.25

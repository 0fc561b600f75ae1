"""RandomColorJitter: real values, one factor is the layer of that name."""

import numpy as np
import pytest

from minikeras import layers
from tests.layers.preprocessing.image_preprocessing.checks import PIXELS, check


def test_in_full():
    check("RandomColorJitter")


@pytest.mark.parametrize("name", ["brightness", "contrast", "saturation", "hue"])
def test_one_factor(name):
    jitter = layers.RandomColorJitter(**{f"{name}_factor": 0.4}, seed=5)
    own = getattr(layers, f"Random{name.title()}")(0.4, seed=5)
    for _ in range(2):
        np.testing.assert_array_equal(jitter(PIXELS), own(PIXELS))


def test_nothing_changes_without_factors():
    np.testing.assert_array_equal(layers.RandomColorJitter()(PIXELS), PIXELS)

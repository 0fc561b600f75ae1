"""Linear interpolation by tables of indices: against the general way, and where it is left to that."""

import numpy as np
import pytest

from minikeras.ops.image import bilinear as module
from minikeras.ops.image.bilinear import bilinear
from minikeras.ops.image.interpolation import sample
from minikeras.ops.image.neighbors import FILL_MODES

RNG = np.random.default_rng(0)
IMAGES = RNG.uniform(0, 1, (5, 4, 6, 3)).astype("float32")


@pytest.mark.parametrize("mode", FILL_MODES)
def test_equals_the_general_way(mode, monkeypatch):
    places = RNG.uniform(-12, 14, (5, 2, 7, 8)).astype("float32")
    places[0] = np.round(places[0])
    for points in (1 << 13, 60):  # one block, or several of one image
        monkeypatch.setattr(module, "_POINTS", points)
        found = bilinear(IMAGES, places, mode, 0.5)
        general = sample(IMAGES.astype("float64"), places.astype("float64"), 1, mode, 0.5)
        np.testing.assert_allclose(found, general, atol=1e-5)  # float32: coordinates of up to 14 have an error of 1e-6
        assert found.dtype == "float32" and found.flags.c_contiguous


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("mode", FILL_MODES)
def test_images_of_few_pixels(mode, size):
    images, places = IMAGES[:, :size, :size], RNG.uniform(-4, 5, (5, 2, 9)).astype("float32")
    general = sample(images.astype("float64"), places.astype("float64"), 1, mode, 0.5)
    np.testing.assert_allclose(bilinear(images, places, mode, 0.5), general, atol=1e-5)


def test_left_to_the_general_way():
    places = np.zeros((5, 2, 3), "float32")
    assert bilinear(IMAGES, places, "nearest", 0.0) is not None
    assert bilinear(IMAGES, places[:1], "nearest", 0.0) is None
    assert bilinear(IMAGES.astype("float64"), places, "nearest", 0.0) is None
    assert bilinear(np.zeros((5, 4, 6, 16), "float32"), places, "nearest", 0.0) is None
    for far in (1e9, np.nan, np.inf):
        assert bilinear(IMAGES, places + np.float32(far), "nearest", 0.0) is None

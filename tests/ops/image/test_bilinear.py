"""Linear interpolation by tables of indices: against the general way, and where it is left to that."""

import numpy as np
import pytest

from minikeras.ops.image import bilinear as module
from minikeras.ops.image.bilinear import bilinear
from minikeras.ops.image.coordinates import GivenCoordinates
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
        found = bilinear(IMAGES, GivenCoordinates(places), mode, 0.5)
        general = sample(IMAGES.astype("float64"), places.astype("float64"), 1, mode, 0.5)
        np.testing.assert_allclose(found, general, atol=1e-5)  # float32: coordinates of up to 14 have an error of 1e-6
        assert found.dtype == "float32" and found.flags.c_contiguous


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("mode", FILL_MODES)
def test_images_of_few_pixels(mode, size):
    images, places = IMAGES[:, :size, :size], RNG.uniform(-4, 5, (5, 2, 9)).astype("float32")
    general = sample(images.astype("float64"), places.astype("float64"), 1, mode, 0.5)
    np.testing.assert_allclose(bilinear(images, GivenCoordinates(places), mode, 0.5), general, atol=1e-5)


@pytest.mark.parametrize("mode", FILL_MODES)
@pytest.mark.parametrize("channels", [1, 2, 4, 5, 7, 8, 9, 15])
def test_any_number_of_channels(channels, mode):
    images, places = RNG.uniform(0, 1, (3, 4, 5, channels)).astype("float32"), RNG.uniform(-4, 8, (3, 2, 6, 6))
    general = sample(images.astype("float64"), places, 1, mode, 0.5)
    found = bilinear(images, GivenCoordinates(places.astype("float32")), mode, 0.5)
    np.testing.assert_allclose(found, general, atol=1e-5)  # as above


def test_one_point():
    found = bilinear(IMAGES, GivenCoordinates(np.full((5, 2), 0.5, "float32")), "nearest", 0.0)
    np.testing.assert_allclose(found, IMAGES[:, :2, :2].mean((1, 2)), rtol=1e-6)


def test_same_bits_in_other_blocks_and_on_other_threads(monkeypatch):
    places = GivenCoordinates(RNG.uniform(-4, 8, (5, 2, 7, 8)).astype("float32"))
    results = []
    for points, threads in ((1 << 13, 1), (120, 1), (120, 2), (60, 3), (20, 2)):
        monkeypatch.setattr(module, "_POINTS", points)
        monkeypatch.setattr(module, "allowed_threads", lambda threads=threads: threads)
        results.append(bilinear(IMAGES, places, "constant", 0.5))
    for result in results[1:]:
        np.testing.assert_array_equal(result, results[0])


def test_other_pixels_have_no_influence():
    images = IMAGES.copy()
    images[:, 0] = np.nan
    images[1] = np.inf
    places = np.full((5, 2, 3), 2.5, "float32")
    found = sample(images, places, 1, "reflect", 0.0)
    np.testing.assert_array_equal(np.isfinite(found).all((1, 2)), [True, False, True, True, True])


def test_left_to_the_general_way():
    places = np.zeros((5, 2, 3), "float32")
    assert bilinear(IMAGES, GivenCoordinates(places), "nearest", 0.0) is not None
    assert bilinear(IMAGES, GivenCoordinates(places[:1]), "nearest", 0.0) is None
    assert bilinear(IMAGES.astype("float64"), GivenCoordinates(places), "nearest", 0.0) is None
    assert bilinear(np.zeros((5, 4, 6, 16), "float32"), GivenCoordinates(places), "nearest", 0.0) is None
    for far in (1e9, np.nan, np.inf):
        assert bilinear(IMAGES, GivenCoordinates(places + np.float32(far)), "nearest", 0.0) is None

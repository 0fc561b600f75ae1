"""Images moved by projective maps: against interpolation at all coordinates, and gradients."""

import numpy as np
import pytest

from minikeras.ops.image import bilinear as bilinear_module
from minikeras.ops.image.coordinates import projected
from minikeras.ops.image.interpolation import sample
from minikeras.ops.image.neighbors import FILL_MODES
from minikeras.ops.image.projection import project
from tests.helpers import check_grads, run_step_test

RNG = np.random.default_rng(0)
MAPS = np.float32([1, 0, 0, 0, 1, 0, 0, 0]) + RNG.uniform(-0.4, 0.4, (3, 8)).astype("float32") * np.float32(
    [1, 1, 4, 1, 1, 4, 0, 0]
)


@pytest.mark.parametrize("mode", FILL_MODES)
@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("is_affine", [True, False])
def test_equals_interpolation_at_the_coordinates(mode, order, channels, is_affine, monkeypatch):
    images, maps = RNG.uniform(0, 1, (3, 6, 7, channels)).astype("float32"), MAPS.copy()
    if not is_affine:
        maps[:, 6:] = RNG.uniform(0.01, 0.1, (3, 2))
    expected = sample(images.astype("float64"), projected(maps, 6, 7).astype("float64"), order, mode, 0.5)
    for points in (1 << 13, 20):
        monkeypatch.setattr(bilinear_module, "_POINTS", points)
        np.testing.assert_allclose(project(images, maps, order, mode, 0.5), expected, atol=1e-5)  # weights in float32


def test_one_map_for_all_images_and_dtypes():
    images = RNG.uniform(0, 255, (3, 6, 7, 3))
    for dtype in ("float64", "float32", "float16", "uint8", "int32", "bool"):
        x = images.astype(dtype)
        together = project(x, MAPS[:1], 1, "reflect", 0.0)
        assert together.dtype == dtype
        each = project(x, np.repeat(MAPS[:1], 3, 0), 1, "reflect", 0.0)
        tolerance = 1e-4 if dtype == "float32" else 0  # the sum of weighted values, or what is between two
        np.testing.assert_allclose(together.astype("float64"), each.astype("float64"), atol=tolerance)


@pytest.mark.parametrize("mode", ["constant", "reflect"])
def test_gradients(mode):
    images, maps = RNG.uniform(0, 1, (2, 3, 4, 2)), MAPS[:2].astype("float64")
    maps[:, 6:] = [[0.1, 0.05], [0.02, 0.2]]
    check_grads(lambda x, m: project(x, m, 1, mode, 1.5) ** 2, images, maps)
    check_grads(lambda x, m: project(x, m, 1, mode, 1.5) ** 2, images, maps[:1])
    check_grads(lambda x: project(x, maps, 0, mode, 1.5) ** 2, images)


def test_in_steps():
    images = RNG.uniform(0, 1, (3, 6, 7, 3)).astype("float32")
    run_step_test(lambda data: project(*data, 1, "reflect", 0.0), (images, MAPS), (images[::-1], MAPS + 0.125))

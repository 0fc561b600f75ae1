"""The contrast of images: worked by hand, in blocks, and gradients."""

import numpy as np
import pytest

from minikeras.ops.image import contrast as module
from minikeras.ops.image.axes import Axes
from minikeras.ops.image.contrast import with_contrast
from tests.helpers import check_grads, run_step_test

LAST, FIRST = Axes(-3, -2, -1), Axes(-2, -1, -3)
RNG = np.random.default_rng(0)
IMAGES = RNG.uniform(0, 255, (5, 4, 6, 3)).astype("float32")
FACTORS = RNG.uniform(0.2, 3, (5, 1, 1, 1)).astype("float32")


def test_by_hand():
    images = np.float32([[[[0, 10], [4, 30]]], [[[1, 2], [3, 2]]]])
    changed = with_contrast(images, LAST, np.float32([2, 0.5]).reshape(2, 1, 1, 1), 0, 35)
    np.testing.assert_array_equal(changed, [[[[0, 0], [6, 35]]], [[[1.5, 2], [2.5, 2]]]])  # -2 and 40 are clipped


@pytest.mark.parametrize("channels", [1, 3, 16])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_in_blocks_and_with_either_data_format(channels, dtype, monkeypatch):
    images, factors = RNG.uniform(0, 1, (5, 4, 6, channels)).astype(dtype), FACTORS.astype(dtype)
    mean = images.astype("float64").mean((1, 2), keepdims=True)
    expected = np.clip((images - mean) * factors + mean, 0.1, 0.9)
    tolerance = {"float16": 4e-3, "float32": 1e-6, "float64": 1e-12}[dtype]  # a few units of rounding
    for block in (1 << 15, 150, 1):
        monkeypatch.setattr(module, "_BLOCK", block)
        changed = with_contrast(images, LAST, factors, 0.1, 0.9)
        assert changed.dtype == dtype
        np.testing.assert_allclose(changed, expected, atol=tolerance)
        first = with_contrast(np.ascontiguousarray(images.transpose(0, 3, 1, 2)), FIRST, factors, 0.1, 0.9)
        np.testing.assert_allclose(first.transpose(0, 2, 3, 1), expected, atol=tolerance)


def test_one_factor_for_all_images():
    one = with_contrast(IMAGES, LAST, FACTORS[:1], 0, 255)
    np.testing.assert_array_equal(one, with_contrast(IMAGES, LAST, np.repeat(FACTORS[:1], 5, 0), 0, 255))
    assert with_contrast(IMAGES[:0], LAST, FACTORS[:0], 0, 255).shape == (0, 4, 6, 3)


@pytest.mark.parametrize("axes", [LAST, FIRST])
def test_gradients(axes):
    images, factors = RNG.uniform(0, 1, (2, 3, 3, 2)), np.array([0.5, 2.5]).reshape(2, 1, 1, 1)
    clipped = with_contrast(images, axes, factors, 0.1, 0.9)
    assert 0 < np.mean((clipped == 0.1) | (clipped == 0.9)) < 0.5
    check_grads(lambda x, f: with_contrast(x, axes, f, 0.1, 0.9) ** 2, images, factors)
    check_grads(lambda x, f: with_contrast(x, axes, f, 0.1, 0.9) ** 2, images, factors[:1])


def test_in_steps():
    run_step_test(lambda data: with_contrast(data[0], LAST, data[1], 0, 200), (IMAGES, FACTORS), (IMAGES / 2, FACTORS))

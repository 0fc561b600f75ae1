"""Resampling of an axis: products and sums of taken samples agree."""

import numpy as np
import pytest

from minikeras.ops.image import resampling
from minikeras.ops.image.resampling import resample
from minikeras.ops.image.sampling import resizing_matrix
from tests.helpers import check_grads, run_step_test

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize(("size", "new_size"), [(200, 130), (150, 301), (300, 7), (5, 9)])
@pytest.mark.parametrize("axis", [-1, -2, -3])
def test_values(size, new_size, antialias, axis):
    sizes = [3, 2, 4]
    sizes[axis] = size
    x = RNG.normal(size=sizes)
    expected = np.tensordot(x, resizing_matrix(size, new_size, "bilinear", antialias, "float64"), (axis, 0))
    received = resample(x, new_size, "bilinear", antialias, axis)
    np.testing.assert_allclose(received, np.moveaxis(expected, -1, axis), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("width", [1, 3, 70])
def test_sums_are_computed_in_blocks(width, monkeypatch):
    x = RNG.normal(size=(5, 130, width))
    expected = resample(x, 65, "bilinear", False, -2)
    monkeypatch.setattr(resampling, "_BLOCK", 2 * 65 * width * 8)
    np.testing.assert_array_equal(resample(x, 65, "bilinear", False, -2), expected)


@pytest.mark.parametrize("size", [5, 130])
def test_gradients(size):
    assert isinstance(resampling._weights(size, 7, "bilinear", False, False, "float64"), tuple) == (size == 130)
    check_grads(lambda x: resample(x, 7, "bilinear", False, -2) ** 2, RNG.normal(size=(1, size, 1)))
    run_step_test(lambda x: resample(x, 7, "bilinear", False, -2), *np.float32(RNG.normal(size=(3, 2, size, 3))))


def test_no_rows():
    assert resample(np.zeros((0, 130, 3)), 7, "bilinear", False, -2).shape == (0, 7, 3)

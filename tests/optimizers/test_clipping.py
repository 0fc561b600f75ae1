"""Clipping of gradients, on values worked by hand."""

import numpy as np
import pytest

from minikeras.optimizers.clipping import clip_by_global_norm, clip_by_norm


@pytest.mark.parametrize(
    ("gradient", "expected"),
    [
        ([3.0, 4.0], [1.5, 2.0]),
        ([[3.0], [4.0]], [[1.5], [2.0]]),
        ([0.3, 0.4], [0.3, 0.4]),
        ([0.0, 0.0], [0.0, 0.0]),
        ([np.nan, 1.0], [np.nan, np.nan]),
    ],
)
def test_norm(gradient, expected):
    clipped = clip_by_norm(np.float32(gradient), 2.5)
    assert clipped.dtype == np.float32
    np.testing.assert_array_equal(clipped, np.float32(expected))


@pytest.mark.parametrize(
    ("gradients", "expected"),
    [
        ([[3.0], [4.0]], [[1.5], [2.0]]),
        ([[2.0, 4.0], [5.0, 2.0]], [[5 / 7, 10 / 7], [12.5 / 7, 5 / 7]]),
        ([[0.3], [0.4]], [[0.3], [0.4]]),
        ([[0.0], [0.0]], [[0.0], [0.0]]),
        ([[np.inf], [1.0]], [[np.nan], [np.nan]]),
        ([[np.nan], [1.0]], [[np.nan], [np.nan]]),
    ],
)
def test_global_norm(gradients, expected):
    clipped = clip_by_global_norm([np.float32(gradient) for gradient in gradients], 2.5)
    assert {each.dtype for each in clipped} == {np.dtype("float32")}
    np.testing.assert_allclose(clipped, np.float32(expected), rtol=1e-6)

"""Weights of interpolation: kernels by their formulas, and what they have to add up to."""

import numpy as np
import pytest

from minikeras.ops.image.sampling import KERNELS, resizing_matrix, sampling_matrix


@pytest.mark.parametrize("method", KERNELS)
@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize(("size", "new_size"), [(5, 3), (3, 8), (1, 4), (6, 1)])
def test_weights_add_up_to_1(method, antialias, size, new_size):
    matrix = resizing_matrix(size, new_size, method, antialias, "float32")
    assert (matrix.shape, matrix.dtype) == ((size, new_size), "float32")
    np.testing.assert_allclose(matrix.sum(0), 1, rtol=1e-6)
    np.testing.assert_allclose(matrix, matrix[::-1, ::-1], atol=1e-6)  # symmetric


@pytest.mark.parametrize("method", KERNELS)
def test_the_same_size_changes_nothing(method):
    np.testing.assert_allclose(resizing_matrix(5, 5, method, True, "float64"), np.eye(5), atol=1e-9)


def test_kernels():
    x = np.float64([0, 0.5, 1, 1.5, 2.5, 4.5, 6])
    np.testing.assert_allclose(KERNELS["bilinear"](x), [1, 0.5, 0, 0, 0, 0, 0])
    np.testing.assert_allclose(KERNELS["bicubic"](x), [1, 0.5625, 0, -0.0625, 0, 0, 0], atol=1e-15)
    for radius in (3, 5):
        expected = np.where(x <= radius, np.sinc(x) * np.sinc(x / radius), 0)
        np.testing.assert_allclose(KERNELS[f"lanczos{radius}"](x), expected, atol=1e-15)


def test_antialiasing_averages():
    # The kernel is as wide as a new pixel is large: pixels 0 and 1 weigh 3 / 8 in the first, pixel 2 only 1 / 8.
    matrix = resizing_matrix(4, 2, "bilinear", True, "float64")
    np.testing.assert_allclose(matrix[:, 0], np.float64([3, 3, 1, 0]) / 7)
    np.testing.assert_allclose(resizing_matrix(4, 2, "bilinear", False, "float64")[:, 0], [0.5, 0.5, 0, 0])


def test_translation():
    np.testing.assert_allclose(sampling_matrix(3, 3, 1.0, 1.0, "bilinear", True), np.eye(3, k=1))
    np.testing.assert_allclose(sampling_matrix(2, 2, 1.0, 0.25, "bilinear", True)[:, 1], [0.25, 0.75])


def test_matrices_are_kept_and_cannot_be_changed():
    matrix = resizing_matrix(4, 3, "bilinear", False, "float32")
    assert matrix is resizing_matrix(4, 3, "bilinear", False, "float32") and not matrix.flags.writeable

"""Filters of images: worked by hand, and by SciPy."""

import numpy as np
import pytest
from scipy import ndimage

from minikeras import ops
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.ops.image.axes import Axes
from minikeras.ops.image.filters import blurred, gaussian

IMAGES = np.random.default_rng(0).uniform(0, 1, (2, 6, 7, 3)).astype("float32")
blur, sobel = ops.image.gaussian_blur, ops.image.sobel_edges


def test_windows():
    weights = np.exp(-0.5 * (np.float64([-1.5, -0.5, 0.5, 1.5]) / 2) ** 2)
    np.testing.assert_allclose(gaussian(4, 2.0, "float64"), weights / weights.sum(), rtol=1e-7)
    assert gaussian(3, np.float64(0.5), "float32").dtype == "float32"


def test_blur():
    size, sigma = (5, 3), (1.5, 0.5)  # along the width, along the height
    expected = ndimage.convolve1d(IMAGES, gaussian(5, 1.5, "float32"), 2, mode="constant")
    expected = ndimage.convolve1d(expected, gaussian(3, 0.5, "float32"), 1, mode="constant")
    np.testing.assert_allclose(blur(IMAGES, size, sigma), expected, rtol=1e-5)
    np.testing.assert_array_equal(blur(IMAGES[0], size, sigma), blur(IMAGES, size, sigma)[0])
    first = blur(IMAGES.transpose(0, 3, 1, 2), size, sigma, "channels_first")
    np.testing.assert_allclose(first.transpose(0, 2, 3, 1), expected, rtol=1e-5)
    np.testing.assert_array_equal(blur(IMAGES, size, np.float32(sigma)), blur(IMAGES, size, sigma))
    assert blur(np.float16(IMAGES)).dtype == "float16" and blur(IMAGES[:0]).shape == (0, 6, 7, 3)


def test_any_axes_are_blurred():
    alone = blurred(IMAGES[..., 0], (3, 3), (1.0, 1.0), Axes(-2, -1, 0))
    np.testing.assert_allclose(alone, blur(IMAGES)[..., 0], rtol=1e-6)


def test_sobel_edges():
    edges = sobel(IMAGES)
    assert edges.shape == (2, 6, 7, 3, 2)
    for number in range(2):
        expected = ndimage.sobel(np.pad(IMAGES[1, ..., 2], 1), number)[1:-1, 1:-1]
        np.testing.assert_allclose(edges[1, ..., 2, number], expected, rtol=1e-4, atol=1e-5)
    first = sobel(IMAGES.transpose(0, 3, 1, 2), "channels_first")
    np.testing.assert_allclose(first.transpose(0, 2, 3, 1, 4), edges, rtol=1e-4, atol=1e-5)
    integers = sobel(np.int32([1, 2, 4]).reshape(1, 1, 3, 1))
    assert (integers.dtype, integers[0, 0, :, 0].tolist()) == ("int32", [[0, 4], [0, 6], [0, -4]])


def test_refused():
    with pytest.raises(ArgumentTypeError, match="floating-point dtype. Received: uint8"):
        blur(np.uint8(IMAGES))
    with pytest.raises(ArgumentError, match="kernel_size"):
        blur(IMAGES, (3, 0))
    with pytest.raises(ArgumentError, match="two numbers as `sigma`"):
        blur(IMAGES, sigma=(1.0,))
    with pytest.raises(ShapeError, match="a batch of images, of 4 axes"):
        sobel(IMAGES[0])
    for dtype in ("uint8", "bool"):
        with pytest.raises(ArgumentTypeError, match=f"signed dtype. Received: {dtype}"):
            sobel(IMAGES.astype(dtype))

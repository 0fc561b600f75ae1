"""Color spaces: known colors, and there and back."""

import colorsys

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ShapeError

COLORS = np.float32(
    [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
        [1, 1, 0],
        [1, 0, 1],
        [0.2, 0.4, 0.1],
        [0.5, 0.5, 0.5],
        [0, 0, 0],
        [0.9, 0.1, 0.3],
    ]
).reshape(1, 3, 3, 3)


def test_hsv_is_that_of_the_standard_library():
    expected = [colorsys.rgb_to_hsv(*map(float, color)) for color in COLORS.reshape(-1, 3)]
    hsv = ops.image.rgb_to_hsv(COLORS)
    np.testing.assert_allclose(hsv.reshape(-1, 3), expected, atol=1e-6)
    np.testing.assert_allclose(ops.image.hsv_to_rgb(hsv), COLORS, atol=1e-6)
    np.testing.assert_allclose(ops.image.hsv_to_rgb(hsv + [1, 0, 0]), COLORS, atol=1e-5)


def test_channels_first():
    first = COLORS.transpose(0, 3, 1, 2)
    for function in (ops.image.rgb_to_hsv, ops.image.hsv_to_rgb, ops.image.rgb_to_grayscale):
        expected = function(COLORS).transpose(0, 3, 1, 2)
        np.testing.assert_array_equal(function(first, "channels_first"), expected)
        np.testing.assert_array_equal(function(first[0], data_format="channels_first"), expected[0])


def test_grayscale():
    gray = ops.image.rgb_to_grayscale(COLORS).reshape(-1)
    np.testing.assert_allclose(gray[:4], [0.2989, 0.587, 0.114, 0.8859], rtol=1e-6)
    integers = ops.image.rgb_to_grayscale(np.uint8([[[255, 255, 255], [10, 20, 30]]]))
    assert (integers.dtype, integers.tolist()) == ("uint8", [[[254], [18]]])  # truncated, as in Keras
    one = np.ones((2, 2, 1), "int32")
    np.testing.assert_array_equal(ops.image.rgb_to_grayscale(one), one)


def test_refused():
    for function in (ops.image.rgb_to_hsv, ops.image.hsv_to_rgb, ops.image.rgb_to_grayscale):
        with pytest.raises(ShapeError, match=r"3 channels, along axis -1. Received: shape \(2, 2, 4\)"):
            function(np.ones((2, 2, 4), "float32"))
        with pytest.raises(ShapeError, match="3 axes"):
            function(np.ones((2, 3), "float32"))
    for function in (ops.image.rgb_to_hsv, ops.image.hsv_to_rgb):
        with pytest.raises(ArgumentError, match="floating-point dtype. Received: uint8"):
            function(np.ones((2, 2, 3), "uint8"))


def test_bfloat16_stays():
    colors = ops.cast(np.float32([[[0, 1, 0], [0.5, 0.25, 0.25]]]), "bfloat16")
    hsv = ops.image.rgb_to_hsv(colors)
    assert ops.dtype(hsv) == ops.dtype(ops.image.hsv_to_rgb(hsv)) == "bfloat16"
    np.testing.assert_array_equal(np.float32(ops.image.hsv_to_rgb(hsv)), np.float32(colors))

"""Images prepared for the models; the values are worked by hand."""

import numpy as np
import pytest

from minikeras import Model, config
from minikeras.applications.preprocessing import centered, preprocess_input, scaled, standardized, unchanged
from minikeras.errors import UnknownNameError
from minikeras.layers import Input

# one pixel: red 255, green 127.5, blue 0
PIXEL = np.array([[[[255.0, 127.5, 0.0]]]], "float32")
EXPECTED = {
    "tf": [1.0, 0.0, -1.0],
    "torch": [(1 - 0.485) / 0.229, (0.5 - 0.456) / 0.224, -0.406 / 0.225],
    "caffe": [0 - 103.939, 127.5 - 116.779, 255 - 123.68],
}
FUNCTIONS = {"tf": scaled, "torch": standardized, "caffe": centered}


@pytest.mark.parametrize("mode", EXPECTED)
@pytest.mark.parametrize("shape", [(1, 1, 1, 3), (1, 1, 3), (1, 3, 1, 1), (3, 1, 1)])
def test_values(shape, mode):
    layout = "channels_last" if shape[-1] == 3 else "channels_first"
    for function in (FUNCTIONS[mode], lambda x, layout: preprocess_input(x, layout, mode)):
        y = function(PIXEL.reshape(shape).copy(), layout)
        assert y.shape == shape and y.dtype == "float32"
        np.testing.assert_allclose(y.ravel(), EXPECTED[mode], rtol=1e-5, atol=1e-6)


def test_the_default_mode_and_the_layout_that_is_set():
    np.testing.assert_allclose(preprocess_input(PIXEL.copy()).ravel(), EXPECTED["caffe"], rtol=1e-5)
    config.set_image_data_format("channels_first")
    y = preprocess_input(PIXEL.reshape(1, 3, 1, 1).copy())
    np.testing.assert_allclose(y.ravel(), EXPECTED["caffe"], rtol=1e-5)


@pytest.mark.parametrize("mode", EXPECTED)
def test_arrays_of_floating_point_numbers_are_written_over(mode):
    x = PIXEL.copy()
    y = preprocess_input(x, mode=mode)
    assert np.shares_memory(x, y) and not (x == PIXEL).all()


@pytest.mark.parametrize("mode", EXPECTED)
def test_other_arrays_are_not(mode):
    integers, constant = PIXEL.astype("uint8"), PIXEL.copy()
    constant.flags.writeable = False
    for x in (integers, constant):
        before = x.copy()
        assert preprocess_input(x, mode=mode).dtype == "float32"
        np.testing.assert_array_equal(x, before)
    assert preprocess_input(PIXEL.astype("float64"), mode=mode).dtype == "float64"


@pytest.mark.parametrize("mode", EXPECTED)
@pytest.mark.parametrize("dtype", ["float32", "uint8"])
def test_inside_a_model(dtype, mode):
    image = Input((1, 1, 3), dtype=dtype)
    y = Model(image, preprocess_input(image, mode=mode)).predict(PIXEL.round().astype(dtype), verbose=0)
    expected = preprocess_input(PIXEL.round(), mode=mode)
    assert y.dtype == "float32"
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-6)


def test_lists():
    np.testing.assert_allclose(scaled([[[0, 255, 255]]]), [[[-1, 1, 1]]])


def test_unchanged():
    assert unchanged(PIXEL) is PIXEL


@pytest.mark.parametrize("function", [preprocess_input, scaled, standardized, centered, unchanged])
def test_unknown_names(function):
    with pytest.raises(UnknownNameError, match="data_format of preprocess_input"):
        function(PIXEL, data_format="channels_middle")
    with pytest.raises(UnknownNameError, match="mode of preprocess_input"):
        preprocess_input(PIXEL, mode="imagenet")

"""Resizing of images: worked by hand, and from real Keras."""

import numpy as np
import pytest

from minikeras import Input, Model, ops
from minikeras.errors import ArgumentError, ShapeError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.image.resizing import fitted_window

ROW = np.uint8([10, 20, 30, 43]).reshape(1, 1, 4, 1)
resize = ops.image.resize


def test_pixels_are_at_half_pixel_centers_and_rounded():
    assert resize(ROW, (1, 2), "nearest").ravel().tolist() == [20, 43]
    larger = resize(ROW, (1, 8))
    assert (larger.dtype, larger.ravel().tolist()) == ("uint8", [10, 12, 18, 22, 28, 33, 40, 43])
    assert resize(np.float32(ROW), (1, 8)).ravel().tolist() == [10, 12.5, 17.5, 22.5, 27.5, 33.25, 39.75, 43]


def test_cubic_weights_overshoot_and_integers_are_clipped():
    edge = np.uint8([0, 0, 255, 255]).reshape(1, 4, 1)
    assert resize(edge, (1, 8), "bicubic").ravel().tolist() == [0, 0, 0, 52, 203, 255, 255, 255]
    assert resize(np.float32(edge), (1, 8), "bicubic").max() > 255


def test_antialiasing_averages():
    assert resize(np.float32([0, 0, 4, 4, 0, 0]).reshape(1, 6, 1), (1, 3)).ravel().tolist() == [0, 4, 0]
    smoothed = resize(np.float32([0, 0, 4, 4, 0, 0]).reshape(1, 6, 1), (1, 3), antialias=True).ravel()
    np.testing.assert_allclose(smoothed, [4 / 7, 3, 4 / 7], rtol=1e-6)


def test_data_formats_and_batches_agree():
    images = np.random.default_rng(0).uniform(0, 1, (2, 4, 5, 3)).astype("float32")
    expected = resize(images, (3, 8), "bicubic")
    np.testing.assert_array_equal(resize(images[0], (3, 8), "bicubic"), expected[0])
    first = resize(images.transpose(0, 3, 1, 2), (3, 8), "bicubic", data_format="channels_first")
    np.testing.assert_allclose(first.transpose(0, 2, 3, 1), expected, rtol=1e-5)
    assert resize(images[:0], (3, 8)).shape == (0, 3, 8, 3)
    assert resize(KerasTensor((None, None, None, 3), "uint8"), (3, 8), "bicubic").shape == (None, 3, 8, 3)


def test_the_aspect_ratio_is_kept():
    columns = np.tile(np.arange(8.0, dtype="float32")[:, None], (1, 4, 1, 1)).reshape(1, 4, 8, 1)
    assert resize(columns, (4, 4), crop_to_aspect_ratio=True)[0, 0, :, 0].tolist() == [2, 3, 4, 5]
    padded = resize(np.ones((1, 4, 4, 1), "float32"), (6, 3), pad_to_aspect_ratio=True, fill_value=0.25)
    assert padded[0, :, 0, 0].tolist() == [0.25, 0.625, 1, 1, 0.625, 0.25]
    wide = resize(np.ones((2, 2, 1), "uint8"), (2, 4), "nearest", pad_to_aspect_ratio=True, fill_value=7)
    assert (wide.dtype, wide[..., 0].tolist()) == ("uint8", [[7, 1, 1, 7]] * 2)


def test_refused():
    image = np.ones((2, 2, 1), "float32")
    for size in (3, (3,), (0, 3), (2.5, 3), (1, 2, 3)):
        with pytest.raises(ArgumentError, match="resize: `size` must be an integer >= 1, or a tuple of 2"):
            resize(image, size) if size != 3 else resize(image, "3")
    with pytest.raises(UnknownNameError, match="Did you mean 'bicubic'"):
        resize(image, (3, 3), "bicubik")
    with pytest.raises(ArgumentError, match="fill_mode='wrap'"):
        resize(image, (3, 3), fill_mode="wrap")
    with pytest.raises(ArgumentError, match="`fill_value` must be a number"):
        resize(image, (3, 3), fill_value="0")
    with pytest.raises(ArgumentError, match="only one of"):
        resize(image, (3, 3), crop_to_aspect_ratio=True, pad_to_aspect_ratio=True)
    with pytest.raises(ShapeError, match="images with pixels"):
        resize(np.ones((2, 0, 1)), (3, 3))
    with pytest.raises(ShapeError, match="3 axes"):
        resize(np.ones((2, 2)), (3, 3))


def test_scale_and_translate():
    moved = ops.image.scale_and_translate(np.float32([1, 3]), (4,), [1.0], [1.0], (0,), "trilinear")
    assert moved.tolist() == [0, 1, 3, 0]
    x = np.random.default_rng(0).uniform(0, 1, (4, 3, 2)).astype("float32")
    same = ops.image.scale_and_translate(x, (4, 6, 2), [2.0], [0.0], (-2,), "cubic")
    expected = resize(x, (4, 6), "bicubic")
    np.testing.assert_allclose(same, expected, rtol=1e-6)
    assert ops.image.scale_and_translate(np.uint8([1, 2]), (4,), [2], [0], [0], "linear").dtype == "float32"


@pytest.mark.parametrize("sizes", [(None, None, None, 3), (2, None, None, 3), (None, 5, None, 3)])
def test_scaling_images_of_free_sizes(sizes):
    inputs = Input(batch_shape=sizes)
    scaled = ops.image.scale_and_translate(inputs, (2, 4, 6, 3), [2.0, 1.0], [0.0, 1.0], (1, 2), "linear")
    assert scaled.shape[1:] == (4, 6, 3) and scaled.shape[0] in (2, None)
    x = np.arange(150, dtype="float32").reshape(2, 5, 5, 3)
    expected = ops.image.scale_and_translate(x, (2, 4, 6, 3), [2.0, 1.0], [0.0, 1.0], (1, 2), "linear")
    np.testing.assert_array_equal(Model(inputs, scaled)(x), expected)


def test_refused_scaling():
    x = np.ones((4, 3, 2), "float32")
    with pytest.raises(UnknownNameError, match="nearest"):
        ops.image.scale_and_translate(x, (4, 3, 2), [1.0], [0.0], (0,), "nearest")
    for shape in ((4, 3), (4, 4, 2)):
        with pytest.raises(ShapeError, match="to differ from the shape of the images in `spatial_dims` only"):
            ops.image.scale_and_translate(x, shape, [1.0], [0.0], (0,), "linear")
    with pytest.raises(ShapeError, match=r"translation of shape \(2,\)"):
        ops.image.scale_and_translate(x, (4, 3, 2), [1.0], [0.0, 0.0], (0,), "linear")
    with pytest.raises(ArgumentError, match="Axis 3"):
        ops.image.scale_and_translate(x, (4, 3, 2), [1.0], [0.0], (3,), "linear")


def test_windows():
    assert fitted_window(4, 8, (3, 3), is_padded=False) == (0, 2, 4, 4)
    assert fitted_window(8, 4, (2, 1), is_padded=False) == (0, 0, 8, 4)
    assert fitted_window(4, 4, (6, 3), is_padded=True) == (-2, 0, 8, 4)
    assert fitted_window(1, 9, (1, 100), is_padded=False) == (0, 0, 1, 9)

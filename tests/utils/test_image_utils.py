"""Images as arrays, and from and to files."""

import io
import sys

import numpy as np
import pytest
from PIL import Image

from minikeras import config
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError, UnknownNameError
from minikeras.utils import array_to_img, img_to_array, load_img, save_img
from minikeras.utils.image_utils import largest_window, smart_resize

# Two rows of three pixels, whose channels differ.
COLORS = np.arange(18, dtype="float32").reshape(2, 3, 3)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "image.png"
    Image.fromarray(np.arange(60, dtype="uint8").reshape(4, 5, 3)).save(path)
    return path


def test_an_array_becomes_an_image():
    image = array_to_img(COLORS, scale=False)
    assert (image.mode, image.size) == ("RGB", (3, 2))
    assert np.asarray(image).tolist() == COLORS.tolist()


def test_values_are_scaled_to_the_range_of_bytes():
    image = array_to_img(np.array([[[-1.0], [0.0], [1.0]]]))
    assert image.mode == "L" and np.asarray(image).tolist() == [[0, 127, 255]]
    assert np.asarray(array_to_img(np.full((1, 2, 1), 7.0))).tolist() == [[0, 0]]


def test_large_values_of_one_channel():
    assert np.asarray(array_to_img(np.full((1, 1, 1), 300.0), scale=False)).tolist() == [[300]]


def test_channels_first():
    image = array_to_img(COLORS.transpose(2, 0, 1), data_format="channels_first", scale=False)
    assert np.asarray(image).tolist() == COLORS.tolist()
    assert img_to_array(image, "channels_first").tolist() == COLORS.transpose(2, 0, 1).tolist()
    config.set_image_data_format("channels_first")
    assert img_to_array(image).shape == (3, 2, 3)


def test_an_image_becomes_an_array():
    image = array_to_img(COLORS, scale=False)
    array = img_to_array(image)
    assert array.dtype == np.float32 and array.tolist() == COLORS.tolist()
    assert img_to_array(image.convert("L")).shape == (2, 3, 1)
    assert img_to_array(image, dtype="uint8").dtype == np.uint8


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: array_to_img(np.ones((2, 2))), ShapeError, r"3 axes. Received: shape \(2, 2\)"),
        (lambda: array_to_img(np.ones((2, 2, 2))), ShapeError, "1, 3 or 4 channels. Received: 2"),
        (lambda: array_to_img(COLORS, "channels_lost"), UnknownNameError, "Did you mean 'channels_last'"),
        (lambda: img_to_array(np.ones(3)), ShapeError, r"Received: shape \(3,\)"),
        (lambda: load_img("x.png", color_mode="rbg"), UnknownNameError, "`color_mode` of `load_img`"),
        (lambda: load_img("x.png", target_size=(1, 1), interpolation="cubic"), UnknownNameError, "`interpolation`"),
        (lambda: load_img(3), ArgumentTypeError, "a path or an open file. Received: 3"),
        (lambda: save_img(io.BytesIO(), COLORS), ArgumentError, "`file_format`"),
    ],
)
def test_bad_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_reading(file):
    image = load_img(file)
    assert (image.mode, image.size) == ("RGB", (5, 4))
    assert load_img(str(file), color_mode="grayscale").mode == "L"
    assert load_img(str(file), color_mode="rgba").mode == "RGBA"
    with open(file, "rb") as stream:
        assert np.array_equal(load_img(stream), image)


def test_a_size_to_scale_to(file):
    assert load_img(file, target_size=(2, 3)).size == (3, 2)
    assert load_img(file, target_size=(4, 5)).size == (5, 4)
    # The largest square in the middle of 4 x 5 pixels begins at column 0, the largest one twice as high at column 1.
    for size, box in (((2, 2), (0, 0, 4, 4)), ((4, 2), (1, 0, 3, 4))):
        middle = load_img(file, target_size=size, keep_aspect_ratio=True, interpolation="box")
        expected = load_img(file).crop(box).resize(size[::-1], Image.Resampling.BOX)
        assert np.array_equal(middle, expected)


def test_writing_and_reading_back(tmp_path):
    path = tmp_path / "new.png"
    save_img(path, COLORS, scale=False)
    assert img_to_array(load_img(path)).tolist() == COLORS.tolist()
    stream = io.BytesIO()
    save_img(stream, COLORS, file_format="bmp", scale=False)
    assert stream.getvalue()[:2] == b"BM"
    save_img(tmp_path / "new.jpg", COLORS)
    assert (tmp_path / "new.jpg").read_bytes()[:2] == b"\xff\xd8"


def test_jpeg_has_no_transparency(tmp_path):
    with pytest.warns(UserWarning, match="no transparency"):
        save_img(tmp_path / "new.jpg", np.ones((2, 2, 4)))
    assert load_img(tmp_path / "new.jpg").mode == "RGB"


def test_without_pillow(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ImportError, match=r"pip install minikeras\[image\]"):
        array_to_img(COLORS)


def test_smart_resize():
    image = np.zeros((2, 4, 1), "float32")
    image[:, :, 0] = [0, 10, 20, 30]
    assert smart_resize(image, (1, 1)).tolist() == [[[15]]]
    assert smart_resize(image, (2, 2), interpolation="nearest")[0, :, 0].tolist() == [10, 20]
    batch = np.stack([image, image + 1]).transpose(0, 3, 1, 2)
    assert smart_resize(batch, [1, 1], data_format="channels_first").tolist() == [[[[15]]], [[[16]]]]
    assert smart_resize(image, (3, 1)).shape == (3, 1, 1)
    with pytest.raises(ShapeError, match="an image or a batch of images"):
        smart_resize(image[0], (1, 1))
    with pytest.raises(ArgumentError, match="`size` must be"):
        smart_resize(image, (1, 2, 3))
    with pytest.raises(ArgumentTypeError, match=r"\['antialias'\]"):
        smart_resize(image, (1, 1), antialias=True)


def test_the_largest_window():
    assert largest_window(10, 20, (1, 1)) == (0, 5, 10, 10) and largest_window(20, 11, (1, 1)) == (4, 0, 11, 11)
    assert largest_window(3, 100, (100, 1)) == (0, 49, 3, 1)

"""The shapes of images."""

import pytest

from minikeras import config
from minikeras.applications.input_shapes import (
    checked_shape,
    joined_shape,
    obtain_input_shape,
    rows_with_weights,
    split_shape,
)
from minikeras.errors import ShapeError


def test_layouts():
    assert split_shape((1, 2, 3)) == (1, 2, 3) and joined_shape(1, 2, 3) == (1, 2, 3)
    config.set_image_data_format("channels_first")
    assert split_shape((3, 1, 2)) == (1, 2, 3) and joined_shape(1, 2, 3) == (3, 1, 2)


@pytest.mark.parametrize("shape", [(32, 32), 32, "abc", (32, 32, 3.0), (0, 32, 3), (32, True, 3), (1, 32, 32, 3)])
def test_what_is_no_shape(shape):
    with pytest.raises(ShapeError, match="M: `input_shape` must be three positive integers, such as"):
        checked_shape("M", shape)


def test_a_list_is_a_shape():
    assert checked_shape("M", [32, None, 3]) == (32, None, 3) and checked_shape("M", None) is None


@pytest.mark.parametrize(
    ("shape", "is_fixed", "weights", "expected"),
    [
        (None, True, None, (224, 224, 3)),
        (None, False, None, (None, None, 3)),
        ((40, 50, 3), True, None, (40, 50, 3)),
        ((40, 50, 1), True, None, (40, 50, 1)),
        ((40, None, 3), False, "imagenet", (40, None, 3)),
        ((224, 224, 3), True, "imagenet", (224, 224, 3)),
        (None, True, "imagenet", (224, 224, 3)),
    ],
)
def test_right_shapes(shape, is_fixed, weights, expected):
    assert obtain_input_shape("M", shape, 224, 32, is_fixed, weights) == expected


@pytest.mark.parametrize(
    ("shape", "is_fixed", "weights", "message"),
    [
        ((31, 40, 3), True, None, "at least 32 x 32 pixels"),
        ((None, 31, 3), False, None, "at least 32 x 32 pixels"),
        ((40, None, 3), True, None, "without None"),
        ((225, 224, 3), True, "imagenet", r"\(224, 224, 3\) with `include_top=True`"),
        ((40, 40, 1), False, "imagenet", "of 3 channels"),
    ],
)
def test_wrong_shapes(shape, is_fixed, weights, message):
    with pytest.raises(ShapeError, match=f"M: `input_shape` must be {message}"):
        obtain_input_shape("M", shape, 224, 32, is_fixed, weights)


def test_an_unusual_number_of_channels():
    with pytest.warns(UserWarning, match="M: images have 1 or 3 channels, as a rule"):
        assert obtain_input_shape("M", (40, 40, 4), 224, 32, True, None) == (40, 40, 4)


def test_rows_with_weights():
    assert rows_with_weights("M", (None, None, 3), (96, 224), None) is None
    assert rows_with_weights("M", (96, 96, 3), (96, 224), "imagenet") == 96
    with pytest.warns(UserWarning, match="M: there are weights of ImageNet for square images of 96, 224 pixels"):
        assert rows_with_weights("M", (96, 224, 3), (96, 224), "imagenet") == 224

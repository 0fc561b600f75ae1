"""Cropping and padding of images."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor

IMAGE = np.arange(20).reshape(4, 5, 1)
crop, pad = ops.image.crop_images, ops.image.pad_images


def test_cropping():
    for arguments in (
        {"top_cropping": 1, "bottom_cropping": 1, "left_cropping": 0, "right_cropping": 3},
        {"top_cropping": 1, "target_height": 2, "left_cropping": 0, "target_width": 2},
        {"bottom_cropping": 1, "target_height": 2, "right_cropping": 3, "target_width": 2},
    ):
        assert crop(IMAGE, **arguments)[..., 0].tolist() == [[5, 6], [10, 11]]
        batch = np.stack([IMAGE.transpose(2, 0, 1)] * 2)
        assert crop(batch, **arguments, data_format="channels_first")[1, 0].tolist() == [[5, 6], [10, 11]]


def test_padding():
    for arguments in (
        {"top_padding": 1, "bottom_padding": 0, "left_padding": 0, "right_padding": 2},
        {"top_padding": 1, "target_height": 5, "left_padding": 0, "target_width": 7},
        {"bottom_padding": 0, "target_height": 5, "right_padding": 2, "target_width": 7},
    ):
        expected = np.pad(IMAGE, ((1, 0), (0, 2), (0, 0)))
        np.testing.assert_array_equal(pad(IMAGE, **arguments), expected)
        batch = np.stack([IMAGE.transpose(2, 0, 1)] * 2)
        np.testing.assert_array_equal(pad(batch, **arguments, data_format="channels_first")[1, 0], expected[..., 0])


def test_free_sizes():
    x = KerasTensor((None, None, 5, 1))
    assert crop(x, 1, 0, target_height=2, target_width=2).shape == (None, 2, 2, 1)
    assert crop(x, 1, 0, 1, 0).shape == pad(x, 1, 0, 1, 0).shape == (None, None, 5, 1)


def test_refused():
    with pytest.raises(ArgumentError, match="two of top_cropping, bottom_cropping, target_height. Received: top"):
        crop(IMAGE, 1, 1, right_cropping=1)
    with pytest.raises(ArgumentError, match="two of left_padding, right_padding, target_width"):
        pad(IMAGE, 1, 1, 1, 1, target_width=7)
    with pytest.raises(ArgumentError, match="`top_cropping` must be"):
        crop(IMAGE, -1, 0, 0, 0)
    for arguments in ({"target_height": 5}, {"bottom_cropping": 4}):
        with pytest.raises(ShapeError, match="of an axis of size 4: it crops more than there is"):
            crop(IMAGE, 1, 0, right_cropping=0, **arguments)
    with pytest.raises(ShapeError, match="it is larger than the new size"):
        pad(IMAGE, 1, 0, right_padding=0, target_height=4)

"""Resizing: real values, aspect ratios, dtypes, boxes."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check, check_boxes


def test_in_full():
    check("Resizing")


def test_dtype_is_kept():
    pixels = np.uint8([10, 20, 30, 43]).reshape(1, 4, 1)
    resized = layers.Resizing(1, 8)(pixels)
    # 43 is rounded from 39.75 and 43; 12.5 and 17.5 are rounded to even numbers.
    assert resized.dtype == "uint8" and resized[0, :, 0].tolist() == [10, 12, 18, 22, 28, 33, 40, 43]


def test_aspect_ratios():
    wide = np.tile(np.arange(8, dtype="float32"), (4, 1))[..., None]
    np.testing.assert_array_equal(layers.Resizing(4, 4, crop_to_aspect_ratio=True)(wide)[0, :, 0], [2, 3, 4, 5])
    padded = layers.Resizing(6, 3, pad_to_aspect_ratio=True, fill_value=0.25)(np.ones((4, 4, 1)))
    np.testing.assert_array_equal(padded[:, 0, 0], [0.25, 0.625, 1, 1, 0.625, 0.25])


@pytest.mark.parametrize("options", [{}, {"crop_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True}])
def test_boxes_follow(options):
    check_boxes(lambda **more: layers.Resizing(16, 24, interpolation="nearest", **options, **more), moved=None)


def test_boxes_that_fill_up_stay():
    boxes = {"boxes": np.float32([[0, 0, 0, 0], [-1, -1, -1, -1]]), "labels": np.array([-1, -1])}
    layer = layers.Resizing(8, 8, pad_to_aspect_ratio=True, bounding_box_format="xyxy")
    moved = layer({"images": np.ones((4, 8, 1)), "bounding_boxes": boxes})["bounding_boxes"]
    assert not moved["boxes"].any() and moved["labels"].tolist() == [-1, -1]


def test_bad_arguments():
    both = {"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True}
    for options in ({"interpolation": "no"}, {"fill_mode": "reflect"}, both, {"fill_value": "a"}):
        with pytest.raises(ArgumentError, match="Resizing"):
            layers.Resizing(2, 3, **options)

"""MaxNumBoundingBoxes: cut, filled up, lists of different lengths."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("MaxNumBoundingBoxes")


def test_as_many_boxes():
    boxes = {"boxes": [[[1, 2, 3, 4], [5, 6, 7, 8]], [[9, 9, 9, 9]]], "labels": [[1, 2], [3]]}
    for number, expected in ((1, [[1], [3]]), (2, [[1, 2], [3, -1]]), (3, [[1, 2, 7], [3, -1, 7]])):
        layer = layers.MaxNumBoundingBoxes(number, 7, bounding_box_format="xyxy")
        found = layer({"images": np.ones((2, 4, 4, 3)), "bounding_boxes": boxes})["bounding_boxes"]
        assert found["labels"].tolist() == expected and found["boxes"].shape == (2, number, 4)
    assert found["boxes"][0].tolist() == [[1, 2, 3, 4], [5, 6, 7, 8], [7, 7, 7, 7]]


def test_shapes():
    layer = layers.MaxNumBoundingBoxes(5)
    shapes = {"images": (None, 4, 4, 3), "bounding_boxes": {"boxes": (None, 2, 4), "labels": (None, 2)}}
    found = layer.compute_output_shape(shapes)["bounding_boxes"]
    assert found == {"boxes": (None, 5, 4), "labels": (None, 5)}
    assert layers.MaxNumBoundingBoxes.from_config(layers.MaxNumBoundingBoxes(2, 9).get_config()).fill_value == 9


def test_bad_numbers():
    for number in (0, -1, "a", None):
        with pytest.raises((ArgumentError, TypeError), match="MaxNumBoundingBoxes: `max_number` must be"):
            layers.MaxNumBoundingBoxes(number)

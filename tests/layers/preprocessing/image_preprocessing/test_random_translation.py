"""RandomTranslation: real values, fill modes, boxes."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check, check_boxes


def test_in_full():
    check("RandomTranslation")


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("constant", [9, 9, 1, 2]), ("nearest", [1, 1, 1, 2]), ("reflect", [2, 1, 1, 2]), ("wrap", [3, 4, 1, 2])],
)
def test_fill_modes(mode, expected):
    image = np.float32([1, 2, 3, 4]).reshape(1, 4, 1)
    np.testing.assert_array_equal(
        layers.RandomTranslation(0, (0.5, 0.5), mode, fill_value=9.0)(image)[0, :, 0], expected
    )


def test_boxes_follow():
    check_boxes(lambda **options: layers.RandomTranslation((0.25, 0.25), (-0.1, -0.1), "constant", **options))


def test_boxes_outside_lose_their_label():
    layer = layers.RandomTranslation(0, (0.5, 0.5), bounding_box_format="xyxy")
    boxes = {"boxes": np.float32([[0, 0, 1, 1], [2, 0, 4, 1]]), "labels": np.array([5, 6])}
    moved = layer({"images": np.ones((4, 4, 1)), "bounding_boxes": boxes})["bounding_boxes"]
    assert moved["boxes"].tolist() == [[2, 0, 3, 1], [4, 0, 4, 1]] and moved["labels"].tolist() == [5, -1]


def test_bad_factors():
    for factor in (-1.1, (0.1, 3), "a"):
        with pytest.raises(ArgumentError, match="`width_factor` must be a number, or .* in .-1, 1"):
            layers.RandomTranslation(0, factor)

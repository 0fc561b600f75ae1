"""RandomShear: real values, boxes, a config that can be loaded."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check, check_boxes


def test_in_full():
    check("RandomShear")


def test_boxes_follow():
    check_boxes(
        lambda **options: layers.RandomShear(
            (1.0, 1.0), interpolation="nearest", fill_mode="constant", seed=0, **options
        ),
        moved=None,
    )


def test_boxes_of_images_that_are_no_squares():
    layer = layers.RandomShear((1.0, 1.0), seed=2, bounding_box_format="xyxy")  # whose sign is +1: x' = x - y
    assert layer.get_random_transformation(np.ones((2, 8, 1)))["shear_factor"].tolist() == [[1, 0]]
    layer = layers.RandomShear((1.0, 1.0), seed=2, bounding_box_format="xyxy")
    boxes = {"boxes": np.float32([[3, 0, 5, 2]]), "labels": np.array([1])}
    moved = layer({"images": np.ones((2, 8, 1)), "bounding_boxes": boxes})["bounding_boxes"]["boxes"]
    np.testing.assert_allclose(moved, [[1.5, 0, 5.5, 2]])  # sides of pixels are 1/2 from their centers


def test_config_can_be_loaded():
    layer = layers.RandomShear(0.2, 0.1)
    assert layer.get_config()["x_factor"] == (-0.2, 0.2)
    assert layers.RandomShear.from_config(layer.get_config()).x_factor == (-0.2, 0.2)


def test_bad_factors():
    for factor in (-0.1, 1.1, (-0.5, 0.2), "a"):
        with pytest.raises(ArgumentError, match="`x_factor` must be"):
            layers.RandomShear(factor)

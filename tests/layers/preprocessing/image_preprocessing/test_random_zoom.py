"""RandomZoom: real values, both directions, boxes."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check, check_boxes


def test_in_full():
    check("RandomZoom")


def test_one_factor_keeps_the_aspect_ratio():
    drawn = layers.RandomZoom(0.5, seed=0).get_random_transformation(np.ones((5, 4, 4, 1)))
    np.testing.assert_array_equal(drawn["height_zoom"], drawn["width_zoom"])
    assert (np.abs(drawn["height_zoom"] - 1) <= 0.5).all()


def test_zoom_out():
    image = np.float32([1, 2, 3, 4]).reshape(1, 4, 1)
    seen = layers.RandomZoom(0.0, (1.0, 1.0), "constant", "nearest")(image)[0, :, 0]
    np.testing.assert_array_equal(seen, [0, 2, 4, 0])  # from -1.5, 0.5, 2.5 and 4.5; halves away from zero


def test_boxes_follow():
    check_boxes(lambda **options: layers.RandomZoom((-0.5, -0.5), **options), moved=[[3, 2, 9, 6]])


def test_bad_factors():
    for factor in (-1, 1.1, (0.1, 3), "a", None):
        with pytest.raises(ArgumentError, match="`height_factor` must be a number, or .* in .-1, 1"):
            layers.RandomZoom(factor)

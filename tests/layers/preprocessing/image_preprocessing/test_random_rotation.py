"""RandomRotation: real values, quarter turns, boxes."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check, check_boxes


def test_in_full():
    check("RandomRotation")


def test_quarter_turns():
    image = np.float32([[1, 2], [3, 4]])[..., None]
    for factor, expected in ((0.25, [[2, 4], [1, 3]]), (-0.25, [[3, 1], [4, 2]]), (0.5, [[4, 3], [2, 1]])):
        turned = layers.RandomRotation((factor, factor))(image)[..., 0]
        np.testing.assert_allclose(turned, expected, atol=1e-5)  # float32: the cosine of 90 degrees is 4e-8


def test_boxes_follow():
    check_boxes(lambda **options: layers.RandomRotation((0.25, 0.25), fill_mode="constant", **options))
    check_boxes(lambda **options: layers.RandomRotation((0.5, 0.5), fill_mode="constant", **options))


def test_bad_arguments():
    for options in ({"factor": 2}, {"factor": "a"}, {"factor": (0.1, 0.2, 0.3)}, {"factor": (3, 4)}):
        with pytest.raises(ArgumentError, match="RandomRotation: `factor` must be"):
            layers.RandomRotation(**options)
    for kind in (ArgumentError, NotImplementedError):  # Keras raises the second
        with pytest.raises(kind, match="unknown `fill_mode`. Expected one of 'reflect'"):
            layers.RandomRotation(0.1, fill_mode="no")
        with pytest.raises(kind, match="unknown `interpolation`"):
            layers.RandomRotation(0.1, interpolation="bicubic")

"""RandomPerspective: real values, boxes."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import PIXELS, check, check_boxes, make


def test_in_full():
    check("RandomPerspective")


def test_nothing_moves_without_scale():
    layer = make("RandomPerspective")
    layer.scale = 0.0
    np.testing.assert_allclose(layer(PIXELS), PIXELS, atol=1e-2)  # float32: a system of eight equations is solved


def test_boxes_follow():
    check_boxes(lambda **options: layers.RandomPerspective((1.0, 1.0), 0.3, seed=1, **options), moved=None)
    check_boxes(lambda **options: layers.RandomPerspective(0.0, **options))


def test_bad_arguments():
    for options in ({"factor": 2}, {"scale": 1.5}, {"scale": "a"}, {"factor": (2, 3)}):
        with pytest.raises(ArgumentError, match="RandomPerspective: `(factor|scale)` must be"):
            layers.RandomPerspective(**options)

"""Layers that draw random numbers: seeds, how often images are chosen."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError
from minikeras.layers.preprocessing.image_preprocessing.random_layer import ColorLayer, RandomLayer
from minikeras.random import SeedGenerator


def test_draws():
    layer = RandomLayer(seed=3)
    # numpy's own generator, seeded by the seed and the number of the draw.
    for number in range(2):
        expected = np.random.default_rng(np.array([3, number], "uint32")).uniform(1, 2, (4,)).astype("float32")
        np.testing.assert_array_equal(layer._uniform((4,), 1, 2, None), expected)
    assert layer._uniform((4,), 1, 2, 5, "uint8").dtype == "float32"  # in which integers cannot be drawn
    np.testing.assert_array_equal(layer._uniform((4,), 1, 2, 5), layer._uniform((4,), 1, 2, SeedGenerator(5)))


def test_how_often_images_are_chosen():
    assert not RandomLayer(seed=0)._is_chosen(1000, (0, 0), None).any()
    assert RandomLayer(seed=0)._is_chosen(1000, (1, 1), None).all()
    half = RandomLayer(seed=0)._is_chosen(1000, (0, 1), None).mean()
    assert 0.43 < half < 0.57  # four standard deviations of 0.016


def test_bad_seed():
    with pytest.raises(ArgumentError, match="seed"):
        RandomLayer(seed="a")


def test_color_config():
    config = ColorLayer((0.5, -0.5), [2, 1], 3).get_config()
    assert {name: config[name] for name in ("factor", "value_range", "seed")} == {
        "factor": (-0.5, 0.5),
        "value_range": [1, 2],
        "seed": 3,
    }

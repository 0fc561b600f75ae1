"""Layers of several augmentations: which ones they make, with which arguments."""

import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from minikeras.layers.preprocessing.image_preprocessing.policies import Policy


class Two(Policy):
    """Has two augmentations."""

    augmentations = ("random_posterization", "random_shear")


def test_arguments_reach_the_augmentations():
    policy = Two((0, 1), 0.5, "nearest", 7, data_format="channels_first", bounding_box_format="xywh", dtype="float16")
    policy._make(*policy.augmentations)
    bits, shear = policy._layers()
    assert isinstance(bits, layers.RandomPosterization) and isinstance(shear, layers.RandomShear)
    assert bits.factor == (1, 4) and bits.value_range == [0, 1] and shear.x_factor == shear.y_factor == (0, 0.5)
    assert shear.interpolation == "nearest"
    for layer in (bits, shear):
        assert layer.seed == 7 and layer.data_format == "channels_first" and layer.compute_dtype == "float16"
        assert layer.bounding_box_format == "xywh"


def test_bad_arguments():
    for options in ({"value_range": 3}, {"factor": 2}, {"interpolation": "no"}):
        with pytest.raises(ArgumentError, match="Two: "):
            Two(**options)

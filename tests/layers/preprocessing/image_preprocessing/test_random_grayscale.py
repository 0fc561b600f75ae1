"""RandomGrayscale: real values, how often."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("RandomGrayscale")


def test_how_often():
    images = np.tile(np.float32([100, 0, 0]), (400, 1, 1, 1))
    gray = layers.RandomGrayscale(0.25, seed=0)(images)[:, 0, 0, 1] > 0
    assert 60 < gray.sum() < 140  # 100, give or take more than four standard deviations


def test_bad_factors():
    for factor in (-0.1, 1.1, "a", (0, 1)):
        with pytest.raises(ArgumentError, match="RandomGrayscale: `factor` must be"):
            layers.RandomGrayscale(factor)


def test_symbolic_outputs():
    layer, x = layers.RandomGrayscale(), layers.Input((4, 4, 3), dtype="uint8")
    for y in (layer.compute_output_spec(inputs=x), layer(data=x)):
        assert (y.shape, y.dtype) == ((None, 4, 4, 3), "uint8")


def test_what_stays_as_it_is():
    layer, value = layers.RandomGrayscale(), np.ones((2, 3, 3, 1))
    drawn = layer.get_random_transformation(images=value)
    for method in (layer.transform_labels, layer.transform_segmentation_masks):
        for names in ({"transformations": drawn}, {"transformation": drawn, "training": False}):
            assert method(value, **names) is value
        with pytest.raises(TypeError, match="other"):
            method(value, other=1)

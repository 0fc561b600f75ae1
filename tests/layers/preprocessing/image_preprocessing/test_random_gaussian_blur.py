"""RandomGaussianBlur: real values, by hand."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("RandomGaussianBlur")


def test_by_hand():
    image = np.float32([0, 9, 0]).reshape(1, 3, 1)
    weight = np.exp(-0.5)
    total = (1 + 2 * weight) ** 2  # rows outside are zeros, so only the middle row counts
    changed = layers.RandomGaussianBlur((1.0, 1.0), sigma=(1.0, 1.0))(image)[0, :, 0]
    np.testing.assert_allclose(changed, [9 * weight / total, 9 / total, 9 * weight / total], rtol=1e-5)


def test_bad_arguments():
    for options in ({"kernel_size": 2}, {"kernel_size": (3, 4)}, {"kernel_size": "a"}, {"sigma": 2}, {"factor": -1}):
        with pytest.raises(ArgumentError, match="RandomGaussianBlur: `"):
            layers.RandomGaussianBlur(**options)

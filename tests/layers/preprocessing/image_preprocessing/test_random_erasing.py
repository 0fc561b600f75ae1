"""RandomErasing: real values, boxes of a color."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import check


def test_in_full():
    check("RandomErasing")


def test_color():
    layer = layers.RandomErasing((1.0, 1.0), (0.25, 0.25), [1.0, 2.0, 3.0], seed=0)
    erased = layer(np.full((20, 8, 8, 3), 9, "float32"))
    for image in erased:
        rows, columns = np.nonzero(image[..., 0] == 1)
        assert len(rows) == 16 and np.ptp(rows) == np.ptp(columns) == 3  # half as high and half as wide
        assert (image[rows, columns] == [1, 2, 3]).all() and (image == 9).sum() == (64 - 16) * 3


def test_bad_fill_values():
    for value in ("a", [1.0, 2.0], [1, 2, "a"]):
        with pytest.raises(ArgumentError, match="`fill_value` must be a number, a list of three numbers, or None"):
            layers.RandomErasing(fill_value=value)

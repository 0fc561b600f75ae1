import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError

A, B = np.array([[1, -2], [3, 4]], "float32"), np.array([[5, 6], [7, -8]], "float32")


def test_the_second_is_subtracted_from_the_first():
    assert layers.Subtract()([A, B]).tolist() == [[-4, -8], [-4, 12]]
    assert layers.subtract([B, A]).tolist() == [[4, 8], [4, -12]]


def test_exactly_two_inputs():
    with pytest.raises(ArgumentError, match="expected exactly 2 inputs"):
        layers.Subtract()([A, B, A])

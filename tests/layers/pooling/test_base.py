import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError


def test_refused():
    for arguments in ((0,), ((2, 2, 2),), (2, 0)):
        with pytest.raises(ArgumentError, match="MaxPooling2D"):
            layers.MaxPooling2D(*arguments)
    with pytest.raises(ValueError, match="padding"):
        layers.MaxPooling2D(2, padding="causal")
    with pytest.raises(ShapeError, match="does not fit"):
        layers.MaxPooling2D(9)(np.ones((1, 8, 8, 1), "float32"))


def test_free_sizes():
    assert layers.MaxPooling2D(2).compute_output_shape((None, None, 9, 2)) == (None, None, 4, 2)

"""Images and labels mixed with others of the batch."""

import numpy as np
import pytest

from minikeras.errors import ShapeError
from minikeras.layers.preprocessing.image_preprocessing.mixing import mixed, mixed_labels

WEIGHT, ORDER = np.float32([0.25, 1.0]), np.array([1, 0])


def test_mixed():
    images = np.int32([0, 8]).reshape(2, 1, 1, 1)
    result = mixed(images, WEIGHT, ORDER)
    assert result.ravel().tolist() == [6, 8] and result.dtype == "float32"


def test_labels():
    assert mixed_labels("Layer", np.eye(2, dtype="int32"), WEIGHT, ORDER).tolist() == [[0.25, 0.75], [0, 1]]
    assert mixed_labels("Layer", np.ones((2, 3, 4)), WEIGHT, ORDER).shape == (2, 3, 4)
    with pytest.raises(ShapeError, match="Layer mixes labels, so it expects them one-hot"):
        mixed_labels("Layer", np.arange(2), WEIGHT, ORDER)

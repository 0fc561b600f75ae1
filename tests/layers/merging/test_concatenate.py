import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError

A, B = np.array([[1, -2]], "float32"), np.array([[5, 6, 7]], "float32")


def test_by_hand():
    assert layers.Concatenate()([A, B]).tolist() == [[1, -2, 5, 6, 7]]
    assert layers.concatenate([A, A], axis=0).tolist() == [[1, -2], [1, -2]]
    assert layers.Concatenate(np.int64(1)).get_config()["axis"] == 1


def test_shapes():
    layer = layers.Concatenate(1)
    assert layer.compute_output_shape([(None, 2, 3), (None, 4, 3)]) == (None, 6, 3)
    assert layer.compute_output_shape([(None, None, 3), (None, 4, 3)]) == (None, None, 3)
    with pytest.raises(ShapeError, match="the same shape except along axis 1"):
        layer.compute_output_shape([(None, 2, 3), (None, 2, 4)])


@pytest.mark.parametrize("axis", [None, 1.5, "1", True, [1]])
def test_refused(axis):
    with pytest.raises(ArgumentError, match="Concatenate: `axis` must be an integer"):
        layers.Concatenate(axis)

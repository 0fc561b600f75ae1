import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError

A, B = np.array([[1, -2], [3, 4]], "float32"), np.array([[5, 6], [7, -8]], "float32")


def test_by_hand():
    assert layers.Dot(1)([A, B]).tolist() == [[-7], [-11]]  # 1 * 5 - 2 * 6 and 3 * 7 - 4 * 8
    assert layers.dot([A[:, None], B[:, None]], axes=(2, 2)).tolist() == [[[-7]], [[-11]]]
    cosines = layers.Dot(1, normalize=True)([np.array([[3.0, 4.0]]), np.array([[5.0, 0.0]])])
    np.testing.assert_allclose(cosines, [[0.6]], rtol=1e-6)


def test_shapes():
    assert layers.Dot((1, 2)).compute_output_shape([(None, 3, 4), (None, 5, 3)]) == (None, 4, 5)
    with pytest.raises(ShapeError, match="the same size at axes"):
        layers.Dot(1).compute_output_shape([(None, 3), (None, 4)])


@pytest.mark.parametrize("axes", [None, 1.5, "1", True, (1,), (1, 2, 3), (1, None)])
def test_refused(axes):
    with pytest.raises(ArgumentError, match="Dot: `axes` must be an integer, or a list or tuple of 2 integers"):
        layers.Dot(axes)
    with pytest.raises(ArgumentError, match="there are no axes 0 to sum over"):
        layers.Dot(0)([A, B])

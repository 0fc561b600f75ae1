"""Distances between all pairs of vectors."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ShapeError
from minikeras.graph.keras_tensor import KerasTensor


def test_distances():
    x, y = np.float32([[0, 0], [1, 1]]), np.float32([[3, 4], [0, 0], [1, 0]])
    np.testing.assert_allclose(ops.cdist(x, y), [[5, 0, 1], [13**0.5, 2**0.5, 1]], rtol=1e-6)
    assert ops.cdist([[1]], [[4]]).dtype == "float32" and ops.cdist(x[:0], y).shape == (0, 3)
    assert ops.cdist(x, y[None]).shape == (1, 2, 3)
    assert ops.cdist(KerasTensor((None, 2, 5)), KerasTensor((None, 3, 5))).shape == (None, 2, 3)


@pytest.mark.parametrize(("first", "second"), [((3,), (2, 3)), ((2, 3), (2, 4)), ((2, 2, 3), (3, 2, 3))])
def test_shapes_that_do_not_fit(first, second):
    with pytest.raises(ShapeError, match="cdist|broadcast"):
        ops.cdist(np.ones(first), np.ones(second))

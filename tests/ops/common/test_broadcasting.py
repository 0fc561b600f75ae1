"""The gradient of broadcasting."""

import numpy as np
import pytest

from minikeras.ops.common.broadcasting import unbroadcast


@pytest.mark.parametrize("shape", [(2, 3), (3,), (1, 3), (2, 1), (1, 1), (1,), ()])
def test_unbroadcast(shape):
    gradient = np.arange(6.0).reshape(2, 3)
    expected = gradient.sum(axis=tuple(axis for axis in range(2) if ((1, 1) + shape)[axis - 2] == 1), keepdims=True)
    result = unbroadcast(gradient, np.zeros(shape))
    assert result.shape == shape and (result == expected.reshape(shape)).all()

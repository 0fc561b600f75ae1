import math

import numpy as np
import pytest

from minikeras import losses
from minikeras.errors import ShapeError


def test_kl_divergence():
    y_true, y_pred = np.float32([[0.5, 0.5], [0.25, 0.75]]), np.float32([[0.25, 0.75], [0.25, 0.75]])
    expected = [0.5 * math.log(2) + 0.5 * math.log(2 / 3), 0]
    np.testing.assert_allclose(losses.kl_divergence(y_true, y_pred), expected, rtol=1e-6, atol=1e-7)


def test_kl_divergence_of_sure_probabilities():
    # Both are moved into [1e-7, 1].
    expected = 1e-7 * math.log(1e-7) + math.log(1e7)
    np.testing.assert_allclose(losses.kl_divergence([[0.0, 1.0]], [[1.0, 0.0]]), [expected], rtol=1e-6)


def test_poisson():
    result = losses.poisson(np.array([[2, 0], [1, 1]]), np.float32([[1, 3], [math.e, 1]]))
    np.testing.assert_allclose(result, [(1 + 3) / 2, (math.e - 1 + 1) / 2], rtol=1e-6)
    np.testing.assert_allclose(losses.poisson([[1.0]], [[0.0]]), [-math.log(1e-7)], rtol=1e-6)


@pytest.mark.parametrize("function", [losses.kl_divergence, losses.poisson])
def test_wrong_shapes(function):
    with pytest.raises(ShapeError, match=rf"`{function.__name__}`.*\(4, 2\).*\(4, 3\)"):
        function(np.zeros((4, 2)), np.zeros((4, 3)))

import math

import numpy as np
import pytest

from minikeras import losses
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ShapeError

LN2 = math.log(2)
CASES = [
    (losses.mean_squared_error, [[1, 2], [0, 0]], [[1, 4], [3, 1]], {}, [2, 5]),
    (losses.mean_absolute_error, [[1, 2], [0, 0]], [[1, 4], [-3, 1]], {}, [1, 2]),
    (losses.mean_absolute_percentage_error, [[2, -4], [10, 10]], [[3, -4], [5, 15]], {}, [25, 50]),
    (losses.mean_absolute_percentage_error, [[0]], [[1]], {}, [100 / 1e-7]),
    (losses.mean_squared_logarithmic_error, [[0, 3], [1, 1]], [[1, 3], [-5, 3]], {}, [LN2**2 / 2, LN2**2]),
    (losses.cosine_similarity, [[0, 2], [3, 4], [1, 1]], [[0, 5], [4, 3], [-2, -2]], {}, [-1, -24 / 25, 1]),
    (losses.cosine_similarity, [[0, 0], [1, 1]], [[1, 2], [0, 0]], {}, [0, 0]),
    (losses.cosine_similarity, [[3, 0], [4, 2]], [[4, 0], [3, 7]], {"axis": 0}, [-24 / 25, -1]),
    (losses.huber, [[0, 0], [0, 0]], [[1, -3], [0.5, 0]], {}, [(0.5 + 2.5) / 2, 0.125 / 2]),
    (losses.huber, [[0, 0]], [[1, -3]], {"delta": 2.0}, [(0.5 + 4) / 2]),
    (losses.log_cosh, [[0, 0]], [[0, 1]], {}, [math.log(math.cosh(1)) / 2]),
    (losses.log_cosh, [[0, 0]], [[1e4, -1e4]], {}, [1e4 - LN2]),
]


@pytest.mark.parametrize(("function", "y_true", "y_pred", "options", "expected"), CASES)
def test_values(function, y_true, y_pred, options, expected):
    result = function(np.array(y_true), np.array(y_pred, "float32"), **options)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("function", dict.fromkeys(case[0] for case in CASES))
def test_both_get_the_same_rank(function):
    y_true, y_pred = np.float32([1, 2, 4]), np.float32([[1], [0], [3]])
    assert function(y_true, y_pred).shape == (3,)
    np.testing.assert_allclose(function(y_true, y_pred), function(y_true[:, None], y_pred))
    assert function(y_pred[None], y_pred[None, :, 0]).shape == (1,)


@pytest.mark.parametrize("function", dict.fromkeys(case[0] for case in CASES))
def test_wrong_shapes(function):
    with pytest.raises(ShapeError, match=rf"`{function.__name__}`.*\(4, 2\).*\(4, 3\)"):
        function(np.zeros((4, 2)), np.zeros((4, 3)))


def slope(function, y_true, y_pred, **options):
    with Trace() as trace:
        source = Tensor(np.float32(y_pred), trace)
        return gradients(function(np.float32(y_true), source, **options), [source])[0].array.tolist()


@pytest.mark.parametrize(
    ("function", "y_true", "y_pred", "expected"),
    [
        (losses.mean_squared_error, [2], [2], [0]),
        (losses.mean_absolute_error, [2], [2], [0]),
        (losses.mean_absolute_percentage_error, [2], [2], [0]),
        (losses.huber, [0], [1], [1]),
        (losses.huber, [0], [1e4], [1]),
        (losses.log_cosh, [0], [1e4], [1]),
        (losses.log_cosh, [0], [-1e4], [-1]),
        (losses.mean_squared_logarithmic_error, [1], [-1], [0]),
    ],
)
def test_slopes_at_corners_and_far_out(function, y_true, y_pred, expected):
    assert slope(function, [y_true], [y_pred]) == [expected]


def test_the_slope_of_log_cosh_near_0_keeps_its_digits():
    np.testing.assert_allclose(slope(losses.log_cosh, [[0]], [[1e-6]]), [[1e-6]], rtol=1e-6)


def test_a_cosine_with_zeros_has_a_slope():
    # The vector of zeros is divided by epsilon, in place of its length.
    np.testing.assert_allclose(slope(losses.cosine_similarity, [[3, 4]], [[0, 0]]), [[-0.6e7, -0.8e7]], rtol=1e-6)
    assert slope(losses.cosine_similarity, [[0, 0]], [[3, 4]]) == [[0, 0]]

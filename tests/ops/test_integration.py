"""The trapezoidal rule next to scipy's."""

import numpy as np
import pytest
import scipy.integrate

from minikeras import ops
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

Y = np.random.default_rng(0).normal(size=(3, 4, 5))
X = np.cumsum(np.abs(Y), 1)


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("places", [{}, {"dx": 0.5}, {"x": "line"}, {"x": "all"}], ids=str)
def test_trapezoid(axis, places):
    if "x" in places:
        places = {"x": X if places["x"] == "all" else np.arange(Y.shape[axis]) ** 2.0}
    expected = scipy.integrate.trapezoid(Y, axis=axis, **places)
    np.testing.assert_allclose(ops.trapezoid(Y, axis=axis, **places), expected, rtol=1e-12)
    check_grads(lambda y: ops.square(ops.trapezoid(y, axis=axis, **places)), Y)


def test_distances_of_their_own():
    assert float(ops.trapezoid([1, 2, 3], dx=[1.0, 2.0])) == 6.5
    check_grads(lambda x: ops.trapezoid(Y[0, 0], x), X[0, :, 0][[0, 1, 2, 3, 3]])
    assert ops.trapezoid([3.0]) == 0 and ops.trapezoid(np.zeros((0, 3))).shape == (0,)


def test_types():
    assert ops.trapezoid([True, False]).dtype == ops.trapezoid(np.int64([1, 2])).dtype == "float32"
    assert ops.trapezoid(np.float16([1, 2]), dx=2.0).dtype == "float16"
    assert ops.trapezoid([1.0, 2.0], np.float64([1, 2])).dtype == "float64"


def test_symbolic():
    y = KerasTensor((None, 4))
    assert ops.trapezoid(y).shape == ops.trapezoid(y, x=y, axis=1).shape == (None,)
    assert ops.trapezoid(y, axis=0).shape == (4,)
    for places in (np.arange(3.0), np.ones((3, 4))):
        assert ops.trapezoid(y, x=places, axis=0).shape == (4,)


def test_refused():
    with pytest.raises(
        ShapeError, match=r"a place for each value along the axis. Received: 5 values, x of shape \(4,\)"
    ):
        ops.trapezoid(Y, np.arange(4.0))
    with pytest.raises(ArgumentError, match="Axis -1 does not exist"):
        ops.trapezoid(1.0)

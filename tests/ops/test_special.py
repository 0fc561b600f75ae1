"""Special functions, against Python's math module."""

import math

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace

X = np.concatenate([np.linspace(-7, 7, 2001), [-1, 1, 1 - 1e-12, -1 - 1e-12, 1e-300, 0]])


@pytest.mark.parametrize(("dtype", "bound"), [("float64", 4e-16), ("float32", 3e-7)])
def test_erf(dtype, bound):
    x = X.astype(dtype)
    expected = np.array([math.erf(value) for value in x.tolist()])
    result = ops.erf(x)
    assert result.dtype == dtype
    np.testing.assert_allclose(result, expected, rtol=bound, atol=0)


def test_erf_at_the_ends():
    np.testing.assert_array_equal(ops.erf(np.array([-np.inf, -100, 100, np.inf])), [-1, -1, 1, 1])
    assert np.isnan(ops.erf(np.nan))
    assert np.signbit(ops.erf(-0.0))


def test_gradient_of_erf():
    with Trace() as trace:
        x = Tensor(X, trace)
        (grad,) = gradients(ops.erf(x), [x])
    np.testing.assert_allclose(grad.array, 2 / math.sqrt(math.pi) * np.exp(-(X**2)), rtol=1e-12)

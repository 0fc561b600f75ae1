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


def test_expm1():
    np.testing.assert_allclose(ops.expm1(X), [math.expm1(value) for value in X.tolist()], rtol=1e-15)
    assert ops.expm1([1, 2]).dtype == "float32"


@pytest.mark.parametrize(
    ("function", "slope"),
    [(ops.erf, lambda x: 2 / math.sqrt(math.pi) * np.exp(-(x**2))), (ops.expm1, np.exp)],
)
def test_gradients(function, slope):
    with Trace() as trace:
        x = Tensor(X, trace)
        (grad,) = gradients(function(x), [x])
    np.testing.assert_allclose(grad.array, slope(X), rtol=1e-12)

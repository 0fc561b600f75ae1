"""Special functions, against Python's math module and scipy."""

import math

import numpy as np
import pytest
import scipy.special

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import DTypeError
from tests.helpers import check_grads

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


@pytest.mark.parametrize(("dtype", "bound"), [("float64", 3e-15), ("float32", 2e-6)])
@pytest.mark.parametrize(
    ("name", "x"),
    [
        ("erfinv", [*np.linspace(-0.99999, 0.99999, 501), 1e-30, 1 - 1e-7]),
        ("i0", [*np.linspace(-80, 80, 501), 1e-20, 0]),
        ("sinc", [*np.linspace(-3.2, 3.2, 501), 1e-20, 0]),
    ],
)
def test_accuracy(name, x, dtype, bound):
    x = np.array(x, dtype)
    expected = getattr(scipy.special if name != "sinc" else np, name)(x.astype("float64"))
    result = getattr(ops, name)(x)
    assert result.dtype == dtype
    np.testing.assert_allclose(result, expected, rtol=bound, atol=0 if name != "sinc" else bound)


@pytest.mark.parametrize(("dtype", "bound", "end"), [("float64", 1e-15, 26), ("float32", 2e-6, 9)])
def test_erfc(dtype, bound, end):
    x = np.linspace(-7, end, 999).astype(dtype)
    expected = np.array([math.erfc(value) for value in x.tolist()])
    np.testing.assert_allclose(ops.erfc(x), expected, rtol=bound, atol=0)


def test_ends():
    inf, nan = np.inf, np.nan
    ends = np.array([-inf, -1, 1, inf, nan])
    np.testing.assert_array_equal(ops.erfc(ends[[0, 3, 4]]), [2, 0, nan])
    np.testing.assert_array_equal(ops.erfinv(ends), [nan, -inf, inf, nan, nan])
    np.testing.assert_array_equal(ops.erfinv(np.float32([-1, 1, 1.0001])), [-inf, inf, nan])
    np.testing.assert_array_equal(ops.i0(np.append(ends[[0, 3, 4]], 2000)), [inf, inf, nan, inf])
    assert ops.sinc(0) == 1 and np.isnan(ops.sinc(nan))


def test_gradients():
    x = np.array([-2.5, -1e-3, 0.0, 0.3, 7.5])
    for function in (ops.erfc, ops.sinc, ops.i0):
        check_grads(function, x)
    check_grads(ops.i0, np.array([-25.0, 21.0]), atol=1e3)
    check_grads(ops.erfinv, np.array([-0.9, 0.0, 0.5]))


def test_dtypes():
    for name in ("erf", "erfc", "erfinv", "i0", "sinc"):
        function = getattr(ops, name)
        assert [function(np.zeros(1, dtype)).dtype.name for dtype in ("float16", "int8", "bool", "float64")] == [
            *("float16", "float32", "float32", "float64")
        ]
        assert function(np.zeros((0, 2), "float32")).shape == (0, 2)
        if name != "sinc":
            with pytest.raises(DTypeError, match="real numbers"):
                function(1j)
    assert ops.i0(np.int64(1)).dtype == "float64"  # as in Keras


def test_sinc_of_complex_numbers():
    z = np.complex64([0, 1j, 0.5 - 2j])
    np.testing.assert_allclose(ops.sinc(z), np.sinc(z), rtol=1e-6)

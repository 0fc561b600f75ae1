"""Reductions that ignore NaNs, next to numpy's, and where all elements are NaN."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

NAN, INF = np.nan, np.inf
X = np.random.default_rng(0).normal(size=(3, 4, 5))
X[X > 1] = NAN
NOTHING = np.float32([[NAN, NAN], [1, NAN]])
REDUCTIONS = ["nansum", "nanprod", "nanmax", "nanmin", "nanmean", "nanvar", "nanstd"]


@pytest.mark.parametrize("name", REDUCTIONS)
@pytest.mark.parametrize("axis", [None, 1, (0, 2), [1, -1]], ids=str)
def test_reductions(name, axis):
    along = tuple(axis) if isinstance(axis, list) else axis
    for keepdims in (False, True):
        expected = getattr(np, name)(X, axis=along, keepdims=keepdims)
        np.testing.assert_allclose(getattr(ops, name)(X, axis, keepdims), expected, rtol=1e-12)
    check_grads(lambda x: ops.square(getattr(ops, name)(x, axis)), X, rtol=1e-3)


@pytest.mark.parametrize("name", ["nanargmax", "nanargmin", "nancumsum", "nancumprod"])
@pytest.mark.parametrize("axis", [None, 0, -1])
def test_along_an_axis(name, axis):
    np.testing.assert_allclose(getattr(ops, name)(X, axis), getattr(np, name)(X, axis=axis), rtol=1e-12)
    if "arg" in name:
        expected = getattr(np, name)(X, axis=axis, keepdims=True)
        np.testing.assert_array_equal(getattr(ops, name)(X, axis, keepdims=True), expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *[("nansum", [0, 1]), ("nanprod", [1, 1]), ("nanmax", [NAN, 1]), ("nanmin", [NAN, 1]), ("nanmean", [NAN, 1])],
        *[("nanvar", [NAN, 0]), ("nanstd", [NAN, 0]), ("nanargmax", [-1, 0]), ("nanargmin", [-1, 0])],
    ],
)
def test_nothing_but_nan(name, expected):
    np.testing.assert_array_equal(getattr(ops, name)(NOTHING, axis=1), expected)


def test_infinities_are_numbers():
    x = np.float32([[NAN, -INF], [INF, NAN]])
    np.testing.assert_array_equal(ops.nanmax(x, 1), [-INF, INF])
    np.testing.assert_array_equal(ops.nanmin(x, 1), [-INF, INF])
    assert ops.nanargmax([[NAN, -INF], [-INF, 1]], 1).tolist() == [0, 1]  # as in Keras: NaN is as small as -inf


@pytest.mark.parametrize("name", [*REDUCTIONS, "nancumsum", "nancumprod"])
def test_the_gradient_of_nan_is_zero(name):
    with Trace() as trace:
        x = Tensor(np.float32([1, NAN, 3]), trace)
        (grad,) = gradients(ops.sum(getattr(ops, name)(x)), [x])
    assert grad.array[1] == 0 and np.isfinite(grad.array).all()


@pytest.mark.parametrize(
    ("dtype", "sums", "same", "floats"),
    [
        ("bool", "int32", "bool", "float32"),
        ("uint8", "uint32", "uint8", "float32"),
        ("int64", "int64", "int64", "float32"),
        ("float16", "float16", "float16", "float16"),
    ],
)
def test_types(dtype, sums, same, floats):
    x = np.ones((2, 3), dtype)
    assert ops.nansum(x).dtype == ops.nanprod(x, 0).dtype == sums
    assert ops.nanmax(x).dtype == ops.nanmin(x, 1).dtype == same
    assert ops.nanmean(x).dtype == ops.nanvar(x).dtype == ops.nanstd(x).dtype == floats
    assert ops.nanargmax(x).dtype == ops.nanargmin(x, 1).dtype == "int32"
    running = "int32" if dtype == "bool" else dtype
    assert ops.nancumsum(x).dtype == ops.nancumprod(x, 1).dtype == running
    assert ops.nancumsum(x, dtype="float64").dtype == "float64"


def test_no_elements():
    nothing = np.zeros((0, 2), "float32")
    assert ops.nansum(nothing, 0).tolist() == [0, 0] and ops.nanprod(nothing, 0).tolist() == [1, 1]
    np.testing.assert_array_equal(ops.nanmean(nothing, 0), [NAN, NAN])
    with pytest.raises(ShapeError, match="needs elements"):
        ops.nanmax(nothing, 0)
    with pytest.raises(ArgumentError, match="Axis 2 does not exist"):
        ops.nanmean(nothing, 2)
    assert ops.nanvar(KerasTensor((None, 3)), axis=0, keepdims=True).shape == (1, 3)


def test_complex_numbers():
    x = np.complex64([1 + 1j, NAN, 2j])
    assert complex(ops.nansum(x)) == 1 + 3j and complex(ops.nanprod(x)) == -2 + 2j
    assert complex(ops.nanmean(x)) == 0.5 + 1.5j and ops.nancumsum(x).tolist() == [1 + 1j, 1 + 1j, 1 + 3j]
    for name in ("nanvar", "nanstd", "nanmedian", "median", "corrcoef", "histogram", "rfft"):
        with pytest.raises(ArgumentTypeError, match="expects real numbers. Received: dtype complex64"):
            getattr(ops, name)(x)

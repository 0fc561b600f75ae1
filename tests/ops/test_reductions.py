"""Reductions: axes, types, empty values and ties."""

import itertools

import numpy as np
import pytest

from minikeras import grad, ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, run_step_test

X = np.arange(24, dtype="float32").reshape(2, 3, 4)
AXES = [None, (), *itertools.chain(*(itertools.combinations((0, 1, -1), count) for count in (1, 2, 3)))]


@pytest.mark.parametrize("axis", [*AXES, 0, -1], ids=str)
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("name", ["sum", "mean", "max", "min", "all", "any"])
def test_axes(name, axis, keepdims):
    result = getattr(ops, name)(X, axis=axis, keepdims=keepdims)
    expected = getattr(np, name)(X, axis=axis, keepdims=keepdims)
    np.testing.assert_allclose(result, expected, rtol=1e-6)
    assert result.shape == expected.shape and isinstance(result, np.ndarray)
    symbolic = getattr(ops, name)(KerasTensor((2, 3, 4)), axis=axis, keepdims=keepdims)
    assert symbolic.shape == expected.shape and symbolic.dtype == result.dtype


@pytest.mark.parametrize(
    ("name", "value", "expected", "dtype"),
    [
        ("sum", [True, True, False], 2, "int32"),
        ("sum", np.uint8([200, 100]), 300, "uint32"),
        ("sum", np.int16([30000, 30000]), 60000, "int32"),
        ("sum", [1, 2], 3, "int32"),
        ("sum", np.int64([1]), 1, "int64"),
        ("sum", [0.5, 1], 1.5, "float32"),
        ("sum", 3, 3, "int32"),
        ("mean", [1, 2], 1.5, "float32"),
        ("mean", [True, False], 0.5, "float32"),
        ("mean", 3, 3, "float32"),
        ("mean", np.float16([1, 2]), 1.5, "float16"),
        ("max", np.int8([1, 5]), 5, "int8"),
        ("min", [2.5, 1.5], 1.5, "float32"),
        ("all", [1.0, 0.5], True, "bool"),
        ("all", [1, 0], False, "bool"),
        ("any", [0, 0], False, "bool"),
    ],
)
def test_values_and_types(name, value, expected, dtype):
    result = getattr(ops, name)(value)
    assert result == expected and result.dtype == dtype and result.shape == ()


def test_infinities():
    assert ops.max([-np.inf, -np.inf]) == -np.inf
    assert np.isnan(ops.max([1.0, np.nan])) and np.isnan(ops.sum([np.inf, -np.inf]))


def test_sums_are_exact_enough():
    x = np.full((100_000,), 0.1, "float32")
    assert float(ops.sum(x)) == pytest.approx(10_000, rel=1e-6)
    assert float(ops.mean(x[:, None], axis=0)[0]) == pytest.approx(0.1, rel=1e-6)


def test_empty_values():
    empty = np.zeros((0, 3), "float32")
    assert ops.sum(empty, axis=0).tolist() == [0, 0, 0] and ops.sum(empty, axis=1).shape == (0,)
    assert np.isnan(ops.mean(empty)) and ops.all(empty) and not ops.any(empty)
    assert ops.max(empty, axis=1).shape == (0,)
    assert ops.max(empty, axis=0, initial=2.0).tolist() == [2, 2, 2]
    assert ops.min(empty, keepdims=True, initial=2).tolist() == [[2]]
    for function in (ops.max, ops.min):
        with pytest.raises(ShapeError, match=r"needs elements, or `initial`. Received: shape=\(0, 3\)"):
            function(empty)


def test_initial():
    assert ops.max([1, 5], initial=3) == 5 and ops.max([1, 5], initial=7) == 7
    assert ops.min([[1.0], [5.0]], axis=1, initial=3).tolist() == [1, 3]


@pytest.mark.parametrize("name", ["sum", "mean", "max", "min", "all", "any"])
@pytest.mark.parametrize("axis", [3, -4])
def test_axes_that_do_not_exist(name, axis):
    for value in (X, KerasTensor((None, 3, 4))):
        with pytest.raises(ArgumentError, match="3 axes"):
            getattr(ops, name)(value, axis=axis)


def gradient(function, value):
    with Trace() as trace:
        x = Tensor(np.float32(value), trace)
        (found,) = gradients(function(x), [x])
        return np.asarray(getattr(found, "array", found)).tolist()


def test_ties_share_the_gradient():
    assert gradient(ops.max, [1, 3, 3]) == [0, 0.5, 0.5]
    assert gradient(lambda x: ops.min(x, axis=1), [[1, 1, 1, 1], [0, 2, 0, 2]]) == [[0.25] * 4, [0.5, 0, 0.5, 0]]


@pytest.mark.parametrize("axis", AXES, ids=str)
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("name", ["sum", "mean", "max", "min"])
def test_gradients(name, axis, keepdims):
    x = np.random.default_rng(0).permutation(np.arange(12.0)).reshape(2, 3, 2)
    check_grads(lambda x: getattr(ops, name)(ops.square(x), axis=axis, keepdims=keepdims), x)


@pytest.mark.parametrize("shape", [(5, 7), (1, 7), (7, 1), (2000, 3), (3, 2000), (0, 3)])
def test_sums_of_matrices_in_steps(shape):
    rng = np.random.default_rng(0)
    data = [rng.normal(size=shape).astype("float32") for _ in range(3)]
    run_step_test(lambda x: [f(x, axis=a) for f in (ops.sum, ops.mean) for a in (0, 1, None)], *data)
    run_step_test(lambda x: [ops.sum(ops.transpose(x * 2), axis=a, keepdims=True) for a in (0, 1)], *data)
    for axis in (0, 1):
        np.testing.assert_allclose(ops.sum(data[0], axis=axis), data[0].astype("float64").sum(axis), atol=1e-4)


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize(
    ("shape", "axis"),
    [
        ((3, 8, 8, 64), (1, 2)),
        ((2, 40, 40, 8), (1, 2)),
        ((2, 3, 50, 20), (2,)),
        ((2, 9, 8, 4, 8), (1, 2)),
        ((5, 2, 3), 1),
    ],
)
def test_sums_of_neighbouring_axes_in_steps(shape, axis, keepdims):
    x = np.random.default_rng(0).normal(size=shape).astype("float32")
    x[0, 0] = np.inf
    run_step_test(lambda x: ops.sum(x, axis, keepdims), x, x * 2)
    np.testing.assert_allclose(
        ops.sum(x, axis, keepdims), x.astype("float64").sum(axis, keepdims=keepdims), rtol=1e-4, atol=1e-4
    )


@pytest.mark.parametrize("axis", [*AXES, 0, -1], ids=str)
@pytest.mark.parametrize("keepdims", [False, True])
def test_logsumexp(axis, keepdims):
    result = ops.logsumexp(X, axis=axis, keepdims=keepdims)
    expected = np.log(np.sum(np.exp(X.astype("float64")), axis=axis, keepdims=keepdims))
    assert result.dtype == "float32"
    np.testing.assert_allclose(result, expected, rtol=1e-6)


def test_logsumexp_of_what_overflows_or_is_nothing():
    np.testing.assert_allclose(ops.logsumexp([1e4, 1e4, -1e4]), 1e4 + np.log(2), rtol=1e-7)
    minus_infinity = np.full(2, -np.inf, "float32")
    assert ops.logsumexp(minus_infinity) == -np.inf
    assert ops.logsumexp(np.zeros((2, 0)), axis=1).tolist() == [-np.inf, -np.inf]
    assert ops.logsumexp(np.float32([np.inf, 0])) == np.inf
    with Trace() as trace:
        x = Tensor(minus_infinity, trace)
        assert gradients(ops.logsumexp(x), [x])[0].array.tolist() == [0, 0]


@pytest.mark.parametrize("size", range(12))
def test_products_of_any_number(size):
    x = np.random.default_rng(size).uniform(0.5, 1.5, (2, size))
    np.testing.assert_allclose(ops.prod(x, axis=1), np.prod(x, axis=1))
    np.testing.assert_allclose(ops.prod(x, axis=0, keepdims=True), np.prod(x, axis=0, keepdims=True))
    assert ops.prod(x).shape == () and ops.prod(x, axis=()).shape == x.shape


def test_products_with_zeros():
    assert grad(ops.prod)(np.float32([2, 0, 3])).tolist() == [0, 6, 0]
    assert grad(ops.prod)(np.float32([2, 0, 0])).tolist() == [0, 0, 0]
    check_grads(lambda x: ops.prod(x, axis=1), np.float64([[2, 0, 3], [0, 0, 1], [1, 2, 3]]))


def test_products_and_ranges():
    x = np.float32([[1, 2, 3], [5, 5, 8]])
    assert ops.prod(x, axis=1).tolist() == [6, 200] and float(ops.prod(x)) == 1200
    assert ops.ptp(x, axis=1).tolist() == [2, 3] and ops.amax(x, 0).tolist() == [5, 5, 8] and float(ops.amin(x)) == 1
    assert ops.prod(np.ones(2, "int8")).dtype == np.int32 and ops.prod(np.ones(2, "uint8")).dtype == np.uint32
    assert ops.prod([1, 2], dtype="float64").dtype == np.float64


def test_means_of_half_precision_do_not_overflow():
    x = np.full((4, 2), 40000, "float16")
    assert ops.mean(x, axis=0).dtype == "float16" and ops.mean(x, axis=0).tolist() == [40000, 40000]
    assert ops.mean(x) == 40000 and ops.mean(x, keepdims=True).shape == (1, 1)


@pytest.mark.parametrize("view", [lambda x: ops.diagonal(x), lambda x: ops.transpose(x), lambda x: x[:, ::3]])
@pytest.mark.parametrize("axis", [None, 0, -1])
def test_sums_of_views_are_the_same_inside_of_steps(view, axis):
    data = [np.random.default_rng(seed).normal(size=(40, 40)).astype("float32") for seed in range(5)]
    results = run_step_test(lambda x: ops.sum(view(x), axis=axis), *data)
    assert [ops.sum(view(x), axis=axis).tobytes() for x in data] == [result.tobytes() for result in results]


def test_the_dtype_of_symbolic_products():
    for dtype in ("uint8", "bool", "float16"):
        assert ops.prod(KerasTensor((2, 3)), dtype=dtype).dtype == ops.prod(np.ones((2, 3)), dtype=dtype).dtype == dtype

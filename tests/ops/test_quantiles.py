"""Quantiles next to numpy's, with NaN, infinities and ties, and what is refused."""

import numpy as np
import pytest

from minikeras import grad, ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, run_step_test

X = np.random.default_rng(0).normal(size=(3, 4, 5))
HOLES = np.where(X > 1.0, np.nan, X)
METHODS = ["linear", "lower", "higher", "midpoint", "nearest"]
AXES = [None, 0, -1, (0, 2), [2, 1], (0, 1, 2), ()]


@pytest.mark.parametrize("axis", AXES, ids=str)
@pytest.mark.parametrize("q", [0.3, [0.0, 0.25, 0.9, 1.0], []], ids=str)
@pytest.mark.parametrize("keepdims", [False, True])
def test_like_numpy(axis, q, keepdims):
    along = tuple(axis) if isinstance(axis, list) else axis
    for name in ("quantile", "nanquantile"):
        x = HOLES if name.startswith("nan") and axis != () else X
        expected = getattr(np, name)(x, np.float64(q), along, keepdims=keepdims)
        np.testing.assert_allclose(getattr(ops, name)(x, q, axis, keepdims=keepdims), expected, rtol=1e-12)
        name = name.replace("quantile", "percentile")
        found = getattr(ops, name)(x, np.float64(q) * 100, axis, keepdims=keepdims)
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    np.testing.assert_array_equal(ops.median(X, axis, keepdims), np.median(X, along, keepdims=keepdims))
    if axis != ():
        np.testing.assert_array_equal(
            ops.nanmedian(HOLES, axis, keepdims), np.nanmedian(HOLES, along, keepdims=keepdims)
        )


@pytest.mark.parametrize("method", METHODS)
def test_methods(method):
    x, q = np.float32([3, 1, 2, 10]), [0.0, 0.1, 0.5, 0.75, 1.0]
    expected = {
        "linear": [1, 1.3, 2.5, 4.75, 10],
        "lower": [1, 1, 2, 3, 10],
        "higher": [1, 2, 3, 10, 10],
        "midpoint": [1, 1.5, 2.5, 6.5, 10],
        "nearest": [1, 1, 2, 3, 10],
    }[method]
    assert ops.quantile(x, q, method=method).tolist() == pytest.approx(expected, rel=1e-6)
    with_hole = np.insert(x, 2, np.nan)
    assert ops.nanquantile(with_hole, q, method=method).tolist() == pytest.approx(expected, rel=1e-6)
    percents = np.float32(q) * 100
    assert ops.percentile(x, percents, method=method).tolist() == pytest.approx(expected, rel=1e-6)
    assert ops.nanpercentile(with_hole, percents, method=method).tolist() == pytest.approx(expected, rel=1e-6)


def test_nan_and_infinities():
    nan, inf = np.nan, np.inf
    np.testing.assert_array_equal(ops.quantile([[nan, 1, 2], [1, 2, 3]], [0.0, 0.5], axis=1), [[nan, 1], [nan, 2]])
    np.testing.assert_array_equal(ops.nanquantile([[nan, nan], [1, nan]], [0.0, 0.5], axis=1), [[nan, 1], [nan, 1]])
    np.testing.assert_array_equal(ops.quantile([-inf, 1, 2, inf], [0.0, 0.1, 0.5, 1.0]), [-inf, -inf, 1.5, inf])
    np.testing.assert_array_equal(ops.median([[nan, 1], [-inf, inf], [inf, inf]], axis=1), [nan, nan, inf])


def test_types():
    for dtype, expected in (("bool", "float32"), ("int64", "float32"), ("float16", "float16"), ("float64", "float64")):
        x = np.ones((2, 3), dtype)
        for name in ("quantile", "nanquantile"):
            assert getattr(ops, name)(x, 0.5).dtype == getattr(ops, name)(x, [0.5]).dtype == expected
        assert ops.median(x).dtype == ops.nanmedian(x).dtype == ops.percentile(x, 50).dtype == expected
    long = np.arange(5000).astype("float16")  # their positions are more than float16 can count
    assert float(ops.quantile(long, 0.9)) == np.float16(4500) and float(ops.nanmedian(long)) == np.float16(2500)


@pytest.mark.parametrize("method", METHODS)
def test_gradients(method):
    check_grads(lambda x, q: ops.square(ops.quantile(x, q, (0, 2), method)), X, [0.22, 0.7])
    check_grads(lambda x: ops.square(ops.nanquantile(x, [0.2, 0.7], 1, method)), HOLES[:, :, 0])


def gradient(function, x):
    with Trace() as trace:
        value = Tensor(np.float32(x), trace)
        return gradients(ops.sum(function(value)), [value])[0].array.tolist()


def test_gradients_of_ties_go_to_the_first():
    assert gradient(ops.median, [2, 1, 2, 3]) == [0.5, 0, 0.5, 0]
    assert gradient(lambda x: ops.quantile(x, [0.5, 1.0]), [1, 5, 5, 5, 0]) == [0, 1, 0, 1, 0]
    assert gradient(lambda x: ops.quantile(x, [0.5, 0.5]), [1, 2, 3]) == [0, 2, 0]
    assert gradient(lambda x: ops.nanmedian(x, 1), [[np.nan, 4], [1, 3]]) == [[0, 1], [0.5, 0.5]]


def test_a_quantile_that_is_traced_is_replayed():
    data = [[np.float32([3, 1, 2]), np.float32(q)] for q in ([0.0, 0.5], [0.25, 1.0], [-1.0, 2.0])]
    results = run_step_test(lambda given: ops.quantile(*given), *data)
    assert [each.tolist() for each in results] == [[1, 2], [1.5, 3], [1, 3]]


def test_symbolic():
    x = KerasTensor((None, 4, 3))
    assert ops.quantile(x, [0.0, 0.5, 1.0], axis=[1, 2]).shape == (3, None)
    assert ops.quantile(x, [0.25, 0.5], axis=1, keepdims=True).shape == (2, None, 1, 3)
    assert ops.quantile(x, [0.25], axis=(0, 1)).shape == (1, 3) and ops.percentile(x, 50).shape == ()
    assert ops.quantile(x, KerasTensor((None,)), axis=0).shape == (None, 4, 3)
    assert ops.nanquantile(KerasTensor((None, None, 3), "int32"), 0.5, axis=-1).shape == (None, None)
    assert ops.median(KerasTensor((None, None, 3)), axis=(0, 2), keepdims=True).shape == (1, None, 1)


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (ArgumentError, "`quantile` expects `q` from 0 to 1. Received: q=50", lambda: ops.quantile(X, 50)),
        (ArgumentError, "`nanquantile` expects `q` from 0 to 1", lambda: ops.nanquantile(X, [0.5, np.nan])),
        (ArgumentError, "`percentile` expects `q` from 0 to 100", lambda: ops.percentile(X, -1.0)),
        (
            ArgumentError,
            "'midpoint', 'nearest' as `method`. Received: method='hazen'",
            lambda: ops.quantile(X, 1, method="hazen"),
        ),
        (ShapeError, r"one axis at most. Received: q of shape \(1, 1\)", lambda: ops.quantile(X, [[0.5]])),
        (ShapeError, "`quantile` of no elements", lambda: ops.quantile(np.zeros((2, 0)), 0.5, axis=1)),
        (ShapeError, "`median` of no elements", lambda: ops.median(np.zeros((2, 0)))),
        (ArgumentError, "Axis 3 does not exist", lambda: ops.median(X, axis=3)),
    ],
)
def test_refused(error, message, call):
    with pytest.raises(error, match=message):
        call()


def test_no_rows():
    assert ops.median(np.zeros((0, 3)), axis=1).shape == (0,)
    assert ops.quantile(np.zeros((0, 3)), [0.5, 1.0], axis=1).shape == (2, 0)


@pytest.mark.parametrize("shape", [(7,), (4, 6), (2, 3, 5), (5, 1)], ids=str)
@pytest.mark.parametrize("share_of_nan", [0.0, 0.3])
def test_gradients_of_ties_go_to_the_element_of_the_rank_in_a_stable_order(shape, share_of_nan):
    rng = np.random.default_rng(0)
    x = rng.integers(0, 4, shape).astype("float32")
    x[rng.random(shape) < share_of_nan] = np.nan
    for q in (0.0, 0.4, 0.7, 1.0):
        for name in ("quantile", "nanquantile"):
            found = gradient(lambda x, name=name, q=q: getattr(ops, name)(x, q, axis=-1, method="lower"), x)
            known = np.isfinite(x).sum(-1) if name == "nanquantile" else np.full(shape[:-1], shape[-1])
            ranks = np.floor(np.float32(q) * np.float32(np.maximum(known - 1, 0))).astype(int)
            places = np.take_along_axis(np.argsort(x, -1, kind="stable"), np.expand_dims(ranks, -1), -1)
            expected = np.zeros(shape)
            has_value = known > 0 if name == "nanquantile" else ~np.isnan(x).any(-1)
            np.put_along_axis(expected, places, np.expand_dims(has_value, -1), -1)
            assert found == expected.tolist()


@pytest.mark.parametrize("name", ["median", "nanmedian"])
def test_what_is_nan_has_no_gradient(name):
    x = np.float32([[1, 5, 3], [np.nan] * 3, [7, np.nan, 2]])
    slopes = grad(lambda x: ops.sum(getattr(ops, name)(x, axis=1)))(x)
    last = [0, 0, 0] if name == "median" else [0.5, 0, 0.5]
    np.testing.assert_array_equal(slopes, [[0, 0, 1], [0, 0, 0], last])


def test_gradients_of_no_rows():
    with Trace() as trace:
        x = Tensor(np.zeros((0, 3), "float32"), trace)
        (grad,) = gradients(ops.sum(ops.quantile(x, [0.2, 0.7], axis=1)), [x])
        assert grad.shape == (0, 3)


def test_a_single_number():
    for function in (ops.median, ops.nanmedian, lambda x, **kwargs: ops.quantile(x, 0.3, **kwargs)):
        assert function(np.float32(2), keepdims=True) == function(np.float32(2)) == 2
        assert function(np.array(2.0), axis=None, keepdims=True).shape == ()

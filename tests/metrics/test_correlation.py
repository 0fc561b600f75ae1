"""Correlations, by hand."""

import numpy as np
import pytest

from minikeras import metrics, ops
from minikeras.errors import ArgumentError, ShapeError
from tests.helpers import check_grads

Y = np.float32([[0, 1, 2], [0, 1, 2], [0, 1, 2]])
P = np.float32([[1, 3, 5], [2, 1, 0], [0, 2, 1]])  # a rising line, a falling one, half of both


def test_pearson():
    found = metrics.pearson_correlation(Y, P)
    np.testing.assert_allclose(found, [1, -1, 1 / 2], rtol=1e-6)
    assert found.dtype == "float32"
    np.testing.assert_allclose(metrics.pearson_correlation(Y.T, P.T, axis=0), [1, -1, 1 / 2], rtol=1e-6)
    np.testing.assert_allclose(metrics.PearsonCorrelation()(Y, P), 1 / 6, rtol=1e-6)
    np.testing.assert_allclose(metrics.PearsonCorrelation()(Y, P, [1, 0, 2]), 2 / 3, rtol=1e-6)
    np.testing.assert_allclose(metrics.PearsonCorrelation(axis=0)(Y.T, P.T), 1 / 6, rtol=1e-6)


def test_concordance():
    # variances 2/3 and 8/3, means 1 and 3: 2 (mean of (y - 3)(p - 3) = 4/3) / (10/3 + 4); then as Pearson's
    expected = [8 / 3 / (10 / 3 + 4), -1, 1 / 2]
    np.testing.assert_allclose(metrics.concordance_correlation(Y, P), expected, rtol=1e-6)
    np.testing.assert_allclose(metrics.ConcordanceCorrelation()(Y, P), np.mean(expected), rtol=1e-5)
    np.testing.assert_allclose(metrics.concordance_correlation(Y, Y), 1, rtol=1e-6)


def test_values_that_do_not_vary():
    flat = np.float32([[2, 2, 2]])
    assert np.isnan(metrics.pearson_correlation(flat, Y[:1])) and np.isnan(metrics.pearson_correlation(Y[:1], flat))
    np.testing.assert_allclose(metrics.concordance_correlation(flat, flat), 0, atol=1e-6)


def test_gradients():
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.normal(size=(2, 4, 3))
    for function in (metrics.pearson_correlation, metrics.concordance_correlation):
        check_grads(lambda y_pred, function=function: function(y_true, y_pred), y_pred)
        check_grads(lambda y_pred, function=function: ops.square(function(y_true, y_pred, axis=0)), y_pred)


def test_refused():
    for name in ("pearson_correlation", "concordance_correlation"):
        with pytest.raises(ShapeError, match=f"`{name}`: the labels have shape"):
            getattr(metrics, name)(Y, P[:, :2])
        with pytest.raises(ArgumentError, match="2 axes"):
            getattr(metrics, name)(Y, P, axis=2)

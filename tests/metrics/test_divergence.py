"""Divergences, by hand."""

import numpy as np

from minikeras import metrics


def test_kl_divergence():
    metric = metrics.KLDivergence()
    y_true, y_pred = [[0.5, 0.5], [1.0, 0.0]], [[0.25, 0.75], [0.5, 0.5]]
    first, second = (np.log(2) + np.log(2 / 3)) / 2, np.log(2)
    # a probability of 0 is taken for 1e-7, so its part is not quite 0
    np.testing.assert_allclose(metric(y_true, y_pred), (first + second) / 2, atol=2e-6)
    metric.reset_state()
    np.testing.assert_allclose(metric(y_true, y_pred, [3, 1]), (3 * first + second) / 4, atol=2e-6)


def test_poisson():
    metric = metrics.Poisson()
    y_true, y_pred = [[0, 2], [1, 3]], [[1.0, np.e], [np.e, np.e]]
    first, second = (1 + np.e - 2) / 2, (2 * np.e - 4) / 2
    np.testing.assert_allclose(metric(y_true, y_pred), (first + second) / 2, rtol=1e-6)
    metric.reset_state()
    np.testing.assert_allclose(metric(y_true, y_pred, [3, 1]), (3 * first + second) / 4, rtol=1e-6)

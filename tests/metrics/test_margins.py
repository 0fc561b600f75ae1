"""Hinges, by hand."""

import numpy as np
import pytest

from minikeras import metrics

Y, P = np.float32([[-1, 1], [1, 1]]), np.float32([[0.5, 3], [0.5, -1]])  # short by 1.5, 0 and by 0.5, 2


@pytest.mark.parametrize(
    ("name", "plain", "weighted"),
    [("Hinge", (0.75 + 1.25) / 2, (0.75 + 3 * 1.25) / 4), ("SquaredHinge", (2.25 + 4.25) / 4, (1.125 + 3 * 2.125) / 4)],
)
def test_margins(name, plain, weighted):
    metric = getattr(metrics, name)()
    np.testing.assert_allclose(metric(Y, P), plain, rtol=1e-6)
    metric.reset_state()
    np.testing.assert_allclose(metric(Y, P, [1, 3]), weighted, rtol=1e-6)
    metric.reset_state()
    np.testing.assert_allclose(metric((Y + 1) / 2, P), plain, rtol=1e-6)  # 0 and 1 mean -1 and 1


def test_classes():
    y_true, y_pred = np.eye(3)[[0, 2]], np.float32([[1, 0.5, 0.25], [0, 1, 3]])  # short by 0.5, and not at all
    metric = metrics.CategoricalHinge()
    np.testing.assert_allclose(metric(y_true, y_pred), 1 / 4, rtol=1e-6)
    metric.reset_state()
    np.testing.assert_allclose(metric(y_true, y_pred, [3, 1]), 3 / 8, rtol=1e-6)

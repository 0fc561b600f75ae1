import numpy as np
import pytest

from minikeras.metrics import MeanAbsoluteError, MeanSquaredError


@pytest.mark.parametrize(
    ("cls", "plain", "weighted"),
    [(MeanSquaredError, (1 + 9 + 4) / 3, (1 + 18) / 3), (MeanAbsoluteError, (1 + 3 + 2) / 3, (1 + 6) / 3)],
)
def test_values(cls, plain, weighted):
    y_true, y_pred = np.array([0, 0, 1]), np.float32([[1], [3], [-1]])
    metric = cls()
    np.testing.assert_allclose(metric(y_true, y_pred), plain, rtol=1e-6)
    metric.reset_state()
    np.testing.assert_allclose(metric(y_true, y_pred, sample_weight=[1, 2, 0]), weighted, rtol=1e-6)
    assert metric.get_config() == {"name": metric.name, "dtype": "float32"}

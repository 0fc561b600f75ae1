import numpy as np
import pytest

from minikeras import metrics
from minikeras.errors import ShapeError
from minikeras.metrics import MeanAbsoluteError, MeanSquaredError, RootMeanSquaredError
from minikeras.metrics.regression import cosine_similarity


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


def test_root_of_the_mean():
    metric = RootMeanSquaredError()
    assert metric.result() == 0
    y_true, y_pred = np.array([[0, 1], [2, 0]]), np.float32([[3, 1], [2, 4]])
    np.testing.assert_allclose(metric(y_true, y_pred), np.sqrt(25 / 4), rtol=1e-6)
    np.testing.assert_allclose(metric([[1, 1]], [[1, 1]]), np.sqrt(25 / 6), rtol=1e-6)  # not a mean of roots
    metric.reset_state()
    np.testing.assert_allclose(metric(y_true, y_pred, [1, 3]), np.sqrt((9 + 3 * 16) / 8), rtol=1e-6)
    metric.reset_state()
    np.testing.assert_allclose(metric(y_true, y_pred, [[1, 0], [0, 0]]), 3, rtol=1e-6)
    assert RootMeanSquaredError()([1.0, 2.0], [[1.0], [4.0]]) == np.sqrt(np.float32(2))
    with pytest.raises(ShapeError, match="the labels have shape"):
        metric.update_state(np.ones((2, 3)), np.ones((3, 2)))


def test_percentages():
    y_true, y_pred = np.array([[2, 4], [-1, 5]]), np.float32([[3, 4], [1, 5]])  # 50 %, 0 %, 200 %, 0 %
    metric = metrics.MeanAbsolutePercentageError()
    np.testing.assert_allclose(metric(y_true, y_pred), 250 / 4, rtol=1e-6)
    metric.reset_state()
    np.testing.assert_allclose(metric(y_true, y_pred, [3, 1]), (3 * 25 + 100) / 4, rtol=1e-6)


def test_logarithms():
    y_true, y_pred = [[0, 3], [1, 1]], np.float32([[1, 0], [1, 3]])  # ln 2, 2 ln 2, 0, ln 2
    metric = metrics.MeanSquaredLogarithmicError()
    np.testing.assert_allclose(metric(y_true, y_pred), 6 * np.log(2) ** 2 / 4, rtol=1e-5)
    metric.reset_state()
    np.testing.assert_allclose(metric(y_true, y_pred, [3, 1]), (3 * 2.5 + 0.5) * np.log(2) ** 2 / 4, rtol=1e-5)


def test_log_cosh():
    y_true, y_pred = [[0, 0], [1, 0]], np.float32([[1, 0], [1, -1e4]])
    large = 1e4 - np.log(2)
    metric = metrics.LogCoshError()
    np.testing.assert_allclose(metric(y_true, y_pred), (np.log(np.cosh(1)) + large) / 4, rtol=1e-6)
    metric.reset_state()
    np.testing.assert_allclose(metric(y_true, y_pred, [1, 0]), np.log(np.cosh(1)) / 2, rtol=1e-6)
    assert metric.name == "logcosh"


def test_cosines():
    y_true, y_pred = np.float32([[3, 4], [1, 0], [0, 0]]), np.float32([[6, 8], [1, 1], [1, 2]])
    expected = [1, 1 / np.sqrt(2), 0]
    np.testing.assert_allclose(cosine_similarity(y_true, y_pred), expected, rtol=1e-6)
    np.testing.assert_allclose(cosine_similarity(y_true.T, -y_pred.T, axis=0), np.negative(expected), rtol=1e-6)
    metric = metrics.CosineSimilarity()
    np.testing.assert_allclose(metric(y_true, y_pred), np.mean(expected), rtol=1e-6)
    metric.reset_state()
    np.testing.assert_allclose(metric(y_true, y_pred, [1, 0, 1]), 1 / 2, rtol=1e-6)
    assert metric.get_config() == {"name": "cosine_similarity", "dtype": "float32"}
    along = metrics.CosineSimilarity(axis=0)
    assert metrics.CosineSimilarity.from_config(along.get_config()).axis == 0
    with pytest.raises(ShapeError, match="`cosine_similarity`: the labels have shape"):
        metric.update_state(y_true, y_pred[:, :1].repeat(3, 1))

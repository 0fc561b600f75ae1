"""The right class among the best few, by hand."""

import numpy as np
import pytest

from minikeras import metrics
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError

SCORES = np.float32([[0.1, 0.9, 0.8, 0.2], [0.05, 0.95, 0.0, 0.3], [0.4, 0.4, 0.4, 0.1]])
LABELS = np.array([2, 0, 2])


@pytest.mark.parametrize(("k", "expected"), [(1, [0, 0, 1]), (2, [1, 0, 1]), (3, [1, 1, 1]), (9, [1, 1, 1])])
def test_values(k, expected):
    sparse = metrics.sparse_top_k_categorical_accuracy(LABELS, SCORES, k=k)
    assert sparse.tolist() == metrics.top_k_categorical_accuracy(np.eye(4)[LABELS], SCORES, k=k).tolist() == expected
    assert sparse.dtype == "float32"
    np.testing.assert_allclose(metrics.SparseTopKCategoricalAccuracy(k)(LABELS, SCORES), np.mean(expected), rtol=1e-6)
    np.testing.assert_allclose(
        metrics.TopKCategoricalAccuracy(k)(np.eye(4)[LABELS], SCORES, [1, 0, 3]), (expected[0] + 3) / 4
    )


def test_sequences():
    labels, scores = np.stack([LABELS, LABELS[::-1]]), np.stack([SCORES, SCORES[::-1]])
    expected = [[1, 0, 1], [1, 0, 1]]
    assert metrics.sparse_top_k_categorical_accuracy(labels, scores, k=2).tolist() == expected
    assert metrics.top_k_categorical_accuracy(np.eye(4)[labels], scores, k=2).tolist() == expected
    assert metrics.sparse_top_k_categorical_accuracy(labels[..., None], scores, k=2).shape == (2, 3, 1)
    assert metrics.sparse_top_k_categorical_accuracy(LABELS[:, None].astype("float32"), SCORES).tolist() == [[1]] * 3


def test_sorted_ids():
    ids = np.float32([[2, 1, 0, 3], [1, 0, 2, 3], [3, 1, 0, 2]])
    found = metrics.sparse_top_k_categorical_accuracy(LABELS, ids, k=2, from_sorted_ids=True)
    assert found.tolist() == [1, 1, 0]
    metric = metrics.SparseTopKCategoricalAccuracy(k=1, from_sorted_ids=True)
    np.testing.assert_allclose(metric(LABELS, ids), 1 / 3, rtol=1e-6)
    assert metric.get_config()["from_sorted_ids"] is True
    assert "from_sorted_ids" not in metrics.SparseTopKCategoricalAccuracy().get_config()
    twice = metrics.sparse_top_k_categorical_accuracy([LABELS, LABELS], [ids, ids], k=3, from_sorted_ids=True)
    assert twice.tolist() == [[1, 1, 0]] * 2


def test_refused():
    with pytest.raises(ArgumentError, match="`k` must be a positive integer"):
        metrics.TopKCategoricalAccuracy(k=0)
    with pytest.raises(ArgumentTypeError, match="`k` must be a positive integer"):
        metrics.SparseTopKCategoricalAccuracy(k=1.5)
    with pytest.raises(ShapeError, match=r"labels of shape \(3,\) for predictions of shape \(3, 4\)"):
        metrics.sparse_top_k_categorical_accuracy(LABELS[:2], SCORES)
    with pytest.raises(ShapeError, match=r"labels of shape \(3, 4\) .* Received: y_true of shape \(3, 3\)"):
        metrics.top_k_categorical_accuracy(np.eye(3), SCORES)
    with pytest.raises(ShapeError, match="labels of shape"):
        metrics.top_k_categorical_accuracy(LABELS, SCORES)

"""Reductions and cumulative sums and products along axes."""

import numpy as np
import pytest

from minikeras import backend

X = np.float32([[1.0, 2.0], [3.0, 6.0]])


@pytest.mark.parametrize(
    ("name", "whole", "rows"),
    [
        ("sum", 12, [3, 9]),
        ("prod", 36, [2, 18]),
        ("mean", 3, [1.5, 4.5]),
        ("max", 6, [2, 6]),
        ("min", 1, [1, 3]),
        ("var", 3.5, [0.25, 2.25]),
        ("std", np.sqrt(3.5), [0.5, 1.5]),
        ("logsumexp", np.log(np.exp([1, 2, 3, 6]).sum()), np.log(np.exp([[1, 2], [3, 6]]).sum(1))),
    ],
)
def test_reductions(name, whole, rows):
    reduction = getattr(backend, name)
    np.testing.assert_allclose(reduction(X), whole, rtol=1e-6)
    np.testing.assert_allclose(reduction(X, axis=[0, 1]), whole, rtol=1e-6)
    np.testing.assert_allclose(reduction(X, axis=1), rows, rtol=1e-6)
    assert reduction(X, axis=1, keepdims=True).shape == (2, 1)


def test_logsumexp():
    assert backend.logsumexp([0.0, 0.0]) == pytest.approx(np.log(2))


def test_booleans():
    truths = np.array([[True, False], [True, True]])
    assert backend.mean(truths) == 0.75
    assert backend.any(truths, axis=1).tolist() == [True, True] and not backend.all(truths)
    assert backend.all(truths, axis=[1]).tolist() == [False, True]


def test_indices():
    assert backend.argmax(X).tolist() == [1, 1] and backend.argmin(X, axis=0).tolist() == [0, 0]
    assert backend.argmax(X).dtype == np.int64


def test_cumulative():
    assert backend.cumsum(X).tolist() == [[1, 2], [4, 8]] and backend.cumsum(X, axis=1).tolist() == [[1, 3], [3, 9]]
    assert backend.cumprod(X).tolist() == [[1, 2], [3, 12]] and backend.cumprod(X, axis=1).tolist() == [[1, 2], [3, 18]]

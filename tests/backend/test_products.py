"""Matrix products, also batched."""

import numpy as np
import pytest

from minikeras import backend
from minikeras.errors import ShapeError

X = np.float32([[1.0, 2.0], [3.0, 4.0]])


def test_dot():
    assert backend.dot(X, X[:, :1]).tolist() == [[7], [15]]
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 3, 4)), rng.normal(size=(5, 4, 6))
    product = backend.dot(x, y)
    assert product.shape == (2, 3, 5, 6)
    np.testing.assert_allclose(product[1, 2, 3, 4], x[1, 2] @ y[3, :, 4], rtol=1e-5)
    assert backend.dot(x, np.ones((4, 2))).shape == (2, 3, 2)


@pytest.mark.parametrize(
    ("first", "second", "axes", "equation"),
    [
        ((2, 3, 4), (2, 4, 5), None, "bij,bjk->bik"),
        ((2, 3, 4), (2, 5, 4), (2, 2), "bij,bkj->bik"),
        ((2, 3, 4), (2, 3, 5), 1, "bij,bik->bjk"),
        ((2, 3, 4), (2, 4), (-1, -1), "bij,bj->bi"),
        ((2, 3), (2, 3, 4, 5), (1, 1), "bi,bijk->bjk"),
    ],
)
def test_batch_dot(first, second, axes, equation):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=first), rng.normal(size=second)
    np.testing.assert_allclose(backend.batch_dot(x, y, axes), np.einsum(equation, x, y), rtol=1e-5, atol=1e-6)


def test_vectors_keep_an_axis():
    assert backend.batch_dot(X, X).tolist() == [[5], [25]]


def test_shapes_that_do_not_fit():
    for call, text in (
        (lambda: backend.batch_dot(X, np.ones((3, 2))), "sizes 2 and 3"),
        (lambda: backend.batch_dot(X, X[0]), "at least 2 axes"),
        (lambda: backend.batch_dot(X, X, axes=0), "batch axis"),
    ):
        with pytest.raises(ShapeError, match=text):
            call()

"""`vectorized_map` and `vectorize`."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, run_step_test

X = np.float32([[1, 2, 3], [4, 5, 6]])


def test_vectorized_map():
    first, second = ops.vectorized_map(
        lambda rows: (rows[0] * rows["b"][0] if isinstance(rows, dict) else rows[0], rows[1]), [X, X]
    )
    assert first.tolist() == second.tolist() == X.tolist()
    assert ops.vectorized_map(lambda rows: rows["a"] * 2, {"a": X}).tolist() == (X * 2).tolist()
    check_grads(lambda x: ops.vectorized_map(lambda row: ops.sin(row) * row, x), X)
    with pytest.raises(ArgumentTypeError, match="should be a callable"):
        ops.vectorized_map(None, X)


def test_vectorize_broadcasts():
    add = ops.vectorize(lambda a, b: a + b)
    assert add(np.int32([1, 2, 3, 4]), 2).tolist() == [3, 4, 5, 6]
    assert add(np.int32([[1], [2]]), np.int32([1, 2, 3])).tolist() == [[2, 3, 4], [3, 4, 5]]
    assert int(add(1, 2)) == 3 and add(np.zeros((0, 2)), 1.0).shape == (0, 2)


def test_vectorize_with_a_signature():
    product = ops.vectorize(ops.matmul, signature="(m, n),(n)->(m)")
    a, b = np.random.default_rng(0).normal(size=(4, 2, 3)), np.random.default_rng(1).normal(size=(5, 1, 3))
    np.testing.assert_allclose(product(a, b), np.einsum("bmn,cxn->cbm", a, b))
    halves = ops.vectorize(lambda row: (row[:1], row.sum()), signature="(n)->(k),()")
    first, second = halves(X)
    assert first.tolist() == [[1], [4]] and second.tolist() == [6, 15]


def test_vectorize_leaves_arguments_out():
    seen = []

    def function(a, b, *, c=None):
        seen.append((b, c))
        return a * 2

    assert ops.vectorize(function, excluded={1, "c"})(X[0], "text", c=[1]).tolist() == [2, 4, 6]
    assert seen == [("text", [1])] * 3
    assert ops.vectorize(lambda a, b: a)(X[0], None).tolist() == [1, 2, 3]
    assert ops.vectorize(lambda a, b: a + b)(X[0], b=1.0).tolist() == [2, 3, 4]


def test_vectorize_replays_and_has_gradients():
    function = ops.vectorize(lambda a, b: (a * ops.sin(b), a + b))
    run_step_test(lambda x: function(x, x[:1]), X, X * 2, -X)
    check_grads(lambda x: function(x, x[:1]), X)


def test_symbolic():
    assert ops.vectorize(lambda a: a * 2)(KerasTensor((2, 3))).shape == (2, 3)
    with pytest.raises(ShapeError, match="must be known"):
        ops.vectorize(lambda a: a * 2)(KerasTensor((None, 3)))


@pytest.mark.parametrize("signature", ["", "(n)", "n->n", "(n)->(m", 3])
def test_signatures_that_are_none(signature):
    with pytest.raises(ArgumentError, match="a signature such as"):
        ops.vectorize(lambda a: a, signature=signature)


def test_what_is_refused():
    with pytest.raises(ArgumentError, match="Expected argument `pyfunc` to be a callable"):
        ops.vectorize(3)
    with pytest.raises(ArgumentError, match="one of 2 arguments. Received: 1"):
        ops.vectorize(ops.matmul, signature="(m,n),(n)->(m)")(X)
    with pytest.raises(ShapeError, match="do not fit"):
        ops.vectorize(ops.matmul, signature="(m,n),(n)->(m)")(X, np.float32([1, 2]))
    with pytest.raises(ShapeError, match="do not fit"):
        ops.vectorize(lambda a: a, signature="(n)->()")(X)
    with pytest.raises(ArgumentError, match="has 1 results, not 2"):
        ops.vectorize(lambda a: (a, a), signature="(n)->(n)")(X)

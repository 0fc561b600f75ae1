"""`tf.linalg`."""

import numpy as np

from minikeras.dropin.tensorflow import linalg

X = np.float32([[1.0, 2.0], [3.0, 4.0]])


def test_products():
    assert linalg.matmul(X, X).tolist() == (X @ X).tolist()
    assert linalg.matmul(X, X, transpose_a=True).tolist() == (X.T @ X).tolist()
    assert linalg.matmul(X, X, transpose_b=True).tolist() == (X @ X.T).tolist()
    assert linalg.matvec(X, [1.0, 1.0]).tolist() == [3, 7]
    assert linalg.matvec(X, [1.0, 1.0], transpose_a=True).tolist() == [4, 6]
    assert linalg.tensordot(X, X, axes=2) == 30 and linalg.trace(X) == 5


def test_diagonals():
    assert linalg.diag(diagonal=[1.0, 2.0]).tolist() == [[1, 0], [0, 2]]
    assert linalg.diag_part(input=X).tolist() == [1, 4]


def test_norms():
    assert linalg.norm([3.0, 4.0]) == 5
    assert linalg.norm([[3.0, 4.0], [0.0, 2.0]], axis=1).tolist() == [5, 2]
    assert linalg.norm(X, ord=1) == 10 and linalg.norm(X, ord=np.inf) == 4
    assert linalg.norm([[3.0, 4.0]], axis=1, keepdims=True).shape == (1, 1)


def test_global_norms():
    values = [np.float32([3.0]), None, np.float32([[4.0]])]
    assert linalg.global_norm(values) == 5
    clipped, norm = linalg.clip_by_global_norm(values, 1.0)
    assert norm == 5 and clipped[1] is None
    np.testing.assert_allclose([clipped[0][0], clipped[2][0, 0]], [0.6, 0.8], rtol=1e-6)
    assert linalg.clip_by_global_norm(values, 10.0)[0][0].tolist() == [3]

"""`tf.debugging`: assertions."""

import numpy as np
import pytest

from minikeras.dropin.tensorflow import debugging, tensors
from minikeras.errors import ArgumentError

X = np.float32([[1.0, 2.0], [3.0, 4.0]])


def test_assertions():
    debugging.assert_equal(X, X)
    debugging.assert_near(X, X + np.float32(1e-7))
    debugging.assert_shapes([(X, ("n", 2)), (X[0], ("n",))])
    debugging.assert_shapes({"text": ()})
    assert debugging.check_numerics(X, "x") is X
    for call in (
        lambda: debugging.assert_equal(X, X + 1),
        lambda: debugging.assert_near(X, X + 1, message="far"),
        lambda: debugging.assert_all_finite([np.inf], "inf"),
        lambda: debugging.assert_shapes([(X, ("n", "n")), (X[:1], ("n", 2))]),
        lambda: tensors.ensure_shape(X, (3, 2)),
    ):
        with pytest.raises(ArgumentError):
            call()


def test_messages():
    with pytest.raises(ArgumentError, match="tf.debugging.assert_equal: expected equal values. Received: 1, 2"):
        debugging.assert_equal(1, 2)
    with pytest.raises(ArgumentError, match="^they differ$"):
        debugging.assert_equal(1, 2, message="they differ")
    with pytest.raises(ArgumentError, match=r"expected shape \('n', 3\). Received: \(2, 2\)"):
        debugging.assert_shapes([(X, ("n", 3))])

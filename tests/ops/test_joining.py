"""Concatenation and stacking."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

X = np.arange(6.0).reshape(2, 3)
CUBE = np.arange(24).reshape(2, 3, 4)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: ops.concatenate([x, x[:1]]), [[0, 1, 2], [3, 4, 5], [0, 1, 2]]),
        (lambda x: ops.concatenate([x, x[:, :1]], axis=-1), [[0, 1, 2, 0], [3, 4, 5, 3]]),
        (lambda x: ops.stack([x[0], x[1]], axis=-1), [[0, 3], [1, 4], [2, 5]]),
    ],
)
def test_by_hand(function, expected):
    assert function(X).tolist() == expected
    with Trace() as trace:
        result = function(Tensor(X, trace))
        assert result.array.tolist() == expected
    check_grads(lambda x: ops.square(function(x)), X + 1)


BAD = {
    "concatenate": (lambda x: ops.concatenate([x, np.ones((2, 2))]), "all other sizes"),
    "concatenate ranks": (lambda x: ops.concatenate([x, np.ones(3)]), "all other sizes"),
    "concatenate axis": (lambda x: ops.concatenate([x, x], axis=2), "2 axes"),
    "stack": (lambda x: ops.stack([x, x[:1]]), "all other sizes"),
    "vstack": (lambda x: ops.vstack([x, x[:, :2]]), "all other sizes must be equal"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("symbolic", [False, True])
def test_bad_input(name, symbolic):
    function, message = BAD[name]
    with pytest.raises(ArgumentError, match=message):
        function(KerasTensor((2, 3)) if symbolic else X)


def test_free_sizes():
    x = KerasTensor((None, 4))
    assert ops.vstack([x, x]).shape == (None, 4)


def test_stacks():
    for value in (X, X[0], CUBE, np.float32(3)):
        for name in ("hstack", "vstack", "dstack"):
            np.testing.assert_array_equal(getattr(ops, name)([value, value]), getattr(np, name)([value, value]))
    np.testing.assert_array_equal(ops.append(X, X[:1]), np.append(X, X[:1]))
    np.testing.assert_array_equal(ops.append(X, X[:1], axis=0), np.append(X, X[:1], axis=0))


def test_types_meet():
    assert ops.concatenate([np.int32([1]), np.float32([2])]).dtype == "float32"
    assert ops.stack([1, 2.5]).dtype == "float32" and ops.stack([True, 2]).dtype == "int32"

"""Elementwise logic."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import DTypeError

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("name", "expected"), [("logical_and", [1, 0, 0, 0]), ("logical_or", [1, 1, 1, 0]), ("logical_xor", [0, 1, 1, 0])]
)
def test_logic(name, expected):
    result = getattr(ops, name)([1.5, 2.0, 0.0, 0.0], [True, False, True, False])
    assert result.tolist() == expected and result.dtype == "bool"


def test_unary_logic():
    assert ops.logical_not([0, 1, 2]).tolist() == [True, False, False]
    assert ops.isnan([NAN, INF, 1.0]).tolist() == [True, False, False]
    assert ops.isfinite([NAN, INF, -INF, 1.0]).tolist() == [False, False, False, True]
    assert ops.isinf([NAN, INF, -INF, 1.0]).tolist() == [False, True, True, False]
    assert ops.isfinite([1, 2]).tolist() == [True, True]


def test_signed_infinities():
    x = [NAN, INF, -INF, 1.0]
    assert ops.isposinf(x).tolist() == [False, True, False, False]
    assert ops.isneginf(x).tolist() == [False, False, True, False]
    for x in ([1, 2], True, np.zeros((0, 2), "float16")):
        for function in (ops.isposinf, ops.isneginf):
            assert function(x).dtype == "bool" and function(x).shape == np.shape(x) and not function(x).any()
            with pytest.raises(DTypeError, match="have a sign"):
                function(1j)

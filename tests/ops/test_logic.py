"""Elementwise logic."""

import pytest

from minikeras import ops

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

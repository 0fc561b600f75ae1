"""Bits and divisors: values by hand, dtypes as Keras's on JAX, and what is refused."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import DTypeError
from minikeras.graph.keras_tensor import KerasTensor

U = np.uint8([200, 3])
I = np.int32([5, -5])  # noqa: E741
B = np.array([True, False])


@pytest.mark.parametrize(
    ("result", "dtype", "values"),
    [
        (lambda: ops.bitwise_and(U, 3), "uint8", [0, 3]),
        (lambda: ops.bitwise_and(U, I), "int32", [0, 3]),
        (lambda: ops.bitwise_and(B, 3), "int32", [1, 0]),
        (lambda: ops.bitwise_or(B, [False, True]), "bool", [True, True]),
        (lambda: ops.bitwise_xor(U, 255), "uint8", [55, 252]),
        (lambda: ops.bitwise_not(B), "bool", [False, True]),
        (lambda: ops.bitwise_invert(U), "uint8", [55, 252]),
        (lambda: ops.bitwise_not(5), "int32", -6),
        (lambda: ops.left_shift(B, B), "int32", [2, 0]),
        (lambda: ops.bitwise_left_shift(U, 1), "uint8", [144, 6]),
        (lambda: ops.left_shift(I, [40, -1]), "int32", [0, 0]),
        (lambda: ops.right_shift(I, 40), "int32", [0, -1]),
        (lambda: ops.bitwise_right_shift(I, -1), "int32", [0, -1]),
        (lambda: ops.right_shift(U, I), "int32", [6, 0]),
        (lambda: ops.gcd(U, I), "int32", [5, 1]),
        (lambda: ops.gcd(0, [0, -4]), "int32", [0, 4]),
        (lambda: ops.lcm(U, 7), "uint8", [120, 21]),
        (lambda: ops.lcm(I, -5), "int32", [5, 5]),
        (lambda: ops.gcd(np.zeros((0, 2), "int8"), 1), "int8", []),
    ],
)
def test_values_and_dtypes(result, dtype, values):
    assert result().dtype == dtype and result().tolist() == values


@pytest.mark.parametrize(
    "name", ["bitwise_and", "bitwise_or", "bitwise_xor", "left_shift", "right_shift", "gcd", "lcm"]
)
@pytest.mark.parametrize(
    ("first", "second"),
    [(1.5, 1), (np.float32([1]), np.float32([1])), (KerasTensor((2,)), 3), (1j, 1), (np.uint64([1]), np.int64([1]))],
)
def test_no_bits(name, first, second):
    with pytest.raises(DTypeError, match=rf"`\w*{name}` expects integers") as error:
        getattr(ops, name)(first, second)
    assert isinstance(error.value, TypeError) and isinstance(error.value, ValueError)


def test_booleans_have_no_divisors():
    for function in (ops.gcd, ops.lcm):
        with pytest.raises(DTypeError, match="expects integers. Received: values whose common dtype is bool"):
            function(B, B)
    with pytest.raises(DTypeError, match="integers or booleans. Received: a value float32"):
        ops.bitwise_not(2.5)

"""Floats by their representation: values, dtypes as Keras's on JAX, gradients, and what is refused."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import DTypeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

F = np.float32([1.5, -2])


def test_ldexp():
    assert ops.ldexp(F, [5, -5]).tolist() == [48, -0.0625]
    for exponents in ([2000, -2000], np.int64([2**40, -(2**40)])):
        assert ops.ldexp(np.float64([1.5, 1.5]), exponents).tolist() == [np.inf, 0]
    for dtype in ("uint8", "uint16", "uint64", "int8"):
        assert ops.ldexp(F, np.array(3, dtype)).tolist() == [12, -16]
    for first, dtype in ((True, "float32"), (3, "float32"), (np.float16(1), "float16"), (np.int64(1), "float32")):
        assert ops.ldexp(first, 2).dtype == dtype
    check_grads(lambda x: ops.ldexp(x * x, [[1], [2]]), F)


def test_nextafter():
    assert ops.nextafter(F, 3).tolist() == np.nextafter(F, np.float32(3)).tolist()
    assert ops.nextafter(np.float16([1]), np.float16(2)).tolist() == [1 + 2**-10]
    assert ops.nextafter(1, 2).dtype == "float32" and ops.nextafter(np.float64(1), F).dtype == "float64"


@pytest.mark.parametrize(
    "call",
    [
        lambda: ops.ldexp(F, F),
        lambda: ops.ldexp(F, True),
        lambda: ops.ldexp(1j, 2),
        lambda: ops.ldexp(KerasTensor((2,)), KerasTensor((2,))),
        lambda: ops.nextafter(1j, F),
    ],
)
def test_refused(call):
    with pytest.raises(DTypeError, match="expects"):
        call()

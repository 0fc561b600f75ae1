"""The same bits in another dtype, and saturated casts: values by hand, as Keras's on JAX."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import DTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor

F = np.float32([1.5, -2])
LARGE = np.float32([1e10, -1e10, np.inf, -np.inf, np.nan])


def test_views():
    assert ops.view(F, "int32").tolist() == [1069547520, -1073741824]
    assert ops.view(F, "int8").tolist() == [0, 0, -64, 63, 0, 0, 0, -64]
    assert ops.view(F, "complex64").tolist() == [1.5 - 2j]
    assert ops.view(np.zeros((2, 4), "int8").T[:, :1].T, "int32").shape == (1, 1)
    assert ops.view(np.uint8([200, 0]), "bool").tolist() == [True, False]
    assert ops.view(1.0, "int32") == 1065353216 and ops.view(F).tolist() == F.tolist()
    assert not np.shares_memory(ops.view(F, "int32"), F)
    assert ops.view(np.zeros((3, 0), "int8"), "float64").shape == (3, 0)


def test_shapes_of_views():
    assert ops.view(KerasTensor((None, 3)), "int8").shape == (None, 12)
    assert ops.view(KerasTensor((3, None)), "float64").shape == (3, None)
    for x in (np.zeros((2, 3), "float32"), KerasTensor((None, 3))):
        with pytest.raises(ShapeError, match="12 bytes along the last axis"):
            ops.view(x, "complex64")
    for x in (1.0, KerasTensor(())):
        with pytest.raises(ShapeError, match="of the same size, 4 bytes"):
            ops.view(x, "int8")


@pytest.mark.parametrize(
    ("x", "dtype", "expected"),
    [
        (np.float32([-1, 256, np.nan, np.inf]), "uint8", [0, 255, 0, 255]),
        (np.int32([-1, 256]), "uint8", [0, 255]),
        (np.uint8([200, 3]), "int8", [127, 3]),
        (np.uint8([200, 0]), "bool", [True, False]),
        (np.array([True, False]), "float16", [1, 0]),
        (np.int64([2**40, -5]), "uint32", [2**32 - 1, 0]),
        (np.uint64([2**64 - 1, 5]), "int64", [2**63 - 1, 5]),
        (np.int32([70000, -70000]), "float16", [65504, -65504]),
        # The largest float32 below 2**31: the limit itself has no float32.
        (LARGE, "int32", [2**31 - 128, -(2**31), 2**31 - 128, -(2**31), 0]),
        (LARGE, "float16", [65504, -65504, 65504, -65504, np.nan]),
        (LARGE, "complex64", [1e10, -1e10, np.finfo("f").max, np.finfo("f").min, np.nan]),
        ([300.0, -300.0], "int8", [127, -128]),
    ],
)
def test_saturate_cast(x, dtype, expected):
    result = ops.saturate_cast(x, dtype)
    assert result.dtype == dtype
    np.testing.assert_array_equal(result, np.array(expected).astype(dtype))


def test_complex_numbers_have_no_limits():
    with pytest.raises(DTypeError, match="real numbers"):
        ops.saturate_cast(1j, "int8")

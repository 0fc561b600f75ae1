"""Packing 4-bit integers: every value, every axis, odd lengths, and what is refused."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, DTypeError
from minikeras.quantizers import pack_int4, unpack_int4
from tests.helpers import run_step_test


def test_by_hand():
    packed, shape, length = pack_int4(np.array([-8, 7, 3], "int8"))
    assert packed.tolist() == [0x78, 3] and packed.dtype == "int8" and (shape, length) == ((2,), 3)
    assert pack_int4(np.array([1, -8], "int8"))[0].tolist() == [-127]  # 0x81
    assert pack_int4(np.array([15, 8], "uint8"), dtype="uint8")[0].tolist() == [0x8F]


def test_the_case_of_a_report():
    x = np.array([[-8, 7, 3], [1, -1, 0], [5, -5, -3]], "int8")
    packed, shape, length = pack_int4(x, axis=0)
    assert packed.shape == shape == (2, 3) and length == 3
    assert unpack_int4(packed, length, axis=0).tolist() == x.tolist()


@pytest.mark.parametrize("dtype", ["int8", "uint8"])
@pytest.mark.parametrize("shape", [(16, 16), (16, 3, 16), (5, 1, 7)])
def test_all_pairs_on_all_axes(shape, dtype):
    low = -8 if dtype == "int8" else 0
    x = (np.arange(np.prod(shape)) % 16 + low).reshape(shape).astype(dtype)
    for axis in range(-len(shape), len(shape)):
        packed, size, length = pack_int4(x, axis, dtype)
        assert packed.shape == size and size[axis] == (shape[axis] + 1) // 2 and length == shape[axis]
        unpacked = unpack_int4(packed, length, axis, dtype)
        np.testing.assert_array_equal(unpacked, x)
        assert unpacked.dtype == dtype


def test_bytes_of_another_dtype():
    packed, _, _ = pack_int4(np.array([-1, -8], "int8"))
    assert unpack_int4(packed, 2, dtype="uint8").tolist() == [15, 8]
    assert unpack_int4(packed.view("uint8"), 2).tolist() == [-1, -8]


def test_unpacking_is_replayed():
    packed = np.arange(-128, 128, dtype="int8").reshape(16, 16)
    results = run_step_test(lambda x: unpack_int4(x, 31, axis=-1), packed, packed[::-1].copy())
    np.testing.assert_array_equal(results[0], unpack_int4(packed, 31, axis=-1))


def test_refused():
    with pytest.raises(ArgumentError, match="pack_int4: `dtype` must be 'int8' or 'uint8'. Received: dtype='int4'"):
        pack_int4(np.ones(2, "int8"), dtype="int4")
    with pytest.raises(TypeError, match="pack_int4: expected an array of dtype int8. Received: one of dtype float32"):
        pack_int4(np.ones(2, "float32"))
    with pytest.raises(DTypeError, match="unpack_int4: expected an array of int8 or uint8"):
        unpack_int4(np.ones(2, "int32"), 2)
    with pytest.raises(ArgumentError, match="unpack_int4: `dtype` must be"):
        unpack_int4(np.ones(2, "int8"), 2, dtype="float32")

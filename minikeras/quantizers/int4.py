"""Packing two integers of 4 bits into one byte."""

import numpy as np

from .. import ops
from ..argument_checks import check_int
from ..engine.dispatch import to_array
from ..engine.dtypes import dtype_of
from ..errors import ArgumentError, DTypeError, brief
from ..tracebacks import filtered
from ..typing import Tensor, TensorLike

_DTYPES = ("int8", "uint8")


@filtered
def pack_int4(arr: TensorLike, axis: int = 0, dtype: str = "int8") -> tuple[Tensor, tuple[int, ...], int]:
    """Packs pairs of 4-bit integers along an axis into bytes: the first of a pair into the low half.

    `packed[i] = (arr[2 * i] & 15) | (arr[2 * i + 1] << 4)`; an odd length is filled up with a zero.

    Args:
        arr: Integers from -8 to 7, or from 0 to 15 for "uint8".
        axis: The axis along which they are packed, and whose size is halved.
        dtype: The dtype of the argument and of the result: "int8" or "uint8".

    Returns:
        The packed array, its shape, and the size of the axis before.

    Raises:
        ArgumentError: If the dtype is another one.
        DTypeError: If the argument is of another dtype.

    Source: https://keras.io/api/quantizers/

    Example:
        >>> packed, shape, length = pack_int4(np.array([1, -1, 3], "int8"))
        >>> packed, shape, length
        (array([-15,   3], dtype=int8), (2,), 3)
        >>> unpack_int4(packed, length)
        array([ 1, -1,  3], dtype=int8)
    """
    _check_dtype("pack_int4", dtype)
    array = to_array(arr)
    if dtype_of(array) != dtype:
        raise DTypeError(f"pack_int4: expected an array of dtype {dtype}. Received: one of dtype {dtype_of(array)}")
    bits = np.moveaxis(array, axis, 0).view("uint8") & np.uint8(15)
    length = len(bits)
    if length % 2:
        bits = np.concatenate([bits, np.zeros_like(bits[:1])])
    packed = np.moveaxis((bits[::2] | bits[1::2] << np.uint8(4)).view(dtype), 0, axis)
    packed = np.ascontiguousarray(packed)
    return packed, packed.shape, length


@filtered
def unpack_int4(packed: TensorLike, orig_len: int, axis: int = 0, dtype: str = "int8") -> Tensor:
    """Unpacks what `pack_int4` packed.

    Args:
        packed: The packed array, of dtype int8 or uint8.
        orig_len: The size of the axis before it was packed.
        axis: The axis along which it was packed.
        dtype: The dtype of the result: "int8" for integers from -8 to 7, "uint8" for those from 0 to 15.

    Raises:
        ArgumentError: If the dtype is another one.
        DTypeError: If the argument is of another dtype.

    Source: https://keras.io/api/quantizers/

    Example:
        >>> unpack_int4(np.array([-15, 3], "int8"), 3)
        array([ 1, -1,  3], dtype=int8)
    """
    _check_dtype("unpack_int4", dtype)
    orig_len = check_int("unpack_int4", "orig_len", orig_len, minimum=0)
    packed = ops.convert_to_tensor(packed)
    if dtype_of(packed) not in _DTYPES:
        raise DTypeError(f"unpack_int4: expected an array of int8 or uint8. Received: one of {dtype_of(packed)}")
    packed, shape = ops.cast(packed, dtype), packed.shape
    axis = axis + len(shape) if axis < 0 else axis
    if dtype == "int8":  # shifts of signed integers extend the sign
        low, high = ops.right_shift(ops.left_shift(packed, 4), 4), ops.right_shift(packed, 4)
    else:
        low, high = ops.bitwise_and(packed, 15), ops.right_shift(packed, 4)
    pairs = ops.stack([low, high], axis=axis + 1)
    unpacked = ops.reshape(pairs, (*shape[:axis], 2 * shape[axis], *shape[axis + 1 :]))
    return unpacked[(slice(None),) * axis + (slice(orig_len),)]


def _check_dtype(where: str, dtype: str) -> None:
    if dtype not in _DTYPES:
        raise ArgumentError(f"{where}: `dtype` must be 'int8' or 'uint8'. Received: dtype={brief(dtype)}")

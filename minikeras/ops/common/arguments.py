"""Conversion of the arguments of ops: to arrays, to a common dtype, to shapes and axes."""

from operator import index

import numpy as np

from ...engine.dispatch import to_array
from ...engine.dtypes import dtype_of, is_inexact, promote, standardize_dtype
from ...errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ...typing import Axis, Shape, ShapeLike, Tensor, TensorLike
from ..conversion import PYTHON_NUMBERS, cast

_BOOL = np.dtype(bool)


def static_shape(x: TensorLike) -> Shape:
    """Returns the static shape: None where the size of a symbolic tensor is unknown; compare `ops.shape`.

    Example:
        >>> static_shape([[1, 2, 3]])
        (1, 3)
    """
    return tuple(x.shape) if hasattr(x, "shape") else to_array(x).shape


def as_sizes(sizes: ShapeLike, where: str, name: str = "shape") -> tuple[int, ...]:
    """Returns a shape, or a single size, as a tuple of integers.

    Args:
        sizes: An integer, or a list, tuple or array of them.
        where: The name of the op, for error messages.
        name: The name of its argument, for error messages.

    Raises:
        ShapeError: If a size is None.
        ArgumentTypeError: If a size is not an integer.
    """
    try:
        given = tuple(sizes)
    except TypeError:
        given = (sizes,)
    try:
        return tuple(index(size) for size in given)
    except TypeError as error:
        received = f"`{where}` expects `{name}` to consist of integers. Received: {name}={brief(sizes)}"
        if any(size is None for size in given):
            hint = "`x.shape` has None where a size is unknown; use `ops.shape(x)`, whose entries are usable as sizes."
            raise ShapeError(f"{received}. {hint}") from None
        raise ArgumentTypeError(received) from error


def as_value(x: TensorLike) -> Tensor:
    """Converts lists and numbers to arrays; anything with a dtype is returned unchanged."""
    return x if hasattr(x, "dtype") else to_array(x)


def as_float(x: TensorLike) -> Tensor:
    """Converts integers and booleans to `floatx`; floating-point and complex values are returned unchanged."""
    x = as_value(x)
    return x if is_inexact(dtype_of(x)) else cast(x, None)


def as_real(x: TensorLike, where: str) -> Tensor:
    """Converts integers and booleans to `floatx`; floating-point values are returned unchanged.

    Args:
        x: A value.
        where: The name of the op, for error messages.

    Raises:
        ArgumentTypeError: If it is complex.
    """
    return real(as_float(x), where)


def real(x: Tensor, where: str) -> Tensor:
    """Returns a value unchanged.

    Args:
        x: A value.
        where: The name of the op, for error messages.

    Raises:
        ArgumentTypeError: If it is complex.
    """
    if "complex" in dtype_of(x):
        raise ArgumentTypeError(f"`{where}` expects real numbers. Received: dtype {dtype_of(x)}")
    return x


def as_bool(x: TensorLike) -> Tensor:
    """Converts values of other dtypes to bool; booleans are returned unchanged."""
    return x if type(x) is np.ndarray and x.dtype is _BOOL else cast(x, "bool")


def promoted(*values: TensorLike, to_float: bool = False) -> list[Tensor]:
    """Returns the values converted to their common dtype.

    Args:
        *values: Arrays, tensors or Python numbers.
        to_float: Promote integers to `floatx`.
    """
    dtype = values[0].dtype if values and type(values[0]) is np.ndarray else None
    for value in values:  # arrays of one dtype are the most frequent case
        if type(value) is not np.ndarray or value.dtype is not dtype:
            break
    else:
        if dtype is not None and (not to_float or dtype.kind == "f"):
            return list(values)
    values = [value if isinstance(value, PYTHON_NUMBERS) else as_value(value) for value in values]
    dtypes = [dtype_of(value) for value in values]
    dtype = promote(dtypes)
    if to_float and not is_inexact(dtype):
        dtype = standardize_dtype(None)
    return [value if own == dtype else cast(value, dtype) for value, own in zip(values, dtypes, strict=True)]


def without_booleans(*values: Tensor) -> list[Tensor]:
    """Returns the values, booleans as int32."""
    return [cast(value, "int32") if dtype_of(value) == "bool" else value for value in values]


def wide(*values: TensorLike) -> list[Tensor]:
    """Returns the values converted to a common floating-point dtype: as in some ops of Keras, float64 for int64.

    Python numbers are not weakly typed here.
    """
    values = promoted(*map(as_value, values))
    return promoted(*[cast(x, "float64") if dtype_of(x) == "int64" else x for x in values], to_float=True)


def normalize_axes(axis: Axis, rank: int) -> tuple[int, ...]:
    """Returns axes as a sorted tuple of non-negative indices; None is all axes."""
    if axis is None:
        return tuple(range(rank))
    if type(axis) is int and -rank <= axis < rank:
        return (axis % rank,)
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    return tuple(sorted(normalize_axis(number, rank) for number in axes))


def normalize_axis(axis: int, rank: int) -> int:
    """Returns one axis as a non-negative index.

    Raises:
        ArgumentTypeError: If it is not an integer, but for example a tuple.
        ArgumentError: If there is no such axis.

    Example:
        >>> normalize_axis(-1, 3)
        2
    """
    try:
        number = index(axis)
    except TypeError:
        raise ArgumentTypeError(f"Expected an integer as axis. Received: axis={brief(axis)}") from None
    if not -rank <= number < rank:
        raise ArgumentError(
            f"Axis {number} does not exist: the tensor has {rank} axes. Expected -{rank} <= axis < {rank}."
        )
    return number % rank

"""Conversion of the arguments of ops: to arrays, to a common dtype, to shapes and axes."""

from operator import index

import numpy as np

from ...config import floatx
from ...engine.dispatch import to_array
from ...engine.dtypes import COMPLEX, dtype_of, is_inexact, promote, standardize_dtype
from ...engine.registry import Symbolic
from ...errors import ArgumentError, ArgumentTypeError, DTypeError, ShapeError, brief
from ...typing import Axis, Shape, ShapeLike, Tensor, TensorLike
from ..conversion import PYTHON_NUMBERS, cast, converted, weakly_cast

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
    if type(sizes) is int:
        return (sizes,)
    try:
        given = tuple(sizes)
    except TypeError:
        given = (sizes,)
    try:
        return tuple(map(index, given))
    except TypeError as error:
        received = f"`{where}` expects `{name}` to consist of integers. Received: {name}={brief(sizes)}"
        if any(size is None for size in given):
            hint = "`x.shape` has None where a size is unknown; use `ops.shape(x)`, whose entries are usable as sizes."
            raise ShapeError(f"{received}. {hint}") from None
        raise ArgumentTypeError(received) from error


def as_size(size: int, where: str, name: str) -> int:
    """Returns a single size as an integer.

    Args:
        size: An integer.
        where: The name of the op, for error messages.
        name: The name of its argument, for error messages.

    Raises:
        ShapeError: If it is None.
        ArgumentTypeError: If it is not an integer.

    Example:
        >>> as_size(np.int64(3), "histogram", "bins")
        3
    """
    try:
        return index(size)
    except TypeError:
        as_sizes(size, where, name)  # raises an error, unless it is a sequence of integers
        received = f"Received: {name}={brief(size)}"
        raise ArgumentTypeError(f"`{where}` expects `{name}` to be an integer. {received}") from None


def as_value(x: TensorLike) -> Tensor:
    """Converts lists and numbers to arrays; anything with a dtype is returned unchanged."""
    return x if hasattr(x, "dtype") else to_array(x)


def as_float(x: TensorLike) -> Tensor:
    """Converts integers and booleans to `floatx`; floating-point and complex values are returned unchanged."""
    if type(x) is np.ndarray and x.dtype.kind == "f":  # the most frequent case
        return x
    x = as_value(x)
    if type(x) is np.ndarray and x.dtype.kind in "biu":
        return converted(x, floatx())
    return x if is_inexact(dtype_of(x)) else cast(x, None)


def as_real(x: TensorLike, where: str) -> Tensor:
    """Converts integers and booleans to `floatx`; floating-point values are returned unchanged.

    Args:
        x: A value.
        where: The name of the op, for error messages.

    Raises:
        DTypeError: If it is complex.
    """
    if type(x) is np.ndarray and x.dtype.kind == "f":
        return x
    x = as_float(x)
    check_real(where, x)
    return x


def check_real(where: str, *values: Tensor) -> None:
    """Refuses complex numbers, which have no order.

    Args:
        where: The name of the op, for error messages.
        *values: Values with a dtype.

    Raises:
        DTypeError: If one is complex.
    """
    for value in values:
        if dtype_of(value) in COMPLEX:
            raise DTypeError(f"`{where}` expects real numbers. Received: dtype {dtype_of(value)}")


def is_constant(value: object) -> bool:
    """Returns whether a parameter is a number, which has no gradient; not an array, a variable or a traced value.

    Example:
        >>> is_constant(0.5), is_constant(np.float32(0.5)), is_constant(np.array([0.5, 1.0]))
        (True, True, False)
    """
    return (
        isinstance(value, (*PYTHON_NUMBERS, np.generic)) or isinstance(value, Symbolic) or not hasattr(value, "dtype")
    )


def as_bool(x: TensorLike) -> Tensor:
    """Converts values of other dtypes to bool; booleans are returned unchanged."""
    if type(x) is np.ndarray and x.dtype.kind in "biuf":
        return x if x.dtype is _BOOL else converted(x, "bool")
    return cast(x, "bool")


def promoted(*values: TensorLike, to_float: bool = False) -> list[Tensor]:
    """Returns the values converted to their common dtype.

    Args:
        *values: Arrays, tensors or Python numbers.
        to_float: Promote integers to `floatx`.
    """
    dtype = None
    has_numbers = False
    for value in values:  # floating-point arrays of one dtype and numbers, or arrays alone, are the most frequent cases
        if type(value) is np.ndarray:
            if dtype is None:
                dtype = value.dtype
            elif value.dtype is not dtype:
                break
        elif type(value) is float or type(value) is int:
            has_numbers = True
        else:
            break
    else:
        if dtype is not None and (dtype.kind == "f" or not (to_float or has_numbers)):
            return [np.asarray(value, dtype) for value in values] if has_numbers else list(values)
        if dtype is not None and to_float and not has_numbers and dtype.kind in "biu":
            return [converted(value, floatx()) for value in values]
    values = [value if isinstance(value, PYTHON_NUMBERS) else as_value(value) for value in values]
    dtypes = [dtype_of(value) for value in values]
    dtype = promote(dtypes)
    if to_float and not is_inexact(dtype):
        dtype = standardize_dtype(None)
    return [value if own == dtype else weakly_cast(value, dtype) for value, own in zip(values, dtypes, strict=True)]


def without_booleans(*values: Tensor) -> list[Tensor]:
    """Returns the values, booleans as int32."""
    return [cast(value, "int32") if dtype_of(value) == "bool" else value for value in values]


def wide(*values: TensorLike) -> list[Tensor]:
    """Returns the values converted to a common floating-point dtype: as in some ops of Keras, float64 for int64.

    Python numbers are not weakly typed here.
    """
    values = promoted(*map(as_value, values))
    if type(values[0]) is np.ndarray and values[0].dtype.kind == "f":
        return values
    return promoted(*[cast(x, "float64") if dtype_of(x) == "int64" else x for x in values], to_float=True)


def normalize_axes(axis: Axis, rank: int) -> tuple[int, ...]:
    """Returns axes as a sorted tuple of non-negative indices; None is all axes."""
    if axis is None:
        return tuple(range(rank))
    if type(axis) is int and -rank <= axis < rank:
        return (axis % rank,)
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    found = sorted(normalize_axis(number, rank) for number in axes)
    if len(set(found)) < len(found):
        raise ArgumentError(f"An axis occurs several times. Received: axis={brief(axis)}")
    return tuple(found)


def normalize_axis(axis: int, rank: int) -> int:
    """Returns one axis as a non-negative index.

    Raises:
        ArgumentTypeError: If it is not an integer, but for example a tuple.
        ArgumentError: If there is no such axis.

    Example:
        >>> normalize_axis(-1, 3)
        2
    """
    if type(axis) is int and -rank <= axis < rank:  # the most frequent case
        return axis % rank
    try:
        number = index(axis)
    except TypeError:
        raise ArgumentTypeError(f"Expected an integer as axis. Received: axis={brief(axis)}") from None
    if not -rank <= number < rank:
        raise ArgumentError(
            f"Axis {number} does not exist: the tensor has {rank} axes. Expected -{rank} <= axis < {rank}."
        )
    return number % rank

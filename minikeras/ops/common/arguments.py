"""Conversion of the arguments of ops: to arrays, to a common dtype, to shapes and axes."""

from operator import index

from ...engine.dispatch import to_array
from ...engine.dtypes import dtype_of, promote, standardize_dtype
from ...errors import ArgumentError, ArgumentTypeError, ShapeError, brief
from ...typing import Axis, Shape, ShapeLike, Tensor, TensorLike
from ..conversion import PYTHON_NUMBERS, cast


def static_shape(x: TensorLike) -> Shape:
    """Returns the sizes of the axes, None where a symbolic value is free; see `ops.shape` for numbers.

    Example:
        >>> static_shape([[1, 2, 3]])
        (1, 3)
    """
    return tuple(x.shape) if hasattr(x, "shape") else to_array(x).shape


def as_sizes(sizes: ShapeLike, where: str, name: str = "shape") -> tuple[int, ...]:
    """Returns a shape, or one size, as a tuple of integers.

    Args:
        sizes: An integer, or a list, tuple or array of them.
        where: The op, for errors.
        name: Its argument, for errors.

    Raises:
        ShapeError: If there is None among them.
        ArgumentTypeError: If it is something else.
    """
    try:
        given = tuple(sizes)
    except TypeError:
        given = (sizes,)
    try:
        return tuple(index(size) for size in given)
    except TypeError as error:
        received = f"`{where}` expects `{name}` to be made of integers. Received: {name}={brief(sizes)}"
        if any(size is None for size in given):
            hint = "`x.shape` has None where a size is free; use `ops.shape(x)`, which has a size there."
            raise ShapeError(f"{received}. {hint}") from None
        raise ArgumentTypeError(received) from error


def as_value(x: TensorLike) -> Tensor:
    """Returns lists and numbers as arrays, and everything that has a dtype as it is."""
    return x if hasattr(x, "dtype") else to_array(x)


def as_float(x: TensorLike) -> Tensor:
    """Returns a value of a float type as it is, and any other converted to `floatx`."""
    x = as_value(x)
    return x if "float" in dtype_of(x) else cast(x, None)


def promoted(*values: TensorLike, to_float: bool = False) -> list[Tensor]:
    """Returns the values converted to their common dtype.

    Args:
        *values: Arrays, traced values or Python numbers.
        to_float: Turn integer types into `floatx`.
    """
    values = [value if isinstance(value, PYTHON_NUMBERS) else as_value(value) for value in values]
    dtype = promote([dtype_of(value) for value in values])
    if to_float and "float" not in dtype:
        dtype = standardize_dtype(None)
    return [value if dtype_of(value) == dtype else cast(value, dtype) for value in values]


def wide(*values: TensorLike) -> list[Tensor]:
    """Returns the values converted to a common float type; float64 if there is an int64, as some ops of Keras do it.

    Python numbers are not weak here.
    """
    values = promoted(*map(as_value, values))
    return promoted(*[cast(x, "float64") if dtype_of(x) == "int64" else x for x in values], to_float=True)


def normalize_axes(axis: Axis, rank: int) -> tuple[int, ...]:
    """Returns axes as a sorted tuple of non-negative numbers; None means all of them."""
    if axis is None:
        return tuple(range(rank))
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    return tuple(sorted(index(number) % rank if -rank <= number < rank else _bad_axis(number, rank) for number in axes))


def _bad_axis(axis: int, rank: int) -> int:
    raise ArgumentError(f"Axis {axis} does not exist: the value has {rank} axes. Expected -{rank} <= axis < {rank}.")

"""Conversion between values, dtypes and shapes."""

from operator import index

import numpy as np

from ..engine.dispatch import apply, operand, to_array
from ..engine.dtypes import dtype_of, promote, standardize_dtype
from ..engine.primitive import Primitive, copying
from ..engine.registry import call, op
from ..engine.tensor import Tensor
from ..engine.variable import Variable
from ..errors import ArgumentError, ArgumentTypeError, NotSupportedError, ShapeError, brief
from ..graph.keras_tensor import KerasTensor

_NUMBERS = (bool, int, float)

_CAST = Primitive(
    "cast",
    lambda x, dtype: x.astype(dtype),
    bind=lambda arrays, out, dtype: copying(out, arrays[0]),
    shape=lambda x, dtype: (x.shape, dtype),
    vjps=(lambda g, y, x, dtype: cast(g, dtype_of(x)),),
)

_STOP = Primitive(
    "stop_gradient",
    lambda x: x,
    view=True,
    shape=lambda x: (x.shape, x.dtype),
)


def is_tensor(x: object) -> bool:
    """Tells whether a value is an array, a traced, a symbolic value or a variable.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> is_tensor([1.0])
        False
    """
    return isinstance(x, (np.ndarray, Tensor, KerasTensor, Variable))


@op("core.ConvertToTensor", settings="dtype sparse ragged")
def convert_to_tensor(x: object, dtype: object = None, sparse: None = None, ragged: None = None) -> object:
    """Turns a value into one that ops compute with: an array, or a traced value inside of a step.

    Args:
        x: An array, list, number, variable or traced value.
        dtype: The dtype to convert to; Python floats become `floatx` by default.
        sparse: Only None: minikeras has no sparse tensors.
        ragged: Only None: minikeras has no ragged tensors.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> convert_to_tensor([1.0, 2.0]).dtype
        dtype('float32')
    """
    if sparse is not None:
        raise NotSupportedError(f"`convert_to_tensor` has no sparse tensors. Received: sparse={brief(sparse)}")
    if ragged is not None:
        raise NotSupportedError(f"`convert_to_tensor` has no ragged tensors. Received: ragged={brief(ragged)}")
    if dtype is not None and hasattr(x, "dtype"):
        return cast(x, dtype)
    if isinstance(x, Variable):
        return x.value
    value = x if isinstance(x, KerasTensor) else operand(x)
    return value if dtype is None else cast(value, dtype)


@op(saved_as=None)
def convert_to_numpy(x: object) -> np.ndarray:
    """Returns a value as a numpy array.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> convert_to_numpy([1, 2])
        array([1, 2], dtype=int32)
    """
    return np.asarray(x) if hasattr(x, "__array__") else to_array(x)


@op("core.Cast", settings="dtype")
def cast(x: object, dtype: object) -> object:
    """Converts the elements to another type.

    Args:
        x: A value of any shape.
        dtype: The type to convert to.

    Returns:
        The value itself if it has that type already, else a new one of the same shape.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> cast([1.5, 2.5], "int32")
        array([1, 2], dtype=int32)
    """
    dtype = standardize_dtype(dtype)
    if not hasattr(x, "dtype"):
        return np.asarray(x, dtype=dtype) if isinstance(x, _NUMBERS) else to_array(x, dtype)
    if dtype_of(x) == dtype:
        return x.value if isinstance(x, Variable) else x
    return apply(_CAST, x, dtype=dtype)


@op("core.StopGradient")
def stop_gradient(variable: object) -> object:
    """Returns the value as it is, but as a constant for gradients.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> stop_gradient(2.0)
        array(2., dtype=float32)
    """
    return apply(_STOP, variable)


def shape(x: object) -> tuple:
    """Returns the sizes of the axes, None where a symbolic value is free; see `ops.shape` for numbers.

    Example:
        >>> shape([[1, 2, 3]])
        (1, 3)
    """
    return tuple(x.shape) if hasattr(x, "shape") else to_array(x).shape


def as_sizes(sizes: object, where: str, name: str = "shape") -> tuple[int, ...]:
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


def as_value(x: object) -> object:
    """Returns lists and numbers as arrays, and everything that has a dtype as it is."""
    return x if hasattr(x, "dtype") else to_array(x)


def as_float(x: object) -> object:
    """Returns a value of a float type as it is, and any other converted to `floatx`."""
    x = as_value(x)
    return x if "float" in dtype_of(x) else cast(x, None)


def promoted(*values: object, to_float: bool = False) -> list:
    """Returns the values converted to their common dtype.

    Args:
        *values: Arrays, traced values or Python numbers.
        to_float: Turn integer types into `floatx`.
    """
    values = [value if isinstance(value, _NUMBERS) else as_value(value) for value in values]
    dtype = promote([dtype_of(value) for value in values])
    if to_float and "float" not in dtype:
        dtype = standardize_dtype(None)
    return [value if dtype_of(value) == dtype else cast(value, dtype) for value in values]


def wide(*values: object) -> list:
    """Returns the values converted to a common float type; float64 if there is an int64, as some ops of Keras do it.

    Python numbers are not weak here.
    """
    values = promoted(*map(as_value, values))
    return promoted(*[cast(x, "float64") if dtype_of(x) == "int64" else x for x in values], to_float=True)


def unbroadcast(gradient: object, like: object) -> object:
    """Sums a gradient over the axes along which its value had been broadcast.

    Args:
        gradient: The gradient of the result, of the broadcast shape.
        like: The value before it was broadcast.

    Returns:
        The gradient in the shape of `like`.
    """
    target = tuple(like.shape)
    if tuple(gradient.shape) == target:
        return gradient
    extra = len(gradient.shape) - len(target)
    axes = tuple(range(extra))
    axes += tuple(extra + axis for axis, size in enumerate(target) if size == 1 != gradient.shape[extra + axis])
    summed = call("sum", gradient, axis=axes) if axes else gradient
    return call("reshape", summed, target)


def normalize_axes(axis: object, rank: int) -> tuple[int, ...]:
    """Returns axes as a sorted tuple of non-negative numbers; None means all of them."""
    if axis is None:
        return tuple(range(rank))
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    return tuple(sorted(index(number) % rank if -rank <= number < rank else _bad_axis(number, rank) for number in axes))


def _bad_axis(axis: int, rank: int) -> int:
    raise ArgumentError(f"Axis {axis} does not exist: the value has {rank} axes. Expected -{rank} <= axis < {rank}.")

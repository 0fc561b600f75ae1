"""Keras's type promotion rules.

numpy promotes int32 with float32 to float64; Keras, like JAX, to float32. Python scalars are weakly typed: they adopt
the dtype of the other operand.
Source: https://docs.jax.dev/en/latest/type_promotion.html
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from .. import config
from ..errors import ArgumentError, DTypeError, brief, unknown_name
from ..typing import DTypeLike

BOOL = ("bool",)
INTEGERS = ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64")
FLOATS = ("float16", "float32", "float64")
COMPLEX = ("complex64", "complex128")
TEXT = "string"  # of values that are carried, not computed with
ALLOWED = BOOL + INTEGERS + FLOATS + COMPLEX
# Those of the package ml_dtypes, which is imported when one is named, and the dtypes in which they are computed.
LOW_PRECISION = {"bfloat16": "float32", "float8_e4m3fn": "float32", "float8_e5m2": "float32", "int4": "int8"}

# Complex numbers of Python are not weakly typed.
_PYTHON_TYPES = {bool: "bool", int: "int", float: "float", complex: "complex64", str: TEXT}
_KINDS_OF_TEXT = "USTO"  # unicode, bytes, and, of any length, numpy's own strings and objects
_SPELLINGS = {"int": int, "float": float}
_TEXT_OF_ANY_LENGTH = np.dtype(str)
_PARTS = {"complex64": "float32", "complex128": "float64"}


def standardize_dtype(dtype: DTypeLike | None) -> str:
    """Returns the name of a dtype, given as a string, numpy dtype, Python type or None (`floatx`).

    Example:
        >>> import numpy as np
        >>> standardize_dtype(np.float32), standardize_dtype(None), standardize_dtype(int)
        ('float32', 'float32', 'int32')
    """
    if dtype is None:
        return config.floatx()
    if isinstance(dtype, str) and dtype in _SPELLINGS:
        dtype = _SPELLINGS[dtype]
    if isinstance(dtype, type) and dtype in _PYTHON_TYPES:
        name = _PYTHON_TYPES[dtype]
        return {"int": "int32", "float": config.floatx()}.get(name, name)
    if isinstance(dtype, str):
        name = dtype
    else:
        try:
            name = TEXT if dtype == _TEXT_OF_ANY_LENGTH else np.dtype(dtype).name
        except (TypeError, ValueError):
            name = str(getattr(dtype, "name", dtype))
    if name in LOW_PRECISION:
        load_low_precision(name)
    elif name not in ALLOWED and name != TEXT:
        raise unknown_name("dtype", dtype, (*ALLOWED, *LOW_PRECISION, TEXT))
    return name


def dtype_of_numbers(dtype: DTypeLike | None, where: str) -> str:
    """Returns the name of a dtype of numbers or booleans.

    Args:
        dtype: As for `standardize_dtype`.
        where: The name of the op, for error messages.

    Raises:
        DTypeError: If it is that of strings.

    Example:
        >>> dtype_of_numbers(float, "zeros")
        'float32'
    """
    name = standardize_dtype(dtype)
    if name == TEXT:
        raise DTypeError(f"`{where}` expects a dtype of numbers. Received: dtype={brief(name)}")
    return name


@cache
def load_low_precision(name: str) -> None:
    """Makes a dtype of ml_dtypes known to numpy.

    Raises:
        ImportError: If ml_dtypes is not installed.
    """
    try:
        import ml_dtypes
    except ImportError as error:
        raise ImportError(
            f"The dtype {name} needs the package ml_dtypes: `pip install 'minikeras[lowprecision]'`."
        ) from error
    np.dtype(getattr(ml_dtypes, name))


def is_float(dtype: object) -> bool:
    """Returns whether a dtype is a floating-point dtype.

    Example:
        >>> is_float("float16"), is_float("int32")
        (True, False)
    """
    return "float" in standardize_dtype(dtype)


def is_inexact(name: str) -> bool:
    """Returns whether the name of a dtype is one of floating-point or complex numbers, which have gradients.

    Example:
        >>> is_inexact("complex64"), is_inexact("float16"), is_inexact("bool")
        (True, True, False)
    """
    return "float" in name or name in _PARTS


@cache
def is_differentiable(dtype: np.dtype) -> bool:
    """Returns whether values of a numpy dtype have gradients.

    Example:
        >>> is_differentiable(np.dtype("float16")), is_differentiable(np.dtype("int8"))
        (True, False)
    """
    return is_inexact(dtype.name)


@cache
def is_numeric(dtype: np.dtype) -> bool:
    """Returns whether a numpy dtype, also a structured one or one of texts, is one of numbers or booleans.

    Example:
        >>> is_numeric(np.dtype("bool")), is_numeric(np.dtype("U3"))
        (True, False)
    """
    return dtype.kind in "biufc" or dtype.name in LOW_PRECISION


@cache
def is_real(dtype: np.dtype) -> bool:
    """Returns whether a numpy dtype is one of real numbers or booleans; the kind of those of ml_dtypes does not tell.

    Example:
        >>> is_real(np.dtype("int8")), is_real(np.dtype("complex64"))
        (True, False)
    """
    return is_numeric(dtype) and dtype.kind != "c"


@cache
def has_fractions(dtype: np.dtype) -> bool:
    """Returns whether a numpy dtype is a floating-point dtype; the kind of those of ml_dtypes does not tell.

    Example:
        >>> has_fractions(np.dtype("float16")), has_fractions(np.dtype("uint8"))
        (True, False)
    """
    return "float" in dtype.name


@cache
def is_number(name: str) -> bool:
    """Returns whether the name of a dtype is one of numbers or booleans; not of strings, objects or dates.

    Example:
        >>> is_number("int4"), is_number("string")
        (True, False)
    """
    return name in ALLOWED or name in LOW_PRECISION


@cache
def low_precision_of(dtype: np.dtype) -> str | None:
    """Returns the dtype in which values of a dtype of ml_dtypes are computed; None for dtypes of numpy.

    Example:
        >>> low_precision_of(np.dtype("float16")) is None
        True
    """
    return LOW_PRECISION.get(dtype.name)


@cache
def limits_of(name: str) -> "np.finfo | np.iinfo":
    """Returns the limits of a dtype, as `numpy.finfo` or `numpy.iinfo`, which do not know those of ml_dtypes.

    Example:
        >>> limits_of("int8").max, limits_of("float16").max.item()
        (127, 65504.0)
    """
    if name in LOW_PRECISION:
        load_low_precision(name)
        import ml_dtypes

        return ml_dtypes.finfo(name) if "float" in name else ml_dtypes.iinfo(name)
    return np.finfo(name) if is_inexact(name) else np.iinfo(name)


def part_of(name: str) -> str:
    """Returns the dtype of the real part, of the absolute value and of the angle of a dtype's numbers.

    Example:
        >>> part_of("complex64"), part_of("float16")
        ('float32', 'float16')
    """
    return _PARTS.get(name, name)


def dtype_of(value: object) -> str:
    """Returns the dtype of a value for promotion; Python numbers have the weak types "int" and "float"."""
    dtype = getattr(value, "dtype", None)
    if dtype is not None:
        return dtype_name(dtype) if isinstance(dtype, np.dtype) else str(dtype)
    return _PYTHON_TYPES.get(type(value)) or dtype_name(np.asarray(value).dtype)


@cache
def dtype_name(dtype: np.dtype) -> str:
    """Returns the name of a numpy dtype, cached: numpy builds it in Python each time, in 3 us.

    Example:
        >>> dtype_name(np.dtype("<f4")), dtype_name(np.dtype("U7")), dtype_name(np.dtype(object))
        ('float32', 'string', 'string')
    """
    return TEXT if dtype.kind in _KINDS_OF_TEXT else dtype.name


def array_dtype(name: str) -> np.dtype:
    """Returns the numpy dtype of arrays that hold values of a dtype; strings of any length are objects.

    Example:
        >>> array_dtype("string"), array_dtype("int8")
        (dtype('O'), dtype('int8'))
    """
    return np.dtype(object if name == TEXT else name)


def holds_text(array: np.ndarray) -> bool:
    """Returns whether an array holds strings, as an array of strings, of bytes, or of objects that are all of these.

    Example:
        >>> holds_text(np.array(["a", b"b"], object)), holds_text(np.array(["a", 1], object))
        (True, False)
    """
    if array.dtype.kind != "O":
        return array.dtype.kind in _KINDS_OF_TEXT
    return all(isinstance(value, (str, bytes)) for value in array.ravel().tolist())


def first_other_than_text(array: np.ndarray) -> str:
    """Describes the first element of an array of objects that is no string, and its place, for error messages.

    Example:
        >>> first_other_than_text(np.array([["a"], [None]], object))
        'None at [1, 0]'
    """
    number, value = next(pair for pair in enumerate(array.ravel().tolist()) if not isinstance(pair[1], (str, bytes)))
    return f"{brief(value)} at [{', '.join(map(str, np.unravel_index(number, array.shape)))}]"


def as_text(array: np.ndarray) -> np.ndarray:
    """Returns an array of strings as an array of objects, the form in which models carry strings of any length.

    Example:
        >>> as_text(np.array(["a", "bc"]))
        array(['a', 'bc'], dtype=object)
    """
    return array if array.dtype.kind == "O" else array.astype(object)


def _promote_integers(first: str, second: str) -> str:
    if first == second:
        return first
    small, large = sorted((first, second), key=lambda name: np.dtype(name).itemsize)
    if small.startswith("u") == large.startswith("u"):
        return large
    unsigned, signed = (small, large) if small.startswith("u") else (large, small)
    if unsigned == "uint64":
        return "float"  # no integer dtype can represent both
    if np.dtype(signed).itemsize > np.dtype(unsigned).itemsize:
        return signed
    return f"int{np.dtype(unsigned).itemsize * 16}"


def _promote_low(first: str, second: str) -> str:
    if second == "int" or (second == "float" and "float" in first):
        return first
    raise DTypeError(
        f"There is no implicit conversion between {first} and {second}. Convert one of them with `ops.cast`."
    )


def _promote_pair(first: str, second: str) -> str:
    if first == second:
        return first
    names = (first, second)
    if TEXT in names:
        raise DTypeError(f"There is no common dtype of strings and numbers. Received: {first} and {second}")
    low = [name for name in names if name in LOW_PRECISION and name != "bfloat16"]
    if low:
        return _promote_low(low[0], second if first == low[0] else first)
    for weakest in ("bool", "int"):
        if weakest in names:
            return second if first == weakest else first
    if first in _PARTS or second in _PARTS:
        return "complex128" if "complex128" in names or "float64" in names else "complex64"
    floats = [name for name in names if name in FLOATS or name == "bfloat16"]
    if len(floats) == 2 and "bfloat16" in floats and "float16" in floats:
        return "float32"  # neither can represent the values of the other
    if floats:
        return max(floats, key=lambda name: np.dtype(name).itemsize)
    if "float" in names:
        return "float"
    return _promote_integers(first, second)


def result_type(*dtypes: DTypeLike) -> str:
    """Returns the dtype that results from promoting the given dtypes.

    Args:
        *dtypes: Names, numpy dtypes, or the Python types `bool`, `int`, `float` (weak).

    Returns:
        The name of the dtype.

    Raises:
        ArgumentError: If no dtype is given.
        DTypeError: For float8 dtypes and int4, which are not converted implicitly.

    Example:
        >>> result_type("int32", "float32"), result_type("float16", float), result_type(int, int)
        ('float32', 'float16', 'int32')
    """
    if not dtypes:
        raise ArgumentError("`result_type` expects at least one dtype. Received none.")
    names = [_PYTHON_TYPES.get(dtype) or standardize_dtype(dtype) for dtype in dtypes]
    for name in names:
        if name in LOW_PRECISION and name != "bfloat16":
            raise DTypeError(
                f"There is no implicit conversion between {name} and other dtypes. Received: {brief(dtypes)}"
            )
    return promote(names)


def promote(names: Sequence[str]) -> str:
    """Returns the common dtype of dtype names, of which "int" and "float" are weak."""
    result = names[0]
    for name in names[1:]:
        result = _promote_pair(result, name)
    if result == "float":
        return config.floatx()
    return "int32" if result == "int" else result

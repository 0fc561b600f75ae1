"""Conversion to tensors, numpy arrays and other dtypes."""

from collections.abc import Callable, Sequence

import numpy as np

from ..engine.batch_rules import aligned
from ..engine.dispatch import apply, operand, to_array
from ..engine.dtypes import TEXT, dtype_name, dtype_of, holds_text, is_numeric, standardize_dtype
from ..engine.primitive import Primitive, copying
from ..engine.registry import op
from ..engine.tensor import Tensor as TracedTensor
from ..engine.variable import Variable
from ..errors import ArgumentError, ArgumentTypeError, DTypeError, MissingDTypeError, NotSupportedError, brief
from ..graph.keras_tensor import KerasTensor
from ..tracebacks import filtered
from ..typing import DType, DTypeLike, Tensor, TensorLike
from .common.eager import is_eager

PYTHON_NUMBERS = (bool, int, float, complex)


def _cast_kernel(x: np.ndarray, dtype: str) -> np.ndarray:
    return _real_if(x, dtype).astype(dtype)


def _bind_cast(arrays: Sequence[np.ndarray], out: np.ndarray, dtype: str) -> Callable[[], None]:
    return copying(out, _real_if(arrays[0], dtype))


def _real_if(x: np.ndarray, dtype: str) -> np.ndarray:
    """Returns the real part of complex numbers if the target dtype is not complex: the imaginary part is dropped."""
    return x.real if x.dtype.kind == "c" and np.dtype(dtype).kind != "c" else x


_CAST = Primitive(
    "cast",
    _cast_kernel,
    bind=_bind_cast,
    native=True,
    shape=lambda x, dtype: (x.shape, dtype),
    vjps=(lambda g, y, x, dtype: cast(g, dtype_of(x)),),
    batch=aligned,
)


def converted(x: Tensor, dtype: str) -> Tensor:
    """Casts numbers, which have a dtype, to another one, given by its name: `cast` without checking either.

    Example:
        >>> converted(np.int8([1, 2]), "float32")
        array([1., 2.], dtype=float32)
    """
    if is_eager(x) and x.dtype.kind in "biu":
        return x.astype(dtype)
    return apply(_CAST, x, dtype=dtype)


def is_tensor(x: object) -> bool:
    """Returns whether a value is an array, a traced or symbolic tensor, or a variable.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> is_tensor([1.0])
        False
    """
    return isinstance(x, (np.ndarray, TracedTensor, KerasTensor, Variable))


@filtered
def dtype(x: Tensor) -> DType:
    """Returns the dtype of a tensor as a string.

    Args:
        x: An array, a variable, a traced or a symbolic tensor.

    Raises:
        MissingDTypeError: If it has no dtype, as a list or a number of Python.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> dtype(np.zeros(3, "float32"))
        'float32'
    """
    if not hasattr(x, "dtype"):
        raise MissingDTypeError(
            f"`dtype` expects a tensor. Received: {brief(x)}. Convert it with `ops.convert_to_tensor` first."
        )
    return TEXT if _is_text(x) else standardize_dtype(x.dtype)


@op("core.ConvertToTensor", settings="dtype sparse ragged")
def convert_to_tensor(
    x: TensorLike, dtype: DTypeLike | None = None, sparse: None = None, ragged: None = None
) -> Tensor:
    """Converts a value to a tensor: an array, or a traced tensor inside a step.

    Args:
        x: An array, list, number, variable or traced tensor; or strings, which become arrays of strings.
        dtype: The dtype to convert to; Python floats become `floatx` by default.
        sparse: Must be None: sparse tensors are not supported.
        ragged: Must be None: ragged tensors are not supported.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> convert_to_tensor([1.0, 2.0]).dtype
        dtype('float32')
    """
    if sparse is not None:
        raise NotSupportedError(f"Sparse tensors are not supported. Received: sparse={brief(sparse)}")
    if ragged is not None:
        raise NotSupportedError(f"Ragged tensors are not supported. Received: ragged={brief(ragged)}")
    if _is_text(x) or dtype in (TEXT, str):
        return _as_text(x, dtype)
    if dtype is not None:
        return cast(x, dtype) if hasattr(x, "dtype") else to_array(x, dtype)
    if isinstance(x, Variable):
        return x.value
    return x if isinstance(x, KerasTensor) else operand(x)


def _is_text(x: object) -> bool:
    """Returns whether a value is a string, or an array or a list of them."""
    while isinstance(x, (list, tuple)) and x:
        x = x[0]
    return isinstance(x, (str, bytes)) or (isinstance(x, np.ndarray) and not is_numeric(x.dtype) and holds_text(x))


def _as_text(x: object, dtype: object) -> np.ndarray:
    if isinstance(x, KerasTensor) and x.dtype == TEXT:
        return x
    if not _is_text(x) or (dtype is not None and standardize_dtype(dtype) != TEXT):
        raise DTypeError(
            "`convert_to_tensor` converts strings to tensors of dtype 'string' only, and numbers to none of them. "
            f"Received: x={brief(x)}, dtype={brief(dtype)}"
        )
    try:
        return np.asarray(x)
    except ValueError as error:
        raise ArgumentTypeError(f"Expected strings in equally long lists. Received: {brief(x)}") from error


@op(saved_as=None)
def convert_to_numpy(x: TensorLike) -> np.ndarray:
    """Converts a tensor to a numpy array.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> convert_to_numpy([1, 2])
        array([1, 2], dtype=int32)
    """
    return np.asarray(x) if hasattr(x, "__array__") or _is_text(x) else to_array(x)


def _number(x: complex, dtype: str) -> np.ndarray:
    try:
        return np.asarray(x.real if type(x) is complex and "complex" not in dtype else x, dtype=dtype)
    except (OverflowError, ValueError) as error:  # too large, or NaN
        raise ArgumentError(f"The number {brief(x)} does not exist in the dtype {dtype}.") from error


@op("core.Cast", settings="dtype")
def cast(x: TensorLike, dtype: DTypeLike) -> Tensor:
    """Casts a tensor to the given dtype. Of complex numbers cast to another dtype, the real part is kept.

    Args:
        x: Input tensor, of any shape.
        dtype: The target dtype.

    Returns:
        The input itself if it has that dtype already, else a new tensor of the same shape.

    Raises:
        DTypeError: From strings to numbers, or the other way around.
        ArgumentError: If a Python number does not exist in an integer dtype.

    Source: https://keras.io/api/ops/core/

    Example:
        >>> cast([1.5, 2.5], "int32")
        array([1, 2], dtype=int32)
    """
    if type(x) is np.ndarray and type(dtype) is str and dtype_name(x.dtype) == dtype:  # the most frequent case
        return x
    dtype = standardize_dtype(dtype)
    if (dtype == TEXT) != (_is_text(x) if not hasattr(x, "dtype") else dtype_of(x) == TEXT):
        raise DTypeError(f"`cast` converts between dtypes of numbers. Received: x={brief(x)}, dtype={dtype}")
    if not hasattr(x, "dtype"):
        return _number(x, dtype) if isinstance(x, PYTHON_NUMBERS) else to_array(x, dtype)
    if dtype_of(x) == dtype:
        return x.value if isinstance(x, Variable) else x
    return apply(_CAST, x, dtype=dtype)


def weakly_cast(x: TensorLike, dtype: str) -> Tensor:
    """Casts a value to a dtype that other arguments determine: Python numbers out of its range wrap, as arrays do.

    `cast` refuses these, as Keras does on JAX.

    Example:
        >>> weakly_cast(-1, "uint8")
        array(255, dtype=uint8)
    """
    if isinstance(x, PYTHON_NUMBERS) and dtype != TEXT:
        try:
            return np.asarray(x, dtype)
        except (OverflowError, TypeError, ValueError):  # -1 as uint8, 1j as float32, NaN as int32
            return apply(_CAST, to_array(x), dtype=dtype)
    return cast(x, dtype)

"""Creation of arrays: filled ones, ranges, grids and identity matrices."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from ..config import floatx
from ..engine.dispatch import to_array
from ..engine.dtypes import dtype_of, dtype_of_numbers, promote, standardize_dtype
from ..engine.memory_budget import charge_array, is_loading
from ..engine.registry import op
from ..engine.shapes_only import is_shapes_only, symbol_for
from ..engine.specialization import specialized
from ..engine.trace import current_trace
from ..errors import ArgumentError, brief
from ..graph.keras_tensor import KerasTensor
from ..typing import DTypeLike, ShapeLike, Tensor, TensorLike
from .arithmetic import add, multiply, subtract, true_divide
from .common.arguments import as_size, as_sizes, as_value, promoted, static_shape
from .common.eager import is_eager
from .conversion import cast, convert_to_tensor, weakly_cast
from .shaping import broadcast_to, expand_dims, moveaxis, ravel


@op("minikeras.Zeros", settings="shape dtype")
def zeros(shape: ShapeLike, dtype: DTypeLike | None = None) -> np.ndarray:
    """Returns an array of zeros.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> zeros(2)
        array([0., 0.], dtype=float32)
    """
    dtype, shape = dtype_of_numbers(dtype, "zeros"), as_sizes(shape, "zeros")
    symbol = symbol_for(shape, dtype)
    if symbol is not None:
        return symbol
    charge_array(shape, dtype, "`zeros`")
    return np.zeros(shape, dtype)


@op("minikeras.Ones", settings="shape dtype")
def ones(shape: ShapeLike, dtype: DTypeLike | None = None) -> np.ndarray:
    """Returns an array of ones.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> ones(2)
        array([1., 1.], dtype=float32)
    """
    dtype, shape = dtype_of_numbers(dtype, "ones"), as_sizes(shape, "ones")
    symbol = symbol_for(shape, dtype)
    if symbol is not None:
        return symbol
    charge_array(shape, dtype, "`ones`")
    return np.ones(shape, dtype)


def _full_in_keras(shape: ShapeLike, **others: object) -> dict:
    return {"shape": as_sizes(shape, "full")}


@op("numpy.Full", settings="shape dtype", as_in_keras=_full_in_keras)
def full(shape: ShapeLike, fill_value: TensorLike, dtype: DTypeLike | None = None) -> Tensor:
    """Returns an array filled with one value.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> full(2, 7.0)
        array([7., 7.], dtype=float32)
    """
    shape = as_sizes(shape, "full")
    value = weakly_cast(fill_value, standardize_dtype(dtype))
    if type(fill_value) in (int, float) and current_trace() is None and not is_shapes_only():
        charge_array(shape, dtype_of(value), "`full`")
        return np.full(shape, value)
    if symbol_for(shape, dtype_of(value)) is None:
        charge_array(shape, dtype_of(value), "`full`")
    value = broadcast_to(value, shape)
    return value.copy() if isinstance(value, np.ndarray) else value


@op("numpy.ZerosLike", settings="dtype")
def zeros_like(x: TensorLike, dtype: DTypeLike | None = None) -> Tensor:
    """Returns a tensor of zeros with the shape and dtype of `x`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> zeros_like([1.0, 2.0])
        array([0., 0.], dtype=float32)
    """
    return _filled_like(zeros, x, dtype)


@op("numpy.OnesLike", settings="dtype")
def ones_like(x: TensorLike, dtype: DTypeLike | None = None) -> Tensor:
    """Returns a tensor of ones with the shape and dtype of `x`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> ones_like([1.0, 2.0])
        array([1., 1.], dtype=float32)
    """
    return _filled_like(ones, x, dtype)


@op("numpy.Arange", settings="dtype")
def arange(
    start: float, stop: float | None = None, step: float | None = None, dtype: DTypeLike | None = None
) -> np.ndarray:
    """Returns evenly spaced values in the half-open interval [start, stop).

    Args:
        start: Start of the interval, included; if `stop` is None, its end, and the interval starts at 0.
        stop: End of the interval, excluded.
        step: Spacing between values; 1 by default.
        dtype: The dtype of the result; by default that of the arguments.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> arange(3)
        array([0, 1, 2], dtype=int32)
    """
    dtype = promote([dtype_of(each) for each in (start, stop, step) if each is not None]) if dtype is None else dtype
    start, stop = (0, start) if stop is None else (start, stop)
    dtype, step = dtype_of_numbers(dtype, "arange"), 1 if step is None else step
    if step and (is_loading() or is_shapes_only()):
        count = max(0, math.ceil((stop - start) / step))
        symbol = symbol_for(count, dtype)
        if symbol is not None:
            return symbol
        charge_array(count, dtype, "`arange`")
    return np.arange(start, stop, step, dtype)


@op("numpy.FullLike", settings="dtype")
def full_like(x: TensorLike, fill_value: TensorLike, dtype: DTypeLike | None = None) -> Tensor:
    """Returns a tensor filled with one value, with the shape and dtype of `x`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> full_like([1.0, 2.0], 7.0)
        array([7., 7.], dtype=float32)
    """
    x = as_value(x)
    value = weakly_cast(fill_value, dtype_of(x) if dtype is None else standardize_dtype(dtype))
    if isinstance(x, KerasTensor):
        return KerasTensor(x.shape, dtype_of(value))
    if type(fill_value) in (int, float) and is_eager(x):
        return np.full(x.shape, value)
    value = broadcast_to(value, tuple(x.shape))
    return value.copy() if isinstance(value, np.ndarray) else value


@op("minikeras.Empty", settings="shape dtype")
def empty(shape: ShapeLike, dtype: DTypeLike | None = None) -> np.ndarray:
    """Returns an array to be filled by the caller; initially zeros, as in Keras on TensorFlow.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> empty(2).shape
        (2,)
    """
    return zeros(shape, dtype)


@op("numpy.EmptyLike", settings="dtype")
def empty_like(x: TensorLike, dtype: DTypeLike | None = None) -> Tensor:
    """Returns an array to be filled by the caller, with the shape and dtype of `x`; see `empty`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> empty_like([1.0, 2.0]).shape
        (2,)
    """
    return _filled_like(zeros, x, dtype)


@op("numpy.Array", settings="dtype")
def array(x: TensorLike, dtype: DTypeLike | None = None) -> Tensor:
    """Converts a value to a tensor; alias of `convert_to_tensor`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> array([1.0, 2.0])
        array([1., 2.], dtype=float32)
    """
    return convert_to_tensor(x, dtype)


@op("numpy.Copy")
def copy(x: TensorLike) -> Tensor:
    """Returns a copy of a tensor.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> copy([1.0, 2.0])
        array([1., 2.], dtype=float32)
    """
    x = convert_to_tensor(x)
    return x.copy() if isinstance(x, np.ndarray) else x


def _linspace_in_keras(retstep: bool, **others: object) -> dict | None:
    return None if retstep else {}  # Keras's class accepts retstep, but fails with it


@specialized
@op("numpy.Linspace", settings="num endpoint retstep dtype axis", as_in_keras=_linspace_in_keras)
def linspace(
    start: TensorLike,
    stop: TensorLike,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: DTypeLike | None = None,
    axis: int = 0,
) -> Any:
    """Returns evenly spaced values over a closed interval.

    Args:
        start: The first value; a number or a tensor.
        stop: The last value; a number or a tensor.
        num: The number of values.
        endpoint: Whether to include `stop`.
        retstep: Whether to return the spacing as well.
        dtype: The dtype of the result; by default that of the bounds, or `floatx` if they are integers.
        axis: The axis of the result along which the values are stored.

    Raises:
        ArgumentError: If `num` is negative.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> linspace(0.0, 1.0, 3)
        array([0. , 0.5, 1. ], dtype=float32)
    """
    if type(start) in (int, float) and type(stop) in (int, float):  # for arrays there are recipes
        kind = "float64" if dtype is not None and standardize_dtype(dtype) == "float64" else floatx()
        start, stop = np.asarray(start, kind), np.asarray(stop, kind)
        return linspace(start, stop, num, endpoint, retstep, dtype, axis)
    num = as_size(num, "linspace", "num")
    if num < 0:
        raise ArgumentError(f"`linspace` expects a non-negative `num`. Received: num={brief(num)}")
    charge_array(num, "float64", "`linspace`")
    if dtype is not None and standardize_dtype(dtype) == "float64":  # Python floats are not rounded to `floatx` first
        start, stop = (bound if hasattr(bound, "dtype") else to_array(bound, dtype) for bound in (start, stop))
    start, stop = map(as_value, promoted(start, stop, to_float=True))
    type_inside = dtype_of(start)
    down, up = _shares(num, bool(endpoint), type_inside)
    numbers = add(multiply(expand_dims(start, -1), down), multiply(expand_dims(stop, -1), up))
    result = cast(moveaxis(numbers, -1, axis), type_inside if dtype is None else dtype)
    if not retstep:
        return result
    gaps = num - 1 if endpoint else num
    return result, true_divide(subtract(stop, start), gaps) if gaps > 0 else full_like(start, float("nan"))


@lru_cache(maxsize=8)
def _shares(num: int, endpoint: bool, dtype: object) -> tuple[np.ndarray, np.ndarray]:
    """Returns the shares of the bounds in each value: interpolated from both ends, so that both are exact."""
    gaps = num - 1 if endpoint else num
    share = np.arange(num) / gaps if gaps > 0 else np.zeros(num)
    down, up = (1 - share).astype(dtype), share.astype(dtype)
    down.flags.writeable = up.flags.writeable = False  # all calls share them
    return down, up


def _filled_like(fill: Callable, x: object, dtype: object) -> object:
    if dtype is None and is_eager(x):
        return (np.zeros if fill is zeros else np.ones)(x.shape, x.dtype)
    x = as_value(x)
    dtype = dtype_of_numbers(dtype_of(x) if dtype is None else dtype, f"{fill.__name__}_like")
    return KerasTensor(x.shape, dtype) if isinstance(x, KerasTensor) else fill(x.shape, dtype)


@specialized
@op("numpy.Meshgrid", settings="indexing")
def meshgrid(*x: TensorLike, indexing: str = "xy") -> list[Tensor]:
    """Returns coordinate grids, one for each coordinate vector.

    Args:
        *x: Coordinate vectors, one for each axis.
        indexing: "xy" (Cartesian: the first coordinate varies along the second axis) or "ij" (matrix indexing).

    Raises:
        ArgumentError: For another `indexing`.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> [grid.tolist() for grid in meshgrid([1, 2], [3, 4])]
        [[[1, 2], [1, 2]], [[3, 3], [4, 4]]]
    """
    if indexing not in ("xy", "ij"):
        raise ArgumentError(f"`meshgrid` expects indexing='xy' or 'ij'. Received: indexing={brief(indexing)}")
    lines = [ravel(as_value(line)) for line in x]
    order = list(range(len(lines)))
    if indexing == "xy" and len(lines) > 1:
        order[:2] = [1, 0]
    sizes = tuple(static_shape(lines[position])[0] for position in order)
    grids = []
    for number, line in enumerate(lines):
        position = order.index(number)
        others = tuple(axis for axis in range(len(lines)) if axis != position)
        grids.append(broadcast_to(expand_dims(line, others) if others else line, sizes))
    return grids


@op("minikeras.Tri", settings="N M k dtype")
def tri(N: int, M: int | None = None, k: int = 0, dtype: DTypeLike | None = None) -> np.ndarray:  # noqa: N803
    """Returns a matrix with ones on and below a diagonal and zeros elsewhere.

    Args:
        N: The number of rows.
        M: The number of columns; `N` by default.
        k: Offset of the diagonal: positive above the main diagonal, negative below it.
        dtype: The dtype of the elements; `floatx` by default.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> tri(2)
        array([[1., 0.],
               [1., 1.]], dtype=float32)
    """
    return _of_ones("tri", np.tri, N, M, k, dtype)


def _of_ones(name: str, make: Callable, rows: int, columns: int | None, k: int, dtype: object) -> np.ndarray:
    sizes = as_sizes((rows, rows if columns is None else columns), name, "(N, M)")
    dtype = dtype_of_numbers(dtype, name)
    symbol = symbol_for(sizes, dtype)
    if symbol is not None:
        return symbol
    charge_array(sizes, "float64", f"`{name}`")
    return make(*sizes, int(k), dtype)


@op("minikeras.Eye", settings="N M k dtype")
def eye(N: int, M: int | None = None, k: int = 0, dtype: DTypeLike | None = None) -> np.ndarray:  # noqa: N803
    """Returns a matrix with ones on a diagonal and zeros elsewhere.

    Args:
        N: The number of rows.
        M: The number of columns; `N` by default.
        k: Offset of the diagonal: positive above the main diagonal, negative below it.
        dtype: The dtype of the elements; `floatx` by default.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> eye(2)
        array([[1., 0.],
               [0., 1.]], dtype=float32)
    """
    return _of_ones("eye", np.eye, N, M, k, dtype)


@op("minikeras.Identity", settings="n dtype")
def identity(n: int, dtype: DTypeLike | None = None) -> np.ndarray:
    """Returns the identity matrix.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> identity(2)
        array([[1., 0.],
               [0., 1.]], dtype=float32)
    """
    return eye(n, dtype=dtype)

"""New values: filled arrays and ranges."""

from collections.abc import Callable, Sequence

import numpy as np

from ..engine.dtypes import dtype_of, promote, standardize_dtype
from ..engine.keras_tensor import KerasTensor
from ..engine.registry import op
from .core import as_value, cast
from .shaping import broadcast_to

Shape = int | Sequence[int]


@op
def zeros(shape: Shape, dtype: object = None) -> np.ndarray:
    """Returns an array of zeros.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> zeros(2)
        array([0., 0.], dtype=float32)
    """
    return np.zeros(shape, standardize_dtype(dtype))


@op
def ones(shape: Shape, dtype: object = None) -> np.ndarray:
    """Returns an array of ones.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> ones(2)
        array([1., 1.], dtype=float32)
    """
    return np.ones(shape, standardize_dtype(dtype))


@op
def full(shape: Shape, fill_value: object, dtype: object = None) -> object:
    """Returns an array filled with one value.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> full(2, 7.0)
        array([7., 7.], dtype=float32)
    """
    value = broadcast_to(cast(fill_value, dtype), (shape,) if isinstance(shape, int) else tuple(shape))
    return value.copy() if isinstance(value, np.ndarray) else value


@op
def zeros_like(x: object, dtype: object = None) -> object:
    """Returns zeros of the shape and dtype of a value.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> zeros_like([1.0, 2.0])
        array([0., 0.], dtype=float32)
    """
    return _filled_like(zeros, x, dtype)


@op
def ones_like(x: object, dtype: object = None) -> object:
    """Returns ones of the shape and dtype of a value.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> ones_like([1.0, 2.0])
        array([1., 1.], dtype=float32)
    """
    return _filled_like(ones, x, dtype)


@op
def arange(start: float, stop: float | None = None, step: float | None = None, dtype: object = None) -> np.ndarray:
    """Returns numbers from `start` (0 if only one bound is given) up to, not including, `stop`.

    Args:
        start: The first number; the bound, if `stop` is None.
        stop: The bound.
        step: The distance between the numbers; 1 by default.
        dtype: Their type; by default that of the bounds.

    Source: https://keras.io/api/ops/numpy/

    Example:
        >>> arange(3)
        array([0, 1, 2], dtype=int32)
    """
    dtype = promote([dtype_of(each) for each in (start, stop, step) if each is not None]) if dtype is None else dtype
    start, stop = (0, start) if stop is None else (start, stop)
    return np.arange(start, stop, 1 if step is None else step, standardize_dtype(dtype))


def _filled_like(fill: Callable, x: object, dtype: object) -> object:
    x = as_value(x)
    dtype = standardize_dtype(dtype_of(x) if dtype is None else dtype)
    return KerasTensor(x.shape, dtype) if isinstance(x, KerasTensor) else fill(x.shape, dtype)

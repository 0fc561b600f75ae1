"""New values and variables."""

from typing import Any

import numpy as np

from .. import constraints, ops
from .. import random as random_room
from ..config import floatx
from ..engine.variable import Variable
from ..errors import ArgumentError
from ..graph.keras_tensor import KerasTensor
from ..layers import Input
from ..tracebacks import filtered

__all__ = [
    "constant",
    "eye",
    "ones",
    "ones_like",
    "placeholder",
    "random_bernoulli",
    "random_normal",
    "random_normal_variable",
    "random_uniform",
    "random_uniform_variable",
    "truncated_normal",
    "variable",
    "zeros",
    "zeros_like",
]


@filtered
def variable(value: Any, dtype: Any = None, name: str | None = None, constraint: Any = None) -> Variable:
    """Returns a variable with a first value.

    Args:
        value: The value.
        dtype: The type; `floatx` by default.
        name: Its name.
        constraint: What it is put through after each update of an optimizer.

    Example:
        >>> variable([1, 2]).numpy()
        array([1., 2.], dtype=float32)
    """
    made = Variable(np.asarray(value), dtype=dtype or floatx(), name=name)
    made.constraint = constraints.get(constraint)
    return made


@filtered
def constant(value: Any, dtype: Any = None, shape: Any = None, name: str | None = None) -> Any:
    """Returns a value of the default float type; one number fills a shape.

    Example:
        >>> constant(2, shape=(1, 3))
        array([[2., 2., 2.]], dtype=float32)
    """
    value = ops.convert_to_tensor(value, dtype or floatx())
    if shape is None:
        return value
    return ops.full(shape, value, value.dtype) if np.size(value) == 1 else ops.reshape(value, shape)


@filtered
def placeholder(
    shape: Any = None,
    ndim: int | None = None,
    dtype: Any = None,
    sparse: bool = False,
    name: str | None = None,
    ragged: bool = False,
) -> KerasTensor:
    """Returns a symbolic value, the batch axis first, as `Input` makes it.

    Raises:
        ArgumentError: If neither its shape nor its number of axes is given.
    """
    if shape is None and ndim is None:
        raise ArgumentError("`K.placeholder` needs `shape` or `ndim`.")
    return Input(batch_shape=tuple(shape or (None,) * ndim), dtype=dtype, sparse=sparse, ragged=ragged, name=name)


@filtered
def zeros(shape: Any, dtype: Any = None, name: str | None = None) -> Variable:
    """Returns a variable of zeros."""
    return variable(ops.zeros(shape, dtype), dtype, name)


@filtered
def ones(shape: Any, dtype: Any = None, name: str | None = None) -> Variable:
    """Returns a variable of ones."""
    return variable(ops.ones(shape, dtype), dtype, name)


@filtered
def eye(size: Any, dtype: Any = None, name: str | None = None) -> Variable:
    """Returns a variable with ones on its diagonal; `size` is a number or a pair."""
    rows, columns = size if isinstance(size, (tuple, list)) else (size, size)
    return variable(np.eye(rows, columns), dtype, name)


@filtered
def zeros_like(x: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Returns zeros of the shape of a value."""
    return ops.zeros_like(x, dtype)


@filtered
def ones_like(x: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Returns ones of the shape of a value."""
    return ops.ones_like(x, dtype)


@filtered
def random_normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: int | None = None
) -> Any:
    """Returns normally distributed numbers."""
    return random_room.normal(shape, mean, stddev, dtype, seed)


@filtered
def truncated_normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: int | None = None
) -> Any:
    """Returns normally distributed numbers no more than two deviations from the mean."""
    return random_room.truncated_normal(shape, mean, stddev, dtype, seed)


@filtered
def random_uniform(
    shape: Any, minval: float = 0.0, maxval: float = 1.0, dtype: Any = None, seed: int | None = None
) -> Any:
    """Returns evenly distributed numbers."""
    return random_room.uniform(shape, minval, maxval, dtype, seed)


@filtered
def random_bernoulli(shape: Any, p: float = 0.0, dtype: Any = None, seed: int | None = None) -> Any:
    """Returns ones with a probability, else zeros."""
    return random_room.binomial(shape, 1, p, dtype, seed)


@filtered
def random_normal_variable(
    shape: Any, mean: float, scale: float, dtype: Any = None, name: str | None = None, seed: int | None = None
) -> Variable:
    """Returns a variable of normally distributed numbers."""
    return variable(random_normal(shape, mean, scale, dtype, seed), dtype, name)


@filtered
def random_uniform_variable(
    shape: Any, low: float, high: float, dtype: Any = None, name: str | None = None, seed: int | None = None
) -> Variable:
    """Returns a variable of evenly distributed numbers."""
    return variable(random_uniform(shape, low, high, dtype, seed), dtype, name)

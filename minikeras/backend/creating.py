"""Creation of tensors and variables."""

from typing import Any

import numpy as np

from .. import constraints, ops
from .. import random as random_module
from ..config import floatx
from ..engine.variable import Variable
from ..errors import ArgumentError
from ..graph.keras_tensor import KerasTensor
from ..layers import Input
from ..tracebacks import filtered


@filtered
def variable(value: Any, dtype: Any = None, name: str | None = None, constraint: Any = None) -> Variable:
    """Creates a variable.

    Args:
        value: Its initial value.
        dtype: Its dtype; `floatx` by default.
        name: Its name.
        constraint: Constraint applied to the variable after each update, or its name.

    Example:
        >>> variable([1, 2]).numpy()
        array([1., 2.], dtype=float32)
    """
    made = Variable(np.asarray(value), dtype=dtype or floatx(), name=name)
    made.constraint = constraints.get(constraint)
    return made


@filtered
def constant(value: Any, dtype: Any = None, shape: Any = None, name: str | None = None) -> Any:
    """Creates a constant tensor, of `floatx` by default; a scalar fills `shape`.

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
    """Creates a symbolic tensor; `shape` includes the batch axis.

    Raises:
        ArgumentError: If neither `shape` nor `ndim` is given.

    Example:
        >>> placeholder(shape=(None, 3)).shape
        (None, 3)
    """
    if shape is None and ndim is None:
        raise ArgumentError("`K.placeholder` needs `shape` or `ndim`.")
    return Input(batch_shape=tuple(shape or (None,) * ndim), dtype=dtype, sparse=sparse, ragged=ragged, name=name)


@filtered
def zeros(shape: Any, dtype: Any = None, name: str | None = None) -> Variable:
    """Creates a variable filled with zeros.

    Example:
        >>> zeros((2,)).numpy()
        array([0., 0.], dtype=float32)
    """
    return variable(ops.zeros(shape, dtype), dtype, name)


@filtered
def ones(shape: Any, dtype: Any = None, name: str | None = None) -> Variable:
    """Creates a variable filled with ones.

    Example:
        >>> ones((2,)).numpy()
        array([1., 1.], dtype=float32)
    """
    return variable(ops.ones(shape, dtype), dtype, name)


@filtered
def eye(size: Any, dtype: Any = None, name: str | None = None) -> Variable:
    """Creates an identity matrix as a variable; `size` is an integer or (rows, columns).

    Example:
        >>> eye(2).numpy()
        array([[1., 0.],
               [0., 1.]], dtype=float32)
    """
    rows, columns = size if isinstance(size, (tuple, list)) else (size, size)
    return variable(np.eye(rows, columns), dtype, name)


@filtered
def zeros_like(x: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Zeros of the shape of `x`.

    Example:
        >>> zeros_like([3.0, 4.0])
        array([0., 0.], dtype=float32)
    """
    return ops.zeros_like(x, dtype)


@filtered
def ones_like(x: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Ones of the shape of `x`.

    Example:
        >>> ones_like([3.0, 4.0])
        array([1., 1.], dtype=float32)
    """
    return ops.ones_like(x, dtype)


@filtered
def random_normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: int | None = None
) -> Any:
    """Samples from a normal distribution.

    Example:
        >>> random_normal((2, 3), seed=1).shape
        (2, 3)
    """
    return random_module.normal(shape, mean, stddev, dtype, seed)


@filtered
def truncated_normal(
    shape: Any, mean: float = 0.0, stddev: float = 1.0, dtype: Any = None, seed: int | None = None
) -> Any:
    """Samples from a normal distribution truncated at two standard deviations from the mean.

    Example:
        >>> bool(abs(truncated_normal((100,), seed=1)).max() <= 2)
        True
    """
    return random_module.truncated_normal(shape, mean, stddev, dtype, seed)


@filtered
def random_uniform(
    shape: Any, minval: float = 0.0, maxval: float = 1.0, dtype: Any = None, seed: int | None = None
) -> Any:
    """Samples from a uniform distribution over [minval, maxval).

    Example:
        >>> x = random_uniform((100,), 1, 2, seed=1)
        >>> bool(1 <= x.min() and x.max() < 2)
        True
    """
    return random_module.uniform(shape, minval, maxval, dtype, seed)


@filtered
def random_bernoulli(shape: Any, p: float = 0.0, dtype: Any = None, seed: int | None = None) -> Any:
    """Samples from a Bernoulli distribution: 1 with probability `p`, else 0.

    Example:
        >>> random_bernoulli((3,), p=1.0, seed=1)
        array([1., 1., 1.], dtype=float32)
    """
    return random_module.binomial(shape, 1, p, dtype, seed)


@filtered
def random_normal_variable(
    shape: Any, mean: float, scale: float, dtype: Any = None, name: str | None = None, seed: int | None = None
) -> Variable:
    """Creates a variable sampled from a normal distribution of standard deviation `scale`.

    Example:
        >>> random_normal_variable((2, 3), mean=0.0, scale=0.1, seed=1).shape
        (2, 3)
    """
    return variable(random_normal(shape, mean, scale, dtype, seed), dtype, name)


@filtered
def random_uniform_variable(
    shape: Any, low: float, high: float, dtype: Any = None, name: str | None = None, seed: int | None = None
) -> Variable:
    """Creates a variable sampled from a uniform distribution over [low, high).

    Example:
        >>> random_uniform_variable((2, 3), low=-1.0, high=1.0, seed=1).shape
        (2, 3)
    """
    return variable(random_uniform(shape, low, high, dtype, seed), dtype, name)

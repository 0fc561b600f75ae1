"""Values and variables: read, set, described."""

import math
from typing import Any

import numpy as np

from .. import ops
from ..config import floatx
from ..engine.dtypes import dtype_of
from ..engine.naming import name_scope
from ..engine.variable import Variable
from ..ops.common.arguments import static_shape
from ..tracebacks import filtered

__all__ = [
    "batch_get_value",
    "batch_set_value",
    "cast",
    "cast_to_floatx",
    "count_params",
    "dtype",
    "eval",
    "get_value",
    "int_shape",
    "is_sparse",
    "moving_average_update",
    "name_scope",
    "ndim",
    "print_tensor",
    "set_value",
    "shape",
    "stop_gradient",
    "to_dense",
    "update",
    "update_add",
    "update_sub",
]


@filtered
def get_value(x: Any) -> Any:
    """Returns the numbers of a variable or a tensor as an array.

    Example:
        >>> get_value(Variable([1.0, 2.0]))
        array([1., 2.], dtype=float32)
    """
    return np.array(x) if hasattr(x, "__array__") else x


eval = get_value


@filtered
def set_value(x: Variable, value: Any) -> None:
    """Sets a variable.

    Example:
        >>> v = Variable([1.0, 2.0])
        >>> set_value(v, [3.0, 4.0])
        >>> get_value(v)
        array([3., 4.], dtype=float32)
    """
    x.assign(np.asarray(value, dtype=x.dtype))


@filtered
def batch_get_value(tensors: list) -> list:
    """Returns the numbers of several variables."""
    return [get_value(each) for each in tensors]


@filtered
def batch_set_value(tuples: list) -> None:
    """Sets several variables, given as pairs of a variable and a value."""
    for variable, value in tuples:
        set_value(variable, value)


@filtered
def update(x: Variable, new_x: Any) -> Variable:
    """Sets a variable to a value and returns the variable."""
    return x.assign(new_x)


@filtered
def update_add(x: Variable, increment: Any) -> Variable:
    """Adds a value to a variable and returns the variable."""
    return x.assign_add(increment)


@filtered
def update_sub(x: Variable, decrement: Any) -> Variable:
    """Subtracts a value from a variable and returns the variable."""
    return x.assign_sub(decrement)


@filtered
def moving_average_update(x: Variable, value: Any, momentum: float) -> Variable:
    """Moves a variable towards a value: `x = x * momentum + value * (1 - momentum)`."""
    return x.assign(ops.add(ops.multiply(x, momentum), ops.multiply(value, 1 - momentum)))


@filtered
def int_shape(x: Any) -> tuple:
    """Returns the sizes of the axes, None where one is free.

    Example:
        >>> int_shape([[1.0, 2.0]])
        (1, 2)
    """
    return static_shape(x)


@filtered
def shape(x: Any) -> tuple:
    """Returns the sizes of the axes, None where one is free."""
    return ops.shape(x)


@filtered
def ndim(x: Any) -> int:
    """Returns the number of axes."""
    return len(ops.shape(x))


@filtered
def count_params(x: Any) -> int:
    """Returns the number of elements."""
    return math.prod(ops.shape(x))


@filtered
def dtype(x: Any) -> str:
    """Returns the name of the type of the elements."""
    return dtype_of(x)


@filtered
def cast(x: Any, dtype: Any) -> Any:
    """Returns a value in another type."""
    return ops.cast(x, dtype)


@filtered
def cast_to_floatx(x: Any) -> Any:
    """Returns an array in the default float type.

    Example:
        >>> cast_to_floatx([1, 2])
        array([1., 2.], dtype=float32)
    """
    return ops.cast(x, floatx()) if ops.is_tensor(x) else np.asarray(x, dtype=floatx())


@filtered
def stop_gradient(variables: Any) -> Any:
    """Returns a value, or each of a list, as a constant for gradients."""
    if isinstance(variables, (list, tuple)):
        return [ops.stop_gradient(each) for each in variables]
    return ops.stop_gradient(variables)


@filtered
def is_sparse(tensor: Any) -> bool:
    """Returns False: minikeras has no sparse tensors."""
    return False


@filtered
def to_dense(tensor: Any) -> Any:
    """Returns the value: minikeras has no sparse tensors."""
    return tensor


@filtered
def print_tensor(x: Any, message: str = "", summarize: int = 3) -> Any:
    """Prints a value and returns it; in a training step that is replayed, the one it had when the step was recorded."""
    print(message, np.array2string(np.asarray(x), threshold=summarize**2))
    return x

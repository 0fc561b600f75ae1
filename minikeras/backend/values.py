"""Values, shapes and dtypes of tensors and variables, and updates of variables."""

import math
from typing import Any

import numpy as np

from .. import ops
from ..config import floatx
from ..engine.dtypes import dtype_of
from ..engine.variable import Variable
from ..ops.common.arguments import static_shape
from ..tracebacks import filtered


@filtered
def get_value(x: Any) -> Any:
    """Returns the value of a variable or a tensor as an array.

    Example:
        >>> get_value(Variable([1.0, 2.0]))
        array([1., 2.], dtype=float32)
    """
    return np.array(x) if hasattr(x, "__array__") else x


eval = get_value


@filtered
def set_value(x: Variable, value: Any) -> None:
    """Assigns a value to a variable.

    Example:
        >>> v = Variable([1.0, 2.0])
        >>> set_value(v, [3.0, 4.0])
        >>> get_value(v)
        array([3., 4.], dtype=float32)
    """
    x.assign(np.asarray(value, dtype=x.dtype))


@filtered
def batch_get_value(tensors: list) -> list:
    """Returns the values of several variables or tensors as arrays.

    Example:
        >>> batch_get_value([Variable([1.0]), Variable([2.0, 3.0])])
        [array([1.], dtype=float32), array([2., 3.], dtype=float32)]
    """
    return [get_value(each) for each in tensors]


@filtered
def batch_set_value(tuples: list) -> None:
    """Assigns values to several variables, given as (variable, value) pairs.

    Example:
        >>> v = Variable([1.0, 2.0])
        >>> batch_set_value([(v, [3.0, 4.0])])
        >>> get_value(v)
        array([3., 4.], dtype=float32)
    """
    for variable, value in tuples:
        set_value(variable, value)


@filtered
def update(x: Variable, new_x: Any) -> Variable:
    """Assigns a value to a variable and returns the variable.

    Example:
        >>> update(Variable([1.0]), [5.0]).numpy()
        array([5.], dtype=float32)
    """
    return x.assign(new_x)


@filtered
def update_add(x: Variable, increment: Any) -> Variable:
    """Adds a value to a variable and returns the variable.

    Example:
        >>> update_add(Variable([1.0]), [5.0]).numpy()
        array([6.], dtype=float32)
    """
    return x.assign_add(increment)


@filtered
def update_sub(x: Variable, decrement: Any) -> Variable:
    """Subtracts a value from a variable and returns the variable.

    Example:
        >>> update_sub(Variable([1.0]), [5.0]).numpy()
        array([-4.], dtype=float32)
    """
    return x.assign_sub(decrement)


@filtered
def moving_average_update(x: Variable, value: Any, momentum: float) -> Variable:
    """Updates an exponential moving average: `x = x * momentum + value * (1 - momentum)`.

    Example:
        >>> moving_average_update(Variable([1.0]), [3.0], momentum=0.5).numpy()
        array([2.], dtype=float32)
    """
    return x.assign(ops.add(ops.multiply(x, momentum), ops.multiply(value, 1 - momentum)))


@filtered
def int_shape(x: Any) -> tuple:
    """Returns the static shape; None for sizes that are unknown.

    Example:
        >>> int_shape([[1.0, 2.0]])
        (1, 2)
    """
    return static_shape(x)


@filtered
def shape(x: Any) -> tuple:
    """Returns the shape; of a symbolic tensor, None for sizes that are unknown.

    Example:
        >>> shape([[1.0, 2.0]])
        (1, 2)
    """
    return ops.shape(x)


@filtered
def ndim(x: Any) -> int:
    """Returns the number of axes.

    Example:
        >>> ndim([[1.0, 2.0]])
        2
    """
    return len(ops.shape(x))


@filtered
def count_params(x: Any) -> int:
    """Returns the number of elements.

    Example:
        >>> count_params(np.zeros((2, 3)))
        6
    """
    return math.prod(ops.shape(x))


@filtered
def dtype(x: Any) -> str:
    """Returns the dtype by its name.

    Example:
        >>> dtype(Variable([1.0]))
        'float32'
    """
    return dtype_of(x)


@filtered
def cast(x: Any, dtype: Any) -> Any:
    """Casts a tensor to a dtype.

    Example:
        >>> cast([1.5, 2.5], "int32")
        array([1, 2], dtype=int32)
    """
    return ops.cast(x, dtype)


@filtered
def cast_to_floatx(x: Any) -> Any:
    """Casts to `floatx`; what is no tensor becomes an array.

    Example:
        >>> cast_to_floatx([1, 2])
        array([1., 2.], dtype=float32)
    """
    return ops.cast(x, floatx()) if ops.is_tensor(x) else np.asarray(x, dtype=floatx())


@filtered
def stop_gradient(variables: Any) -> Any:
    """Stops gradients through a tensor, or through each of a list.

    Example:
        >>> stop_gradient([np.float32([1, 2])])
        [array([1., 2.], dtype=float32)]
    """
    if isinstance(variables, (list, tuple)):
        return [ops.stop_gradient(each) for each in variables]
    return ops.stop_gradient(variables)


@filtered
def is_sparse(tensor: Any) -> bool:
    """Returns False: minikeras has no sparse tensors.

    Example:
        >>> is_sparse([[0.0, 1.0]])
        False
    """
    return False


@filtered
def to_dense(tensor: Any) -> Any:
    """Returns the tensor itself: minikeras has no sparse tensors.

    Example:
        >>> to_dense(np.float32([0, 1]))
        array([0., 1.], dtype=float32)
    """
    return tensor


@filtered
def print_tensor(x: Any, message: str = "", summarize: int = 3) -> Any:
    """Prints a tensor and returns it; a replayed training step does not print again.

    Example:
        >>> x = print_tensor(np.float32([1, 2]), "x =")
        x = [1. 2.]
    """
    print(message, np.array2string(np.asarray(x), threshold=summarize**2))
    return x

"""Arrays in the bodies of loops that run eagerly: Python's operators on them promote dtypes as ops do.

A loop calls its body on tensors when it is traced, and on arrays when it runs eagerly. numpy's operators would make
float64 of int32 and float32, so that the carry would change its dtype only there.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from .immutable_arrays import ImmutableArray, as_input
from .numpy_calls import op_of
from .operators import beside

_COMPARISONS = {np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal}
# With these, integers of one dtype keep it, in numpy as in ops, or booleans result.
_OF_INTEGERS = frozenset({np.add, np.subtract, np.multiply, np.floor_divide, *_COMPARISONS})
_OPERATORS = _OF_INTEGERS | {np.divide, np.remainder, np.power, np.matmul}


class PromotingArray(ImmutableArray):
    """An array whose operators have results of the dtypes that ops have; numpy computes them where both agree.

    Example:
        >>> x = np.int32([1, 2]).view(PromotingArray)
        >>> (x * np.float32([0.5, 1])).dtype, (x / 2).dtype, (x + 1).dtype
        (dtype('float32'), dtype('float32'), dtype('int32'))
    """

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        plain = None if kwargs or method != "__call__" else _where_numpy_agrees(ufunc, inputs, self.dtype)
        if plain is not None:
            return _wrapped(ufunc(*plain))
        plain = [as_plain(value) for value in inputs]
        for value in plain:
            if not isinstance(value, np.ndarray) and hasattr(value, "__array_ufunc__"):
                return NotImplemented  # a tensor or a variable, which knows its op
        is_operator = method == "__call__" and not kwargs and ufunc in _OPERATORS
        function = op_of(ufunc, plain) if is_operator else None
        if function is None:
            return _computed(ufunc, method, plain, kwargs)
        # As on tensors, an array of float64 that comes first keeps its dtype.
        if isinstance(inputs[0], np.generic):
            plain[0] = beside(self, plain[0])
        if not isinstance(inputs[-1], PromotingArray):
            plain[-1] = beside(self, plain[-1])
        return _wrapped(function(*plain))

    def __getitem__(self, key: Any) -> Any:
        return _wrapped(super().__getitem__(key))  # an element is an array, too

    def __iter__(self) -> Iterator:
        return (self[index] for index in range(len(self)))

    def __pow__(self, other: Any) -> Any:
        return np.power(self, other)  # numpy's own operator calls `square` for an exponent of 2


def _where_numpy_agrees(ufunc: np.ufunc, inputs: tuple, dtype: np.dtype) -> list | None:
    """Returns plain inputs if numpy's result certainly has the dtype of the op's result, in the most frequent cases."""
    if dtype.kind != "f" and not (dtype.kind in "iu" and ufunc in _OF_INTEGERS):
        return None
    plain = []
    for value in inputs:
        kind = type(value)
        if kind is PromotingArray and value.dtype is dtype:
            plain.append(value.view(np.ndarray))
        elif (
            kind is int
            # In `ops.mod`, Keras counts a Python float as a float32.
            or (kind is float and dtype.kind == "f" and ufunc is not np.remainder)
            or ((kind is np.ndarray or isinstance(value, np.generic)) and value.dtype is dtype)
        ):
            plain.append(value)
        else:
            return None
    return plain


def _computed(ufunc: np.ufunc, method: str, inputs: list, kwargs: dict) -> Any:
    """Returns numpy's own result."""
    out = kwargs.get("out")
    if out is not None:
        result = getattr(ufunc, method)(*inputs, **{**kwargs, "out": tuple(map(as_plain, out))})
        return out[0] if len(out) == 1 else result
    return _wrapped(getattr(ufunc, method)(*inputs, **kwargs))


def _wrapped(result: Any) -> Any:
    if type(result) is np.ndarray:
        return result.view(PromotingArray)
    if isinstance(result, np.generic):
        return np.asarray(result).view(PromotingArray)
    return tuple(map(_wrapped, result)) if isinstance(result, tuple) else result


def as_body_input(value: Any) -> Any:
    """Converts an array or a numpy scalar to a read-only array for the body of a loop; anything else is unchanged."""
    return as_input(np.asarray(value) if isinstance(value, np.generic) else value, PromotingArray)


def as_plain(value: Any) -> Any:
    """Returns the plain array of a value from the body of a loop; anything else is returned unchanged."""
    return value.view(np.ndarray) if type(value) is PromotingArray else value

"""The arrays that enter and leave computations outside steps: their class, and whether they are writable.

Results of ops and layers share no memory with their inputs, and inputs of a user-defined `call` are read-only:
`y = layer(x); y += 1`, and `x *= 2` inside a `call`, create new arrays, as with Keras tensors.

Scripts written for TensorFlow call `.numpy()` on results, which a subclass of ndarray can offer. Traces contain no
such subclass, so that steps always replay on plain arrays.
"""

import threading
from typing import Any

import numpy as np

from ..errors import ArgumentTypeError
from .masks import get_mask, set_mask

_settings: dict[str, type | None] = {"class": None}


class _Local(threading.local):
    in_user_code: bool = False


_local = _Local()


class immutable_results:
    """Context manager in which in-place operators on results of ops create new arrays, as on traced tensors."""

    def __enter__(self) -> None:
        self._outer = _local.in_user_code
        _local.in_user_code = True

    def __exit__(self, *exception: object) -> None:
        _local.in_user_code = self._outer


class ImmutableArray(np.ndarray):
    """An array with the in-place operators of a tensor: `x += 1` rebinds `x` to a new array.

    Example:
        >>> x = np.zeros(2)
        >>> y = x.view(ImmutableArray)
        >>> y += 1
        >>> x, y
        (array([0., 0.]), array([1., 1.]))
    """

    def _no_operator(self, other: object) -> Any:
        return NotImplemented  # so that Python falls back to the out-of-place operator

    __iadd__ = __isub__ = __imul__ = __imatmul__ = __itruediv__ = __ifloordiv__ = __imod__ = __ipow__ = _no_operator
    __iand__ = __ior__ = __ixor__ = __ilshift__ = __irshift__ = _no_operator

    def __setitem__(self, key: Any, value: Any) -> None:
        if not self.flags.writeable:
            raise ArgumentTypeError(
                "A tensor cannot be changed by assigning to its elements. Use `ops.slice_update`, or "
                f"change a copy: `np.array(x)`. Received: a tensor of shape {self.shape}."
            )
        super().__setitem__(key, value)

    def __repr__(self) -> str:
        return repr(self.view(np.ndarray))


def set_output_class(cls: type | None) -> None:
    """Sets the class of arrays returned by computations outside steps.

    Args:
        cls: A subclass of `ImmutableArray`; None for plain arrays.
    """
    _settings["class"] = cls


def returns_tensors() -> bool:
    """Returns whether results have a class other than `numpy.ndarray`."""
    return _settings["class"] is not None


def returns_plain_arrays() -> bool:
    """Returns whether `as_output` leaves arrays as they are."""
    return _settings["class"] is None and not _local.in_user_code


def as_output(value: Any) -> Any:
    """Converts a plain array to the class set by `set_output_class`; anything else is returned unchanged."""
    if type(value) in (list, tuple):
        return type(value)(map(as_output, value))
    cls = _settings["class"]
    if cls is None and _local.in_user_code and type(value) is np.ndarray:
        return value.view(ImmutableArray)
    if cls is None or type(value) not in (np.ndarray, cls):
        return value
    if type(value) is np.ndarray:
        return read_only(value, cls)
    value.flags.writeable = False
    return value


def as_input(value: Any, cls: type | None = None) -> Any:
    """Converts a plain array to a read-only view for user code; anything else is returned unchanged.

    The view keeps the mask of the array.

    Args:
        value: Any value.
        cls: The class of the view unless one was set by `set_output_class`; `ImmutableArray` by default.
    """
    if type(value) is not np.ndarray and not (type(value) is ImmutableArray and value.flags.writeable):
        return value
    given = read_only(value, _settings["class"] or cls or ImmutableArray)
    mask = get_mask(value)
    if mask is not None:
        set_mask(given, mask)
    return given


def delivered(result: Any, given: Any) -> Any:
    """Returns the result of an op as its caller gets it: sharing no memory with the inputs, and of the class set.

    Args:
        result: What the op returned.
        given: Its inputs: arrays, lists and tuples of arrays, and others.
    """
    if type(result) is np.ndarray and _settings["class"] is None and not _local.in_user_code:
        base = result.base
        for each in given:
            if each is result or (each is base and each is not None):
                return copied(result)
        if base is None:
            return result  # as below, in a fraction of the time
    if isinstance(result, (np.ndarray, list, tuple)):
        if type(result) in (list, tuple) and _are_own(result, given):
            return result
        return as_output(without_aliasing(result, given))
    return result


def _are_own(parts: Any, given: Any) -> bool:
    """Returns whether results are arrays that own their memory, and are delivered as they are."""
    if _settings["class"] is not None or _local.in_user_code:
        return False
    for part in parts:
        if type(part) is not np.ndarray or part.base is not None:
            return False
        for each in given:
            if each is part or (type(each) in (list, tuple) and any(part is other for other in each)):
                return False
    return True


def without_aliasing(value: Any, given: Any) -> Any:
    """Returns a result that shares no memory with the inputs.

    Args:
        value: An array, or a list or tuple of arrays; anything else is returned unchanged.
        given: The inputs: arrays, lists and tuples of arrays, and others.
    """
    if isinstance(value, np.ndarray):
        return _without_aliasing(value, given)
    if type(value) in (list, tuple) and any(isinstance(part, np.ndarray) for part in value):
        return type(value)(_without_aliasing(part, given) if isinstance(part, np.ndarray) else part for part in value)
    return value


def _without_aliasing(value: np.ndarray, given: Any) -> np.ndarray:
    if type(value) is ImmutableArray:
        value = value.view(np.ndarray)
    is_safe = value.base is None or (returns_tensors() and not value.flags.writeable)
    if is_safe and not any(value is each for each in given):
        return value
    return copied(value) if any(_may_share(value, each) for each in given) else value


def copied(view: np.ndarray) -> np.ndarray:
    """Returns a copy of a view, with its axes in the same order in memory.

    Inside a step the view itself is used, and products of transposed matrices round differently.
    """
    return view.copy("C" if 0 in view.strides else "K")


def _may_share(value: np.ndarray, other: Any) -> bool:
    if isinstance(other, (list, tuple)):
        return any(_may_share(value, part) for part in other)
    return isinstance(other, np.ndarray) and np.may_share_memory(value, other)


def read_only(value: np.ndarray, cls: type) -> np.ndarray:
    """Returns a read-only view of an array, of another class."""
    view = value.view(cls)
    view.flags.writeable = False
    return view

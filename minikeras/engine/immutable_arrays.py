"""The arrays that leave and enter computations outside of any step: which class they are of, and who may write there.

What an op or a layer returns shares no memory with what it was given, and what a user's `call` is given cannot be
written into: `y = layer(x); y += 1` and `x *= 2` inside of a `call` make new arrays, as on the tensors of Keras.

Scripts written for TensorFlow call `.numpy()` on what they are handed; a subclass of numpy's arrays can offer it.
Nothing that is recorded in a trace is of such a class, so steps are replayed on plain arrays whatever it is.
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
    """Inside of it, in-place operators on what ops return bind a new array, as on the tensors of a traced step."""

    def __enter__(self) -> None:
        self._outer = _local.in_user_code
        _local.in_user_code = True

    def __exit__(self, *exception: object) -> None:
        _local.in_user_code = self._outer


class ImmutableArray(np.ndarray):
    """An array with the in-place operators of a tensor: `x += 1` binds `x` to a new array.

    Example:
        >>> x = np.zeros(2)
        >>> y = x.view(ImmutableArray)
        >>> y += 1
        >>> x, y
        (array([0., 0.]), array([1., 1.]))
    """

    def _no_operator(self, other: object) -> Any:
        return NotImplemented  # Python then takes the operator that is not in-place

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


def hand_out_as(cls: type | None) -> None:
    """Says of which class the arrays are that computations outside of any step return.

    Args:
        cls: A subclass of `ImmutableArray`; None for numpy's own arrays.
    """
    _settings["class"] = cls


def hands_out_tensors() -> bool:
    """Tells whether arrays are handed out as another class than numpy's own."""
    return _settings["class"] is not None


def handed_out(value: Any) -> Any:
    """Returns a plain array as one of the class that is asked for, and anything else as it is."""
    if type(value) in (list, tuple):
        return type(value)(map(handed_out, value))
    cls = _settings["class"]
    if cls is None and _local.in_user_code and type(value) is np.ndarray:
        return value.view(ImmutableArray)
    if cls is None or type(value) not in (np.ndarray, cls):
        return value
    if type(value) is np.ndarray:
        return read_only(value, cls)
    value.flags.writeable = False
    return value


def handed_in(value: Any) -> Any:
    """Returns a plain array as one that user-written code cannot write into, and anything else as it is.

    The mask of the array goes with it.
    """
    if type(value) is not np.ndarray and not (type(value) is ImmutableArray and value.flags.writeable):
        return value
    given = read_only(value, _settings["class"] or ImmutableArray)
    mask = get_mask(value)
    if mask is not None:
        set_mask(given, mask)
    return given


def unshared(value: Any, given: Any) -> Any:
    """Returns a result in memory of its own.

    Args:
        value: An array, a list or tuple of arrays, or anything else, which stays as it is.
        given: The arrays among these, or in lists and tuples among these, share no memory with the result.
    """
    if isinstance(value, np.ndarray):
        return _unshared(value, given)
    if type(value) in (list, tuple) and any(isinstance(part, np.ndarray) for part in value):
        return type(value)(_unshared(part, given) if isinstance(part, np.ndarray) else part for part in value)
    return value


def _unshared(value: np.ndarray, given: Any) -> np.ndarray:
    if type(value) is ImmutableArray:
        value = value.view(np.ndarray)
    is_safe = value.base is None or (hands_out_tensors() and not value.flags.writeable)
    if is_safe and not any(value is each for each in given):
        return value
    return value.copy() if any(_may_share(value, each) for each in given) else value


def _may_share(value: np.ndarray, other: Any) -> bool:
    if isinstance(other, (list, tuple)):
        return any(_may_share(value, part) for part in other)
    return isinstance(other, np.ndarray) and np.may_share_memory(value, other)


def read_only(value: np.ndarray, cls: type) -> np.ndarray:
    """Returns a view of an array, of another class, through which it cannot be changed."""
    view = value.view(cls)
    view.flags.writeable = False
    return view

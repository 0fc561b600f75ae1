"""Masks: which places of a value count. They travel with the values, from the layer that makes one to the loss.

Symbolic and traced values carry theirs as an attribute. An array cannot, so its mask is kept beside it for as long
as the array lives.
"""

import weakref

import numpy as np

_of_arrays: dict[int, tuple[weakref.ref, object]] = {}


def get_mask(value: object) -> object:
    """Returns the mask of a value; None if it has none.

    Example:
        >>> x = np.zeros((1, 2))
        >>> set_mask(x, np.array([[True, False]]))
        >>> get_mask(x)
        array([[ True, False]])
    """
    if not isinstance(value, np.ndarray):
        return getattr(value, "_keras_mask", None)
    reference, mask = _of_arrays.get(id(value), (None, None))
    return mask if reference is not None and reference() is value else None


def set_mask(value: object, mask: object) -> None:
    """Gives a value a mask.

    Args:
        value: An array, a traced or a symbolic value.
        mask: A value of booleans, True where `value` counts; None takes the mask away.
    """
    if not isinstance(value, np.ndarray):
        value._keras_mask = mask
        return
    key = id(value)
    if mask is None:
        _of_arrays.pop(key, None)
    else:
        _of_arrays[key] = (weakref.ref(value, lambda _: _of_arrays.pop(key, None)), mask)

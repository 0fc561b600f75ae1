"""Masks: which positions of a value are valid. They travel with the values, from the layer that makes one to the loss.

Symbolic and traced values have their mask as an attribute. Arrays have no attributes, so their masks are in a table
that holds weak references to them.
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
    """Sets the mask of a value.

    Args:
        value: An array, a traced or a symbolic value.
        mask: Booleans, True where `value` is valid; None removes the mask.
    """
    if not isinstance(value, np.ndarray):
        value._keras_mask = mask
        return
    key = id(value)
    if mask is None:
        _of_arrays.pop(key, None)
    else:
        _of_arrays[key] = (weakref.ref(value, lambda _: _of_arrays.pop(key, None)), mask)

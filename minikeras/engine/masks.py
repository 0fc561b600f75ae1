"""Masks: which positions of a value are valid. They travel with the values, from the layer that makes one to the loss.

Symbolic and traced values have their mask as an attribute. Arrays have no attributes, so their masks are in a table
that holds weak references to them.
"""

import numpy as np

from .weak_tables import WeakTable

_of_arrays: WeakTable[object] = WeakTable()


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
    return _of_arrays.get(value)


def set_mask(value: object, mask: object) -> None:
    """Sets the mask of a value.

    Args:
        value: An array, a traced or a symbolic value.
        mask: Booleans, True where `value` is valid; None removes the mask.
    """
    if not isinstance(value, np.ndarray):
        value._keras_mask = mask
        return
    if mask is None:
        _of_arrays.remove(value)
    else:
        _of_arrays.set(value, mask)

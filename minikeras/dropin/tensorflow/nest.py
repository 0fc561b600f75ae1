"""What `tf.nest` has: nested lists, tuples and dicts of values. Unlike elsewhere, None is a value."""

from collections.abc import Callable
from typing import Any

from ...errors import ArgumentError, ArgumentTypeError
from ..eager_tensor import TensorShape

__all__ = ["assert_same_structure", "flatten", "is_nested", "map_structure", "pack_sequence_as"]


def is_nested(structure: Any) -> bool:
    """Tells whether a value is a list, a tuple or a dict."""
    return isinstance(structure, (list, tuple, dict)) and not _is_shape(structure)


def flatten(structure: Any, expand_composites: bool = False) -> list:
    """Returns the values in a structure, those of dicts in the order of their keys.

    Example:
        >>> flatten({"b": 1, "a": [2, (None,)]})
        [2, None, 1]
    """
    if not is_nested(structure):
        return [structure]
    return [leaf for part in _parts(structure) for leaf in flatten(part)]


def map_structure(func: Callable, *structure: Any, **kwargs: Any) -> Any:
    """Returns the same structure with what a function makes of the values of one or several structures.

    Raises:
        ArgumentTypeError, ArgumentError: If the structures differ.

    Example:
        >>> map_structure(lambda x, y: x + y, [1, (2,)], [3, (4,)])
        [4, (6,)]
    """
    for other in structure[1:]:
        assert_same_structure(structure[0], other)
    columns = zip(*map(flatten, structure), strict=True)
    return pack_sequence_as(structure[0], [func(*values) for values in columns])


def pack_sequence_as(structure: Any, flat_sequence: Any, expand_composites: bool = False) -> Any:
    """Returns a structure with other values, given in a flat list.

    Raises:
        ArgumentError: If their number is another one.

    Example:
        >>> pack_sequence_as({"a": 0, "b": [0]}, [1, 2])
        {'a': 1, 'b': [2]}
    """
    values = list(flat_sequence)
    count = len(flatten(structure))
    if len(values) != count:
        raise ArgumentError(f"tf.nest: expected {count} values for the structure. Received: {len(values)}")
    return _packed(structure, iter(values))


def assert_same_structure(nest1: Any, nest2: Any, check_types: bool = True, expand_composites: bool = False) -> None:
    """Raises if two structures differ in more than their values.

    Raises:
        ArgumentTypeError: If a list stands where the other has a tuple or a dict.
        ArgumentError: If the numbers of parts or the keys differ.
    """
    if is_nested(nest1) != is_nested(nest2):
        raise ArgumentError(f"tf.nest: the structures differ. Received: {nest1!r} and {nest2!r}")
    if not is_nested(nest1):
        return
    if check_types and type(nest1) is not type(nest2):
        raise ArgumentTypeError(f"tf.nest: the structures are of other types. Received: {nest1!r} and {nest2!r}")
    keys_differ = isinstance(nest1, dict) and isinstance(nest2, dict) and set(nest1) != set(nest2)
    if keys_differ or len(nest1) != len(nest2):
        raise ArgumentError(f"tf.nest: the structures differ. Received: {nest1!r} and {nest2!r}")
    for one, other in zip(_parts(nest1), _parts(nest2), strict=True):
        assert_same_structure(one, other, check_types)


def _is_shape(structure: Any) -> bool:
    return isinstance(structure, TensorShape)


def _parts(structure: Any) -> list:
    return [structure[key] for key in sorted(structure)] if isinstance(structure, dict) else list(structure)


def _packed(structure: Any, values: Any) -> Any:
    if not is_nested(structure):
        return next(values)
    parts = [_packed(part, values) for part in _parts(structure)]
    if isinstance(structure, dict):
        by_key = dict(zip(sorted(structure), parts, strict=True))
        return type(structure)((key, by_key[key]) for key in structure)
    return type(structure)(*parts) if hasattr(structure, "_fields") else type(structure)(parts)

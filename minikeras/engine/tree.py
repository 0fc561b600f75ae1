"""Nested lists, tuples, dicts and slices of values: flattened, rebuilt, mapped. None counts as no value."""

from collections.abc import Callable, Iterator
from typing import Any

from ..errors import ArgumentTypeError

_LEAVES = {bool, int, float, str}
_LONG = 100  # of a list, as in configs that hold data


def flatten(structure: Any) -> list:
    """Returns the leaves of a nested structure, dictionaries in sorted order of their keys.

    Example:
        >>> flatten({"b": (1, 2), "a": [3, None]})
        [3, 1, 2]
    """
    if structure is None:
        return []
    if isinstance(structure, dict):
        return [leaf for key in sorted_keys(structure) for leaf in flatten(structure[key])]
    if isinstance(structure, (list, tuple)):
        if len(structure) > _LONG and all(type(part) in _LEAVES for part in structure):
            return list(structure)
        return [leaf for part in structure for leaf in flatten(part)]
    return flatten(_bounds(structure)) if isinstance(structure, slice) else [structure]


def sorted_keys(structure: dict) -> list:
    """Returns the keys of a dict in the order in which its values are flattened.

    Raises:
        ArgumentTypeError: If they cannot be sorted, as a mix of strings and numbers.

    Example:
        >>> sorted_keys({"b": 1, "a": 2})
        ['a', 'b']
    """
    try:
        return sorted(structure)
    except TypeError:
        raise ArgumentTypeError(
            "The keys of a dict of values must be strings, since values are ordered by their keys. "
            f"Received: keys {list(structure)}"
        ) from None


def single(structure: Any) -> Any:
    """Returns the element of a list, tuple or dict of one; anything else unchanged.

    Example:
        >>> single([7]), single(7), single([7, 8])
        (7, 7, [7, 8])
    """
    while isinstance(structure, (list, tuple, dict)) and len(structure) == 1:
        structure = next(iter(structure.values())) if isinstance(structure, dict) else structure[0]
    return structure


def map_structure(function: Callable, structure: Any) -> Any:
    """Returns the same structure with the function applied to each leaf.

    Example:
        >>> map_structure(lambda leaf: leaf + 1, {"a": (1, None)})
        {'a': (2, None)}
    """
    leaves = flatten(structure)
    return _rebuild(structure, iter([function(leaf) for leaf in leaves]))


def pack_like(structure: Any, leaves: list) -> Any:
    """Returns the structure with its leaves replaced, in the order in which `flatten` gives them."""
    return _rebuild(structure, iter(leaves))


def structure_key(structure: Any) -> Any:
    """Returns a hashable description of a structure without its leaves."""
    if structure is None:
        return None
    if isinstance(structure, dict):
        return ("dict", *((key, structure_key(structure[key])) for key in sorted_keys(structure)))
    if isinstance(structure, (list, tuple)):
        return (type(structure).__name__, *(structure_key(part) for part in structure))
    return ("slice", *structure_key(_bounds(structure))) if isinstance(structure, slice) else "*"


def _rebuild(structure: Any, leaves: Iterator) -> Any:
    if structure is None:
        return None
    if isinstance(structure, dict):
        rebuilt = {key: _rebuild(structure[key], leaves) for key in sorted_keys(structure)}
        return {key: rebuilt[key] for key in structure}
    if isinstance(structure, (list, tuple)):
        parts = [_rebuild(part, leaves) for part in structure]
        return type(structure)(*parts) if hasattr(structure, "_fields") else type(structure)(parts)
    return slice(*_rebuild(_bounds(structure), leaves)) if isinstance(structure, slice) else next(leaves)


def _bounds(part: slice) -> tuple:
    return part.start, part.stop, part.step

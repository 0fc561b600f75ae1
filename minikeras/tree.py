"""Utilities for nested structures of lists, tuples, deques and dicts, as in `keras.tree`. None is a leaf here."""

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
from typing import Any

from .errors import ArgumentError, brief
from .tracebacks import filtered

__all__ = [
    "MAP_TO_NONE",
    "assert_same_paths",
    "assert_same_structure",
    "flatten",
    "flatten_with_path",
    "is_nested",
    "lists_to_tuples",
    "map_shape_structure",
    "map_structure",
    "map_structure_up_to",
    "pack_sequence_as",
    "traverse",
]


class MAP_TO_NONE:
    """Sentinel that a function passed to `traverse` returns to replace a value by None.

    Source: https://keras.io/api/utils/tree/

    Example:
        >>> traverse(lambda part: MAP_TO_NONE if part == 2 else None, [1, 2, [2, 3]])
        [1, None, [None, 3]]
    """


@filtered
def is_nested(structure: Any) -> bool:
    """Returns whether a value is a list, tuple, deque or dict.

    Source: https://keras.io/api/utils/tree/

    Example:
        >>> is_nested([1]), is_nested("ab")
        (True, False)
    """
    return isinstance(structure, (list, tuple, deque, dict))


@filtered
def flatten(structure: Any) -> list:
    """Flattens a structure to a list of its leaves; dicts in the order of sorted keys, an `OrderedDict` in its own.

    Source: https://keras.io/api/utils/tree/

    Example:
        >>> flatten({"b": 1, "a": [2, (None,)]})
        [2, None, 1]
    """
    return [leaf for _, leaf in flatten_with_path(structure)]


@filtered
def flatten_with_path(structure: Any) -> list[tuple[tuple, Any]]:
    """Flattens a structure to a list of (path, leaf) pairs.

    Source: https://keras.io/api/utils/tree/

    Example:
        >>> flatten_with_path({"b": 1, "a": [2]})
        [(('a', 0), 2), (('b',), 1)]
    """
    if not is_nested(structure):
        return [((), structure)]
    return [((key, *path), leaf) for key, part in _items(structure) for path, leaf in flatten_with_path(part)]


@filtered
def map_structure(func: Callable, *structures: Any, none_is_leaf: bool = True) -> Any:
    """Maps a function over the leaves of one or several structures.

    Args:
        func: A function with as many arguments as there are structures.
        *structures: The structures.
        none_is_leaf: Whether the function is called for None; otherwise None stays None, in all structures.

    Raises:
        ArgumentError: If the structures differ, or none is given.

    Source: https://keras.io/api/utils/tree/

    Example:
        >>> map_structure(lambda x, y: x + y, [1, (2,)], [3, (4,)])
        [4, (6,)]
    """
    if not structures:
        raise ArgumentError("`map_structure` expects at least one structure. Received: none")
    for other in structures[1:]:
        assert_same_structure(structures[0], other)
    columns = list(zip(*map(flatten, structures), strict=True))
    if none_is_leaf:
        return pack_sequence_as(structures[0], [func(*values) for values in columns])
    for values in columns:
        if len({value is None for value in values}) > 1:
            raise ArgumentError(f"Expected None in all structures, or in none of them. Received: {brief(values)}")
    return pack_sequence_as(structures[0], [None if values[0] is None else func(*values) for values in columns])


@filtered
def map_structure_up_to(shallow_structure: Any, func: Callable, *structures: Any) -> Any:
    """Maps a function over the parts of structures that correspond to the leaves of a shallow structure.

    Args:
        shallow_structure: The structure of the result.
        func: A function with as many arguments as there are other structures.
        *structures: The structures, which may be deeper.

    Raises:
        ArgumentError: If a structure does not match the shallow one, or none is given.

    Source: https://keras.io/api/utils/tree/

    Example:
        >>> map_structure_up_to([0, 0], lambda x, y: (x, y), [1, 2], [[1, 2], 3])
        [(1, [1, 2]), (2, 3)]
    """
    if not structures:
        raise ArgumentError("`map_structure_up_to` expects at least one structure. Received: none")
    columns = zip(*(_parts_up_to(shallow_structure, other) for other in structures), strict=True)
    return pack_sequence_as(shallow_structure, [func(*parts) for parts in columns])


@filtered
def pack_sequence_as(structure: Any, flat_sequence: Any) -> Any:
    """Packs a flat list into a structure.

    Raises:
        ArgumentError: If the numbers of leaves differ.

    Source: https://keras.io/api/utils/tree/

    Example:
        >>> pack_sequence_as({"a": 0, "b": [0]}, [1, 2])
        {'a': 1, 'b': [2]}
    """
    values, count = list(flat_sequence), len(flatten(structure))
    if len(values) != count:
        raise ArgumentError(f"The structure has {count} leaves. Received: a list of {len(values)}")
    return _packed(structure, iter(values))


@filtered
def assert_same_structure(a: Any, b: Any, check_types: bool | None = None) -> None:
    """Raises if two structures differ.

    Args:
        a: A structure.
        b: Another one.
        check_types: Deprecated in Keras, where it has no effect: types are always compared.

    Raises:
        ArgumentError: If the types, lengths or keys of containers differ.

    Source: https://keras.io/api/utils/tree/

    Example:
        >>> assert_same_structure([1, (2,)], [3, (4,)])
    """
    same_type = type(a) is type(b) or (isinstance(a, dict) and isinstance(b, dict))
    keys = lambda structure: [key for key, _ in _items(structure)]  # noqa: E731
    if is_nested(a) != is_nested(b) or (is_nested(a) and (not same_type or keys(a) != keys(b))):
        raise ArgumentError(f"The structures differ. Received: {brief(a)} and {brief(b)}")
    if is_nested(a):
        for (_, one), (_, other) in zip(_items(a), _items(b), strict=True):
            assert_same_structure(one, other)


@filtered
def assert_same_paths(a: Any, b: Any) -> None:
    """Raises if the paths of two structures differ.

    Raises:
        ArgumentError: If they differ.

    Source: https://keras.io/api/utils/tree/

    Example:
        >>> assert_same_paths([1, 2], (3, 4))
    """
    paths = [[path for path, _ in flatten_with_path(structure)] for structure in (a, b)]
    if paths[0] != paths[1]:
        raise ArgumentError(f"The paths in the structures differ. Received: {brief(a)} and {brief(b)}")


@filtered
def lists_to_tuples(structure: Any) -> Any:
    """Replaces lists in a structure by tuples.

    Source: https://keras.io/api/utils/tree/

    Example:
        >>> lists_to_tuples([1, [2, {"a": [3]}]])
        (1, (2, {'a': (3,)}))
    """
    return traverse(lambda part: tuple(part) if isinstance(part, list) else None, structure, top_down=False)


@filtered
def map_shape_structure(func: Callable, structure: Any) -> Any:
    """Maps a function over the shapes in a structure; a shape is a tuple or list of sizes.

    Source: https://keras.io/api/utils/tree/

    Example:
        >>> map_shape_structure(len, {"a": (None, 2), "b": [(1,), (2, 3)]})
        {'a': 2, 'b': [1, 2]}
    """
    is_shape = isinstance(structure, (list, tuple)) and all(each is None or isinstance(each, int) for each in structure)
    if is_shape:
        return func(tuple(structure))
    if not is_nested(structure):
        raise ArgumentError(f"Expected shapes in lists, tuples and dicts. Received: {brief(structure)}")
    return _with_parts(structure, [map_shape_structure(func, part) for _, part in _items(structure)])


@filtered
def traverse(func: Callable, structure: Any, top_down: bool = True) -> Any:
    """Traverses a structure, replacing parts by what a function returns for them.

    Args:
        func: A function of a part; it returns None to keep it, and `MAP_TO_NONE` to replace it by None.
        structure: The structure.
        top_down: Whether to visit a part before its children, which are skipped if it is replaced; otherwise after
            them.

    Source: https://keras.io/api/utils/tree/

    Example:
        >>> traverse(lambda x: x * 2 if isinstance(x, int) else None, [1, [2, "a"]])
        [2, [4, 'a']]
    """
    if top_down:
        found = func(structure)
        if found is not None:
            return _unless_none(found)
    if is_nested(structure):
        structure = _with_parts(structure, [traverse(func, part, top_down) for _, part in _items(structure)])
    if top_down:
        return structure
    found = func(structure)
    return structure if found is None else _unless_none(found)


def _unless_none(found: Any) -> Any:
    return None if found is MAP_TO_NONE else found


def _items(structure: Any) -> list[tuple[Any, Any]]:
    """Returns the (key, child) pairs of a container; those of a dict in sorted order."""
    if isinstance(structure, dict):
        return [(key, structure[key]) for key in _keys(structure)]
    return list(enumerate(structure))


def _keys(structure: dict) -> list:
    if isinstance(structure, OrderedDict):
        return list(structure)
    by_type = lambda key: (f"{type(key).__module__}.{type(key).__qualname__}", key)  # noqa: E731
    for order in (None, by_type):
        try:
            return sorted(structure, key=order)
        except TypeError:  # such as strings and numbers, or objects without an order
            continue
    return list(structure)


def _with_parts(structure: Any, parts: list) -> Any:
    """Returns a container like another one, with new children in the order of `_items`."""
    if isinstance(structure, dict):
        by_key = dict(zip(_keys(structure), parts, strict=True))
        items = ((key, by_key[key]) for key in structure)
        if isinstance(structure, defaultdict):
            return type(structure)(structure.default_factory, items)
        return type(structure)(items)
    if isinstance(structure, deque):
        return type(structure)(parts, structure.maxlen)
    return type(structure)(*parts) if hasattr(structure, "_fields") else type(structure)(parts)


def _packed(structure: Any, values: Iterator) -> Any:
    if not is_nested(structure):
        return next(values)
    return _with_parts(structure, [_packed(part, values) for _, part in _items(structure)])


def _parts_up_to(shallow: Any, structure: Any) -> list:
    if not is_nested(shallow):
        return [structure]
    if not is_nested(structure) or [key for key, _ in _items(shallow)] != [key for key, _ in _items(structure)]:
        raise ArgumentError(f"Expected a structure that matches {shallow!r}. Received: {brief(structure)}")
    pairs = zip(_items(shallow), _items(structure), strict=True)
    return [leaf for (_, own), (_, other) in pairs for leaf in _parts_up_to(own, other)]

"""`tf.nest`: nested lists, tuples and dicts of values."""

from collections.abc import Callable
from typing import Any

from ... import tree
from ...errors import ArgumentError, ArgumentTypeError, brief
from ...tree import is_nested

__all__ = ["assert_same_structure", "flatten", "is_nested", "map_structure", "pack_sequence_as"]


def flatten(structure: Any, expand_composites: bool = False) -> list:
    """Flattens a structure, dicts in the order of their sorted keys."""
    return tree.flatten(structure)


def map_structure(func: Callable, *structure: Any, check_types: bool = True, expand_composites: bool = False) -> Any:
    """Applies a function to the corresponding values of one or several structures.

    Example:
        >>> map_structure(lambda x, y: x + y, [1, 2], (3, 4), check_types=False)
        [4, 6]
    """
    for other in structure[1:]:
        assert_same_structure(structure[0], other, check_types)
    columns = zip(*map(tree.flatten, structure), strict=True)
    return tree.pack_sequence_as(structure[0], [func(*values) for values in columns])


def pack_sequence_as(structure: Any, flat_sequence: Any, expand_composites: bool = False) -> Any:
    """Packs a flat list into a structure."""
    return tree.pack_sequence_as(structure, flat_sequence)


def assert_same_structure(nest1: Any, nest2: Any, check_types: bool = True, expand_composites: bool = False) -> None:
    """Raises an error if two structures differ in anything but their values.

    Args:
        nest1: A structure.
        nest2: Another structure.
        check_types: Whether to distinguish lists from tuples.
        expand_composites: Ignored: there are no composite tensors.

    Raises:
        ArgumentTypeError: If one has a list where the other has a tuple.
        ArgumentError: If lengths or keys differ.
    """
    tree.assert_same_structure(tree.lists_to_tuples(nest1), tree.lists_to_tuples(nest2))
    if check_types:
        try:
            tree.assert_same_structure(nest1, nest2)
        except ArgumentError:
            raise ArgumentTypeError(
                f"The structures have different types. Received: {brief(nest1)} and {brief(nest2)}"
            ) from None

"""Leading axes that a loop or a map runs over: their length, and symbolic values."""

from typing import Any

import numpy as np

from ...engine import tree
from ...engine.dtypes import dtype_of
from ...errors import ShapeError, brief
from ...graph.keras_tensor import KerasTensor
from ...graph.stand_in_sizes import COUNT
from ..common.arguments import as_value


def is_symbolic(*values: Any) -> bool:
    """Returns whether there is a symbolic value in a nested structure."""
    return any(isinstance(leaf, KerasTensor) for leaf in tree.flatten(values))


def as_symbol(value: object) -> KerasTensor:
    """Returns a symbolic value unchanged, and a new one with the shape and dtype of any other value."""
    value = as_value(value)
    return value if isinstance(value, KerasTensor) else KerasTensor(value.shape, dtype_of(value))


def length_of(where: str, stacks: list, length: int | None) -> int:
    """Returns the length of a loop.

    Args:
        where: The name of the loop in errors.
        stacks: The values to scan over.
        length: The number of iterations, if given.

    Raises:
        ShapeError: If the leading sizes of the values differ from each other or from `length`.
    """
    shapes = [tuple(each.shape) for each in stacks]
    sizes = {shape[:1] for shape in shapes} | (set() if length is None else {(length,)})
    if len(sizes) > 1:
        sizes.discard((None,))  # it is free, and may equal the others
    if len(sizes) > 1 or () in sizes:
        given = "" if length is None else f", length={length}"
        raise ShapeError(
            f"{where}: all scanned values must have the same leading size, that of `length` if it is given. "
            f"Received shapes: {brief(shapes)}{given}"
        )
    return sizes.pop()[0]


def first_slice(stack: object) -> object:
    """Returns the first slice of a stack; if there is none, one like it: symbolic, or of zeros."""
    size, *others = stack.shape
    if size != 0:
        return stack[0]
    if not isinstance(stack, KerasTensor):
        return np.zeros(others, dtype_of(stack))
    symbol = KerasTensor(others, dtype_of(stack))
    return symbol.with_stand_ins(tuple(stack.stand_in_shape(turn)[1:] for turn in range(COUNT)))


def stacked_symbol(value: object, stacks: list, length: int | None) -> KerasTensor:
    """Returns the symbolic value of a stack of values.

    Args:
        value: One of the values.
        stacks: The values to scan over.
        length: The number of iterations, if given.
    """
    value = as_value(value)
    first = [each for each in stacks if isinstance(each, KerasTensor)] or stacks
    size = length if length is not None else first[0].shape[0]
    symbol = KerasTensor((size, *value.shape), dtype_of(value))
    turns = range(COUNT)
    sizes = [size if size is not None else first[0].stand_in_shape(turn)[0] for turn in turns]
    shapes = [value.stand_in_shape(turn) if isinstance(value, KerasTensor) else value.shape for turn in turns]
    return symbol.with_stand_ins(tuple((one, *shape) for one, shape in zip(sizes, shapes, strict=True)))

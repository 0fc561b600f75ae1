"""The states of recurrent cells: their sizes, and their initial values."""

from typing import Any

from ... import ops
from ...engine import tree
from ...errors import ArgumentError, brief
from ...typing import Tensor
from ..base import Layer


def check_cell(where: str, cell: Any) -> None:
    """Refuses a cell without a `call` method or without states.

    Raises:
        ArgumentError: If it is no cell.
    """
    if not callable(getattr(cell, "call", None)):
        raise ArgumentError(
            f"{where}: a cell must have a method `call(inputs, states)`. Received: {brief(cell)} of class "
            f"{type(cell).__name__}"
        )
    size = getattr(cell, "state_size", None)
    sizes = tree.flatten(size)
    if not isinstance(size, (int, list, tuple)) or not sizes or not all(isinstance(each, int) for each in sizes):
        raise ArgumentError(
            f"{where}: a cell must have an attribute `state_size`, an integer or a list of integers, one for each "
            f"state. Received: {type(cell).__name__} with state_size={brief(size)}"
        )
    if min(sizes) < 0 and not hasattr(cell, "get_initial_state"):
        raise ArgumentError(
            f"{where}: sizes of states must not be negative, unless the cell has a method `get_initial_state`. "
            f"Received: {type(cell).__name__} with state_size={brief(size)}"
        )


def output_size_of(cell: Any) -> int:
    """Returns the size of the output of a cell: its `output_size`, or the size of its first state."""
    size = getattr(cell, "output_size", None)
    return tree.flatten(cell.state_size)[0] if size is None else size


def shapes_of(cell: Any, batch_size: int | None) -> Any:
    """Returns the shapes of the states of a cell, nested as `state_size`."""
    return _of_sizes(lambda size: (batch_size, size), cell.state_size)


def initial_state_of(cell: Any, batch_size: int, dtype: str) -> list:
    """Returns the initial states of a cell: those of its `get_initial_state`, or zeros.

    Args:
        cell: The cell.
        batch_size: The number of sequences.
        dtype: The dtype of zeros.
    """
    if hasattr(cell, "get_initial_state"):
        states = cell.get_initial_state(batch_size=batch_size)
    else:
        states = _of_sizes(lambda size: ops.zeros((batch_size, size), dtype), cell.state_size)
    return list(states) if isinstance(states, (list, tuple)) else [states]


def call_cell(cell: Any, inputs: Tensor, states: Any, **kwargs: Any) -> tuple[Tensor, Any]:
    """Returns the output and the new states of a cell, a layer or any object with a method `call`."""
    return cell(inputs, states, **kwargs) if callable(cell) else cell.call(inputs, states, **kwargs)


def build_cell(cell: Any, input_shape: tuple) -> None:
    """Builds a cell, if it is a layer that is not built."""
    if isinstance(cell, Layer) and not cell.built:
        cell.build(input_shape)


def _of_sizes(function: Any, sizes: Any) -> Any:
    if isinstance(sizes, (list, tuple)):
        return [_of_sizes(function, size) for size in sizes]
    return function(sizes)

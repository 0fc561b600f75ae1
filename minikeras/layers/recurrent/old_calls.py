"""Calls of recurrent layers as in Keras 2: a list of the sequences and the initial states."""

from typing import Any

from ...errors import ArgumentTypeError, warn_legacy
from ..arguments import is_tensor


def split_inputs(where: str, inputs: Any, kwargs: dict) -> tuple[Any, dict]:
    """Returns the sequences, and the keyword arguments with the initial states of `[sequences, *states]`.

    Args:
        where: The layer, for messages.
        inputs: The first argument of the call.
        kwargs: The keyword arguments.

    Raises:
        ArgumentTypeError: If `initial_state` is given, too.
    """
    is_list = isinstance(inputs, (list, tuple)) and len(inputs) > 1 and all(map(is_tensor, inputs))
    if not is_list or len(inputs[0].shape) <= len(inputs[1].shape):
        return inputs, kwargs
    if kwargs.get("initial_state") is not None:
        raise ArgumentTypeError(f"{where}: `initial_state` was given twice, in the list of inputs and by name.")
    warn_legacy("`layer([sequences, *states])`", "`layer(sequences, initial_state=states)`")
    return inputs[0], {**kwargs, "initial_state": list(inputs[1:])}

"""The loop over the steps of sequences."""

from collections.abc import Callable
from typing import Any

from .. import ops
from ..engine import tree
from ..errors import NotSupportedError, ShapeError, brief
from ..layers.recurrent.loop import run_loop
from ..tracebacks import filtered


@filtered
def rnn(
    step_function: Callable[[Any, Any], tuple[Any, Any]],
    inputs: Any,
    initial_states: Any,
    go_backwards: bool = False,
    mask: Any = None,
    constants: Any = None,
    unroll: bool = False,
    input_length: int | None = None,
    time_major: bool = False,
    zero_output_for_mask: bool = False,
    return_all_outputs: bool = True,
) -> tuple[Any, Any, list]:
    """Runs a function over the steps of sequences.

    Args:
        step_function: Called with the inputs of a step and the list of the states and constants; returns the output and
            the list of the new states.
        inputs: Tensors of shape (batch, steps, ...), possibly nested.
        initial_states: The list of the states before the first step.
        go_backwards: Whether to start with the last step.
        mask: Booleans of shape (batch, steps), False for steps that keep the states and repeat the output.
        constants: A list of values for all steps.
        unroll: Whether to run the steps one by one instead of as a loop.
        input_length: The number of steps, or None.
        time_major: Whether steps are the first axis of inputs, mask and outputs.
        zero_output_for_mask: Whether masked steps output zero.
        return_all_outputs: Whether to return the outputs of all steps, or a sequence of the last one alone.

    Returns:
        The last output, the outputs of shape (batch, steps, ...), and the list of the final states.

    Raises:
        NotSupportedError: If `input_length` is another one.

    Example:
        >>> last, outputs, states = rnn(lambda x, s: (s[0] + x, [s[0] + x]), [[[1.0], [2.0]]], [[[0.0]]])
        >>> last, outputs[0, :, 0]
        (array([[3.]], dtype=float32), array([1., 3.], dtype=float32))
    """
    inputs = ops.convert_to_tensor(inputs) if _is_numbers(inputs) else inputs
    inputs = tree.map_structure(ops.convert_to_tensor, inputs)
    states = [ops.convert_to_tensor(state) for state in initial_states]
    constants = [] if constants is None else list(constants)
    if any(len(each.shape) < 3 for each in tree.flatten(inputs)):
        shapes = [tuple(each.shape) for each in tree.flatten(inputs)]
        raise ShapeError(f"K.rnn: expected inputs with at least 3 axes, batch, steps, features. Received: {shapes}")
    steps = tree.flatten(inputs)[0].shape[0 if time_major else 1]
    if input_length is not None and input_length != steps:
        raise NotSupportedError(
            f"K.rnn: all {steps} steps are run; mask those that are not to count. Received: "
            f"input_length={brief(input_length)}"
        )
    mask = None if mask is None else ops.cast(mask, "bool")
    mask = mask if mask is None or len(mask.shape) == 2 else ops.squeeze(mask, axis=-1)
    if not time_major:
        inputs, mask = tree.map_structure(_swapped, inputs), None if mask is None else _swapped(mask)
    last, outputs, states = run_loop(
        lambda inputs, states: step_function(inputs, [*states, *constants]),
        inputs,
        states,
        mask,
        go_backwards=go_backwards,
        unroll=unroll,
        return_all_outputs=return_all_outputs,
        zero_output_for_mask=zero_output_for_mask,
        where="K.rnn",
    )
    outputs = outputs if return_all_outputs else ops.expand_dims(last, 0)
    return last, outputs if time_major else _swapped(outputs), states


def _swapped(value: Any) -> Any:
    return ops.swapaxes(value, 0, 1)


def _is_numbers(inputs: Any) -> bool:
    """Tells whether inputs are nested lists of numbers, and no structure of tensors."""
    return isinstance(inputs, (list, tuple)) and all(isinstance(each, (int, float)) for each in tree.flatten(inputs))

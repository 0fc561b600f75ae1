"""The loop of recurrent layers over the steps of a sequence, traced once whatever the length."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ... import ops
from ...engine import tree
from ...engine.dtypes import dtype_of
from ...errors import ArgumentError, ShapeError, brief
from ...typing import Tensor, TensorLike


def run_loop(
    step: Callable[[Any, Any], tuple[Any, Any]],
    inputs: Any,
    states: Any,
    mask: TensorLike | None = None,
    *,
    go_backwards: bool = False,
    unroll: bool = False,
    return_all_outputs: bool = True,
    zero_output_for_mask: bool = False,
    where: str = "`rnn`",
) -> tuple[Tensor, Tensor | None, Any]:
    """Runs a step function over the leading axis.

    A masked step keeps all states and repeats the last output, which is zero before the first valid step.

    Args:
        step: Called with the inputs and the states of a step; returns its output and the new states.
        inputs: Tensors of shape (steps, batch, ...), possibly nested.
        states: The initial states: tensors of shape (batch, ...), possibly nested.
        mask: Booleans of shape (steps, batch), False for masked steps; further axes are the first ones of all states.
        go_backwards: Whether to start with the last step.
        unroll: Whether to run the steps one by one in Python instead of as a loop.
        return_all_outputs: Whether the outputs of all steps are needed.
        zero_output_for_mask: Whether masked steps output zero instead.
        where: The layer, for error messages.

    Returns:
        The last output, all outputs in the order in which they were computed (None unless requested), and the final
        states.

    Raises:
        ArgumentError: If the step function returns something else, or states of another count or shape.
    """
    body = _Body(step, states, mask is not None, return_all_outputs, where)
    loop = _unrolled if unroll else ops.scan
    final, outputs = loop(body, states, inputs if mask is None else (inputs, mask), reverse=go_backwards)
    if go_backwards:
        outputs = tree.map_structure(lambda each: ops.flip(each, axis=0), outputs)
        mask = None if mask is None else ops.flip(mask, axis=0)
    last = outputs[-1] if body.place is None else tree.flatten(final)[body.place]
    if mask is None:
        return last, outputs, final
    if zero_output_for_mask:
        return _zeroed(mask[-1], last), None if outputs is None else _zeroed(mask, outputs), final
    if body.place is None:
        return *_repeated(outputs, mask), final
    if not _is_zero(tree.flatten(states)[body.place]):
        has_begun = ops.cumsum(ops.cast(mask, "int32"), axis=0) > 0
        last, outputs = _zeroed(has_begun[-1], last), None if outputs is None else _zeroed(has_begun, outputs)
    return last, outputs, final


class _Body:
    """One step of the loop.

    Attributes:
        place: Which of the new states the output is, by number; None if it is none of them.
    """

    def __init__(self, step: Callable, states: Any, is_masked: bool, needs_outputs: bool, where: str):
        self._step, self._states, self._where = step, states, where
        self._is_masked, self._needs_outputs = is_masked, needs_outputs
        self._is_first, self.place = True, None

    def __call__(self, states: Any, inputs: Any) -> tuple[Any, Any]:
        inputs, mask = inputs if self._is_masked else (inputs, None)
        found = self._step(inputs, states)
        if not isinstance(found, (tuple, list)) or len(found) != 2:
            raise ArgumentError(f"{self._where}: a step must return its output and the new states. Got: {brief(found)}")
        output, new = found[0], self._checked(found[1])
        if self._is_first:
            self.place = next((number for number, state in enumerate(new) if state is output), None)
            self._is_first = False
        if mask is not None:
            old = tree.flatten(states)
            new = [ops.where(_beside(mask, state), state, last) for state, last in zip(new, old, strict=True)]
        if self.place is not None:
            output = new[self.place] if self._needs_outputs else None
        return tree.pack_like(self._states, new), output

    def _checked(self, new: Any) -> list:
        """Returns the new states as a flat list in the initial dtypes, if they are as many and as large as before."""
        found, expected = tree.flatten(new), tree.flatten(self._states)
        shapes, wanted = ([tuple(each.shape) for each in states] for states in (found, expected))
        if shapes != wanted:
            raise ShapeError(
                f"{self._where}: the new states of a step must be as many, and have the same shapes, as the initial "
                f"states. Expected shapes {wanted}, received {shapes}."
            )
        return [_as(dtype_of(first), state) for first, state in zip(expected, found, strict=True)]


def _as(dtype: str, value: Tensor) -> Tensor:
    return value if dtype_of(value) == dtype else ops.cast(value, dtype)


def _unrolled(body: Callable, states: Any, inputs: Any, reverse: bool) -> tuple[Any, Any]:
    """Does what `ops.scan` does, step by step."""
    outputs, steps = [], range(tree.flatten(inputs)[0].shape[0])
    for number in reversed(steps) if reverse else steps:
        states, output = body(states, tree.map_structure(lambda each, number=number: each[number], inputs))
        outputs.append(output)
    outputs = outputs[::-1] if reverse else outputs
    return states, None if outputs[0] is None else ops.stack(outputs)


def _beside(mask: Tensor, value: Tensor) -> Tensor:
    """Returns a mask with as many axes as a value, so that it broadcasts to the value."""
    return ops.expand_dims(mask, tuple(range(len(mask.shape), len(value.shape))))


def _zeroed(mask: Tensor, value: Tensor) -> Tensor:
    return ops.where(_beside(mask, value), value, ops.zeros_like(value))


def _repeated(outputs: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Returns the last output and all of them, with those of masked steps replaced by the last valid one, or zero."""

    def choose(kept: Tensor, step: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        kept = ops.where(_beside(step[1], kept), step[0], kept)
        return kept, kept

    return ops.scan(choose, ops.zeros_like(outputs[0]), (outputs, mask))


def _is_zero(value: Any) -> bool:
    """Tells whether a value is known to be zero while a step is traced."""
    return isinstance(value, np.ndarray) and not value.any()

"""The `RNN` layer."""

from collections.abc import Mapping
from typing import Any, Self, Unpack

from ... import ops
from ...argument_checks import as_bool
from ...engine import tree
from ...engine.dtypes import dtype_of
from ...engine.replicas import sharing
from ...engine.variable import Variable, assign_all, check_assignable
from ...errors import ArgumentError, NotSupportedError, ShapeError, brief
from ...serialization.configs import deserialize_keras_object, serialize_keras_object
from ...typing import LayerArguments, Shape, Tensor
from ..arguments import is_tensor, signature_of
from ..base import Layer
from .dropout_rnn_cell import DropoutRNNCell
from .loop import run_loop
from .old_calls import split_inputs
from .recurrent_cell import RecurrentCell
from .stacked_rnn_cells import StackedRNNCells
from .states import build_cell, call_cell, check_cell, initial_state_of, output_size_of, shapes_of


class RNN(Layer):
    """Runs a cell over the steps of sequences.

    A cell is a layer, or any object, with a method `call(inputs, states)` that returns the output of a step and the new
    states, and with the attributes `state_size`, an integer or a list of integers, and, optionally, `output_size` and
    `get_initial_state(batch_size)`. Its step is traced once, whatever the length of the sequences.

    A step that is False in the mask of the input keeps all states and repeats the last output, which is zero before the
    first valid step.

    Args:
        cell: A cell, or a list of cells to be stacked.
        return_sequences: Whether to return the outputs of all steps, or only the last one.
        return_state: Whether to return the final states, too.
        go_backwards: Whether to start with the last step; outputs then come in the reversed order.
        stateful: Whether a batch starts with the final states of the batch before; the batch size must then be known.
        unroll: Whether to trace each step instead of a loop.
        zero_output_for_mask: Whether masked steps output zero.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Attributes:
        states: The variables of a stateful layer; None otherwise.

    Raises:
        ArgumentError: If `cell` is no cell, or an argument is invalid.

    Source: https://keras.io/api/layers/recurrent_layers/rnn/

    Example:
        >>> from minikeras.layers import LSTMCell
        >>> RNN(LSTMCell(4), return_sequences=True)([[[0.0, 1.0]] * 3]).shape
        (1, 3, 4)
    """

    _untracked = frozenset({"states"})
    states: Any

    def __init__(
        self,
        cell: Any,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        **kwargs: Unpack[LayerArguments],
    ):
        where = type(self).__name__
        if isinstance(cell, (list, tuple)):
            cell = StackedRNNCells(cell)
        check_cell(where, cell)
        if kwargs.pop("time_major", False):
            raise ArgumentError(f"{where}: Keras 3 has no `time_major`. Transpose the input to (batch, steps, ...).")
        super().__init__(**kwargs)
        self.cell = cell
        self.return_sequences = as_bool(where, "return_sequences", return_sequences)
        self.return_state = as_bool(where, "return_state", return_state)
        self.go_backwards = as_bool(where, "go_backwards", go_backwards)
        self.stateful = as_bool(where, "stateful", stateful)
        self.unroll = as_bool(where, "unroll", unroll)
        self.zero_output_for_mask = as_bool(where, "zero_output_for_mask", zero_output_for_mask)
        self.supports_masking = True
        self.states = None

    @property
    def state_size(self) -> list:
        """The sizes of the states."""
        size = self.cell.state_size
        return list(size) if isinstance(size, (list, tuple)) else [size]

    # ---------------------------------------------------------------- building

    def build(self, sequences_shape: Shape, initial_state_shape: Any = None) -> None:
        """Builds the cell and, if the layer is stateful, creates the variables of the states."""
        self._check_shape(sequences_shape)
        build_cell(self.cell, (sequences_shape[0], *sequences_shape[2:]))
        if self.stateful and self.states is None:
            if sequences_shape[0] is None:
                raise ArgumentError(
                    f"{self._where()}: with stateful=True the batch size must be known, as in "
                    f"`Input(batch_shape=(32, None, 8))`. Received: sequences_shape={tuple(sequences_shape)}"
                )
            states = self._nested(self.get_initial_state(sequences_shape[0]))
            self.states = tree.map_structure(self._state_variable, states)

    def _state_variable(self, value: Tensor) -> Variable:
        return Variable(value, dtype=self.variable_dtype, trainable=False, name="rnn_state")

    def _check_shape(self, shape: Shape) -> None:
        if len(shape) < 3 or shape[1] == 0:
            raise ShapeError(
                f"{self._where()}: expected sequences of shape (batch, steps, ...) with at least one step. "
                f"Received shape {tuple(shape)}"
            )

    def _has_shape_rule(self) -> bool:
        # The real shapes of other cells are only known when they run.
        return _has_known_shapes(self.cell) or type(self).compute_output_shape is not RNN.compute_output_shape

    def compute_output_shape(self, sequences_shape: Shape, initial_state_shape: Any = None) -> Any:
        """Returns the shape of the output, followed by those of the states if `return_state`."""
        batch_size, length = sequences_shape[:2]
        steps = (length,) if self.return_sequences else ()
        shape = (batch_size, *steps, output_size_of(self.cell))
        states = shapes_of(self.cell, batch_size)
        states = states if isinstance(states, list) else [states]
        return (shape, *states) if self.return_state else shape

    def compute_mask(self, _: Any, mask: Any) -> Any:
        """Returns the mask of the input if `return_sequences`; states have none."""
        mask = next(iter(tree.flatten(mask)), None) if self.return_sequences else None
        return [mask, *[None for _ in tree.flatten(self.state_size)]] if self.return_state else mask

    # ---------------------------------------------------------------- states

    def get_initial_state(self, batch_size: int | None = None) -> list:
        """Returns the states before the first step, by default zeros."""
        return initial_state_of(self.cell, batch_size, self._cell_dtype)

    def reset_state(self, states: Any = None) -> None:
        """Sets the states of a stateful layer.

        Args:
            states: Their values; zeros by default.

        Raises:
            ArgumentError: If the layer has no states yet, or the number of values differs.
            ShapeError: If a shape differs.
        """
        own = tree.flatten(self.states)
        if states is None:
            for variable in own:
                variable.assign(ops.zeros(variable.shape, variable.dtype))
            return
        given = tree.flatten(states)
        if len(given) != len(own):
            raise ArgumentError(f"{self._where()}: the layer has {len(own)} states, received {len(given)}.")
        assign_all(own, given, f"{self._where()}.reset_state", check_assignable)

    reset_states = reset_state  # its name in Keras 1 and 2

    @property
    def _cell_dtype(self) -> str:
        return self.cell.compute_dtype if isinstance(self.cell, Layer) else self.compute_dtype

    def _nested(self, states: Any) -> list:
        """Returns states nested as `state_size`, if they are as many."""
        flat = tree.flatten(states)
        if len(flat) == len(tree.flatten(self.state_size)):
            return tree.pack_like(self.state_size, flat)
        return list(states)

    def _first_states(self, sequences: Tensor, given: Any) -> list:
        """Returns the states before the first step, checked and in the dtype of the cell."""
        batch_size = sequences.shape[0]
        if self.stateful and sharing() is not None:
            raise NotSupportedError(
                f"{self._where()}: a stateful layer keeps the states of a whole batch, but several processes share the "
                "rows of it. Train in a single process, or without `stateful=True`."
            )
        if self.stateful and batch_size is not None and batch_size != (size := tree.flatten(self.states)[0].shape[0]):
            raise ShapeError(
                f"{self._where()}: a stateful layer keeps the states of a batch of {size} sequences. "
                f"Received {batch_size} sequences. Pass `batch_size={size}`, and leave out what remains."
            )
        if given is None and not self.stateful:
            return self._nested(self.get_initial_state(ops.shape(sequences)[0]))
        states = self._nested(self.states if given is None else self._checked_states(given, batch_size))
        return tree.map_structure(lambda state: ops.convert_to_tensor(state, self._cell_dtype), states)

    def _checked_states(self, states: Any, batch_size: int | None) -> list:
        states = list(states) if isinstance(states, (list, tuple)) else [states]
        found = [tuple(state.shape) if is_tensor(state) else brief(state) for state in tree.flatten(states)]
        expected = self._state_shapes(batch_size)
        if len(found) != len(expected) or not all(map(_fits, found, expected)):
            raise ShapeError(
                f"{self._where()}: expected `initial_state` to have {len(expected)} state(s) of shape "
                f"{', '.join(map(str, expected))}. Received {len(found)}: {', '.join(map(str, found))}"
            )
        return states

    def _state_shapes(self, batch_size: int | None) -> list[Shape]:
        """Returns the shapes that the states must have."""
        if _has_known_shapes(self.cell) or not hasattr(self.cell, "get_initial_state"):
            sizes = tree.flatten(self.state_size)
            return [(batch_size, size) for size in sizes]
        states = tree.flatten(self.get_initial_state(1))
        return [(batch_size, *state.shape[1:]) for state in states]

    # ---------------------------------------------------------------- calls

    def __call__(self, sequences: Any, *args: Any, **kwargs: Any) -> Any:
        """Calls the layer; `[sequences, *states]` as in Keras 2 is `(sequences, initial_state=states)`."""
        sequences, kwargs = split_inputs(self._where(), sequences, kwargs)
        return super().__call__(sequences, *args, **kwargs)

    def call(
        self,
        sequences: Tensor,
        initial_state: Any = None,
        mask: Tensor | None = None,
        training: bool = False,
        constants: Any = None,
    ) -> Any:
        """Returns the output, followed by the final states if `return_state`.

        Args:
            sequences: Tensor of shape (batch, steps, ...).
            initial_state: The states before the first step; by default those of the cell, or the layer's own.
            mask: Booleans of shape (batch, steps), False for steps to skip.
            training: Whether the cell runs as in training, with dropout.
            constants: Values that the cell gets as `constants` in each step.
        """
        self._check_shape(sequences.shape)
        if self.unroll and sequences.shape[1] is None:
            raise ArgumentError(
                f"{self._where()}: `unroll=True` needs sequences of a known length. Received shape "
                f"{tuple(sequences.shape)}"
            )
        mask = self._checked_mask(mask, sequences.shape)
        states = self._first_states(sequences, initial_state)
        kwargs = {} if constants is None else {"constants": constants}
        try:
            _draw_dropout_masks(self.cell, sequences[:, 0], states)
            last, outputs, states = self.inner_loop(
                sequences=sequences, initial_state=states, mask=mask, training=training, **kwargs
            )
        finally:
            _reset_dropout_masks(self.cell)
        output = self._as_output(outputs if self.return_sequences else last)
        states = tree.map_structure(self._as_output, states)
        if self.stateful:
            for variable, state in zip(tree.flatten(self.states), tree.flatten(states), strict=True):
                variable.assign(state)
        return (output, *states) if self.return_state else output

    def inner_loop(
        self,
        sequences: Tensor,
        initial_state: Any,
        mask: Tensor | None,
        training: bool = False,
        constants: Any = None,
    ) -> tuple[Tensor, Tensor, Any]:
        """Runs the cell over all steps; `call` checks its arguments before, and casts and keeps the results after.

        Args:
            sequences: Tensor of shape (batch, steps, ...).
            initial_state: The states before the first step.
            mask: Booleans of shape (batch, steps), False for steps to skip; None: no step is skipped.
            training: Whether the cell runs as in training, with dropout.
            constants: Values that the cell gets as `constants` in each step.

        Returns:
            The last output; the outputs of all steps, of shape (batch, steps, ...), or with `return_sequences=False`
            the last one alone, of shape (batch, 1, ...); and the final states.
        """
        kwargs = {} if constants is None else {"constants": constants}
        if isinstance(self.cell, Layer) and "training" in signature_of(type(self.cell).call).parameters:
            kwargs["training"] = training
        last, outputs, states = run_loop(
            lambda inputs, states: call_cell(self.cell, inputs, states, **kwargs),
            _swapped(sequences),
            initial_state if isinstance(initial_state, (list, tuple, dict)) else [initial_state],
            None if mask is None else _swapped(mask),
            go_backwards=self.go_backwards,
            unroll=self.unroll,
            return_all_outputs=self.return_sequences,
            zero_output_for_mask=self.zero_output_for_mask,
            where=self._where(),
        )
        return last, _swapped(outputs) if self.return_sequences else ops.expand_dims(last, 1), states

    def _as_output(self, value: Tensor) -> Tensor:
        return value if dtype_of(value) == self.compute_dtype else ops.cast(value, self.compute_dtype)

    def _checked_mask(self, mask: Any, shape: Shape) -> Tensor | None:
        """Returns the mask as booleans of shape (batch, steps), with the first axes of the states if it has more."""
        mask = next(iter(tree.flatten(mask)), None)
        if mask is None:
            return None
        if len(mask.shape) == 3 and mask.shape[2] == 1:
            mask = ops.squeeze(mask, axis=-1)
        if not _fits(tuple(mask.shape[:2]), tuple(shape[:2])) or not self._has_places(mask.shape[2:]):
            raise ShapeError(
                f"{self._where()}: expected a mask of shape (batch, steps), {tuple(shape[:2])}. "
                f"Received shape {tuple(mask.shape)}"
            )
        return mask if dtype_of(mask) == "bool" else ops.cast(mask, "bool")

    def _has_places(self, sizes: Shape) -> bool:
        """Tells whether all states have these axes after the batch, and others: each place has a mask of its own."""
        if not sizes:
            return True
        shapes = [shape[1:] for shape in self._state_shapes(None)]
        return all(len(sizes) < len(shape) and _fits(tuple(sizes), shape[: len(sizes)]) for shape in shapes)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            "return_sequences": self.return_sequences,
            "return_state": self.return_state,
            "go_backwards": self.go_backwards,
            "stateful": self.stateful,
            "unroll": self.unroll,
            "zero_output_for_mask": self.zero_output_for_mask,
            "cell": serialize_keras_object(self.cell),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Self:
        """Creates the layer and its cell from their configs."""
        return cls(**{**config, "cell": deserialize_keras_object(config["cell"], custom_objects)})


def _swapped(value: Tensor) -> Tensor:
    """Returns a tensor with batch and steps exchanged."""
    return ops.transpose(value, (1, 0, *range(2, len(value.shape))))


def _fits(shape: Any, expected: Shape) -> bool:
    """Tells whether a shape is an expected one, as far as its sizes are known."""
    if not isinstance(shape, tuple) or len(shape) != len(expected):
        return False
    return all(None in pair or pair[0] == pair[1] for pair in zip(shape, expected, strict=True))


def _has_known_shapes(cell: Any) -> bool:
    """Tells whether `state_size` and `output_size` of a cell are sure to be the sizes of its states and its output."""
    if isinstance(cell, StackedRNNCells):
        return all(map(_has_known_shapes, cell.cells))
    return isinstance(cell, RecurrentCell) and cell.has_flat_states


def _draw_dropout_masks(cell: Any, inputs: Tensor, states: Any) -> None:
    """Draws the masks before the loop, as Keras does in inference, too: seeds advance with each call."""
    state = states[0] if isinstance(states, (list, tuple)) else states
    if isinstance(cell, DropoutRNNCell):
        cell.get_dropout_mask(inputs)
        cell.get_recurrent_dropout_mask(state)
    elif isinstance(cell, StackedRNNCells):
        for inner, own in zip(cell.cells, states, strict=True):
            _draw_dropout_masks(inner, inputs, own)
            inputs = ops.zeros((ops.shape(inputs)[0], output_size_of(inner)), dtype_of(inputs))


def _reset_dropout_masks(cell: Any) -> None:
    if isinstance(cell, DropoutRNNCell):
        cell.reset_dropout_mask()
        cell.reset_recurrent_dropout_mask()
    elif isinstance(cell, StackedRNNCells):
        for inner in cell.cells:
            _reset_dropout_masks(inner)

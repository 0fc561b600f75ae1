"""The `LSTMCell` layer."""

from typing import Any, Unpack

from ... import activations, ops
from ...argument_checks import as_bool
from ...typing import (
    ActivationLike,
    CellArguments,
    ConstraintLike,
    DType,
    InitializerLike,
    RegularizerLike,
    Shape,
    Tensor,
    TensorLike,
)
from .old_arguments import takes_old_arguments
from .recurrent_cell import RecurrentCell, placed, product


class LSTMCell(RecurrentCell):
    """One step of an LSTM.

    `z = x @ kernel + h @ recurrent_kernel + bias`, in four parts `i, f, g, o`; with `s`, the recurrent activation, and
    `a`, the activation: `c' = s(f) c + s(i) a(g)`, `h' = s(o) a(c')`

    Args:
        units: The number of units, the size of the output and of each state.
        activation: The name of an activation, or a function; None: no activation.
        recurrent_activation: The activation of the gates, likewise.
        use_bias: Whether to add a bias.
        kernel_initializer: Initializer of the kernel, shape (features, 4 * units).
        recurrent_initializer: Initializer of the recurrent kernel, shape (units, 4 * units).
        bias_initializer: Initializer of the bias, shape (4 * units,).
        unit_forget_bias: Whether the bias of the forget gate starts at 1.
        kernel_regularizer: Regularizer of the kernel; its penalty is added to the loss.
        recurrent_regularizer: Regularizer of the recurrent kernel.
        bias_regularizer: Regularizer of the bias.
        kernel_constraint: Constraint applied to the kernel after each update.
        recurrent_constraint: Constraint applied to the recurrent kernel after each update.
        bias_constraint: Constraint applied to the bias after each update.
        dropout: The fraction of the inputs to drop in training.
        recurrent_dropout: The fraction of the hidden state to drop in training.
        seed: An integer, for reproducible dropout.
        **kwargs: `implementation`, 1 for dropout masks that differ between gates, and the arguments of every layer.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/recurrent_layers/lstm/,
        Hochreiter and Schmidhuber 1997, https://doi.org/10.1162/neco.1997.9.8.1735

    Example:
        >>> cell = LSTMCell(2, kernel_initializer="ones", recurrent_initializer="zeros")
        >>> output, states = cell([[0.5]], cell.get_initial_state(1))
        >>> output.round(3)
        array([[0.174, 0.174]], dtype=float32)
    """

    gates = 4
    _unit_axis = -1

    @takes_old_arguments
    def __init__(
        self,
        units: int,
        activation: ActivationLike = "tanh",
        recurrent_activation: ActivationLike = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: InitializerLike = "glorot_uniform",
        recurrent_initializer: InitializerLike = "orthogonal",
        bias_initializer: InitializerLike = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: RegularizerLike = None,
        recurrent_regularizer: RegularizerLike = None,
        bias_regularizer: RegularizerLike = None,
        kernel_constraint: ConstraintLike = None,
        recurrent_constraint: ConstraintLike = None,
        bias_constraint: ConstraintLike = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Unpack[CellArguments],
    ):
        declared = {
            "kernel": (kernel_initializer, kernel_regularizer, kernel_constraint),
            "recurrent": (recurrent_initializer, recurrent_regularizer, recurrent_constraint),
            "bias": (bias_initializer, bias_regularizer, bias_constraint),
        }
        loop = (dropout, recurrent_dropout, seed)
        super().__init__(units, activation, use_bias, declared, *loop, **kwargs)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = as_bool(type(self).__name__, "unit_forget_bias", unit_forget_bias)
        self.state_size = [self.units, self.units]

    def _bias_initializer(self) -> Any:
        return self._with_unit_forget if self.unit_forget_bias else None

    def _with_unit_forget(self, shape: Shape, dtype: DType) -> Tensor:
        """Returns the initial bias: 1 for the forget gate."""
        others = self.bias_initializer
        parts = (
            others((self.units,), dtype=dtype),
            ops.ones((self.units,), dtype),
            others((2 * self.units,), dtype=dtype),
        )
        return ops.concatenate(parts)

    def call(self, inputs: TensorLike, states: Any, training: bool = False) -> tuple[Tensor, list[Tensor]]:
        """Returns the output, and the new hidden state and cell state."""
        inputs, hidden = self._dropped(inputs, states[0], training)
        i, f, g, o = ops.split(self._gate_inputs(inputs, hidden), 4, axis=self._unit_axis)
        gate = self.recurrent_activation
        c = gate(f) * states[1] + gate(i) * self.activation(g)
        h = gate(o) * self.activation(c)
        return h, [h, c]

    def _gate_inputs(self, inputs: Any, hidden: Any) -> Tensor:
        """Returns the values of all gates before their activations."""
        z = product(inputs, self.kernel)
        return (z if self.bias is None else z + self.bias) + product(hidden, self.recurrent_kernel)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return placed(super().get_config(), "unit_forget_bias", self.unit_forget_bias, after="use_bias")

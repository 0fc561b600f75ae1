"""The `SimpleRNNCell` layer."""

from typing import Any, Unpack

from ...typing import (
    ActivationLike,
    CellArguments,
    ConstraintLike,
    InitializerLike,
    RegularizerLike,
    Tensor,
    TensorLike,
)
from .old_arguments import takes_old_arguments
from .recurrent_cell import RecurrentCell, product


class SimpleRNNCell(RecurrentCell):
    """One step of a fully connected recurrent layer.

    `h' = activation(x @ kernel + h @ recurrent_kernel + bias)`

    Args:
        units: The number of units, the size of the output and of each state.
        activation: The name of an activation, or a function; None: no activation.
        use_bias: Whether to add a bias.
        kernel_initializer: Initializer of the kernel, shape (features, units).
        recurrent_initializer: Initializer of the recurrent kernel, shape (units, units).
        bias_initializer: Initializer of the bias, shape (units,).
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

    Source: https://keras.io/api/layers/recurrent_layers/simple_rnn/

    Example:
        >>> cell = SimpleRNNCell(2, kernel_initializer="ones", recurrent_initializer="zeros")
        >>> output, states = cell([[0.5]], cell.get_initial_state(1))
        >>> output.round(3)
        array([[0.462, 0.462]], dtype=float32)
    """

    @takes_old_arguments
    def __init__(
        self,
        units: int,
        activation: ActivationLike = "tanh",
        use_bias: bool = True,
        kernel_initializer: InitializerLike = "glorot_uniform",
        recurrent_initializer: InitializerLike = "orthogonal",
        bias_initializer: InitializerLike = "zeros",
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
        super().__init__(units, activation, use_bias, declared, dropout, recurrent_dropout, seed, **kwargs)

    def call(self, sequence: TensorLike, states: Any, training: bool = False) -> tuple[Tensor, Any]:
        """Returns the output, and the new state, which is the same."""
        old = states[0] if isinstance(states, (list, tuple)) else states
        inputs, hidden = self._dropped(sequence, old, training)
        x = product(inputs, self.kernel)
        h = self.activation((x if self.bias is None else x + self.bias) + product(hidden, self.recurrent_kernel))
        return h, [h] if isinstance(states, (list, tuple)) else h

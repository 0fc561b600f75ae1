"""The `LSTM` layer."""

from typing import Any, Unpack

from ...typing import (
    ActivationLike,
    ConstraintLike,
    InitializerLike,
    RecurrentArguments,
    RegularizerLike,
)
from .cell_layer import CellLayer, cell_arguments, of_cell
from .lstm_cell import LSTMCell
from .old_arguments import takes_old_arguments
from .recurrent_cell import placed


class LSTM(CellLayer):
    """Long short-term memory.

    The input has shape (batch, steps, features), the output (batch, units) or (batch, steps, units). See `LSTMCell`
    for the formula, and `RNN` for masks and states.

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
        activity_regularizer: Regularizer of the output; its penalty is divided by the batch size.
        kernel_constraint: Constraint applied to the kernel after each update.
        recurrent_constraint: Constraint applied to the recurrent kernel after each update.
        bias_constraint: Constraint applied to the bias after each update.
        dropout: The fraction of the inputs to drop in training.
        recurrent_dropout: The fraction of the hidden state to drop in training.
        seed: An integer, for reproducible dropout.
        return_sequences: Whether to return the outputs of all steps, or only the last one.
        return_state: Whether to return the final states, too.
        go_backwards: Whether to start with the last step; outputs then come in the reversed order.
        stateful: Whether a batch starts with the final states of the batch before.
        unroll: Whether to trace each step instead of a loop.
        use_cudnn: "auto" or False; True is refused in calls, since there is no GPU.
        **kwargs: `zero_output_for_mask`, `implementation`, and the arguments of every layer, such as `name`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/recurrent_layers/lstm/,
        Hochreiter and Schmidhuber 1997, https://doi.org/10.1162/neco.1997.9.8.1735

    Example:
        >>> layer = LSTM(4, return_sequences=True, return_state=True)
        >>> [value.shape for value in layer([[[0.0, 1.0]] * 3])]
        [(1, 3, 4), (1, 4), (1, 4)]
    """

    units = of_cell("units")
    recurrent_activation = of_cell("recurrent_activation")
    unit_forget_bias = of_cell("unit_forget_bias")

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
        activity_regularizer: RegularizerLike = None,
        kernel_constraint: ConstraintLike = None,
        recurrent_constraint: ConstraintLike = None,
        bias_constraint: ConstraintLike = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        use_cudnn: bool | str = "auto",
        **kwargs: Unpack[RecurrentArguments],
    ):
        cell = LSTMCell(
            units,
            activation=activation,
            recurrent_activation=recurrent_activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            unit_forget_bias=unit_forget_bias,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            seed=seed,
            **cell_arguments("lstm_cell", kwargs),
        )
        loop = (return_sequences, return_state, go_backwards, stateful, unroll)
        super().__init__(cell, *loop, activity_regularizer=activity_regularizer, **kwargs)
        self._set_use_cudnn(use_cudnn)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        config = super().get_config()
        return placed(config, "unit_forget_bias", config.pop("unit_forget_bias"), after="bias_initializer")

"""The base of `ConvLSTM1D`, `ConvLSTM2D` and `ConvLSTM3D`."""

from collections.abc import Sequence
from typing import Any, ClassVar, Unpack

from ...typing import (
    ActivationLike,
    ConstraintLike,
    ConvLSTMArguments,
    InitializerLike,
    RegularizerLike,
    Shape,
)
from .cell_layer import CellLayer, of_cell
from .conv_lstm_cell import ConvLSTMCell
from .recurrent_cell import placed


class ConvLSTM(CellLayer):
    """The base of LSTMs over sequences of images; see `ConvLSTMCell` for the formula, and `RNN` for masks and states.

    A subclass defines `_rank`, how many spatial axes there are.

    Args:
        filters: The number of filters, the channels of the output and of each state.
        kernel_size: The size of a window; an integer, or one for each spatial axis.
        strides: The distance of neighbouring windows on the inputs, likewise.
        padding: "valid" or "same", for the inputs.
        data_format: "channels_last", shape (batch, steps, *spatial, channels), or "channels_first", (batch, steps,
            channels, *spatial); by default `config.image_data_format()`.
        dilation_rate: The distance of neighbouring inputs in a window, likewise.
        activation: The name of an activation, or a function; None: no activation.
        recurrent_activation: The activation of the gates, likewise.
        use_bias: Whether to add a bias.
        kernel_initializer: Initializer of the kernel, shape (*kernel_size, channels, 4 * filters).
        recurrent_initializer: Initializer of the recurrent kernel, shape (*kernel_size, filters, 4 * filters).
        bias_initializer: Initializer of the bias, shape (4 * filters,).
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
        **kwargs: `unroll`, `zero_output_for_mask`, and the arguments of every layer, such as `name`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/recurrent_layers/
    """

    _has_old_name: ClassVar[bool] = False  # as in `Convolutional`
    filters = of_cell("filters")
    kernel_size = of_cell("kernel_size")
    strides = of_cell("strides")
    padding = of_cell("padding")
    data_format = of_cell("data_format")
    dilation_rate = of_cell("dilation_rate")
    recurrent_activation = of_cell("recurrent_activation")
    unit_forget_bias = of_cell("unit_forget_bias")

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int],
        padding: str,
        data_format: str | None,
        dilation_rate: int | Sequence[int],
        activation: ActivationLike,
        recurrent_activation: ActivationLike,
        use_bias: bool,
        kernel_initializer: InitializerLike,
        recurrent_initializer: InitializerLike,
        bias_initializer: InitializerLike,
        unit_forget_bias: bool,
        kernel_regularizer: RegularizerLike,
        recurrent_regularizer: RegularizerLike,
        bias_regularizer: RegularizerLike,
        activity_regularizer: RegularizerLike,
        kernel_constraint: ConstraintLike,
        recurrent_constraint: ConstraintLike,
        bias_constraint: ConstraintLike,
        dropout: float,
        recurrent_dropout: float,
        seed: int | None,
        return_sequences: bool,
        return_state: bool,
        go_backwards: bool,
        stateful: bool,
        **kwargs: Unpack[ConvLSTMArguments],
    ):
        windows = (kernel_size, strides, padding, data_format, dilation_rate)
        initializers = (kernel_initializer, recurrent_initializer, bias_initializer)
        regularizers = (kernel_regularizer, recurrent_regularizer, bias_regularizer)
        constraints = (kernel_constraint, recurrent_constraint, bias_constraint)
        cell = ConvLSTMCell(
            self._rank,
            filters,
            *windows,
            activation,
            recurrent_activation,
            use_bias,
            *initializers,
            unit_forget_bias,
            *regularizers,
            *constraints,
            dropout,
            recurrent_dropout,
            seed,
            name="conv_lstm_cell",
            dtype=kwargs.get("dtype"),
        )
        loop = (return_sequences, return_state, go_backwards, stateful, kwargs.pop("unroll", False))
        super().__init__(cell, *loop, activity_regularizer=activity_regularizer, **kwargs)

    def compute_output_shape(self, sequences_shape: Shape, initial_state_shape: Any = None) -> Any:
        """Returns the shape of the output, followed by those of the states if `return_state`."""
        batch, length, *step = sequences_shape
        (_, *sizes), states = self.cell.compute_output_shape((batch, *step))
        shape = (batch, length, *sizes) if self.return_sequences else (batch, *sizes)
        return (shape, *states) if self.return_state else shape

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        config = super().get_config()
        return placed(config, "unit_forget_bias", config.pop("unit_forget_bias"), after="bias_initializer")

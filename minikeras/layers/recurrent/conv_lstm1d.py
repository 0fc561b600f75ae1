"""The `ConvLSTM1D` layer."""

from collections.abc import Sequence
from typing import Unpack

from ...typing import ActivationLike, ConstraintLike, ConvLSTMArguments, InitializerLike, RegularizerLike
from .conv_lstm import ConvLSTM
from .old_arguments import takes_old_convolution_arguments


class ConvLSTM1D(ConvLSTM):
    """LSTM whose steps are sequences themselves, with convolutions in place of matrix products.

    With "channels_last", the input has shape (batch, steps, length, channels), the output (batch, length, filters) or
    (batch, steps, length, filters). See `LSTMCell` for the formula, and `RNN` for masks and states, which have the
    shape of the output of a step.

    Args:
        filters: The number of filters, the channels of the output and of each state.
        kernel_size: The size of a window; an integer.
        strides: The distance of neighbouring windows on the inputs, likewise.
        padding: "valid" or "same", for the inputs; states are convolved with "same".
        data_format: "channels_last", shape (batch, steps, length, channels), or "channels_first", (batch, steps,
            channels, length); by default `config.image_data_format()`.
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

    Source: https://keras.io/api/layers/recurrent_layers/conv_lstm1d/,
        Shi et al. 2015, https://arxiv.org/abs/1506.04214

    Example:
        >>> ConvLSTM1D(2, 3)([[[[0.0]] * 6] * 4]).shape
        (1, 4, 2)
    """

    _rank = 1

    @takes_old_convolution_arguments("filter_length")
    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: int | Sequence[int] = 1,
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
        **kwargs: Unpack[ConvLSTMArguments],
    ):
        windows = (filters, kernel_size, strides, padding, data_format, dilation_rate)
        gates = (activation, recurrent_activation, use_bias)
        initializers = (kernel_initializer, recurrent_initializer, bias_initializer, unit_forget_bias)
        regularizers = (kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer)
        constraints = (kernel_constraint, recurrent_constraint, bias_constraint)
        loop = (dropout, recurrent_dropout, seed, return_sequences, return_state, go_backwards, stateful)
        super().__init__(*windows, *gates, *initializers, *regularizers, *constraints, *loop, **kwargs)

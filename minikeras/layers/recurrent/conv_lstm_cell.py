"""The cell of `ConvLSTM`."""

from collections.abc import Callable, Sequence
from typing import Any, Unpack

from ... import ops
from ...argument_checks import bad_argument, check_int
from ...errors import ShapeError, add_location
from ...graph.keras_tensor import KerasTensor
from ...typing import (
    ActivationLike,
    ConstraintLike,
    InitializerLike,
    LayerArguments,
    RegularizerLike,
    Shape,
    Tensor,
    TensorLike,
)
from ..convolution.windows import Windowed
from ..input_spec import InputSpec
from .lstm_cell import LSTMCell
from .recurrent_cell import product


class ConvLSTMCell(Windowed, LSTMCell):
    """One step of an LSTM with convolutions in place of matrix products.

    `z = conv(x, kernel) + conv(h, recurrent_kernel) + bias`, in four parts as in `LSTMCell`. The convolution of the
    hidden state `h` keeps its spatial sizes, which are those of `conv(x, kernel)`. Each gate has dropout masks of its
    own.

    Args:
        rank: How many spatial axes there are.
        filters: The number of filters, the channels of the output and of each state.
        kernel_size: The size of a window; an integer, or one for each spatial axis.
        strides: The distance of neighbouring windows on the inputs, likewise.
        padding: "valid" or "same", for the inputs.
        data_format: "channels_last" or "channels_first"; by default `config.image_data_format()`.
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
        kernel_constraint: Constraint applied to the kernel after each update.
        recurrent_constraint: Constraint applied to the recurrent kernel after each update.
        bias_constraint: Constraint applied to the bias after each update.
        dropout: The fraction of the inputs to drop in training.
        recurrent_dropout: The fraction of the hidden state to drop in training.
        seed: An integer, for reproducible dropout.
        **kwargs: The arguments of every layer.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/recurrent_layers/conv_lstm2d/,
        Shi et al. 2015, https://arxiv.org/abs/1506.04214

    Example:
        >>> cell = ConvLSTMCell(1, 2, 3)
        >>> cell.build((None, 5, 1))
        >>> output, states = cell([[[0.0], [1.0], [2.0], [3.0], [4.0]]], cell.get_initial_state(1))
        >>> output.shape, len(states)
        ((1, 3, 2), 2)
    """

    has_flat_states = False

    def __init__(
        self,
        rank: int,
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
        kernel_constraint: ConstraintLike = None,
        recurrent_constraint: ConstraintLike = None,
        bias_constraint: ConstraintLike = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(
            check_int(type(self).__name__, "filters", filters, minimum=1),
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
            implementation=1,
            **kwargs,
        )
        if rank not in (1, 2, 3):
            raise bad_argument(type(self).__name__, "rank", rank, "1, 2 or 3")
        self.rank = rank
        self.filters = self.units
        self._set_windows(kernel_size, strides, padding, data_format, dilation_rate)
        self._refuse_strides_with_dilation()
        self._unit_axis = self._channel_axis
        self.input_spec = InputSpec(ndim=self.rank + 2)

    # ---------------------------------------------------------------- shapes

    def _kernel_shapes(self, input_shape: Shape) -> tuple[Shape, Shape]:
        size = self.gates * self.filters
        return (
            (*self.kernel_size, self._channels(input_shape), size),
            (*self.kernel_size, self.filters, size),
        )

    def compute_output_shape(self, inputs_shape: Shape, states_shape: Any = None) -> tuple[Shape, list[Shape]]:
        """Returns the shape of the output, and those of the states."""
        kernel, _ = self._kernel_shapes(inputs_shape)
        try:
            shape = tuple(self._convolved(KerasTensor(inputs_shape), KerasTensor((*kernel[:-1], self.filters))).shape)
        except ShapeError as error:
            add_location(error, f"Raised in `compute_output_shape` of {self._location()}.")
            raise
        return shape, [shape, shape]

    def build(self, input_shape: Shape, states_shape: Any = None) -> None:
        """Creates the kernel, shape (*kernel_size, channels, 4 * filters), the recurrent kernel and the bias."""
        (_, *sizes), _ = self.compute_output_shape(input_shape)
        if None in input_shape[1:]:
            raise ShapeError(
                f"{self._where()}: the spatial sizes of the inputs must be known, since the states have them. "
                f"Received: input_shape={tuple(input_shape)}"
            )
        super().build(input_shape)
        self._state_sizes = tuple(sizes)
        self.input_spec = InputSpec(shape=(None, *input_shape[1:]))

    def get_initial_state(self, batch_size: int | None = None) -> list[Tensor]:
        """Returns the initial states: zeros of the shape of the output.

        Raises:
            AttributeError: If the cell is not built.
        """
        if not self.built:
            raise AttributeError(f"{self._where()} has no initial states before it is built: they have spatial sizes.")
        return [ops.zeros((batch_size, *self._state_sizes), self.compute_dtype) for _ in self.state_size]

    # ---------------------------------------------------------------- calls

    def _convolved(self, inputs: TensorLike, kernel: TensorLike) -> Tensor:
        return ops.conv(inputs, kernel, self.strides, self.padding, self.data_format, self.dilation_rate)

    def _convolved_hidden(self, hidden: TensorLike, kernel: TensorLike) -> Tensor:
        return ops.conv(hidden, kernel, 1, "same", self.data_format)

    def _gate_inputs(self, inputs: Any, hidden: Any) -> Tensor:
        z = self._gate_convolution(self._convolved, inputs, self.kernel)
        if self.bias is not None:
            shape = (1, -1, *(1,) * self.rank)
            z = z + (self.bias if self._channel_axis == -1 else ops.reshape(self.bias, shape))
        return z + self._gate_convolution(self._convolved_hidden, hidden, self.recurrent_kernel)

    def _gate_convolution(self, convolve: Callable, value: Any, kernel: TensorLike) -> Tensor:
        return product(value, kernel, convolve, axis=self._channel_axis)

    def _size_config(self) -> dict[str, Any]:
        names = ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate")
        return {name: getattr(self, name) for name in names}

"""The base of all convolution layers: windows, bias and activation."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import activations, ops
from ...argument_checks import as_bool, check_sizes, check_string
from ...config import resolved_data_format
from ...errors import ArgumentError, ShapeError, unknown_name
from ...graph.keras_tensor import KerasTensor
from ...typing import (
    ActivationLike,
    ConstraintLike,
    InitializerLike,
    PlainLayerArguments,
    RegularizerLike,
    Shape,
    Tensor,
    TensorLike,
)
from ..core.lora import LoRA
from ..input_spec import InputSpec


class Convolutional(LoRA):
    """The base of layers that slide windows over spatial axes and combine what is in them by trained weights.

    A subclass defines `rank`, how many spatial axes there are; `_weight_shapes`, its weights by name; and `_windowed`,
    what is computed before bias and activation.

    Args:
        kernel_size: The size of a window; an integer, or one for each spatial axis.
        strides: The distance of neighbouring windows; an integer, or one for each spatial axis.
        padding: One of `paddings`; case does not matter.
        data_format: "channels_last", shape (batch, *spatial, channels), or "channels_first", (batch, channels,
            *spatial); by default `config.image_data_format()`.
        dilation_rate: The distance of neighbouring inputs in a window; an integer, or one for each spatial axis.
        activation: The name of an activation, or a function; None: no activation.
        use_bias: Whether to add a bias.
        bias_initializer: Initializer of the bias, shape (filters,).
        bias_regularizer: Regularizer of the bias.
        activity_regularizer: Regularizer of the output; its penalty is divided by the batch size.
        bias_constraint: Constraint applied to the bias after each update.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/convolution_layers/
    """

    rank = 2
    paddings: tuple[str, ...] = ("valid", "same")

    def __init__(
        self,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int],
        padding: str,
        data_format: str | None,
        dilation_rate: int | Sequence[int],
        activation: ActivationLike,
        use_bias: bool,
        bias_initializer: InitializerLike,
        bias_regularizer: RegularizerLike,
        activity_regularizer: RegularizerLike,
        bias_constraint: ConstraintLike,
        **kwargs: Unpack[PlainLayerArguments],
    ):
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        where = type(self).__name__
        self.kernel_size = check_sizes(where, "kernel_size", kernel_size, self.rank)
        self.strides = check_sizes(where, "strides", strides, self.rank)
        self.dilation_rate = check_sizes(where, "dilation_rate", dilation_rate, self.rank)
        self.padding = check_string(where, "padding", padding).lower()
        if self.padding not in self.paddings:
            raise unknown_name(f"padding of {where}", padding, self.paddings)
        self.data_format = resolved_data_format(where, data_format)
        self.activation = activations.get(activation)
        self.use_bias = as_bool(where, "use_bias", use_bias)
        self._declare_weight("bias", bias_initializer, bias_regularizer, bias_constraint)
        self.bias = None
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def _refuse_strides_with_dilation(self) -> None:
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ArgumentError(
                f"{type(self).__name__}: strides and dilation cannot both be greater than 1. "
                f"Received: strides={self.strides} and dilation_rate={self.dilation_rate}"
            )

    @property
    def _channel_axis(self) -> int:
        return -1 if self.data_format == "channels_last" else 1

    def _channels(self, input_shape: Shape) -> int:
        """Returns the number of input channels."""
        if len(input_shape) != self.rank + 2:
            raise ShapeError(
                f"{self._where()} expects inputs with {self.rank + 2} axes: batch, {self.rank} spatial, channels. "
                f"Received: input_shape={tuple(input_shape)}"
            )
        channels = input_shape[self._channel_axis]
        if channels is None:
            raise ArgumentError(
                f"{self._where()}: the number of input channels must be known; with "
                f"data_format={self.data_format!r} it is the size of axis {self._channel_axis}. "
                f"Received: input_shape={tuple(input_shape)}"
            )
        return channels

    def _weight_shapes(self, channels: int) -> dict[str, Shape]:
        """Returns the shapes of all weights but the bias, by the name of their arguments, and of the bias."""
        raise NotImplementedError(f"{self._where()} has no method `_weight_shapes`.")

    def _windowed(self, inputs: TensorLike, *weights: TensorLike) -> Tensor:
        """Returns the outputs before bias and activation."""
        raise NotImplementedError(f"{self._where()} has no method `_windowed`.")

    def _geometry(self) -> dict[str, Any]:
        """Returns the arguments that ops on windows share."""
        return {"strides": self.strides, "padding": self.padding, "data_format": self.data_format}

    def build(self, input_shape: Shape) -> None:
        """Creates the kernels and the bias, provided that windows fit into the inputs."""
        channels = self._channels(input_shape)
        shapes = self._weight_shapes(channels)
        self.compute_output_shape(input_shape)
        bias = shapes.pop("bias")
        for name, shape in shapes.items():
            setattr(self, self._attribute(name), self._add_declared_weight(name, shape))
        self.bias = self._add_declared_weight("bias", bias) if self.use_bias else None
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={self._channel_axis: channels})

    def _attribute(self, name: str) -> str:
        """Returns the attribute that holds a weight."""
        return name

    def _finished(self, outputs: Tensor) -> Tensor:
        """Returns the outputs with bias and activation."""
        if self.bias is not None:
            shape = (1, -1, *(1,) * self.rank)
            outputs = outputs + (self.bias if self._channel_axis == -1 else ops.reshape(self.bias, shape))
        return self.activation(outputs)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the shape of the output, with free spatial sizes where those of the input are free."""
        shapes = self._weight_shapes(self._channels(input_shape))
        weights = [KerasTensor(shape) for name, shape in shapes.items() if name != "bias"]
        return tuple(self._windowed(KerasTensor(input_shape), *weights).shape)

    def _window_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor about windows and activation."""
        return {
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "data_format": self.data_format,
            "dilation_rate": self.dilation_rate,
        }

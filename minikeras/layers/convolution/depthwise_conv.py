"""The base of `DepthwiseConv1D` and `DepthwiseConv2D`."""

from collections.abc import Sequence
from typing import Unpack

from ... import ops
from ...argument_checks import check_int
from ...typing import (
    ActivationLike,
    ConstraintLike,
    InitializerLike,
    PlainLayerArguments,
    RegularizerLike,
    Shape,
)
from .base import Convolutional


class DepthwiseConv(Convolutional):
    """The base of layers that convolve each channel on its own.

    Args:
        kernel_size: The size of a window; an integer, or one for each spatial axis.
        strides: The distance of neighbouring windows; an integer, or one for each spatial axis.
        padding: "valid" or "same".
        depth_multiplier: The number of output channels for each input channel.
        data_format: "channels_last" or "channels_first"; by default `config.image_data_format()`.
        dilation_rate: The distance of neighbouring inputs in a window; an integer, or one for each spatial axis.
        activation: The name of an activation, or a function; None: no activation.
        use_bias: Whether to add a bias.
        depthwise_initializer: Initializer of the kernel, shape (*kernel_size, channels, depth_multiplier).
        bias_initializer: Initializer of the bias, shape (channels * depth_multiplier,).
        depthwise_regularizer: Regularizer of the kernel; its penalty is added to the loss.
        bias_regularizer: Regularizer of the bias.
        activity_regularizer: Regularizer of the output; its penalty is divided by the batch size.
        depthwise_constraint: Constraint applied to the kernel after each update.
        bias_constraint: Constraint applied to the bias after each update.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/convolution_layers/
    """

    _op = staticmethod(ops.depthwise_conv)
    _settings = ("depth_multiplier", "kernel_size", "strides", "padding", "data_format", "dilation_rate")

    def __init__(
        self,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int],
        padding: str,
        depth_multiplier: int,
        data_format: str | None,
        dilation_rate: int | Sequence[int],
        activation: ActivationLike,
        use_bias: bool,
        depthwise_initializer: InitializerLike,
        bias_initializer: InitializerLike,
        depthwise_regularizer: RegularizerLike,
        bias_regularizer: RegularizerLike,
        activity_regularizer: RegularizerLike,
        depthwise_constraint: ConstraintLike,
        bias_constraint: ConstraintLike,
        **kwargs: Unpack[PlainLayerArguments],
    ):
        declared = {
            "depthwise": (depthwise_initializer, depthwise_regularizer, depthwise_constraint),
            "bias": (bias_initializer, bias_regularizer, bias_constraint),
        }
        windows = (kernel_size, strides, padding, data_format, dilation_rate)
        super().__init__(*windows, activation, use_bias, activity_regularizer, declared, **kwargs)
        self.depth_multiplier = check_int(type(self).__name__, "depth_multiplier", depth_multiplier, minimum=1)

    def _kernel_shapes(self, channels: int) -> tuple[Shape, ...]:
        return ((*self.kernel_size, channels, self.depth_multiplier),)

    def _output_channels(self, channels: int) -> int:
        return channels * self.depth_multiplier

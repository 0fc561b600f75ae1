"""The base of `SeparableConv1D` and `SeparableConv2D`."""

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


class SeparableConv(Convolutional):
    """The base of layers that convolve each channel on its own, then mix the channels at each position.

    Args:
        filters: The number of filters, the channels of the output.
        kernel_size: The size of a window; an integer, or one for each spatial axis.
        strides: The distance of neighbouring windows; an integer, or one for each spatial axis.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first"; by default `config.image_data_format()`.
        dilation_rate: The distance of neighbouring inputs in a window; an integer, or one for each spatial axis.
        depth_multiplier: The number of channels between the two steps for each input channel.
        activation: The name of an activation, or a function; None: no activation.
        use_bias: Whether to add a bias.
        depthwise_initializer: Initializer of the depthwise kernel, shape (*kernel_size, channels, depth_multiplier).
        pointwise_initializer: Initializer of the pointwise kernel, shape (1, ..., channels * depth_multiplier,
            filters).
        bias_initializer: Initializer of the bias, shape (filters,).
        depthwise_regularizer: Regularizer of the depthwise kernel; its penalty is added to the loss.
        pointwise_regularizer: Regularizer of the pointwise kernel, likewise.
        bias_regularizer: Regularizer of the bias.
        activity_regularizer: Regularizer of the output; its penalty is divided by the batch size.
        depthwise_constraint: Constraint applied to the depthwise kernel after each update.
        pointwise_constraint: Constraint applied to the pointwise kernel after each update.
        bias_constraint: Constraint applied to the bias after each update.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/convolution_layers/
    """

    _op = staticmethod(ops.separable_conv)
    _kernels = ("depthwise_kernel", "pointwise_kernel")
    _settings = ("depth_multiplier", "filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate")

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int],
        padding: str,
        data_format: str | None,
        dilation_rate: int | Sequence[int],
        depth_multiplier: int,
        activation: ActivationLike,
        use_bias: bool,
        depthwise_initializer: InitializerLike,
        pointwise_initializer: InitializerLike,
        bias_initializer: InitializerLike,
        depthwise_regularizer: RegularizerLike,
        pointwise_regularizer: RegularizerLike,
        bias_regularizer: RegularizerLike,
        activity_regularizer: RegularizerLike,
        depthwise_constraint: ConstraintLike,
        pointwise_constraint: ConstraintLike,
        bias_constraint: ConstraintLike,
        **kwargs: Unpack[PlainLayerArguments],
    ):
        declared = {
            "depthwise": (depthwise_initializer, depthwise_regularizer, depthwise_constraint),
            "pointwise": (pointwise_initializer, pointwise_regularizer, pointwise_constraint),
            "bias": (bias_initializer, bias_regularizer, bias_constraint),
        }
        windows = (kernel_size, strides, padding, data_format, dilation_rate)
        super().__init__(*windows, activation, use_bias, activity_regularizer, declared, **kwargs)
        where = type(self).__name__
        self.filters = check_int(where, "filters", filters, minimum=1)
        self.depth_multiplier = check_int(where, "depth_multiplier", depth_multiplier, minimum=1)

    def _kernel_shapes(self, channels: int) -> tuple[Shape, ...]:
        between = channels * self.depth_multiplier
        depthwise = (*self.kernel_size, channels, self.depth_multiplier)
        return depthwise, (*(1,) * self.rank, between, self.filters)

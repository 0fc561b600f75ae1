"""The `SeparableConv1D` layer."""

from collections.abc import Sequence
from typing import Unpack

from ...typing import ActivationLike, ConstraintLike, InitializerLike, PlainLayerArguments, RegularizerLike
from .old_arguments import takes_old_arguments
from .separable_conv import SeparableConv


class SeparableConv1D(SeparableConv):
    """Convolution over sequences of each channel on its own, then of all channels at each position.

    `y = activation(conv(depthwise_conv(x, depthwise_kernel), pointwise_kernel) + bias)`

    Args:
        filters: The number of filters, the channels of the output.
        kernel_size: The size of a window.
        strides: The distance of neighbouring windows.
        padding: "valid": no padding; "same": zeros such that the length becomes ceil(length / strides).
        data_format: "channels_last", shape (batch, steps, channels), or "channels_first", (batch, channels,
            steps); by default `config.image_data_format()`.
        dilation_rate: The distance of neighbouring time steps in a window.
        depth_multiplier: The number of channels between the two steps for each input channel.
        activation: The name of an activation, or a function; None: no activation.
        use_bias: Whether to add a bias.
        depthwise_initializer: Initializer of the depthwise kernel, shape (*kernel_size, channels, depth_multiplier).
        pointwise_initializer: Initializer of the pointwise kernel, shape (1, channels * depth_multiplier, filters).
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

    Source: https://keras.io/api/layers/convolution_layers/separable_convolution1d/

    Example:
        >>> layer = SeparableConv1D(1, 2, depthwise_initializer="ones", pointwise_initializer="ones")
        >>> layer([[[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]])[0, :, 0]
        array([33., 55.], dtype=float32)
    """

    rank = 1

    @takes_old_arguments("filter_length", initializers=["depthwise_initializer", "pointwise_initializer"])
    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: int | Sequence[int] = 1,
        depth_multiplier: int = 1,
        activation: ActivationLike = None,
        use_bias: bool = True,
        depthwise_initializer: InitializerLike = "glorot_uniform",
        pointwise_initializer: InitializerLike = "glorot_uniform",
        bias_initializer: InitializerLike = "zeros",
        depthwise_regularizer: RegularizerLike = None,
        pointwise_regularizer: RegularizerLike = None,
        bias_regularizer: RegularizerLike = None,
        activity_regularizer: RegularizerLike = None,
        depthwise_constraint: ConstraintLike = None,
        pointwise_constraint: ConstraintLike = None,
        bias_constraint: ConstraintLike = None,
        **kwargs: Unpack[PlainLayerArguments],
    ):
        super().__init__(
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            depth_multiplier,
            activation,
            use_bias,
            depthwise_initializer,
            pointwise_initializer,
            bias_initializer,
            depthwise_regularizer,
            pointwise_regularizer,
            bias_regularizer,
            activity_regularizer,
            depthwise_constraint,
            pointwise_constraint,
            bias_constraint,
            **kwargs,
        )

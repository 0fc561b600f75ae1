"""The `DepthwiseConv1D` layer."""

from collections.abc import Sequence
from typing import Unpack

from ...typing import ActivationLike, ConstraintLike, InitializerLike, PlainLayerArguments, RegularizerLike
from .depthwise_conv import DepthwiseConv
from .old_arguments import takes_old_arguments


class DepthwiseConv1D(DepthwiseConv):
    """Convolution over sequences of each channel on its own.

    `y[b, t, c * depth_multiplier + m] = activation(sum x[b, t + k, c] kernel[k, c, m] + bias)`

    Args:
        kernel_size: The size of a window.
        strides: The distance of neighbouring windows.
        padding: "valid": no padding; "same": zeros such that the length becomes ceil(length / strides).
        depth_multiplier: The number of output channels for each input channel.
        data_format: "channels_last", shape (batch, steps, channels), or "channels_first", (batch, channels,
            steps); by default `config.image_data_format()`.
        dilation_rate: The distance of neighbouring time steps in a window.
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

    Source: https://keras.io/api/layers/convolution_layers/depthwise_convolution1d/

    Example:
        >>> layer = DepthwiseConv1D(2, depthwise_initializer="ones")
        >>> layer([[[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]])
        array([[[ 3., 30.],
                [ 5., 50.]]], dtype=float32)
    """

    rank = 1

    @takes_old_arguments("filter_length", initializers=["depthwise_initializer"])
    def __init__(
        self,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: int | Sequence[int] = 1,
        activation: ActivationLike = None,
        use_bias: bool = True,
        depthwise_initializer: InitializerLike = "glorot_uniform",
        bias_initializer: InitializerLike = "zeros",
        depthwise_regularizer: RegularizerLike = None,
        bias_regularizer: RegularizerLike = None,
        activity_regularizer: RegularizerLike = None,
        depthwise_constraint: ConstraintLike = None,
        bias_constraint: ConstraintLike = None,
        **kwargs: Unpack[PlainLayerArguments],
    ):
        super().__init__(
            kernel_size,
            strides,
            padding,
            depth_multiplier,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            depthwise_initializer,
            bias_initializer,
            depthwise_regularizer,
            bias_regularizer,
            activity_regularizer,
            depthwise_constraint,
            bias_constraint,
            **kwargs,
        )

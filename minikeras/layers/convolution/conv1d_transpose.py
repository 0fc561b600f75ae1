"""The `Conv1DTranspose` layer."""

from collections.abc import Sequence
from typing import Unpack

from ...typing import ActivationLike, ConstraintLike, InitializerLike, PlainLayerArguments, RegularizerLike
from .conv_transpose import ConvTranspose
from .old_arguments import takes_old_arguments


class Conv1DTranspose(ConvTranspose):
    """Transposed convolution over sequences, the gradient of a convolution with respect to its inputs.

    `y[b, t * strides + k, f] += x[b, t, c] kernel[k, f, c]`, then bias and activation

    Args:
        filters: The number of filters, the channels of the output.
        kernel_size: The size of the kernel.
        strides: The distance at which neighbouring time steps of the input act.
        padding: "valid": all that the kernels reach; "same": cropped on both sides such that the spatial sizes become
            size * strides.
        output_padding: The number of additional time steps at the end, less than the stride; None
            differs from 0, see `ops.conv_transpose`.
        data_format: "channels_last", shape (batch, steps, channels), or "channels_first", (batch, channels,
            steps); by default `config.image_data_format()`.
        dilation_rate: The distance at which neighbouring elements of the kernel act.
        activation: The name of an activation, or a function; None: no activation.
        use_bias: Whether to add a bias.
        kernel_initializer: Initializer of the kernel, shape (*kernel_size, filters, channels).
        bias_initializer: Initializer of the bias, shape (filters,).
        kernel_regularizer: Regularizer of the kernel; its penalty is added to the loss.
        bias_regularizer: Regularizer of the bias.
        activity_regularizer: Regularizer of the output; its penalty is divided by the batch size.
        kernel_constraint: Constraint applied to the kernel after each update.
        bias_constraint: Constraint applied to the bias after each update.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/convolution_layers/convolution1d_transpose/

    Example:
        >>> layer = Conv1DTranspose(1, 2, strides=2, kernel_initializer="ones")
        >>> layer([[[1.0], [2.0]]])[0, :, 0]
        array([1., 1., 2., 2.], dtype=float32)
    """

    rank = 1

    @takes_old_arguments("filter_length", subsample_length="strides")
    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: str = "valid",
        output_padding: int | Sequence[int] | None = None,
        data_format: str | None = None,
        dilation_rate: int | Sequence[int] = 1,
        activation: ActivationLike = None,
        use_bias: bool = True,
        kernel_initializer: InitializerLike = "glorot_uniform",
        bias_initializer: InitializerLike = "zeros",
        kernel_regularizer: RegularizerLike = None,
        bias_regularizer: RegularizerLike = None,
        activity_regularizer: RegularizerLike = None,
        kernel_constraint: ConstraintLike = None,
        bias_constraint: ConstraintLike = None,
        **kwargs: Unpack[PlainLayerArguments],
    ):
        super().__init__(
            filters,
            kernel_size,
            strides,
            padding,
            output_padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            kernel_initializer,
            bias_initializer,
            kernel_regularizer,
            bias_regularizer,
            activity_regularizer,
            kernel_constraint,
            bias_constraint,
            **kwargs,
        )

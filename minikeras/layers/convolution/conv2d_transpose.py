"""The `Conv2DTranspose` layer."""

from collections.abc import Sequence
from typing import Unpack

from ...typing import ActivationLike, ConstraintLike, InitializerLike, PlainLayerArguments, RegularizerLike
from .conv_transpose import ConvTranspose
from .old_arguments import takes_old_arguments


class Conv2DTranspose(ConvTranspose):
    """Transposed convolution over images, the gradient of a convolution with respect to its inputs.

    `y[b, i * strides + k, j * strides + l, f] += x[b, i, j, c] kernel[k, l, f, c]`, then bias and activation

    Args:
        filters: The number of filters, the channels of the output.
        kernel_size: The size of the kernel (rows, columns), or one integer for both.
        strides: The distance at which neighbouring pixels of the input act, likewise.
        padding: "valid": all that the kernels reach; "same": cropped on both sides such that the spatial sizes become
            size * strides.
        output_padding: The number of additional pixels at the end, less than the stride, likewise; None
            differs from 0, see `ops.conv_transpose`.
        data_format: "channels_last", shape (batch, rows, columns, channels), or "channels_first", (batch, channels,
            rows, columns); by default `config.image_data_format()`.
        dilation_rate: The distance at which neighbouring elements of the kernel act, likewise.
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

    Source: https://keras.io/api/layers/convolution_layers/convolution2d_transpose/

    Example:
        >>> layer = Conv2DTranspose(1, 2, kernel_initializer="ones")
        >>> layer([[[[1.0], [2.0]]]])[0, :, :, 0]
        array([[1., 3., 2.],
               [1., 3., 2.]], dtype=float32)
    """

    rank = 2

    @takes_old_arguments("nb_row", "nb_col")
    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = (1, 1),
        padding: str = "valid",
        output_padding: int | Sequence[int] | None = None,
        data_format: str | None = None,
        dilation_rate: int | Sequence[int] = (1, 1),
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

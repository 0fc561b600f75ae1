"""The `Conv3DTranspose` layer."""

from collections.abc import Sequence
from typing import Unpack

from ...typing import ActivationLike, ConstraintLike, InitializerLike, PlainLayerArguments, RegularizerLike
from .conv_transpose import ConvTranspose
from .old_arguments import takes_old_arguments


class Conv3DTranspose(ConvTranspose):
    """Transposed convolution over volumes, the gradient of a convolution with respect to its inputs.

    `y[b, h * strides + k, i * strides + l, j * strides + m, f] += x[b, h, i, j, c] kernel[k, l, m, f, c]`, then the
    bias and the activation

    Args:
        filters: The number of filters, the channels of the output.
        kernel_size: The size of the kernel (depth, rows, columns), or one integer for all.
        strides: The distance at which neighbouring voxels of the input act, likewise.
        padding: "valid": all that the kernels reach; "same": cropped on both sides such that the spatial sizes become
            size * strides.
        data_format: "channels_last", shape (batch, depth, rows, columns, channels), or "channels_first", (batch,
            channels, depth, rows, columns); by default `config.image_data_format()`.
        output_padding: The number of additional voxels at the end, less than the stride, likewise; None
            differs from 0, see `ops.conv_transpose`.
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

    Source: https://keras.io/api/layers/convolution_layers/convolution3d_transpose/

    Example:
        >>> layer = Conv3DTranspose(1, (1, 2, 2), kernel_initializer="ones")
        >>> layer([[[[[1.0], [2.0]]]]])[0, :, :, :, 0]
        array([[[1., 3., 2.],
                [1., 3., 2.]]], dtype=float32)
    """

    rank = 3

    @takes_old_arguments("kernel_dim1", "kernel_dim2", "kernel_dim3")
    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = (1, 1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        output_padding: int | Sequence[int] | None = None,
        dilation_rate: int | Sequence[int] = (1, 1, 1),
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

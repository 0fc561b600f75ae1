"""The `Conv3D` layer."""

from collections.abc import Sequence
from typing import Unpack

from ...typing import ActivationLike, ConstraintLike, InitializerLike, LoRALayerArguments, RegularizerLike
from .conv import Conv
from .old_arguments import takes_old_arguments


class Conv3D(Conv):
    """Convolution over volumes.

    `y[b, h, i, j, f] = activation(sum x[b, h + k, i + l, j + m, c] kernel[k, l, m, c, f] + bias[f])`

    Args:
        filters: The number of filters, the channels of the output.
        kernel_size: The size of a window (depth, rows, columns), or one integer for all.
        strides: The distance of neighbouring windows, likewise.
        padding: "valid": no padding; "same": zeros such that the spatial sizes become ceil(size / strides).
        data_format: "channels_last", shape (batch, depth, rows, columns, channels), or "channels_first", (batch,
            channels, depth, rows, columns); by default `config.image_data_format()`.
        dilation_rate: The distance of neighbouring voxels in a window, likewise.
        groups: The number of groups that channels and filters are split into; each has a kernel of its own.
        activation: The name of an activation, or a function; None: no activation.
        use_bias: Whether to add a bias.
        kernel_initializer: Initializer of the kernel, shape (*kernel_size, channels / groups, filters).
        bias_initializer: Initializer of the bias, shape (filters,).
        kernel_regularizer: Regularizer of the kernel; its penalty is added to the loss.
        bias_regularizer: Regularizer of the bias.
        activity_regularizer: Regularizer of the output; its penalty is divided by the batch size.
        kernel_constraint: Constraint applied to the kernel after each update.
        bias_constraint: Constraint applied to the bias after each update.
        **kwargs: `lora_rank` and `lora_alpha`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/convolution_layers/convolution3d/

    Example:
        >>> layer = Conv3D(1, (1, 2, 2), kernel_initializer="ones")
        >>> layer([[[[[1.0], [2.0], [3.0]], [[4.0], [5.0], [6.0]]]]])[0, :, :, :, 0]
        array([[[12., 16.]]], dtype=float32)
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
        dilation_rate: int | Sequence[int] = (1, 1, 1),
        groups: int = 1,
        activation: ActivationLike = None,
        use_bias: bool = True,
        kernel_initializer: InitializerLike = "glorot_uniform",
        bias_initializer: InitializerLike = "zeros",
        kernel_regularizer: RegularizerLike = None,
        bias_regularizer: RegularizerLike = None,
        activity_regularizer: RegularizerLike = None,
        kernel_constraint: ConstraintLike = None,
        bias_constraint: ConstraintLike = None,
        **kwargs: Unpack[LoRALayerArguments],
    ):
        super().__init__(
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            groups,
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

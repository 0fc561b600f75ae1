"""The `Conv1D` layer."""

from collections.abc import Sequence
from typing import Unpack

from ...typing import ActivationLike, ConstraintLike, InitializerLike, LoRALayerArguments, RegularizerLike
from .conv import Conv
from .old_arguments import takes_old_arguments


class Conv1D(Conv):
    """Convolution over sequences.

    `y[b, t, f] = activation(sum x[b, t + k, c] kernel[k, c, f] + bias[f])`

    Args:
        filters: The number of filters, the channels of the output.
        kernel_size: The size of a window.
        strides: The distance of neighbouring windows.
        padding: "valid": no padding; "same": zeros such that the length becomes ceil(length / strides); "causal":
            zeros before, so that no output depends on later inputs.
        data_format: "channels_last", shape (batch, steps, channels), or "channels_first", (batch, channels,
            steps); by default `config.image_data_format()`.
        dilation_rate: The distance of neighbouring time steps in a window.
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

    Source: https://keras.io/api/layers/convolution_layers/convolution1d/

    Example:
        >>> layer = Conv1D(1, 2, padding="causal", kernel_initializer="ones")
        >>> layer([[[1.0], [2.0], [3.0]]])[0, :, 0]
        array([1., 3., 5.], dtype=float32)
    """

    rank = 1
    _paddings = ("valid", "same", "causal")

    @takes_old_arguments("filter_length", subsample_length="strides")
    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: int | Sequence[int] = 1,
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

"""The base of `Conv1DTranspose`, `Conv2DTranspose` and `Conv3DTranspose`."""

from collections.abc import Sequence
from typing import Unpack

from ... import ops
from ...argument_checks import check_int, check_sizes
from ...errors import ArgumentError
from ...typing import (
    ActivationLike,
    ConstraintLike,
    InitializerLike,
    PlainLayerArguments,
    RegularizerLike,
    Shape,
)
from .base import Convolutional


class ConvTranspose(Convolutional):
    """The base of layers that compute transposed convolutions: each input adds the kernel, times its value.

    Args:
        filters: The number of filters, the channels of the output.
        kernel_size: The size of the kernel; an integer, or one for each spatial axis.
        strides: The distance at which neighbouring inputs act; an integer, or one for each spatial axis.
        padding: "valid" or "same".
        output_padding: The number of additional outputs at the end, less than the stride; an integer, or one for each
            spatial axis. None differs from 0, see `ops.conv_transpose`.
        data_format: "channels_last" or "channels_first"; by default `config.image_data_format()`.
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

    Source: https://keras.io/api/layers/convolution_layers/
    """

    _op = staticmethod(ops.conv_transpose)
    _op_arguments = (*Convolutional._op_arguments, "output_padding")
    _settings = ("filters", "kernel_size", "strides", "padding", "output_padding", "data_format", "dilation_rate")

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int],
        padding: str,
        output_padding: int | Sequence[int] | None,
        data_format: str | None,
        dilation_rate: int | Sequence[int],
        activation: ActivationLike,
        use_bias: bool,
        kernel_initializer: InitializerLike,
        bias_initializer: InitializerLike,
        kernel_regularizer: RegularizerLike,
        bias_regularizer: RegularizerLike,
        activity_regularizer: RegularizerLike,
        kernel_constraint: ConstraintLike,
        bias_constraint: ConstraintLike,
        **kwargs: Unpack[PlainLayerArguments],
    ):
        declared = {
            "kernel": (kernel_initializer, kernel_regularizer, kernel_constraint),
            "bias": (bias_initializer, bias_regularizer, bias_constraint),
        }
        windows = (kernel_size, strides, padding, data_format, dilation_rate)
        super().__init__(*windows, activation, use_bias, activity_regularizer, declared, **kwargs)
        where = type(self).__name__
        self.filters = check_int(where, "filters", filters, minimum=1)
        if output_padding is not None:
            output_padding = check_sizes(where, "output_padding", output_padding, self.rank, minimum=0)
            if any(map(int.__ge__, output_padding, self.strides)):
                raise ArgumentError(
                    f"{where}: `output_padding` must be less than the stride along the same axis. "
                    f"Received: output_padding={output_padding}, strides={self.strides}"
                )
        self.output_padding = output_padding
        self._refuse_strides_with_dilation()

    def _kernel_shapes(self, channels: int) -> tuple[Shape, ...]:
        return ((*self.kernel_size, self.filters, channels),)

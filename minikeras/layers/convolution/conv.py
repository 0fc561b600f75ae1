"""The base of `Conv1D`, `Conv2D` and `Conv3D`."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops
from ...argument_checks import check_int
from ...engine.variable import Variable
from ...errors import ArgumentError
from ...typing import (
    ActivationLike,
    ConstraintLike,
    InitializerLike,
    PlainLayerArguments,
    RegularizerLike,
    Shape,
)
from ..core.lora import LoRA
from .base import Convolutional


class Conv(LoRA, Convolutional):
    """The base of layers that convolve their inputs with a kernel.

    Args:
        filters: The number of filters, the channels of the output.
        kernel_size: The size of a window; an integer, or one for each spatial axis.
        strides: The distance of neighbouring windows; an integer, or one for each spatial axis.
        padding: "valid" or "same", for `Conv1D` also "causal".
        data_format: "channels_last" or "channels_first"; by default `config.image_data_format()`.
        dilation_rate: The distance of neighbouring inputs in a window; an integer, or one for each spatial axis.
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
        lora_rank: If given, the kernel is frozen, and a low-rank update of this rank is trained instead.
        lora_alpha: The scale of the update, divided by the rank; the rank by default.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/convolution_layers/
    """

    _op = staticmethod(ops.conv)
    _settings = ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups")

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int],
        padding: str,
        data_format: str | None,
        dilation_rate: int | Sequence[int],
        groups: int,
        activation: ActivationLike,
        use_bias: bool,
        kernel_initializer: InitializerLike,
        bias_initializer: InitializerLike,
        kernel_regularizer: RegularizerLike,
        bias_regularizer: RegularizerLike,
        activity_regularizer: RegularizerLike,
        kernel_constraint: ConstraintLike,
        bias_constraint: ConstraintLike,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
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
        self.groups = check_int(where, "groups", groups, minimum=1)
        if self.filters % self.groups:
            raise ArgumentError(
                f"{where}: the number of filters must be a multiple of the number of groups. "
                f"Received: filters={filters}, groups={groups}"
            )
        self._refuse_strides_with_dilation()
        self._set_lora(lora_rank, lora_alpha)

    def _kernel_shapes(self, channels: int) -> tuple[Shape, ...]:
        if channels % self.groups:
            raise ArgumentError(
                f"{self._where()}: the number of input channels must be a multiple of the number of groups. "
                f"Received: {channels} channels, groups={self.groups}"
            )
        return ((*self.kernel_size, channels // self.groups, self.filters),)

    def _set_kernel(self, name: str, variable: Variable) -> None:
        self._kernel = variable

    def build(self, input_shape: Shape) -> None:
        """Creates the kernel, shape (*kernel_size, channels / groups, filters), and the bias, shape (filters,)."""
        super().build(input_shape)
        self._apply_lora()

    @property
    def kernel(self) -> Variable | Any:
        """The kernel, with the low-rank update if LoRA is enabled."""
        return self._adapted()

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), **self._lora_config()}

"""The base of all convolution layers: windows, bias and activation."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Unpack

from ... import activations, ops, regularizers
from ...argument_checks import as_bool
from ...engine.variable import Variable
from ...errors import ShapeError, add_location
from ...graph.keras_tensor import KerasTensor
from ...typing import ActivationLike, PlainLayerArguments, RegularizerLike, Shape, Tensor, TensorLike
from ..base import Layer
from ..input_spec import InputSpec
from .windows import Windowed


class Convolutional(Windowed, Layer):
    """The base of layers that slide windows over spatial axes and combine what is in them by trained weights.

    A subclass defines `rank`, how many spatial axes there are; `_op`, the convolution; `_kernels`, the names of its
    kernels, and `_kernel_shapes`; and `_settings`, the arguments that `get_config` lists before the activation.

    Args:
        kernel_size: The size of a window; an integer, or one for each spatial axis.
        strides: The distance of neighbouring windows; an integer, or one for each spatial axis.
        padding: One of `_paddings`; case does not matter.
        data_format: "channels_last", shape (batch, *spatial, channels), or "channels_first", (batch, channels,
            *spatial); by default `config.image_data_format()`.
        dilation_rate: The distance of neighbouring inputs in a window; an integer, or one for each spatial axis.
        activation: The name of an activation, or a function; None: no activation.
        use_bias: Whether to add a bias.
        activity_regularizer: Regularizer of the output; its penalty is divided by the batch size.
        declared: Initializer, regularizer and constraint of the kernels, in their order, and of the bias, by the prefix
            of these arguments.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/convolution_layers/
    """

    _op: ClassVar[Callable]
    _op_arguments: ClassVar[tuple[str, ...]] = ("strides", "padding", "data_format", "dilation_rate")
    _settings: ClassVar[tuple[str, ...]]
    _kernels: ClassVar[tuple[str, ...]] = ("kernel",)
    _has_old_name = False  # is of a class that is there for scripts of Keras 1, see `Convolution2D`
    filters: int

    def __init__(
        self,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int],
        padding: str,
        data_format: str | None,
        dilation_rate: int | Sequence[int],
        activation: ActivationLike,
        use_bias: bool,
        activity_regularizer: RegularizerLike,
        declared: Mapping[str, tuple],
        **kwargs: Unpack[PlainLayerArguments],
    ):
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self._set_windows(kernel_size, strides, padding, data_format, dilation_rate)
        self.activation = activations.get(activation)
        self.use_bias = as_bool(type(self).__name__, "use_bias", use_bias)
        self._prefixes = tuple(declared)
        for prefix, settings in declared.items():
            self._declare_weight(prefix, *settings)
        self.bias = None
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def _kernel_shapes(self, channels: int) -> tuple[Shape, ...]:
        """Returns the shape of each kernel."""
        raise NotImplementedError(f"{self._where()} has no method `_kernel_shapes`.")

    def _output_channels(self, channels: int) -> int:
        return self.filters

    def build(self, input_shape: Shape) -> None:
        """Creates the kernels and the bias, provided that windows fit into the inputs."""
        channels = self._channels(input_shape)
        self.compute_output_shape(input_shape)
        for prefix, name, shape in zip(self._prefixes, self._kernels, self._kernel_shapes(channels), strict=False):
            self._set_kernel(name, self._add_declared_weight(prefix, shape, name=name))
        self.bias = self._add_declared_weight("bias", (self._output_channels(channels),)) if self.use_bias else None
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={self._channel_axis: channels})

    def _set_kernel(self, name: str, variable: Variable) -> None:
        setattr(self, name, variable)

    def convolution_op(self, inputs: TensorLike, kernel: TensorLike, *kernels: TensorLike) -> Tensor:
        """Returns the outputs before bias and activation; separable convolutions have a second kernel."""
        return type(self)._op(inputs, kernel, *kernels, **{name: getattr(self, name) for name in self._op_arguments})

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns `activation(convolution_op(inputs, *kernels) + bias)`."""
        outputs = self.convolution_op(inputs, *(getattr(self, name) for name in self._kernels))
        if self.bias is not None:
            shape = (1, -1, *(1,) * self.rank)
            outputs = outputs + (self.bias if self._channel_axis == -1 else ops.reshape(self.bias, shape))
        return self.activation(outputs)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the shape of the output, with free spatial sizes where those of the input are free."""
        kernels = self._kernel_shapes(self._channels(input_shape))
        try:
            return tuple(self.convolution_op(KerasTensor(input_shape), *map(KerasTensor, kernels)).shape)
        except ShapeError as error:
            add_location(error, f"Raised in `compute_output_shape` of {self._location()}.")
            raise

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        activity = {"activity_regularizer": regularizers.serialize(self.activity_regularizer)}
        return {
            **super().get_config(),
            **{name: getattr(self, name) for name in self._settings},
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            **self._weight_config(*self._prefixes, before_constraints=activity),
        }

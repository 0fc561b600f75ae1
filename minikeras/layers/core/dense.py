"""The `Dense` layer."""

from typing import Any, Unpack

from ... import activations, ops
from ...activations.legacy import renamed
from ...argument_checks import as_bool, check_int
from ...engine.variable import Variable
from ...errors import ArgumentError
from ...typing import (
    ActivationLike,
    ConstraintLike,
    InitializerLike,
    PlainLayerArguments,
    RegularizerLike,
    Shape,
    Tensor,
    TensorLike,
)
from ..input_spec import InputSpec
from ..legacy import OLD_WEIGHT_ARGUMENTS
from .quantization.kernel import QuantizedKernel


class Dense(QuantizedKernel):
    """Fully connected layer.

    `output = activation(input @ kernel + bias)`

    Args:
        units: The number of units, the last size of the output.
        activation: The name of an activation, or a function; None: no activation.
        use_bias: Whether to add a bias.
        kernel_initializer: Initializer of the kernel, shape (inputs, units).
        bias_initializer: Initializer of the bias, shape (units,).
        kernel_regularizer: Regularizer of the kernel; its penalty is added to the loss.
        bias_regularizer: Regularizer of the bias.
        activity_regularizer: Regularizer of the output; its penalty is divided by the batch size.
        kernel_constraint: Constraint applied to the kernel after each update.
        bias_constraint: Constraint applied to the bias after each update.
        lora_rank: If given, the kernel is frozen, and a low-rank update of this rank is trained instead.
        lora_alpha: The scale of the update, divided by the rank; the rank by default.
        quantization_config: How the weights are quantized if `dtype` is a policy of quantized layers, such as
            "int8_from_float32"; None: as the defaults of `quantize` say.
        **kwargs: Arguments of every layer, such as `name`, `trainable` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/core_layers/dense/

    Example:
        >>> layer = Dense(2, kernel_initializer="ones")
        >>> layer([[1.0, 2.0, 3.0]])
        array([[6., 6.]], dtype=float32)
    """

    _has_quantize = True

    @renamed(output_dim="units", **OLD_WEIGHT_ARGUMENTS)
    def __init__(
        self,
        units: int,
        activation: ActivationLike = None,
        use_bias: bool = True,
        kernel_initializer: InitializerLike = "glorot_uniform",
        bias_initializer: InitializerLike = "zeros",
        kernel_regularizer: RegularizerLike = None,
        bias_regularizer: RegularizerLike = None,
        activity_regularizer: RegularizerLike = None,
        kernel_constraint: ConstraintLike = None,
        bias_constraint: ConstraintLike = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        quantization_config: Any = None,
        **kwargs: Unpack[PlainLayerArguments],
    ):
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.units = check_int("Dense", "units", units, minimum=1)
        self._set_quantization(quantization_config)
        self.activation = activations.get(activation)
        self.use_bias = as_bool("Dense", "use_bias", use_bias)
        self._declare_weight("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        self._declare_weight("bias", bias_initializer, bias_regularizer, bias_constraint)
        self._set_lora(lora_rank, lora_alpha)
        self.input_spec = InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape: Shape) -> None:
        """Creates the kernel, shape (inputs, units), and the bias, shape (units,)."""
        inputs = input_shape[-1] if input_shape else None
        if inputs is None:
            raise ArgumentError(
                f"{self._where()}: the last size of the input must be known. Received: input_shape={input_shape}"
            )
        self._build_weight((inputs, self.units))
        self.bias = self._add_declared_weight("bias", (self.units,)) if self.use_bias else None
        self.input_spec = InputSpec(min_ndim=2, axes={-1: inputs})
        self._apply_lora()

    @property
    def kernel(self) -> Variable | Any:
        """The kernel, with the low-rank update if LoRA is enabled."""
        return self._adapted()

    def call(self, inputs: TensorLike, training: bool | None = None) -> Tensor:
        """Returns `activation(inputs @ kernel + bias)`, of shape (..., units)."""
        x = ops.matmul(inputs, self.kernel)
        if self.bias is not None:
            x = ops.add(x, self.bias)
        return self.activation(x)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape with `units` as last size."""
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            **self._weight_config("kernel", "bias"),
            **self._quantization_config(),
            **self._lora_config(),
        }

"""The fully connected layer."""

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
from .lora import LoRA


class Dense(LoRA):
    """Connects every input with every unit.

    `output = activation(input @ kernel + bias)`

    Args:
        units: The number of outputs, a positive whole number.
        activation: A name or function; None: the sum as it is.
        use_bias: Add a bias.
        kernel_initializer: First values of the kernel, shape (inputs, units).
        bias_initializer: First values of the bias, shape (units,).
        kernel_regularizer: A penalty on the kernel that is added to the loss.
        bias_regularizer: A penalty on the bias.
        activity_regularizer: A penalty on the output, divided by the batch size.
        kernel_constraint: What the kernel is put through after each update.
        bias_constraint: What the bias is put through.
        lora_rank: If given, the kernel is frozen and two matrices of this rank are trained instead.
        lora_alpha: Scale of their product, divided by the rank; the rank by default.
        quantization_config: Only None: minikeras has no quantized layers.
        **kwargs: `name`, `trainable`, `dtype`, ... of every layer.

    Raises:
        ArgumentError: If an argument has a value that cannot work.
        NotSupportedError: For a quantization.

    Source: https://keras.io/api/layers/core_layers/dense/

    Example:
        >>> layer = Dense(2, kernel_initializer="ones")
        >>> layer([[1.0, 2.0, 3.0]])
        array([[6., 6.]], dtype=float32)
    """

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
        quantization_config: None = None,
        **kwargs: Unpack[PlainLayerArguments],
    ):
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.units = check_int("Dense", "units", units, minimum=1)
        self.refuse("quantization_config", quantization_config)
        self.activation = activations.get(activation)
        self.use_bias = as_bool("Dense", "use_bias", use_bias)
        self._declare_weight("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        self._declare_weight("bias", bias_initializer, bias_regularizer, bias_constraint)
        self._set_lora(lora_rank, lora_alpha)
        self.input_spec = InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape: Shape) -> None:
        """Makes the kernel of shape (inputs, units) and the bias of shape (units,)."""
        inputs = input_shape[-1] if input_shape else None
        if inputs is None:
            raise ArgumentError(
                f"{self._where()}: the last size of the input must be known. Received: input_shape={input_shape}"
            )
        self._kernel = self._add_declared_weight("kernel", (inputs, self.units))
        self.bias = self._add_declared_weight("bias", (self.units,)) if self.use_bias else None
        self.input_spec = InputSpec(min_ndim=2, axes={-1: inputs})
        self._apply_lora()

    @property
    def kernel(self) -> Variable | Any:
        """The kernel that `call` uses: the weight, plus the low-rank update if there is one."""
        return self._adapted()

    def call(self, inputs: TensorLike, training: bool | None = None) -> Tensor:
        """Returns `activation(inputs @ kernel + bias)`, of shape (..., units)."""
        x = ops.matmul(inputs, self.kernel)
        if self.bias is not None:
            x = ops.add(x, self.bias)
        return self.activation(x)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape with `units` as its last size."""
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments that make the same layer again."""
        return {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            **self._weight_config("kernel", "bias"),
            "quantization_config": None,
            **self._lora_config(),
        }

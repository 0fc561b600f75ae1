"""The fully connected layer."""

from typing import Any, Unpack

import numpy as np

from ... import activations, constraints, initializers, ops, regularizers
from ...activations.legacy import renamed
from ...engine.trace import paused_tracing
from ...engine.variable import Variable
from ...errors import ArgumentError, StateError, brief
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
from ..arguments import checked_as
from ..base import Layer
from ..input_spec import InputSpec
from ..legacy import OLD_WEIGHT_ARGUMENTS


class Dense(Layer):
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
        self.units = _positive_int("units", units)
        self.refuse("quantization_config", quantization_config)
        self.activation = activations.get(activation)
        self.use_bias = checked_as(bool, "Dense", "use_bias", use_bias)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.lora_rank = None if lora_rank is None else _positive_int("lora_rank", lora_rank)
        self.lora_alpha = self.lora_rank if lora_alpha is None else lora_alpha
        self.lora_enabled = False
        self.input_spec = InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape: Shape) -> None:
        """Makes the kernel of shape (inputs, units) and the bias of shape (units,)."""
        inputs = input_shape[-1] if input_shape else None
        if inputs is None:
            raise ArgumentError(
                f"{self._where()}: the last size of the input must be known. Received: input_shape={input_shape}"
            )
        self._kernel = self.add_weight(
            (inputs, self.units),
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                (self.units,),
                self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )
        self.input_spec = InputSpec(min_ndim=2, axes={-1: inputs})
        self.built = True
        if self.lora_rank:
            self.enable_lora(self.lora_rank, lora_alpha=self.lora_alpha)

    @property
    def kernel(self) -> Variable | Any:
        """The kernel that `call` uses: the weight, plus the low-rank update if there is one."""
        if not self.built:
            raise AttributeError(f"{self._where()} has no kernel before it is built.")
        if self.lora_enabled:
            return self._kernel + (self.lora_alpha / self.lora_rank) * ops.matmul(
                self.lora_kernel_a, self.lora_kernel_b
            )
        return self._kernel

    def call(self, inputs: TensorLike, training: bool | None = None) -> Tensor:
        """Returns `activation(inputs @ kernel + bias)`, of shape (..., units)."""
        x = ops.matmul(inputs, self.kernel)
        if self.bias is not None:
            x = ops.add(x, self.bias)
        return self.activation(x)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape with `units` as its last size."""
        return (*input_shape[:-1], self.units)

    def enable_lora(
        self,
        rank: int,
        lora_alpha: float | None = None,
        a_initializer: InitializerLike = "he_uniform",
        b_initializer: InitializerLike = "zeros",
    ) -> None:
        """Freezes the kernel and trains a low-rank update of it instead.

        `kernel + lora_alpha / rank * a @ b`

        Args:
            rank: The inner size of `a` and `b`.
            lora_alpha: Scale of the update; the rank by default.
            a_initializer: First values of `a`, shape (inputs, rank).
            b_initializer: First values of `b`, shape (rank, units).

        Raises:
            StateError: If the layer is not built, or has such an update already.
            ArgumentError: If the kernel has a constraint, which would not hold for the sum.

        Source: Hu et al. 2021, https://arxiv.org/abs/2106.09685
        """
        if self.kernel_constraint is not None:
            raise ArgumentError(f"{self._where()}: `enable_lora` is not possible with a `kernel_constraint`.")
        if not self.built:
            raise StateError(f"{self._where()}: build the layer before `enable_lora`.")
        if self.lora_enabled:
            raise StateError(f"{self._where()}: `enable_lora` was called before; a layer has one update.")
        rank = _positive_int("rank", rank)
        locked, self._tracker.locked = self._tracker.locked, False
        with paused_tracing():
            self.lora_kernel_a = self._lora_weight("a", (self._kernel.shape[0], rank), a_initializer)
            self.lora_kernel_b = self._lora_weight("b", (rank, self.units), b_initializer)
        self._tracker.locked = locked
        self._kernel.trainable = False
        self.lora_enabled, self.lora_rank = True, rank
        self.lora_alpha = rank if lora_alpha is None else lora_alpha

    def _lora_weight(self, which: str, shape: tuple, initializer: object) -> Variable:
        # In float32 whatever the layer's type, so that small updates are not lost.
        return self.add_weight(
            shape,
            initializers.get(initializer),
            "float32",
            regularizer=self.kernel_regularizer,
            name=f"lora_kernel_{which}",
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments that make the same layer again."""
        config = {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
            "quantization_config": None,
        }
        if self.lora_rank:
            config |= {"lora_rank": self.lora_rank, "lora_alpha": self.lora_alpha}
        return config


def _positive_int(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value <= 0:
        raise ArgumentError(f"Dense: `{name}` must be a positive whole number. Received: {name}={brief(value)}")
    return int(value)

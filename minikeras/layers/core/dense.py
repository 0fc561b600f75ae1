"""The fully connected layer."""

import numpy as np

from ... import activations, initializers, ops
from ...engine.trace import paused_tracing
from ...engine.variable import Variable
from ...errors import ArgumentError, StateError
from ..base import Layer
from ..input_spec import InputSpec


class Dense(Layer):
    """Connects every input with every unit.

    `output = activation(input @ kernel + bias)`

    Args:
        units: The number of outputs, a positive whole number.
        activation: A name or function; None: the sum as it is.
        use_bias: Add a bias.
        kernel_initializer: First values of the kernel, shape (inputs, units).
        bias_initializer: First values of the bias, shape (units,).
        kernel_regularizer: Only None: minikeras has no regularizers yet.
        bias_regularizer: Only None.
        activity_regularizer: Only None.
        kernel_constraint: Only None: minikeras has no constraints yet.
        bias_constraint: Only None.
        lora_rank: If given, the kernel is frozen and two matrices of this rank are trained instead.
        lora_alpha: Scale of their product, divided by the rank; the rank by default.
        quantization_config: Only None: minikeras has no quantized layers.
        **kwargs: `name`, `trainable`, `dtype`, ... of every layer.

    Raises:
        ArgumentError: If an argument has a value that cannot work.
        NotSupportedError: For a regularizer, a constraint or a quantization.

    Source: https://keras.io/api/layers/core_layers/dense/

    Example:
        >>> layer = Dense(2, kernel_initializer="ones")
        >>> layer([[1.0, 2.0, 3.0]])
        array([[6., 6.]], dtype=float32)
    """

    def __init__(
        self,
        units: int,
        activation: object = None,
        use_bias: bool = True,
        kernel_initializer: object = "glorot_uniform",
        bias_initializer: object = "zeros",
        kernel_regularizer: None = None,
        bias_regularizer: None = None,
        activity_regularizer: None = None,
        kernel_constraint: None = None,
        bias_constraint: None = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        quantization_config: None = None,
        **kwargs: object,
    ):
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.units = _positive_int("units", units)
        self.refuse("kernel_regularizer", kernel_regularizer)
        self.refuse("bias_regularizer", bias_regularizer)
        self.refuse("kernel_constraint", kernel_constraint)
        self.refuse("bias_constraint", bias_constraint)
        self.refuse("quantization_config", quantization_config)
        self.activation = activations.get(activation)
        self.use_bias = bool(use_bias)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.lora_rank = None if lora_rank is None else _positive_int("lora_rank", lora_rank)
        self.lora_alpha = self.lora_rank if lora_alpha is None else lora_alpha
        self.lora_enabled = False
        self.input_spec = InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape: tuple) -> None:
        """Makes the kernel of shape (inputs, units) and the bias of shape (units,)."""
        inputs = input_shape[-1] if input_shape else None
        if inputs is None:
            raise ArgumentError(
                f"{self._where()}: the last size of the input must be known. Received: input_shape={input_shape}"
            )
        self._kernel = self.add_weight((inputs, self.units), self.kernel_initializer, name="kernel")
        self.bias = self.add_weight((self.units,), self.bias_initializer, name="bias") if self.use_bias else None
        self.input_spec = InputSpec(min_ndim=2, axes={-1: inputs})
        super().build(input_shape)
        if self.lora_rank:
            self.enable_lora(self.lora_rank, lora_alpha=self.lora_alpha)

    @property
    def kernel(self) -> object:
        """The kernel that `call` uses: the weight, plus the low-rank update if there is one."""
        if not self.built:
            raise AttributeError(f"{self._where()} has no kernel before it is built.")
        if self.lora_enabled:
            return self._kernel + (self.lora_alpha / self.lora_rank) * ops.matmul(
                self.lora_kernel_a, self.lora_kernel_b
            )
        return self._kernel

    def call(self, inputs: object, training: bool | None = None) -> object:
        """Returns `activation(inputs @ kernel + bias)`, of shape (..., units)."""
        x = ops.matmul(inputs, self.kernel)
        if self.bias is not None:
            x = ops.add(x, self.bias)
        return self.activation(x)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Returns the input shape with `units` as its last size."""
        return (*input_shape[:-1], self.units)

    def enable_lora(
        self,
        rank: int,
        a_initializer: object = "he_uniform",
        b_initializer: object = "zeros",
        lora_alpha: float | None = None,
    ) -> None:
        """Freezes the kernel and trains a low-rank update of it instead.

        `kernel + lora_alpha / rank * a @ b`

        Args:
            rank: The inner size of `a` and `b`.
            a_initializer: First values of `a`, shape (inputs, rank).
            b_initializer: First values of `b`, shape (rank, units).
            lora_alpha: Scale of the update; the rank by default.

        Raises:
            StateError: If the layer is not built, or has such an update already.

        Source: https://arxiv.org/abs/2106.09685
        """
        if not self.built:
            raise StateError(f"{self._where()}: build the layer before `enable_lora`.")
        if self.lora_enabled:
            raise StateError(f"{self._where()}: `enable_lora` was called before; a layer has one update.")
        rank = _positive_int("rank", rank)
        with paused_tracing():
            self.lora_kernel_a = self._lora_weight("a", (self._kernel.shape[0], rank), a_initializer)
            self.lora_kernel_b = self._lora_weight("b", (rank, self.units), b_initializer)
        self._kernel.trainable = self._kernel.made_trainable = False
        self.lora_enabled, self.lora_rank = True, rank
        self.lora_alpha = rank if lora_alpha is None else lora_alpha

    def _lora_weight(self, which: str, shape: tuple, initializer: object) -> Variable:
        return self.add_weight(shape, initializers.get(initializer), name=f"lora_kernel_{which}")

    def get_config(self) -> dict:
        """Returns the arguments that make the same layer again."""
        config = {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": None,
            "bias_regularizer": None,
            "kernel_constraint": None,
            "bias_constraint": None,
            "quantization_config": None,
        }
        if self.lora_rank:
            config |= {"lora_rank": self.lora_rank, "lora_alpha": self.lora_alpha}
        return config


def _positive_int(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value <= 0:
        raise ArgumentError(f"Dense: `{name}` must be a positive whole number. Received: {name}={value!r}")
    return int(value)

"""Products of float8 values, with scales that each training step replaces."""

from typing import Any

from .... import ops, quantizers
from ....dtype_policies import QuantizedFloat8DTypePolicy
from ....engine.dtypes import limits_of
from ....errors import NotSupportedError
from ....tracebacks import Filtered
from ....typing import Tensor, TensorLike

_FORWARD, _BACKWARD = "float8_e4m3fn", "float8_e5m2"  # the latter has fewer digits, and a wider range


class Float8(Filtered):
    """The part of a layer with a kernel that computes with float8 values.

    Inputs and kernel are rounded to `float8_e4m3fn`, gradients of outputs to `float8_e5m2`. Each has a scale and a
    history of its largest magnitudes, whose gradients are their new values.

    Source: Micikevicius et al. 2022, https://arxiv.org/abs/2209.05433
    """

    def _float8_build(self, kernel_shape: tuple, config: Any) -> None:
        policy = self._own_policy
        length = getattr(policy, "amax_history_length", QuantizedFloat8DTypePolicy.default_amax_history_length)
        options = {"dtype": "float32", "autocast": False, "overwrite_with_gradient": True}
        for name in ("inputs", "kernel", "outputs_grad"):
            scale = self.add_weight((), "ones", name=f"{name}_scale", **options)
            history = self.add_weight((length,), "zeros", name=f"{name}_amax_history", **options)
            setattr(self, f"{name}_scale", scale)
            setattr(self, f"{name}_amax_history", history)

    def _float8_call(self, inputs: TensorLike, training: bool | None = None) -> Tensor:
        if self.lora_enabled:
            raise NotSupportedError(f"{self._where()}: a layer with LoRA cannot compute with float8.")
        x = self._contract(self._rounded(inputs, "inputs", training), self._rounded(self._kernel, "kernel", training))
        x = self._with_rounded_gradient(x)
        if self.bias is None:
            return self.activation(x)
        bias = ops.convert_to_tensor(self.bias)
        if self.compute_dtype == "float32":
            bias = ops.cast(ops.cast(bias, "bfloat16"), "float32")
        return self.activation(ops.add(x, bias))

    def _rounded(self, x: TensorLike, name: str, training: bool | None) -> Tensor:
        """Returns values rounded to float8; the gradient passes through."""

        @ops.custom_gradient
        def rounded(x: Tensor, scale: Tensor, history: Tensor) -> tuple:
            updates = _updated(x, scale, history, _FORWARD) if training else (None, None)
            result = quantizers.quantize_and_dequantize(x, scale, _FORWARD, self.compute_dtype)
            return result, lambda upstream: (upstream, *updates)

        return rounded(*self._with_scale(ops.convert_to_tensor(x), name))

    def _with_rounded_gradient(self, x: Tensor) -> Tensor:
        """Returns a value whose gradient is rounded to float8."""

        @ops.custom_gradient
        def unchanged(x: Tensor, scale: Tensor, history: Tensor) -> tuple:
            def gradient(upstream: Tensor) -> tuple:
                rounded = quantizers.quantize_and_dequantize(upstream, scale, _BACKWARD, self.compute_dtype)
                return rounded, *_updated(upstream, scale, history, _BACKWARD)

            return x, gradient

        return unchanged(*self._with_scale(x, "outputs_grad"))

    def _with_scale(self, x: Tensor, name: str) -> tuple[Tensor, Tensor, Tensor]:
        scale, history = getattr(self, f"{name}_scale"), getattr(self, f"{name}_amax_history")
        return x, ops.convert_to_tensor(scale), ops.convert_to_tensor(history)


def _updated(x: Tensor, scale: Tensor, history: Tensor, dtype: str) -> tuple[Tensor, Tensor]:
    """Returns the scale for the next step, and the history with the largest magnitude of this one."""
    largest = ops.cast(float(limits_of(dtype).max), "float32")
    new_scale = quantizers.compute_float8_scale(ops.max(history, axis=0), scale, largest)
    return new_scale, quantizers.compute_float8_amax_history(x, history)

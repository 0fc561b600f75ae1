"""Quantizing a layer: what every layer has, and what quantized ones implement."""

from functools import wraps
from typing import TYPE_CHECKING, Any

from .. import quantizers
from ..dtype_policies.quantized import QUANTIZATION_MODES
from ..engine.trace import paused_tracing
from ..errors import ArgumentError, NotSupportedError, StateError
from ..tracebacks import Filtered, filtered
from ..typing import F

if TYPE_CHECKING:
    from ..quantizers.quantization_config import QuantizationConfig


def _as_quantize(quantize: F) -> F | Any:
    """Wraps `quantize`: its arguments are resolved and checked, and it may add weights to the built layer."""

    @filtered
    @wraps(quantize)
    def quantizing(
        self: "Quantizing", mode: str | None = None, config: "QuantizationConfig | None" = None, **kwargs: Any
    ) -> None:
        if self._is_quantizing:  # `super().quantize(...)`
            quantize(self, mode=mode, config=config, **kwargs)
            return
        from ..quantizers.quantization_config import resolved  # most layers never need it

        config = resolved(mode, config, self._where())
        self._check_quantizable(config.mode)
        locked, self._tracker.locked = self._tracker.locked, False
        self._is_quantizing = True
        try:
            with paused_tracing():
                quantize(self, mode=config.mode, config=config, **kwargs)
        finally:
            self._tracker.locked, self._is_quantizing = locked, False

    quantizing.is_of_layer = True
    return quantizing


class Quantizing(Filtered):
    """The part of `Layer` that is quantized.

    A quantized layer implements `quantize` and `quantized_build`, and for each of its modes a method such as
    `_int8_call`, which is called instead of `call`.
    """

    _is_quantized = False
    _is_quantizing = False

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        if not hasattr(cls.quantize, "is_of_layer"):
            cls.quantize = _as_quantize(cls.quantize)

    @property
    def quantization_mode(self) -> str | None:
        """How the layer is quantized: "int8", "int4", "float8", "gptq" or "awq"; None: not at all."""
        return self._own_policy.quantization_mode

    @_as_quantize
    def quantize(
        self, mode: str | None = None, type_check: bool = True, config: "QuantizationConfig | None" = None
    ) -> None:
        """Quantizes the weights of a built layer; only a few layers implement it.

        Args:
            mode: "int8", "int4", "float8", "gptq" or "awq"; None: that of the config.
            type_check: Whether subclasses, which may use the weights otherwise, are refused.
            config: How it is quantized; the default of the mode if None.

        Raises:
            NotSupportedError: If the layer does not implement it.
            ArgumentError: If the mode or the config is invalid.
            StateError: If the layer is not built, or quantized already.
        """
        raise self._not_quantizable("quantize")

    def quantized_build(self, input_shape: Any, mode: str) -> None:
        """Creates the quantized weights; only a few layers implement it.

        Args:
            input_shape: The shape of the input, or of the weight.
            mode: The quantization mode.

        Raises:
            NotSupportedError: If the layer does not implement it.
        """
        raise self._not_quantizable("quantized_build")

    def quantized_call(self, *args: Any, **kwargs: Any) -> Any:
        """Computes the output of a quantized layer, by the method of its mode.

        Args:
            *args: Positional arguments of the call.
            **kwargs: Keyword arguments of the call.

        Raises:
            NotSupportedError: If the layer has none.
        """
        name = f"_{self.quantization_mode}_call"
        method = getattr(self, name, None)
        if method is None:
            raise self._not_quantizable(name)
        return method(*args, **kwargs)

    def _not_quantizable(self, method: str) -> NotSupportedError:
        return NotSupportedError(f"{self._where()}: its class does not implement `{method}`, so it is not quantized.")

    def _mode_error(self, mode: object) -> NotSupportedError:
        modes = tuple(each for each in QUANTIZATION_MODES if hasattr(self, f"_{each}_call"))
        return NotSupportedError(
            f"{self._where()}: it cannot be quantized in this way, expected one of {modes}. "
            f"Received: quantization_mode={mode}"
        )

    def _check_quantizable(self, mode: str) -> None:
        """Refuses to quantize a layer that is not built, or is quantized already, or would overflow."""
        if not self.built:
            raise StateError(f"{self._where()}: build the layer before `quantize`.")
        if self._is_quantized:
            raise StateError(
                f"{self._where()} is quantized already, with the dtype policy '{self.dtype_policy.name}'. "
                f"Received: mode='{mode}'"
            )
        if mode == "int8" and self.compute_dtype == "float16":
            raise ArgumentError(
                f"{self._where()}: sums of products of int8 overflow in float16. Use 'mixed_bfloat16' or 'float32' as "
                "its dtype policy. Received: mode='int8'"
            )

    def _quantize_to(self, policy: Any) -> None:
        """Quantizes a built layer whose dtype policy is set to a quantized one."""
        mode = policy.quantization_mode
        config = None
        if mode == "int4" and hasattr(policy, "block_size"):
            config = quantizers.Int4QuantizationConfig(block_size=policy.block_size)
        self.quantize(mode, config=config)

"""How `quantize` quantizes weights and activations: the config of a mode."""

from typing import Any, Self

from ..argument_checks import is_int
from ..dtype_policies.quantized import QUANTIZATION_MODES
from ..errors import ArgumentError, NotSupportedError, brief
from ..serialization.configs import deserialize_keras_object, serialize_keras_object
from ..tracebacks import Filtered
from .quantizer import AbsMaxQuantizer


class QuantizationConfig(Filtered):
    """The base class of configs of a quantization.

    Args:
        weight_quantizer: The quantizer of weights; None: that of the layer.
        activation_quantizer: The quantizer of a layer's inputs; None: they are not quantized.

    Source: https://keras.io/api/quantizers/

    Example:
        >>> QuantizationConfig().get_config()
        {'weight_quantizer': None, 'activation_quantizer': None}
    """

    def __init__(self, weight_quantizer: Any = None, activation_quantizer: Any = None):
        self.weight_quantizer = weight_quantizer
        self.activation_quantizer = activation_quantizer

    @property
    def mode(self) -> str:
        """The quantization mode."""
        raise NotSupportedError("QuantizationConfig has no `mode`: use that of a mode, as Int8QuantizationConfig.")

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            "weight_quantizer": serialize_keras_object(self.weight_quantizer),
            "activation_quantizer": serialize_keras_object(self.activation_quantizer),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a config of a quantization from what `get_config` returned."""
        quantizers = ("weight_quantizer", "activation_quantizer")
        return cls(**{**config, **{name: deserialize_keras_object(config.get(name)) for name in quantizers}})

    @staticmethod
    def weight_quantizer_or_default(config: "QuantizationConfig | None", default: Any) -> Any:
        """Returns the weight quantizer of a config, or the default if it has none.

        Args:
            config: The config, or None.
            default: The quantizer of the layer.
        """
        return default if config is None or config.weight_quantizer is None else config.weight_quantizer

    @staticmethod
    def activation_quantizer_or_default(config: "QuantizationConfig | None", default: Any) -> Any:
        """Returns the activation quantizer of a config, which may be None, or the default if there is no config.

        Args:
            config: The config, or None.
            default: The quantizer of the layer.
        """
        return default if config is None else config.activation_quantizer


class Int8QuantizationConfig(QuantizationConfig):
    """Weights of 8 bits with one scale for each channel, and inputs of 8 bits with scales computed in each call.

    Args:
        weight_quantizer: The quantizer of weights; None: `AbsMaxQuantizer` over the axes that are summed.
        activation_quantizer: The quantizer of the inputs; `AbsMaxQuantizer()` by default; None: only the weights are
            quantized.

    Raises:
        ArgumentError: If the weight quantizer has another output dtype than int8.

    Source: https://keras.io/api/quantizers/

    Example:
        >>> Int8QuantizationConfig(activation_quantizer=None).mode
        'int8'
    """

    def __init__(self, weight_quantizer: Any = None, activation_quantizer: Any = "default"):
        default = isinstance(activation_quantizer, str) and activation_quantizer == "default"
        super().__init__(weight_quantizer, AbsMaxQuantizer() if default else activation_quantizer)
        _check_output_dtype(self)

    @property
    def mode(self) -> str:
        """The quantization mode."""
        return "int8"


class Int4QuantizationConfig(QuantizationConfig):
    """Weights of 4 bits, two in a byte, with a scale and a zero point for each block of a channel.

    Args:
        weight_quantizer: The quantizer of weights, if there are no blocks; None: `AbsMaxQuantizer` with the range
            (-8, 7).
        activation_quantizer: The quantizer of the inputs, if there are no blocks; by default they are not quantized.
        block_size: The number of weights in a block; None or -1: there are no blocks, and one scale for each channel.

    Raises:
        ArgumentError: If the size is invalid, a quantizer is given besides it, or the weight quantizer has another
            output dtype or range.

    Source: https://keras.io/api/quantizers/, Dettmers and Zettlemoyer 2022, https://arxiv.org/abs/2212.09720

    Example:
        >>> Int4QuantizationConfig(block_size=64).get_config()
        {'weight_quantizer': None, 'activation_quantizer': None, 'block_size': 64}
    """

    def __init__(
        self, weight_quantizer: Any = None, activation_quantizer: Any = "default", block_size: int | None = 128
    ):
        default = isinstance(activation_quantizer, str) and activation_quantizer == "default"
        super().__init__(weight_quantizer, None if default else activation_quantizer)
        if block_size not in (None, -1) and not is_int(block_size, minimum=1):
            raise ArgumentError(
                "Int4QuantizationConfig: `block_size` must be None, -1 or a positive integer. "
                f"Received: block_size={brief(block_size)}"
            )
        self.block_size = block_size
        has_blocks = block_size not in (None, -1)
        if has_blocks and (self.weight_quantizer is not None or self.activation_quantizer is not None):
            raise ArgumentError(
                "Int4QuantizationConfig: quantizers can be given only without blocks, with block_size=None or -1. "
                f"Received: block_size={block_size}"
            )
        _check_output_dtype(self)
        if weight_quantizer is not None and tuple(weight_quantizer.value_range) != (-8, 7):
            raise ArgumentError(
                "Int4QuantizationConfig: the `weight_quantizer` must have value_range=(-8, 7). "
                f"Received: value_range={weight_quantizer.value_range}"
            )

    @property
    def mode(self) -> str:
        """The quantization mode."""
        return "int4"

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "block_size": self.block_size}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a config of a quantization from what `get_config` returned; older ones have no blocks."""
        return super().from_config({"block_size": None, **config})


class Float8QuantizationConfig(QuantizationConfig):
    """Products of float8 values, whose scales are trained: for training as well as for inference.

    Source: https://keras.io/api/quantizers/, Micikevicius et al. 2022, https://arxiv.org/abs/2209.05433

    Example:
        >>> Float8QuantizationConfig().mode
        'float8'
    """

    def __init__(self) -> None:
        super().__init__()

    @property
    def mode(self) -> str:
        """The quantization mode."""
        return "float8"

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor: none."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a config of a quantization."""
        return cls()


def _check_output_dtype(config: QuantizationConfig) -> None:
    quantizer = config.weight_quantizer
    if quantizer is not None and quantizer.output_dtype != "int8":
        raise ArgumentError(
            f"{type(config).__name__}: the `weight_quantizer` must have output_dtype='int8'. "
            f"Received: output_dtype={brief(quantizer.output_dtype)}"
        )


_DEFAULTS = {
    "int8": Int8QuantizationConfig,
    "int4": Int4QuantizationConfig,
    "float8": Float8QuantizationConfig,
}
_CALIBRATED = {"gptq": "GPTQConfig", "awq": "AWQConfig"}


def resolved(mode: str | None, config: QuantizationConfig | str | None, where: str) -> QuantizationConfig:
    """Returns the config of the arguments of `quantize`.

    Args:
        mode: The mode; None: that of the config.
        config: The config, or the mode; None: the default one of the mode.
        where: The layer or model, for errors.

    Raises:
        ArgumentError: If the mode is unknown, it contradicts the config, or there is no default one.
    """
    mode, config = (config, None) if isinstance(config, str) else (mode, config)
    if mode is not None and mode not in QUANTIZATION_MODES:
        raise ArgumentError(
            f"{where}: invalid quantization mode, expected one of {QUANTIZATION_MODES}. Received: mode={brief(mode)}"
        )
    if config is None:
        if mode is None:
            raise ArgumentError(f"{where}: `quantize` needs a `mode` or a `config`. Received neither.")
        if mode in _CALIBRATED:
            raise ArgumentError(
                f"{where}: mode='{mode}' needs data for its calibration: pass `config={_CALIBRATED[mode]}(...)`."
            )
        return _DEFAULTS[mode]()
    if not isinstance(config, QuantizationConfig):
        raise ArgumentError(f"{where}: `config` must be a `QuantizationConfig`. Received: config={brief(config)}")
    if mode is not None and config.mode != mode:
        raise ArgumentError(f"{where}: mode='{mode}' contradicts the config, whose mode is '{config.mode}'.")
    if config.mode not in QUANTIZATION_MODES:
        raise ArgumentError(
            f"{where}: invalid quantization mode, expected one of {QUANTIZATION_MODES}. Received: mode={config.mode}"
        )
    if config.mode in _CALIBRATED and type(config).__name__ != _CALIBRATED[config.mode]:
        raise ArgumentError(f"{where}: mode='{config.mode}' needs a {_CALIBRATED[config.mode]}. Received: {config}")
    return config

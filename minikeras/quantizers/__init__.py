"""Quantizers, and configs of quantizations, as in `keras.quantizers`."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .abs_max import abs_max_quantize as abs_max_quantize
    from .abs_max import abs_max_quantize_grouped_with_zero_point as abs_max_quantize_grouped_with_zero_point
    from .calibrated_configs import AWQConfig as AWQConfig
    from .calibrated_configs import GPTQConfig as GPTQConfig
    from .fake_quantization import fake_quant_with_min_max_vars as fake_quant_with_min_max_vars
    from .float8 import compute_float8_amax_history as compute_float8_amax_history
    from .float8 import compute_float8_scale as compute_float8_scale
    from .float8 import quantize_and_dequantize as quantize_and_dequantize
    from .int4 import pack_int4 as pack_int4
    from .int4 import unpack_int4 as unpack_int4
    from .lookup import deserialize as deserialize
    from .lookup import get as get
    from .lookup import serialize as serialize
    from .quantization_config import Float8QuantizationConfig as Float8QuantizationConfig
    from .quantization_config import Int4QuantizationConfig as Int4QuantizationConfig
    from .quantization_config import Int8QuantizationConfig as Int8QuantizationConfig
    from .quantization_config import QuantizationConfig as QuantizationConfig
    from .quantizer import AbsMaxQuantizer as AbsMaxQuantizer
    from .quantizer import Quantizer as Quantizer
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "AWQConfig": ".calibrated_configs",
            "AbsMaxQuantizer": ".quantizer",
            "Float8QuantizationConfig": ".quantization_config",
            "GPTQConfig": ".calibrated_configs",
            "Int4QuantizationConfig": ".quantization_config",
            "Int8QuantizationConfig": ".quantization_config",
            "QuantizationConfig": ".quantization_config",
            "Quantizer": ".quantizer",
            "abs_max_quantize": ".abs_max",
            "abs_max_quantize_grouped_with_zero_point": ".abs_max",
            "compute_float8_amax_history": ".float8",
            "compute_float8_scale": ".float8",
            "deserialize": ".lookup",
            "fake_quant_with_min_max_vars": ".fake_quantization",
            "get": ".lookup",
            "pack_int4": ".int4",
            "quantize_and_dequantize": ".float8",
            "serialize": ".lookup",
            "unpack_int4": ".int4",
        },
    )

"""Dtype policies, as in `keras.dtype_policies`: the compute and variable dtypes of layers."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .dtype_policy import DTypePolicy as DTypePolicy
    from .dtype_policy import FloatDTypePolicy as FloatDTypePolicy
    from .dtype_policy_map import DTypePolicyMap as DTypePolicyMap
    from .dtype_policy_map import deserialize as deserialize
    from .dtype_policy_map import get as get
    from .dtype_policy_map import serialize as serialize
    from .quantized import AWQDTypePolicy as AWQDTypePolicy
    from .quantized import GPTQDTypePolicy as GPTQDTypePolicy
    from .quantized import Int4DTypePolicy as Int4DTypePolicy
    from .quantized import QuantizedDTypePolicy as QuantizedDTypePolicy
    from .quantized import QuantizedFloat8DTypePolicy as QuantizedFloat8DTypePolicy
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "AWQDTypePolicy": ".quantized",
            "DTypePolicy": ".dtype_policy",
            "DTypePolicyMap": ".dtype_policy_map",
            "FloatDTypePolicy": ".dtype_policy",
            "GPTQDTypePolicy": ".quantized",
            "Int4DTypePolicy": ".quantized",
            "QuantizedDTypePolicy": ".quantized",
            "QuantizedFloat8DTypePolicy": ".quantized",
            "deserialize": ".dtype_policy_map",
            "get": ".dtype_policy_map",
            "serialize": ".dtype_policy_map",
        },
    )

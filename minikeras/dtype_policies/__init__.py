"""Which type a layer computes in and which type its weights have, as in `keras.dtype_policies`."""

from .. import config
from .dtype_policy import DTypePolicy, FloatDTypePolicy
from .dtype_policy_map import DTypePolicyMap, deserialize, get, serialize
from .quantized import (
    AWQDTypePolicy,
    GPTQDTypePolicy,
    Int4DTypePolicy,
    QuantizedDTypePolicy,
    QuantizedFloat8DTypePolicy,
)

__all__ = [
    "AWQDTypePolicy",
    "DTypePolicy",
    "DTypePolicyMap",
    "FloatDTypePolicy",
    "GPTQDTypePolicy",
    "Int4DTypePolicy",
    "QuantizedDTypePolicy",
    "QuantizedFloat8DTypePolicy",
    "deserialize",
    "get",
    "serialize",
]

config.policies_are_made_by(get)

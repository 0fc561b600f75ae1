"""Dtype policies, as in `keras.dtype_policies`: the compute and variable dtypes of layers."""

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

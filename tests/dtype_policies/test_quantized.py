"""Policies of quantized layers: their names, configs, and what is refused."""

import pytest

from minikeras import config, dtype_policies
from minikeras.dtype_policies import DTypePolicy, QuantizedDTypePolicy, QuantizedFloat8DTypePolicy
from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.quantizers import Int4QuantizationConfig

NAMES = {
    "int8_from_float32": ("QuantizedDTypePolicy", "int8", "float32", "float32"),
    "int8_from_mixed_bfloat16": ("QuantizedDTypePolicy", "int8", "bfloat16", "float32"),
    "int4_from_float32": ("QuantizedDTypePolicy", "int4", "float32", "float32"),
    "int4/64_from_mixed_float16": ("Int4DTypePolicy", "int4", "float16", "float32"),
    "int4/-1_from_float64": ("Int4DTypePolicy", "int4", "float64", "float64"),
    "float8_from_float32": ("QuantizedFloat8DTypePolicy", "float8", "float32", "float32"),
    "gptq/3/128_from_float32": ("GPTQDTypePolicy", "gptq", "float32", "float32"),
    "awq/4/-1_from_float32": ("AWQDTypePolicy", "awq", "float32", "float32"),
}


@pytest.mark.parametrize("name", NAMES)
def test_names(name):
    policy = dtype_policies.get(name)
    found = type(policy).__name__, policy.quantization_mode, policy.compute_dtype, policy.variable_dtype
    assert found == NAMES[name] and policy.name == name and isinstance(policy, QuantizedDTypePolicy)
    assert repr(policy) == f'<{type(policy).__name__} "{name}">'
    again = dtype_policies.deserialize(dtype_policies.serialize(policy))
    assert again == policy and again.get_config() == policy.get_config()
    assert policy != DTypePolicy("float32") and hash(again) == hash(policy)


def test_settings():
    assert dtype_policies.get("int4/64_from_float32").block_size == 64
    policy = dtype_policies.get("gptq/8/32_from_float32")
    assert (policy.weight_bits, policy.group_size, policy.mode) == (8, 32, "gptq")
    policy = QuantizedFloat8DTypePolicy("float8", "float32", amax_history_length=16)
    assert policy.get_config() == {"mode": "float8", "source_name": "float32", "amax_history_length": 16}
    assert policy != QuantizedFloat8DTypePolicy("float8", "float32")
    assert DTypePolicy("float32").quantization_mode is None


def test_the_source_is_the_global_policy():
    config.set_dtype_policy("mixed_bfloat16")
    try:
        assert QuantizedDTypePolicy("int8").name == "int8_from_mixed_bfloat16"
        assert dtype_policies.Int4DTypePolicy("int4/8").name == "int4/8_from_mixed_bfloat16"
    finally:
        config.set_dtype_policy("float32")


def test_in_a_map():
    policies = dtype_policies.DTypePolicyMap("int8_from_float32", {"a": "int4/8_from_float32"})
    assert policies.quantization_mode == "int8" and policies["a"].block_size == 8
    again = dtype_policies.deserialize(dtype_policies.serialize(policies))
    assert again["a"] == policies["a"] and again["b"] == policies["b"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("int8_", "named '<mode>_from_<policy>'"),
        ("int8_from_a_from_b", "named '<mode>_from_<policy>'"),
        ("float8_e4m3fn", "named '<mode>_from_<policy>'"),
        ("int8/2_from_float32", "`mode` must be one of"),
        ("int8_from_float16", "overflow in float16"),
        ("int8_from_mixed_float16", "overflow in float16"),
        ("int4/a_from_float32", "format 'int4/<block_size>'"),
        ("int4/8/8_from_float32", "format 'int4/<block_size>'"),
        ("int4/0_from_float32", "must be -1 .* or a positive integer. Received: 0"),
        ("gptq_from_float32", "format 'gptq/<weight_bits>/<group_size>'"),
        ("gptq/5/8_from_float32", r"must be one of \(2, 3, 4, 8\). Received: 5"),
        ("awq/8/8_from_float32", r"must be one of \(4,\). Received: 8"),
        ("int8_from_nothing", "nothing"),
    ],
)
def test_refused(name, message):
    with pytest.raises(ValueError, match=message):
        dtype_policies.get(name)


def test_refused_arguments():
    with pytest.raises(ArgumentError, match="`mode` must be one of"):
        QuantizedDTypePolicy("int3")
    with pytest.raises(ArgumentError, match="format 'awq/<weight_bits>"):
        dtype_policies.AWQDTypePolicy(4)
    with pytest.raises(ArgumentTypeError, match="`amax_history_length` must be an integer"):
        QuantizedFloat8DTypePolicy("float8", amax_history_length="16")
    assert Int4QuantizationConfig().mode in dtype_policies.get("int4_from_float32").name

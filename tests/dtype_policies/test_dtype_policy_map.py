"""Dtype policies by path, and lookup of policies."""

import numpy as np
import pytest

from minikeras import config, dtype_policies
from minikeras.dtype_policies import DTypePolicy, DTypePolicyMap
from minikeras.errors import ArgumentError, ArgumentTypeError, UnknownNameError


def policies():
    return DTypePolicyMap("float32", {"encoder/.*": DTypePolicy("float64"), "encoder/out": "float16"})


def test_an_equal_key_wins_over_a_pattern():
    found = policies()
    assert found["encoder/dense"].name == found.for_path("encoder/dense/kernel").name == "float64"
    assert found["encoder/out"].name == "float16"
    assert found["decoder"].name == found["my/encoder/dense"].name == "float32"  # patterns match whole paths
    found["encoder/d.*"] = "float16"
    with pytest.raises(ArgumentError, match=r"several patterns match the path 'encoder/dense'.*Expected one"):
        found["encoder/dense"]


def test_it_is_a_policy_with_the_dtypes_of_its_default():
    found = DTypePolicyMap("mixed_float16")
    assert (found.name, found.compute_dtype, found.variable_dtype) == ("map_mixed_float16", "float16", "float32")
    assert found.default_policy == DTypePolicy("mixed_float16")
    assert DTypePolicyMap().compute_dtype == config.floatx()


def test_it_is_a_dictionary():
    found = policies()
    assert len(found) == 2 and list(found) == ["encoder/.*", "encoder/out"]
    assert "encoder/out" in found and "encoder/dense" not in found
    del found["encoder/out"]
    assert found["encoder/out"].name == "float64"
    with pytest.raises(ArgumentError, match="'encoder/.*' already has a policy: <DTypePolicy"):
        found["encoder/.*"] = "float16"
    assert repr(found) == "<DTypePolicyMap default_policy=float32, mapping=[('encoder/.*', 'float64')]>"


def test_configs():
    found = policies()
    assert found == DTypePolicyMap.from_config(found.get_config()) != DTypePolicyMap("float32")
    again = dtype_policies.deserialize(dtype_policies.serialize(found))
    assert isinstance(again, DTypePolicyMap) and again == found
    assert DTypePolicyMap().get_config() == {"default_policy": None, "policy_map": {}}


def test_refused():
    with pytest.raises(ArgumentError, match="cannot be a map itself"):
        DTypePolicyMap(policies())
    with pytest.raises(ArgumentTypeError, match="`policy_map` must be a dict"):
        DTypePolicyMap("float32", [("a", "float16")])
    with pytest.raises(UnknownNameError, match="Did you mean 'float16'"):
        DTypePolicyMap("float32", {"a": "flaot16"})


def test_get():
    for given in ("float64", np.float64, np.dtype("float64"), DTypePolicy("float64"), {"name": "float64"}):
        assert dtype_policies.get(given) == DTypePolicy("float64")
    assert dtype_policies.get("int8_from_float32").quantization_mode == "int8"
    with pytest.raises(ArgumentTypeError, match="Expected a dtype or a dtype policy. Received: 3"):
        dtype_policies.get(3)
    with pytest.raises(UnknownNameError, match="Unknown dtype policy"):
        dtype_policies.deserialize({"class_name": "Policy", "config": {}})


def test_custom_policies_in_configs():
    class Own(DTypePolicy):
        pass

    config = DTypePolicyMap("float32", {"a": Own("float64")}).get_config()
    again = DTypePolicyMap.from_config(config, custom_objects={"Own": Own})
    assert type(again["a"]) is Own and again["a"].name == "float64"
    with pytest.raises(UnknownNameError, match="Own"):
        DTypePolicyMap.from_config(config)

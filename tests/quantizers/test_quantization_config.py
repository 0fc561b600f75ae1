"""Configs of quantizations, and the arguments of `quantize` that they come from."""

import pytest

from minikeras import quantizers
from minikeras.errors import ArgumentError, NotSupportedError
from minikeras.quantizers import (
    AbsMaxQuantizer,
    AWQConfig,
    Float8QuantizationConfig,
    GPTQConfig,
    Int4QuantizationConfig,
    Int8QuantizationConfig,
    QuantizationConfig,
)
from minikeras.quantizers.quantization_config import resolved


@pytest.mark.parametrize(
    "config",
    [
        Int8QuantizationConfig(),
        Int8QuantizationConfig(AbsMaxQuantizer(axis=0), None),
        Int4QuantizationConfig(),
        Int4QuantizationConfig(AbsMaxQuantizer(0, (-8, 7)), AbsMaxQuantizer(), block_size=None),
        Float8QuantizationConfig(),
        QuantizationConfig(),
    ],
)
def test_round_trips(config):
    again = quantizers.deserialize(quantizers.serialize(config))
    assert type(again) is type(config) and quantizers.serialize(again) == quantizers.serialize(config)


def test_modes_and_defaults():
    configs = Int8QuantizationConfig, Int4QuantizationConfig, Float8QuantizationConfig
    assert [config().mode for config in configs] == ["int8", "int4", "float8"]
    assert isinstance(Int8QuantizationConfig().activation_quantizer, AbsMaxQuantizer)
    assert Int4QuantizationConfig().activation_quantizer is None and Int4QuantizationConfig().block_size == 128
    assert Int4QuantizationConfig.from_config({}).block_size is None
    with pytest.raises(NotSupportedError, match="has no `mode`"):
        QuantizationConfig().mode  # noqa: B018


def test_quantizer_or_default():
    own = AbsMaxQuantizer()
    given = Int8QuantizationConfig(own, None)
    assert QuantizationConfig.weight_quantizer_or_default(given, None) is own
    assert QuantizationConfig.weight_quantizer_or_default(None, own) is own
    assert QuantizationConfig.weight_quantizer_or_default(Int8QuantizationConfig(), own) is own
    assert QuantizationConfig.activation_quantizer_or_default(given, own) is None
    assert QuantizationConfig.activation_quantizer_or_default(None, own) is own


@pytest.mark.parametrize(
    ("message", "make"),
    [
        ("must have output_dtype='int8'", lambda: Int8QuantizationConfig(AbsMaxQuantizer(output_dtype="int16"))),
        ("`block_size` must be None, -1 or a positive", lambda: Int4QuantizationConfig(block_size=0)),
        ("only without blocks", lambda: Int4QuantizationConfig(AbsMaxQuantizer(0, (-8, 7)))),
        ("only without blocks", lambda: Int4QuantizationConfig(activation_quantizer=AbsMaxQuantizer())),
        (r"must have value_range=\(-8, 7\)", lambda: Int4QuantizationConfig(AbsMaxQuantizer(), block_size=-1)),
    ],
)
def test_refused(message, make):
    with pytest.raises(ArgumentError, match=message):
        make()


def test_resolved():
    config = Int4QuantizationConfig(block_size=8)
    assert resolved("int4", config, "here") is resolved(None, config, "here") is config
    assert resolved(None, "int8", "here").mode == resolved("int8", None, "here").mode == "int8"
    for mode, kind in (("gptq", GPTQConfig), ("awq", AWQConfig)):
        with pytest.raises(ArgumentError, match=f"mode='{mode}' needs data for its calibration.*{kind.__name__}"):
            resolved(mode, None, "here")
        assert resolved(mode, kind(["a"], None), "here").mode == mode


class Pretending(QuantizationConfig):
    """A config of a mode that it is not for."""

    mode = "gptq"


@pytest.mark.parametrize(
    ("mode", "config", "message"),
    [
        ("int3", None, r"invalid quantization mode, expected one of \('int8'.*Received: mode='int3'"),
        (None, None, "needs a `mode` or a `config`"),
        ("int8", 3, "`config` must be a `QuantizationConfig`"),
        ("int8", Int4QuantizationConfig(), "mode='int8' contradicts the config, whose mode is 'int4'"),
        (None, Pretending(), "mode='gptq' needs a GPTQConfig"),
    ],
)
def test_what_is_not_resolved(mode, config, message):
    with pytest.raises(ArgumentError, match=f"here: .*{message}"):
        resolved(mode, config, "here")

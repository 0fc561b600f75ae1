"""Looking up quantizers."""

import pytest

from minikeras import quantizers
from minikeras.errors import ArgumentError, UnknownNameError
from minikeras.quantizers import AbsMaxQuantizer, Int8QuantizationConfig, Quantizer


def test_get():
    quantizer, config = AbsMaxQuantizer(axis=1), Int8QuantizationConfig()
    assert quantizers.get(None) is None
    assert quantizers.get(quantizer) is quantizer and quantizers.get(config) is config
    for name in ("AbsMaxQuantizer", "abs_max_quantizer", AbsMaxQuantizer):
        found = quantizers.get(name, axis=0, value_range=(-8, 7))
        assert (found.axis, found.value_range) == ((0,), (-8, 7))
    assert quantizers.get("int8_quantization_config").mode == "int8"
    assert quantizers.get(quantizers.serialize(quantizer)).axis == (1,)


def test_own_quantizers():
    class Sign(Quantizer):
        def get_config(self):
            return {"output_dtype": self.output_dtype}

    config = {"class_name": "Sign", "config": {"output_dtype": "int8"}}
    assert isinstance(quantizers.deserialize(config, {"Sign": Sign}), Sign)
    assert quantizers.get(Sign()).output_dtype == "int8"


def test_refused():
    with pytest.raises(UnknownNameError, match="'abs_max_quantiser'"):
        quantizers.get("abs_max_quantiser")
    with pytest.raises(ArgumentError, match="Expected a name, a config or an object of quantizer. Received: 3"):
        quantizers.get(3)

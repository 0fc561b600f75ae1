"""The base class of quantizers, and `AbsMaxQuantizer`."""

import numpy as np
import pytest

import minikeras
from minikeras.errors import ArgumentError, NotSupportedError
from minikeras.quantizers import AbsMaxQuantizer, Quantizer, abs_max_quantize

X = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")


def test_base():
    assert minikeras.Quantizer is Quantizer
    quantizer = Quantizer("int4")
    assert quantizer(X) is X and quantizer.output_dtype == "int4"
    with pytest.raises(NotSupportedError, match="Quantizer does not implement `get_config`"):
        quantizer.get_config()


def test_axes():
    for given, kept, axis in ((None, None, -1), (0, (0,), 0), ([0, 1], (0, 1), (0, 1))):
        quantizer = AbsMaxQuantizer(given)
        assert quantizer.axis == kept
        for first, second in zip(quantizer(X), abs_max_quantize(X, axis), strict=True):
            np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(AbsMaxQuantizer(0)(X, axis=1)[0], abs_max_quantize(X, 1)[0])


def test_config():
    quantizer = AbsMaxQuantizer(axis=1, value_range=[-8, 7], epsilon=0.5, output_dtype="float32")
    config = quantizer.get_config()
    assert config == {"value_range": (-8, 7), "epsilon": 0.5, "output_dtype": "float32", "axis": (1,)}
    assert AbsMaxQuantizer.from_config(config).get_config() == config
    assert "axis" not in AbsMaxQuantizer().get_config()


@pytest.mark.parametrize("value_range", [(-129, 0), (0, 128)])
def test_refused(value_range):
    with pytest.raises(ArgumentError, match=r"`value_range` must be within \[-128, 127\]"):
        AbsMaxQuantizer(value_range=value_range)
    assert AbsMaxQuantizer(value_range=value_range, output_dtype="int16").value_range == value_range

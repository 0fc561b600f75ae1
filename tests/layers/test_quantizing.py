"""Quantizing a layer: which can be, when, and what a subclass writes."""

import numpy as np
import pytest

from minikeras import layers, ops, quantizers
from minikeras.dtype_policies import DTypePolicyMap
from minikeras.errors import ArgumentError, NotSupportedError, StateError

X = np.random.default_rng(0).normal(size=(2, 4)).astype("float32")


def dense(**options):
    layer = layers.Dense(3, **options)
    layer.build((None, 4))
    return layer


class Halving(layers.Layer):
    """A layer that can be quantized, in its own way."""

    def build(self, input_shape):
        self.factor = self.add_weight((), "ones", name="factor")

    def call(self, inputs):
        return inputs * self.factor

    def quantize(self, mode=None, type_check=True, config=None):
        self.received = mode, type_check, config
        self.scale = self.add_weight((), "ones", name="scale")
        self._is_quantized = True
        self.dtype_policy = f"{mode}_from_{self.dtype_policy.name}"

    def _int8_call(self, inputs):
        return inputs * self.scale / 2


def test_own_layers():
    layer = Halving(name="h")
    np.testing.assert_array_equal(layer(X), X)
    layer.quantize("int8")
    assert layer.received[:2] == ("int8", True) and layer.received[2].mode == "int8"
    np.testing.assert_array_equal(layer(X), X / 2)
    assert layer.quantization_mode == "int8" and [w.path for w in layer.weights] == ["h/factor", "h/scale"]
    with pytest.raises(StateError, match="new state"):
        layer.other = layers.Dense(1)


def test_what_is_not_quantized():
    layer = layers.Dropout(0.5, name="d")
    layer.build((2, 4))
    with pytest.raises(NotSupportedError, match="'d': its class does not implement `quantize`"):
        layer.quantize("int8")
    with pytest.raises(NotSupportedError, match="does not implement `quantized_build`"):
        layer.quantized_build((2, 4), "int8")
    with pytest.raises(NotImplementedError, match="does not implement `_int8_call`"):
        layers.Dropout(0.5, dtype="int8_from_float32")(X)
    with pytest.raises(NotSupportedError, match="does not implement `quantize`"):
        layer.dtype_policy = "int8_from_float32"
    assert layer.dtype_policy.name == "float32" and layer(X) is not None
    for name in ("Conv1D", "Dense"):
        kind = type(name, (getattr(layers, name),), {})
        built = kind(2, *[1] * (name == "Conv1D"))
        built.build((None, 4, 4))
        with pytest.raises(NotSupportedError, match="does not implement `quantize`"):
            built.quantize("int8")
    built.quantize("int8", type_check=False)
    assert built.quantization_mode == "int8"


def test_the_case_of_a_report():
    """A second quantization is refused, whatever the mode."""
    layer = dense()
    layer.quantize("int8")
    for mode in ("float8", "int8", "int4"):
        with pytest.raises(StateError, match=f"quantized already.*'int8_from_float32'. Received: mode='{mode}'"):
            layer.quantize(mode)
    assert layer.kernel.dtype == "int8"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("int3",), ArgumentError, "invalid quantization mode"),
        ((), ArgumentError, "needs a `mode` or a `config`"),
        (("gptq",), ArgumentError, "needs data for its calibration"),
        (("int8", quantizers.Int4QuantizationConfig()), ArgumentError, "contradicts"),
        (("int8", 3), ArgumentError, "must be a `QuantizationConfig`"),
    ],
)
def test_refused(arguments, error, message):
    layer = dense()
    before = layer.get_weights()
    with pytest.raises(error, match=message):
        layer.quantize(*arguments)
    assert layer.quantization_mode is None and layer.get_weights()[0] is not None
    np.testing.assert_array_equal(layer.get_weights()[0], before[0])


def test_when():
    with pytest.raises(StateError, match="build the layer before `quantize`"):
        layers.Dense(3).quantize("int8")
    with pytest.raises(ArgumentError, match="overflow in float16"):
        dense(dtype="mixed_float16").quantize("int8")
    dense(dtype="mixed_float16").quantize("int4")


@pytest.mark.parametrize(
    ("policy", "shape"),
    [("int8_from_float32", (4, 3)), ("int4/2_from_float32", (4, 2)), ("int4_from_float32", (4, 2))],
)
def test_setting_a_policy_quantizes(policy, shape):
    layer = dense(
        kernel_initializer=np.array([[1.0, 0.2, -0.5], [-0.3, -0.9, 0.4], [0.1, 0.8, 0.2], [-1.0, -0.1, -0.3]])
    )
    expected = layer(X)
    layer.dtype_policy = policy
    assert layer.dtype_policy.name == policy and layer._kernel.shape == shape
    np.testing.assert_allclose(layer(X), expected, atol=0.3)
    groups = {"int4/2_from_float32": 2}.get(policy, 1)
    assert layer.kernel_scale.shape in ((groups, 3), (3,))


@pytest.mark.parametrize("policy", ["gptq/4/-1_from_float32", "awq/4/-1_from_float32"])
def test_a_policy_that_needs_data_is_refused(policy):
    layer = dense()
    with pytest.raises(ValueError, match="needs data for its calibration"):
        layer.dtype_policy = policy
    assert layer.dtype_policy.name == "float32"


def test_in_a_map():
    layer = dense(dtype=DTypePolicyMap("float32"), name="d")
    layer.quantize("int8")
    assert layer.quantization_mode == "int8" and dict(layer.dtype_policy)["d"].name == "int8_from_float32"
    again = layers.Dense.from_config(layer.get_config())
    again.build((None, 4))
    assert again.kernel.dtype == "int8"
    other = layers.Dense(3, dtype=layer.dtype_policy, name="e")
    other.build((None, 4))
    assert other.quantization_mode is None and ops.shape(other.kernel) == (4, 3)

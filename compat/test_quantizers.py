"""Quantizers and quantized layers next to those of Keras: functions, configs, variables, values, and files."""

import inspect

import keras
import numpy as np
import pytest
from keras.src.quantizers import quantizers as keras_quantizers

from minikeras import dtype_policies, ops, quantizers
from minikeras.quantizers import zero_points

NAMES = [name for name in dir(keras.quantizers) if not name.startswith("_")]
CLASSES = [name for name in NAMES if inspect.isclass(getattr(keras.quantizers, name))]
RANDOM = np.random.default_rng(0)
SHAPES = [(7, 5), (3, 4, 6), (1, 8)]


def normal(*shape):
    return RANDOM.normal(size=shape).astype("float32")


def assert_same(ours, theirs, bound=0.0):
    """Equal, or within a relative bound; of the same dtypes."""
    for first, second in zip(ours, theirs, strict=True):
        second = np.asarray(second)
        assert str(first.dtype) == keras.backend.standardize_dtype(second.dtype) and first.shape == second.shape
        if bound:
            np.testing.assert_allclose(first, second, rtol=bound, atol=bound)
        else:
            np.testing.assert_array_equal(first, second)


def parameters(function):
    return [(each.name, each.default) for each in inspect.signature(function).parameters.values()]


def test_names():
    assert sorted(quantizers.__all__) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_parameters(name):
    ours, theirs = getattr(quantizers, name), getattr(keras.quantizers, name)
    assert parameters(ours) == parameters(theirs)


@pytest.mark.parametrize("to_numpy", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_abs_max_quantize(shape, to_numpy):
    for scale in (1.0, 1e-9, 1e4):
        x = normal(*shape) * np.float32(scale)
        for axis in (-1, 0, (0, 1)):
            for arguments in ({}, {"value_range": (-8, 7), "epsilon": 1e-3}):
                ours = quantizers.abs_max_quantize(x, axis, to_numpy=to_numpy, **arguments)
                assert_same(ours, keras.quantizers.abs_max_quantize(x, axis, to_numpy=to_numpy, **arguments))
            ours = quantizers.AbsMaxQuantizer(axis, (-8, 7))(x, to_numpy=to_numpy)
            assert_same(ours, keras.quantizers.AbsMaxQuantizer(axis, (-8, 7))(x, to_numpy=to_numpy))
    assert_same(quantizers.AbsMaxQuantizer()(x), keras.quantizers.AbsMaxQuantizer()(x))


@pytest.mark.parametrize("to_numpy", [False, True])
@pytest.mark.parametrize("block_size", [1, 2, 3, 8, 128])
def test_grouped(block_size, to_numpy):
    x = normal(8, 5)
    x[:2] = 0.25
    ours = quantizers.abs_max_quantize_grouped_with_zero_point(x, block_size, to_numpy=to_numpy)
    theirs = keras.quantizers.abs_max_quantize_grouped_with_zero_point(x, block_size, to_numpy=to_numpy)
    assert_same(ours, theirs)


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("signed", [False, True])
def test_parameters_of_ranges(bits, symmetric, signed):
    x = normal(3, 10)
    x[0, :4] = 0
    for arguments in ({}, {"per_channel": True}, {"per_channel": True, "group_size": 4}, {"epsilon": 1e-3}):
        arguments |= {"bits": bits, "symmetric": symmetric, "signed": signed}
        ours = zero_points.compute_quantization_parameters(x, **arguments)
        theirs = keras_quantizers.compute_quantization_parameters(x, **arguments)
        assert_same(ours[:2], theirs[:2])
        assert float(ours[2]) == float(theirs[2])


def test_groups():
    x, groups = normal(4, 6), np.array([0, 0, 1, 1, 2, 2], "float32")
    scale, zero, levels = zero_points.compute_quantization_parameters(x, bits=4, per_channel=True, group_size=2)
    ours = zero_points.quantize_with_sz_map(x, scale, zero, groups, levels)
    assert_same([ours], [keras_quantizers.quantize_with_sz_map(x, scale, zero, groups, levels)])
    theirs = keras_quantizers.dequantize_with_sz_map(ours, scale, zero, groups)
    assert_same([zero_points.dequantize_with_sz_map(ours, scale, zero, groups)], [theirs])


@pytest.mark.parametrize("dtype", ["int8", "uint8"])
@pytest.mark.parametrize("shape", [(5,), (4, 3), (3, 4), (2, 3, 5), (1, 1)])
def test_packing(shape, dtype):
    low = -8 if dtype == "int8" else 0
    x = RANDOM.integers(low, low + 16, shape).astype(dtype)
    for axis in range(-len(shape), len(shape)):
        packed, size, length = quantizers.pack_int4(x, axis, dtype)
        expected = keras.quantizers.pack_int4(x, axis, dtype)
        assert_same([packed], expected[:1])
        assert (size, length) == expected[1:]
        assert_same([quantizers.unpack_int4(packed, length, axis, dtype)], [x])
        for each in ("int8", "uint8"):
            theirs = keras.quantizers.unpack_int4(expected[0], length, axis, each)
            assert_same([quantizers.unpack_int4(packed, length, axis, each)], [theirs])


def test_float8():
    x = normal(50) * 300
    for dtype in ("float8_e4m3fn", "float8_e5m2"):
        ours = quantizers.quantize_and_dequantize(x, np.float32(0.37), dtype, "float32")
        theirs = keras.quantizers.quantize_and_dequantize(x, np.float32(0.37), dtype, "float32")
        assert_same([ours], [theirs])
    for length in (1, 2, 5):
        history = np.abs(normal(length))
        ours = quantizers.compute_float8_amax_history(x, history)
        assert_same([ours], [keras.quantizers.compute_float8_amax_history(x, history)])
    for amax in (0.0, 3.5, np.inf, np.nan):
        arguments = (np.float32(amax), np.float32(0.7), np.float32(448.0), 1)
        ours = quantizers.compute_float8_scale(*arguments)
        assert_same(
            [ours], [keras.quantizers.compute_float8_scale(*map(keras.ops.convert_to_tensor, arguments[:3]), 1)]
        )


@pytest.mark.parametrize("arguments", [{}, {"num_bits": 4}, {"narrow_range": True}, {"num_bits": 3, "axis": 1}])
@pytest.mark.parametrize("ends", [(-1.1, 0.9), (0.0, 1.3), (-0.5, 1.6)])
def test_fake_quantization(arguments, ends):
    import tensorflow as tf

    from minikeras import GradientTape, Variable

    x, weight = normal(6, 3), normal(6, 3)
    size = (3,) if "axis" in arguments else ()
    low, high = (np.full(size, end, "float32") for end in ends)
    with tf.GradientTape() as tape:
        given = [tf.constant(each) for each in (x, low, high)]
        tape.watch(given)
        expected = keras.quantizers.fake_quant_with_min_max_vars(*given, **arguments)
        expected_grads = tape.gradient(tf.reduce_sum(expected * weight), given)
    with GradientTape() as tape:
        given = [Variable(each) for each in (x, low, high)]
        received = quantizers.fake_quant_with_min_max_vars(*given, **arguments)
        grads = tape.gradient(ops.sum(received * weight), given)
    assert_same([np.asarray(received), *map(np.asarray, grads)], [expected, *expected_grads], 1e-5)


CONFIGS = {
    "AbsMaxQuantizer": [{}, {"axis": 0}, {"axis": (0, 1), "value_range": (-8, 7), "epsilon": 1e-3}],
    "QuantizationConfig": [{}],
    "Int8QuantizationConfig": [{}, {"activation_quantizer": None}],
    "Int4QuantizationConfig": [{}, {"block_size": None}, {"block_size": 64}],
    "Float8QuantizationConfig": [{}],
    "GPTQConfig": [{"dataset": ["a"], "tokenizer": None}, {"dataset": None, "tokenizer": None, "weight_bits": 8}],
    "AWQConfig": [{"dataset": ["a"], "tokenizer": None}, {"dataset": None, "tokenizer": None, "group_size": -1}],
}


@pytest.mark.parametrize("name", [name for name in CLASSES if name != "Quantizer"])
def test_configs(name):
    for arguments in CONFIGS[name]:
        ours, theirs = getattr(quantizers, name)(**arguments), getattr(keras.quantizers, name)(**arguments)
        config = keras.saving.serialize_keras_object(theirs)
        assert quantizers.serialize(ours) == quantizers.serialize(quantizers.deserialize(config))
        assert list(quantizers.serialize(ours)["config"]) == list(config["config"])
        back = keras.saving.deserialize_keras_object(quantizers.serialize(ours))
        assert keras.saving.serialize_keras_object(back) == config


POLICIES = [
    "int8_from_float32 int8_from_mixed_bfloat16 int4_from_float32 int4/128_from_float32 int4/-1_from_float32",
    "gptq/4/128_from_float32 gptq/8/-1_from_mixed_bfloat16 awq/4/32_from_float32 float8_from_float32",
    "float8_from_mixed_float16 int8 int8_ int8_from_ int8_from_float16 int8_from_mixed_float16 int8/3_from_float32",
    "int4/128 int4/0_from_float32 int4/x_from_float32 gptq_from_float32 gptq/5/128_from_float32 awq/3/1_from_float32",
    "float8 float8_e4m3fn int8_from_a_from_b",
]
ACCEPTED_HERE = {"int8"}  # a dtype like others for layers that compute with integers


@pytest.mark.parametrize("name", [name for name in " ".join(POLICIES).split() if name not in ACCEPTED_HERE])
def test_policies(name):
    try:
        theirs = keras.dtype_policies.get(name)
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            dtype_policies.get(name)
        return
    ours = dtype_policies.get(name)
    for attribute in ("name", "compute_dtype", "variable_dtype", "quantization_mode"):
        assert getattr(ours, attribute) == getattr(theirs, attribute)
    assert repr(ours) == repr(theirs) and ours.get_config() == theirs.get_config()
    assert dtype_policies.serialize(ours) == keras.dtype_policies.serialize(theirs)
    assert dtype_policies.deserialize(dtype_policies.serialize(ours)) == ours

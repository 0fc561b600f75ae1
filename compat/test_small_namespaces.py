"""`legacy.saving`, `utils.legacy`, `mixed_precision`, `utils.get_source_inputs` and some of `config`, beside Keras."""

import keras
import pytest

import minikeras

RUNS = {
    "serialized": lambda k: k.legacy.saving.serialize_keras_object(k.initializers.Constant(2.0)),
    "inner objects": lambda k: {
        name: value
        for name, value in k.utils.legacy.serialize_keras_object(k.layers.Dense(2, kernel_initializer="zeros"))[
            "config"
        ].items()
        if name in ("units", "name", "kernel_constraint", "use_bias")
    },
    "made": lambda k: k.utils.legacy.deserialize_keras_object(
        {"class_name": "Constant", "config": {"value": 3.0}}, {"Constant": k.initializers.Constant}
    ).get_config(),
    "no object": lambda k: k.legacy.saving.deserialize_keras_object(None),
    "policy": lambda k: (
        k.mixed_precision.Policy("mixed_bfloat16").compute_dtype,
        k.mixed_precision.global_policy().name,
    ),
    "nnx": lambda k: k.config.is_nnx_enabled(),
}


@pytest.mark.parametrize("name", RUNS)
def test_the_same_results(name):
    keras.utils.clear_session(free_memory=False)  # names of layers are counted from 0
    assert RUNS[name](minikeras) == RUNS[name](keras)


def test_source_inputs():
    for k in (keras, minikeras):
        a, b = k.Input((2,), name="a"), k.Input((2,), name="b")
        y = k.layers.add([k.layers.Dense(2)(b), k.layers.add([a, b])])
        assert [x.name for x in k.utils.get_source_inputs(y)] == ["b", "a"]
        assert k.utils.get_source_inputs(3) == 3


def test_flash_attention():
    for k in (keras, minikeras):
        assert k.config.is_flash_attention_enabled() is None
        k.config.disable_flash_attention()
        assert k.config.is_flash_attention_enabled() is False
        assert k.layers.MultiHeadAttention(2, 3)._flash_attention is False
        k.utils.clear_session()
        assert k.config.is_flash_attention_enabled() is None

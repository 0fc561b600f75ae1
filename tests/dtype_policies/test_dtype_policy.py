"""Dtype policies: names, casting, and what is refused."""

import numpy as np
import pytest

from minikeras import Sequential, config, dtype_policies, initializers, layers, losses, metrics, ops, saving, utils
from minikeras.backend import clear_session
from minikeras.dtype_policies import DTypePolicy
from minikeras.errors import ArgumentTypeError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor


def test_types():
    policy = DTypePolicy("float64")
    assert (policy.name, policy.compute_dtype, policy.variable_dtype) == ("float64",) * 3
    assert repr(policy) == '<DTypePolicy "float64">'
    assert policy == DTypePolicy("float64") != DTypePolicy("float32") and policy != "float64"
    assert len({policy, DTypePolicy("float64")}) == 1


@pytest.mark.parametrize("ask", [config.dtype_policy, DTypePolicy, lambda: layers.Dense(1)])
def test_the_first_who_asks_fixes_the_default(ask):
    config.forget_dtype_policy()
    config.set_floatx("float64")
    assert DTypePolicy().name == config.dtype_policy().name == "float64"
    assert layers.Dense(1)([[1, 2]]).dtype == np.float64
    clear_session()  # lets `floatx` decide again
    config.set_floatx("float32")
    ask()
    config.set_floatx("float64")
    assert DTypePolicy().name == "float32"
    assert layers.Dense(1)([[1, 2]]).dtype == np.float32
    config.set_dtype_policy("float16")
    clear_session()
    assert config.dtype_policy().name == "float64"


@pytest.mark.parametrize("given", ["float16", np.float16, np.dtype("float16"), DTypePolicy("float16")])
def test_get(given):
    assert dtype_policies.get(given) == DTypePolicy("float16")


def test_configs():
    policy = DTypePolicy("float64")
    assert DTypePolicy.from_config(policy.get_config()) == policy
    assert dtype_policies.get({"class_name": "DTypePolicy", "config": {"name": "float64"}}) == policy
    assert dtype_policies.get({"name": "float64"}) == policy
    assert dtype_policies.get(None) == DTypePolicy("float32")


def test_only_floats_are_cast():
    policy = DTypePolicy("float64")
    convert = lambda value, autocast=True: policy.convert_input(value, autocast, policy.compute_dtype)  # noqa: E731
    assert convert(np.float32([1])).dtype == np.float64
    assert convert(np.float32(1)).dtype == np.float64
    assert convert(np.int32([1])).dtype == np.int32
    assert convert(np.float32([1]), autocast=False).dtype == np.float32
    assert convert(KerasTensor((3,), "float32")).dtype == "float64"
    assert convert("text") == "text"
    assert DTypePolicy("int32").convert_input(np.float32([1.5]), True, "int32").tolist() == [1.5]


def test_refused():
    with pytest.raises(UnknownNameError, match="'float'"):  # refused by Keras, unlike "int"
        DTypePolicy("float")
    with pytest.raises(UnknownNameError, match="Did you mean 'float32'"):
        DTypePolicy("flaot32")
    with pytest.raises(ArgumentTypeError, match="Expected a dtype or a dtype policy. Received: 3"):
        dtype_policies.get(3)
    with pytest.raises(ArgumentTypeError, match="`name` must be a string"):
        DTypePolicy(np.float32)


@pytest.mark.parametrize("name", ["mixed_bfloat16", "bfloat16"])
def test_bfloat16_trains(name, tmp_path):
    policy = DTypePolicy(name)
    variables = "float32" if name.startswith("mixed") else "bfloat16"
    assert (policy.name, policy.compute_dtype, policy.variable_dtype) == (name, "bfloat16", variables)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(48, 4)).astype("float32")
    y = x @ np.float32([[1], [-1], [0.5], [2]])
    results = []
    for eager in (True, False):
        utils.set_random_seed(0)
        hidden = layers.Dense(8, "tanh", dtype=name)
        model = Sequential([layers.Input((4,)), hidden, layers.Dense(1, dtype="float32")])
        model.compile("adam", "mse", run_eagerly=eager)
        losses = model.fit(x, y, batch_size=8, epochs=8, verbose=0, shuffle=False).history["loss"]
        assert losses[-1] < losses[0] and hidden(x).dtype == "bfloat16" and hidden.kernel.dtype == variables
        results.append([losses, *(weight.astype("float32") for weight in model.get_weights())])
    for first, second in zip(*results, strict=True):
        np.testing.assert_array_equal(first, second)
    model.save(tmp_path / "a.keras")
    again = saving.load_model(tmp_path / "a.keras")
    assert again.layers[0].dtype_policy == policy
    assert again.predict(x, verbose=0).tobytes() == model.predict(x, verbose=0).tobytes()


@pytest.mark.parametrize("optimizer", ["adam", "sgd", "rmsprop"])
def test_mixed_bfloat16_with_many_layers(optimizer, tmp_path):
    """Weights and the slots of the optimizer stay float32."""
    utils.set_random_seed(1)
    x = np.random.default_rng(0).integers(0, 10, (64, 5))
    y = (x.sum(axis=1) > 22).astype("float32")
    stack = [layers.Embedding(10, 8), layers.Flatten(), layers.Dense(16, "relu"), layers.BatchNormalization()]
    config.set_dtype_policy("mixed_bfloat16")
    stack = [type(layer).from_config({**layer.get_config(), "dtype": "mixed_bfloat16"}) for layer in stack]
    stack += [layers.LayerNormalization(), layers.Dropout(0.1), layers.Dense(1, "sigmoid", dtype="float32")]
    model = Sequential([layers.Input((5,)), *stack])
    model.compile(optimizer, "binary_crossentropy")
    losses = model.fit(x, y, batch_size=16, epochs=12, verbose=0).history["loss"]
    assert losses[-1] < 0.6 * losses[0] and {layer.compute_dtype for layer in stack[:-1]} == {"bfloat16"}
    assert {weight.dtype for weight in model.weights} == {"float32"}
    assert {variable.dtype for variable in model.optimizer.variables if "float" in variable.dtype} == {"float32"}
    model.save(tmp_path / "a.keras")
    again = saving.load_model(tmp_path / "a.keras")
    assert again.predict(x, verbose=0).tobytes() == model.predict(x, verbose=0).tobytes()


def test_data_of_bfloat16():
    """Wherever the kind of a dtype decides: that of bfloat16 is "V"."""
    x, y = ops.cast(np.ones((8, 3)), "bfloat16"), ops.cast(np.zeros((8, 2)), "bfloat16")
    model = Sequential([layers.Input((3,)), layers.Dense(2, kernel_initializer="ones")])
    model.compile("sgd", "mse")
    assert model.evaluate(x, y, verbose=0) == 9 and model.predict(x, verbose=0).dtype == "float32"
    assert model.evaluate(x, y, sample_weight=ops.cast(np.full(8, 2), "bfloat16"), verbose=0) == 18
    assert model.fit(iter([(x, y)]), steps_per_epoch=1, verbose=0).history["loss"] == [9]
    half = ops.cast([1.5, 2.0], "bfloat16")
    again = saving.deserialize_keras_object(saving.serialize_keras_object(half))
    assert again.dtype == "bfloat16" and again.tolist() == [1.5, 2]
    assert initializers.Constant(half)((2,)).tolist() == [1.5, 2]
    assert utils.to_categorical(half[1:] - half[1:]).tolist() == [[1]]
    with pytest.raises(ValueError, match="must contain integers"):
        utils.to_categorical(half)
    with pytest.raises(ValueError, match="expects integer labels"):
        losses.sparse_categorical_crossentropy(half[:1], [[0.5, 0.5]])
    with pytest.raises(ValueError, match="expected ids that are integers"):
        layers.Embedding(3, 2)(half)
    assert metrics.AUC(multi_label=True, num_labels=2, label_weights=half).label_weights is not None
    assert ops.nan_to_num(ops.cast([np.inf], "bfloat16")) == float(ops.cast(3.3895314e38, "bfloat16")[()])
    assert ops.saturate_cast(np.array([1e39]), "bfloat16") == ops.nan_to_num(ops.cast([np.inf], "bfloat16"))

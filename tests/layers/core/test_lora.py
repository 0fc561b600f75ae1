"""LoRA of every layer that has it: the update, what is trained, what files hold."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, StateError
from tests.helpers import run_layer_test

MAKERS = {
    "Dense": lambda **options: layers.Dense(3, **options),
    "EinsumDense": lambda **options: layers.EinsumDense("abc,cde->abde", (2, 2, 3), **options),
    "Embedding": lambda **options: layers.Embedding(4, 3, **options),
    "Conv1D": lambda **options: layers.Conv1D(3, 2, **options),
    "Conv2D": lambda **options: layers.Conv2D(4, (1, 3), groups=2, **options),
    "Conv3D": lambda **options: layers.Conv3D(3, 1, data_format="channels_first", **options),
}
SHAPES = {
    "Dense": (None, 4),
    "EinsumDense": (None, 2, 4),
    "Embedding": (None, 2),
    "Conv1D": (None, 5, 4),
    "Conv2D": (None, 5, 5, 4),
    "Conv3D": (None, 4, 2, 2, 2),
}
WEIGHTS = {**dict.fromkeys(MAKERS, "kernel"), "Embedding": "embeddings"}
FACTORS = {  # of rank 2: the weight's shape but for its last size, and that size
    "Dense": [(4, 2), (2, 3)],
    "EinsumDense": [(4, 2, 2), (2, 3)],
    "Embedding": [(4, 2), (2, 3)],
    "Conv1D": [(2, 4, 2), (2, 3)],
    "Conv2D": [(1, 3, 2, 2), (2, 4)],
    "Conv3D": [(1, 1, 1, 4, 2), (2, 3)],
}


def built(name, **options):
    layer = MAKERS[name](**options)
    layer.build(SHAPES[name])
    return layer


def factors(layer, name):
    return [getattr(layer, f"lora_{WEIGHTS[name]}_{which}") for which in "ab"]


def stored(layer):
    store = {}
    layer.save_own_variables(store)
    return store


@pytest.mark.parametrize("name", MAKERS)
def test_the_update_by_hand(name):
    layer = built(name, lora_rank=2, lora_alpha=3.0)
    a, b = factors(layer, name)
    assert [a.shape, b.shape] == FACTORS[name]
    weight = getattr(layer, f"_{WEIGHTS[name]}").numpy()
    np.testing.assert_array_equal(getattr(layer, WEIGHTS[name]), weight)  # b is zero
    a.assign(np.full(a.shape, 2.0))
    b.assign(np.full(b.shape, 5.0))
    # Two products of 2 and 5, times 3 / 2.
    np.testing.assert_allclose(getattr(layer, WEIGHTS[name]), weight + 30, rtol=1e-6)


@pytest.mark.parametrize("name", MAKERS)
def test_the_weight_is_frozen_and_the_factors_are_float32(name):
    layer = built(name, lora_rank=2, dtype="float16")
    weight = getattr(layer, f"_{WEIGHTS[name]}")
    assert weight in layer.non_trainable_variables and weight.dtype == "float16"
    assert [each for each in layer.trainable_variables if "lora" in each.path] == factors(layer, name)
    assert [factor.dtype for factor in factors(layer, name)] == ["float32"] * 2
    assert layer.get_config()["lora_rank"] == 2 and layer.get_config()["lora_alpha"] == 2
    assert "lora_rank" not in built(name).get_config()


def test_in_full():
    def make():
        layer = layers.EinsumDense("abc,cd->abd", (2, 3), bias_axes="d")
        layer.build((None, 2, 2))
        layer.enable_lora(1, b_initializer="ones")
        return layer

    # Factors in float32 are too coarse for numerical gradients.
    run_layer_test(make, (2, 2, 2), (2, 2, 3), order=0)


@pytest.mark.parametrize("name", MAKERS)
def test_what_is_refused(name):
    with pytest.raises(StateError, match="build the layer before `enable_lora`"):
        MAKERS[name]().enable_lora(2)
    with pytest.raises(StateError, match="was called before"):
        built(name, lora_rank=1).enable_lora(2)
    for rank in (0, 1.5, None):
        with pytest.raises(ArgumentError, match=f"{name}: `rank` must be a positive integer"):
            built(name).enable_lora(rank)
    constrained = built(name, **{f"{WEIGHTS[name]}_constraint": "non_neg"})
    with pytest.raises(ArgumentError, match=f"not possible with a constraint on the {WEIGHTS[name]}"):
        constrained.enable_lora(2)
    with pytest.raises(AttributeError, match=f"has no {WEIGHTS[name]} before it is built"):
        getattr(MAKERS[name](), WEIGHTS[name])


@pytest.mark.parametrize("name", MAKERS)
def test_a_file_holds_the_merged_weight(name):
    layer, plain = built(name, lora_rank=2), built(name)
    for factor in factors(layer, name):
        factor.assign(np.ones(factor.shape))
    store = stored(layer)
    assert list(store) == list(stored(plain))
    np.testing.assert_allclose(store["0"], getattr(layer, f"_{WEIGHTS[name]}").numpy() + 2, rtol=1e-6)
    plain.load_own_variables(store)
    np.testing.assert_array_equal(getattr(plain, WEIGHTS[name]).numpy(), store["0"])


@pytest.mark.parametrize("name", MAKERS)
def test_after_loading_the_update_is_zero_and_can_be_trained(name):
    layer = built(name, lora_rank=2)
    for factor in factors(layer, name):
        factor.assign(np.ones(factor.shape))
    store = stored(layer)
    layer.load_own_variables(store)
    np.testing.assert_allclose(getattr(layer, WEIGHTS[name]), store["0"], rtol=1e-6)
    a, b = factors(layer, name)
    assert a.numpy().any() and not b.numpy().any()
    with pytest.raises(ArgumentError, match="arrays, received 0"):
        layer.load_own_variables({})


def test_a_saved_model_predicts_the_same(tmp_path):
    model = minikeras.Sequential([layers.Input((4,)), layers.Dense(3, lora_rank=2)])
    model.compile("sgd", "mse")
    x, y = np.eye(4, dtype="float32"), np.ones((4, 3), "float32")
    model.fit(x, y, epochs=3, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = minikeras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded.predict(x, verbose=0), model.predict(x, verbose=0), rtol=1e-6)
    before = loaded.evaluate(x, y, verbose=0)
    loaded.fit(x, y, epochs=3, verbose=0)
    assert loaded.evaluate(x, y, verbose=0) < before
    plain = minikeras.Sequential([layers.Input((4,)), layers.Dense(3)])
    model.save_weights(tmp_path / "model.weights.h5")
    plain.load_weights(tmp_path / "model.weights.h5")
    np.testing.assert_allclose(plain.predict(x, verbose=0), model.predict(x, verbose=0), rtol=1e-6)


def test_an_interrupted_training_goes_on_to_the_last_bit(tmp_path):
    x, y = np.eye(4, dtype="float32"), np.ones((4, 3), "float32")

    def trained(epochs, model=None, callbacks=()):
        minikeras.utils.set_random_seed(1)
        model = minikeras.Sequential([layers.Input((4,)), layers.Dense(3, lora_rank=2)])
        model.compile("adam", "mse")
        model.fit(x, y, epochs=epochs, batch_size=2, verbose=0, callbacks=list(callbacks))
        return model

    class Interrupt(minikeras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise KeyboardInterrupt

    backup = minikeras.callbacks.BackupAndRestore(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        trained(4, callbacks=[backup, Interrupt()])
    resumed = trained(4, callbacks=[minikeras.callbacks.BackupAndRestore(tmp_path)])
    for ours, theirs in zip(resumed.get_weights(), trained(4).get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)

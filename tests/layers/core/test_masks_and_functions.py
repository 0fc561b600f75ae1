"""Embedding, Identity, Lambda and Masking."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, ops
from minikeras.engine.masks import get_mask
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning, StateError
from tests.helpers import run_layer_test

WORDS = np.array([[0, 2], [1, 1]])
TABLE = np.array([[0, 0], [1, 10], [2, 20]], "float32")


@pytest.mark.filterwarnings("ignore:.*does not support masking:UserWarning")  # the layer behind it
def test_in_full():
    run_layer_test(layers.Identity, (3, 4), (3, 4))
    run_layer_test(lambda: layers.Masking(0.5), (2, 3, 2), (2, 3, 2))


def test_embedding():
    layer = layers.Embedding(3, 2, weights=TABLE)
    assert layer.built and layer(WORDS).tolist() == [[[0, 0], [2, 20]], [[1, 10], [1, 10]]]
    assert get_mask(layer(WORDS)) is None and not layer.supports_masking
    masked = layers.Embedding(3, 2, mask_zero=True)
    assert get_mask(masked(WORDS)).tolist() == [[False, True], [True, True]]
    assert masked(layers.Input((7,), dtype="int32")).shape == (None, 7, 2)
    with pytest.raises(ArgumentError, match="`input_dim` must be a positive integer"):
        layers.Embedding(0, 2)


def test_embedding_trains_what_was_looked_up():
    model = minikeras.Sequential([layers.Input((2,), dtype="int32"), layers.Embedding(3, 2, weights=TABLE)])
    model.compile(minikeras.optimizers.SGD(1.0), "mse")
    y = np.zeros((2, 2, 2), "float32")
    model.fit(WORDS, y, verbose=0)
    # The gradient of the mean of 8 squares: 2 / 8 of each value, twice for the number that came twice.
    assert model.get_weights()[0].tolist() == [[0, 0], [0.5, 5], [1.5, 15]]


def test_lora_of_an_embedding():
    layer = layers.Embedding(3, 2, weights=TABLE)
    layer.enable_lora(1)
    assert [weight.trainable for weight in layer.weights].count(True) == 2
    np.testing.assert_array_equal(layer(WORDS), TABLE[WORDS])  # the update is 0 at first
    layer.lora_embeddings_a.assign([[1], [0], [0]])
    layer.lora_embeddings_b.assign([[5, 6]])
    assert layer(WORDS)[0, 0].tolist() == [5, 6]
    with pytest.raises(StateError):
        layer.enable_lora(1)
    with pytest.warns(LegacyWarning, match="input_length"):
        layers.Embedding(3, 2, input_length=4)


def test_masking_by_hand():
    x = np.array([[[1.0, -1.0], [-1.0, -1.0]]], "float32")
    y = layers.Masking(-1.0)(x)
    assert y.tolist() == [[[1, -1], [0, 0]]] and get_mask(y).tolist() == [[True, False]]


def scaled(x, factor=2.0):
    return x * factor


def test_lambda():
    assert layers.Lambda(scaled, arguments={"factor": 3.0})([[1.0]]).tolist() == [[3]]
    layer = layers.Lambda(scaled, output_shape=(2,), name="twice")
    assert layer(layers.Input((2,))).shape == (None, 2)
    again = layers.Lambda.from_config(layer.get_config(), {"scaled": scaled})
    assert again([[1.0, 2.0]]).tolist() == [[2, 4]]
    assert layers.Lambda(lambda x, training: x if training else -x)([[1.0]], training=True).tolist() == [[1]]
    masked = layers.Lambda(lambda x: x, mask=lambda inputs, mask: ops.any(inputs > 0, axis=-1))
    assert get_mask(masked(np.array([[[1.0], [-1.0]]]))).tolist() == [[True, False]]
    with pytest.raises(ArgumentTypeError, match="Lambda: `function` must be a function"):
        layers.Lambda(3)


def test_a_lambda_is_differentiated():
    model = minikeras.Sequential(
        [layers.Input((1,)), layers.Dense(1, kernel_initializer="ones"), layers.Lambda(scaled)]
    )
    model.compile(minikeras.optimizers.SGD(0.125), "mse")
    model.fit(np.ones((1, 1)), np.zeros((1, 1)), verbose=0)
    assert model.get_weights()[0].tolist() == [[0]]  # 1 - 0.125 * 2 * 2 * 2

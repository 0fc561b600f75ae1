"""ReversibleEmbedding: vectors and logits by hand, weights tied or not, dtypes, masks, and a language model."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, ops
from minikeras.engine.masks import get_mask
from minikeras.errors import ArgumentError, DataError, ShapeError

WORDS = np.array([[0, 2], [1, 1]])
TABLE = np.array([[0, 0], [1, 10], [2, 20]], "float32")
VECTORS = np.array([[[1, 2]]], "float32")


def made(**options):
    layer = layers.ReversibleEmbedding(3, 2, **options)
    layer(WORDS)
    layer.set_weights([TABLE, *[2 * TABLE.T] * (len(layer.weights) - 1)])
    return layer


def test_tied_weights():
    layer = made()
    assert layer(WORDS).tolist() == [[[0, 0], [2, 20]], [[1, 10], [1, 10]]]
    assert layer(VECTORS, reverse=True).tolist() == [[[0, 21, 42]]]
    assert len(layer.weights) == 1
    again = layers.deserialize(layers.serialize(layer))
    assert type(again) is layers.ReversibleEmbedding and again.get_config() == layer.get_config()


def test_a_weight_for_the_logits():
    layer = made(tie_weights=False)
    assert layer(VECTORS, reverse=True).tolist() == [[[0, 42, 84]]]
    assert [weight.name for weight in layer.weights] == ["embeddings", "reverse_embeddings"]
    assert layer.weights[1].shape == (2, 3) and layer.weights[1].regularizer is None


def test_capped_logits():
    logits = made(logit_soft_cap=40)(VECTORS, reverse=True)
    np.testing.assert_allclose(logits, 40 * np.tanh(np.array([[[0, 21, 42]]]) / 40), rtol=1e-6)


def test_dtype_of_the_logits():
    layer = made(reverse_dtype="float64", dtype="mixed_float16")
    assert layer(WORDS).dtype == "float16" and layer(VECTORS, reverse=True).dtype == "float64"
    symbol = layer(layers.Input((7, 2)), reverse=True)
    assert symbol.shape == (None, 7, 3) and symbol.dtype == "float64"
    assert layer(layers.Input((7,), dtype="int32")).shape == (None, 7, 2)
    assert layer.compute_output_shape((4, 7, 2), reverse=True) == (4, 7, 3)


def test_masks():
    layer = made(mask_zero=True)
    assert get_mask(layer(WORDS)).tolist() == [[False, True], [True, True]]
    assert get_mask(layer(VECTORS, reverse=True)) is None


def language_model(tie_weights=True):
    words = layers.Input((2,), dtype="int32")
    table = layers.ReversibleEmbedding(3, 2, tie_weights)
    model = minikeras.Model(words, table(layers.Dense(2)(table(words)), reverse=True))
    model.compile("sgd", minikeras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


@pytest.mark.parametrize("tie_weights", [True, False])
def test_a_model_that_predicts_words(tie_weights, tmp_path):
    minikeras.utils.set_random_seed(0)
    model = language_model(tie_weights)
    before = model.get_weights()
    losses = model.fit(WORDS, WORDS, epochs=3, verbose=0).history["loss"]
    assert losses[2] < losses[0]
    assert all((old != new).any() for old, new in zip(before, model.get_weights(), strict=True))
    model.save(tmp_path / "a.keras")
    again = minikeras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_array_equal(again(WORDS), model(WORDS))
    eager = language_model(tie_weights)
    eager.set_weights(before)
    eager.compile("sgd", model.loss, run_eagerly=True)
    assert eager.fit(WORDS, WORDS, epochs=3, verbose=0).history["loss"] == losses


def test_gradients_of_both_uses_add_up():
    layer = made()
    with minikeras.GradientTape() as tape:
        total = ops.sum(layer(layer(np.array([[2]])), reverse=True))
    # The sum over j of e_j . e_2: for e_2 the sum of all rows and once more e_2, for the others e_2.
    expected = [[2, 20], [2, 20], [3 + 2, 30 + 20]]
    np.testing.assert_allclose(tape.gradient(total, layer.trainable_variables)[0], expected)


def test_what_is_refused():
    with pytest.raises(ShapeError, match=r"with `reverse=True`, expected vectors of size 2 .*shape \(1, 3\)"):
        made()(np.ones((1, 3), "float32"), reverse=True)
    with pytest.raises(ShapeError, match="expected vectors of size 2"):
        made()(layers.Input((3,)), reverse=True)
    with pytest.raises(DataError, match="integers from 0 to 2"):
        made()(np.array([[3]]))
    for wrong in ({"logit_soft_cap": 0}, {"logit_soft_cap": -1.0}, {"reverse_dtype": "int32"}, {"input_dim": 0}):
        with pytest.raises(ArgumentError, match=f"`{next(iter(wrong))}` must be"):
            layers.ReversibleEmbedding(**{"input_dim": 3, "output_dim": 2, **wrong})

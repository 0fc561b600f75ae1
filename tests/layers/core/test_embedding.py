"""Embedding: values by hand, training, and ids without a vector, refused eagerly, in fit, in replays, in a model."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, ops
from minikeras.engine.masks import get_mask
from minikeras.errors import ArgumentError, DataError, LegacyWarning, MinikerasError, StateError

WORDS = np.array([[0, 2], [1, 1]])
TABLE = np.array([[0, 0], [1, 10], [2, 20]], "float32")


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


BAD = {
    "too large": np.array([[0, 17]]),
    "the next one": np.array([[0, 10]], "int32"),
    "negative": np.array([[0, -1]]),
    "of another size": np.array([[0, 2**40 + 3]]),
    "the largest": np.array([[0, 2**64 - 1]], "uint64"),
    "between": np.array([[0, 2.9]]),
    "negative float": np.array([[0, -1.0]], "float32"),
    "large float": np.array([[0, 3e12]]),
    "not a number": np.array([[0, np.nan]]),
    "infinite": np.array([[0, np.inf]], "float16"),
    "small integers": np.array([[0, -1]], "int8"),
}
GOOD = np.array([[0, 9], [3, 2]])


def made(*between, dtype="int32", **options):
    model = minikeras.Sequential([layers.Input((2,), dtype=dtype), *between, layers.Embedding(10, 1), layers.Flatten()])
    model.compile("sgd", "mse", **options)
    return model


def refused(call, match=r"Embedding layer '.*': expected ids that are integers from 0 to 9. Received: .* at \(\d"):
    with pytest.raises(DataError, match=match) as caught:
        call()
    assert isinstance(caught.value, MinikerasError) and isinstance(caught.value, ValueError)


@pytest.mark.parametrize("case", BAD)
def test_in_every_method(case):
    ids = BAD[case]
    refused(lambda: layers.Embedding(10, 1)(ids))
    for dtype in ("int32", "int64", "float32", "float64"):
        for options in ({}, {"run_eagerly": True}):
            model = made(dtype=dtype, **options)
            before = [weight.tobytes() for weight in model.get_weights()]
            for call in (
                lambda: model.predict(ids, verbose=0),  # noqa: B023
                lambda: model.fit(np.tile(ids, (40, 1)), np.ones((40, 2)), verbose=0),  # noqa: B023
                lambda: model.evaluate(ids, np.ones((1, 2)), verbose=0),  # noqa: B023
                lambda: model.train_on_batch(ids, np.ones((1, 2))),  # noqa: B023
                lambda: model.predict_on_batch(ids),  # noqa: B023
                lambda: model.predict(iter([ids]), verbose=0),  # noqa: B023
            ):
                refused(call)
            refused(lambda: model(ids), "expected (ids that are )?integers from")  # noqa: B023
            assert [weight.tobytes() for weight in model.get_weights()] == before


def test_what_is_an_id():
    table = layers.Embedding(10, 1)
    expected = table(GOOD)
    for dtype in ("int8", "uint8", "int16", "uint32", "int64", "uint64", "float16", "float32", "float64"):
        np.testing.assert_array_equal(table(GOOD.astype(dtype)), expected)
        assert made(dtype="int32").predict(GOOD.astype(dtype), verbose=0).shape == (2, 2)
    assert table(np.zeros((0, 2), "int32")).shape == (0, 2, 1)
    assert table(np.array([True, False])).shape == (2, 1) and table(np.int64(3)).shape == (1,)
    refused(lambda: layers.Embedding(1, 1)(np.array([True])), "integers from 0 to 0")


@pytest.mark.parametrize("wrong", [-1, 10])
def test_batches_of_a_stream_that_is_replayed(wrong):
    def batches():
        for number in range(5):
            yield np.full((4, 2), wrong if number == 3 else number), np.ones((4, 2))

    model, expected = made(), made()
    expected.set_weights(model.get_weights())
    refused(lambda: model.fit(batches(), verbose=0), f"Received: {wrong}")
    expected.fit((batch for _, batch in zip(range(3), batches(), strict=False)), verbose=0)
    np.testing.assert_array_equal(model.get_weights()[0], expected.get_weights()[0])  # of the steps that were done
    refused(lambda: model.predict((x for x, _ in batches()), verbose=0), f"Received: {wrong}")
    assert np.isfinite(model.predict(GOOD, verbose=0)).all()


@pytest.mark.parametrize(
    "function", [lambda x: x * 2, lambda x: x - 5, lambda x: ops.cast(x, "float32") * 1.5, lambda x: x / 4]
)
def test_ids_that_are_computed_in_the_model(function):
    model = made(layers.Lambda(function), dtype="int32")
    fine = np.array([[8, 8]]) if float(function(4)) in (-1.0, 1.0) else np.array([[4, 2]])
    for _ in range(3):
        assert model.predict(fine, verbose=0).shape == (1, 2)
        for method in (lambda: model.predict([[3, 9]], verbose=0), lambda: model.fit([[9, 3]], [[1, 1]], verbose=0)):
            refused(method)


def test_ids_in_nested_models_and_under_tapes():
    inner = made()
    entry = layers.Input((2,), dtype="int64")
    outer = minikeras.Model(entry, inner(entry))
    assert outer.predict(GOOD, verbose=0).shape == (2, 2)
    refused(lambda: outer.predict([[0, 11]], verbose=0))
    refused(
        lambda: outer.predict([[0, 2**40]], verbose=0), "expected integers from -2147483648 to 2147483647.*Received"
    )
    table = layers.Embedding(10, 1)
    with minikeras.GradientTape() as tape:
        loss = ops.sum(table(GOOD))
    assert tape.gradient(loss, table.trainable_variables)[0].shape == (10, 1)
    with minikeras.GradientTape():
        refused(lambda: table(np.array([10])))
    masked = layers.Embedding(10, 1, mask_zero=True, dtype="mixed_float16")
    refused(lambda: masked(np.array([[1, 2.5]])))
    assert masked(np.array([[2049.0 - 2048.0]])).shape == (1, 1, 1)


def test_data_that_a_declared_integer_type_cannot_hold():
    free = minikeras.Sequential([layers.Input((2,), dtype="uint8"), layers.Flatten()])
    assert free.predict(np.array([[0.5, 255.0]]), verbose=0).tolist() == [[0, 255]]  # they are no ids
    table = layers.Embedding(256, 1, embeddings_initializer=lambda shape, dtype: np.arange(256.0, dtype=dtype)[:, None])
    model = minikeras.Sequential([layers.Input((2,), dtype="uint8"), layers.Reshape((2, 1)), table, layers.Flatten()])
    np.testing.assert_array_equal(model.predict(np.array([[0.0, 255.0]]), verbose=0), [[0, 255]])
    for wrong in (256, -1, 0.5, np.nan):
        for call in (lambda: model.predict(np.array([[0, wrong]]), verbose=0), lambda: model(np.array([[0, wrong]]))):  # noqa: B023
            refused(
                call, r"input '.*': expected integers from 0 to 255, of the declared dtype uint8. Received: .* at \(0,"
            )


def test_a_replayed_step_is_hardly_slower():
    from minikeras.compiler.step import Step
    from minikeras.ops.common.checked_integers import checked_ids

    step = Step(lambda ids: checked_ids(ids, 10, "here"), "ids")
    ids = GOOD.astype("int32")
    step(ids), step(ids)
    plan = next(iter(step.plans().values()))
    assert plan.names == ["checked_ids"] and len(plan.instructions) == 1

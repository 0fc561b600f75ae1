"""Whole models as in the examples of Keras: translation, generation of text, series predicted step by step."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, ops


def one_hot(numbers, depth):
    return np.eye(depth, dtype="float32")[numbers]


def test_sequence_to_sequence():
    """Trained as one model, used as two: the encoder once, the decoder character by character."""
    minikeras.utils.set_random_seed(1)
    rng, size, length, start = np.random.default_rng(0), 6, 3, 5
    source = rng.integers(0, 5, (400, length))
    target = source[:, ::-1]  # the task: reverse
    before = np.concatenate([np.full((400, 1), start), target[:, :-1]], axis=1)
    encoder_inputs, decoder_inputs = minikeras.Input((None, size)), minikeras.Input((None, size))
    _, *encoder_states = layers.LSTM(32, return_state=True)(encoder_inputs)
    decoder = layers.LSTM(32, return_sequences=True, return_state=True)
    dense = layers.Dense(size, activation="softmax")
    outputs, *_ = decoder(decoder_inputs, initial_state=encoder_states)
    model = minikeras.Model([encoder_inputs, decoder_inputs], dense(outputs))
    model.compile(minikeras.optimizers.Adam(0.02), "categorical_crossentropy", metrics=["accuracy"])
    data = [one_hot(source, size), one_hot(before, size)]
    history = model.fit(data, one_hot(target, size), batch_size=50, epochs=40, verbose=0)
    assert history.history["accuracy"][-1] > 0.97

    encoder_model = minikeras.Model(encoder_inputs, encoder_states)
    given = [minikeras.Input((32,)), minikeras.Input((32,))]
    outputs, *states = decoder(decoder_inputs, initial_state=given)
    decoder_model = minikeras.Model([decoder_inputs, *given], [dense(outputs), *states])
    right = 0
    for example in source[:20]:
        states = encoder_model.predict(one_hot(example[None], size), verbose=0)
        last, decoded = start, []
        for _ in range(length):
            probabilities, *states = decoder_model.predict([one_hot([[last]], size), *states], verbose=0)
            last = int(np.argmax(probabilities[0, -1]))
            decoded.append(last)
        right += decoded == list(example[::-1])
    assert right >= 17


def test_text_character_by_character():
    minikeras.utils.set_random_seed(2)
    text = "the cat sat on the mat. " * 30
    letters = sorted(set(text))
    numbers = np.array([letters.index(letter) for letter in text])
    x = np.stack([numbers[start : start + 10] for start in range(len(text) - 10)])
    model = minikeras.Sequential(
        [layers.Embedding(len(letters), 8), layers.LSTM(32), layers.Dense(len(letters), activation="softmax")]
    )
    model.compile(minikeras.optimizers.RMSprop(0.02), "sparse_categorical_crossentropy")
    model.fit(x, numbers[10:], batch_size=64, epochs=8, verbose=0)
    window = list(numbers[:10])
    for _ in range(30):
        window.append(int(np.argmax(model.predict(np.array([window[-10:]]), verbose=0)[0])))
    assert "".join(letters[number] for number in window) == text[:40]


def test_a_stateful_copy_predicts_step_by_step():
    """Trained on whole sequences; the weights go to a stateful model that is given one step at a time."""
    x = np.random.default_rng(0).normal(size=(1, 12, 3)).astype("float32")

    def make(stateful, length):
        stack = [
            layers.LSTM(4, return_sequences=True, stateful=stateful),
            layers.GRU(4, return_sequences=True, stateful=stateful),
        ]
        model = minikeras.Sequential([layers.Input(batch_shape=(1, length, 3)), *stack, layers.Dense(1)])
        model.compile("adam", "mse")
        return model

    trained, stepwise = make(False, 12), make(True, 1)
    trained.fit(x, np.ones((1, 12, 1)), epochs=3, verbose=0)
    stepwise.set_weights(trained.get_weights())
    expected = trained.predict(x, verbose=0)[0, :, 0]
    for _ in range(2):
        found = [float(stepwise.predict_on_batch(x[:, step : step + 1])[0, 0, 0]) for step in range(12)]
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
        for layer in stepwise.layers[:2]:
            layer.reset_state()


def test_a_loop_over_a_cell_in_a_model_of_the_user():
    class Decoder(minikeras.Model):
        def __init__(self):
            super().__init__()
            self.cell = layers.GRUCell(4)
            self.dense = layers.Dense(2)

        def call(self, x):
            states, output, outputs = [ops.zeros((ops.shape(x)[0], 4))], x, []
            for _ in range(3):
                hidden, states = self.cell(output, states)
                output = self.dense(hidden)
                outputs.append(output)
            return ops.stack(outputs, axis=1)

    model, x = Decoder(), np.ones((6, 2), "float32")
    model.compile("adam", "mse")
    first = model.evaluate(x, np.zeros((6, 3, 2)), verbose=0)
    model.fit(x, np.zeros((6, 3, 2)), epochs=20, verbose=0)
    assert model.evaluate(x, np.zeros((6, 3, 2)), verbose=0) < first
    assert len(model.trainable_weights) == 5


@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision(dtype):
    pytest.importorskip("ml_dtypes")
    model = minikeras.Sequential(
        [
            layers.Input((5, 3)),
            layers.Bidirectional(layers.LSTM(4, return_sequences=True, dtype=dtype), dtype=dtype),
            layers.GRU(4, dtype=dtype, dropout=0.2),
            layers.Dense(1),
        ]
    )
    model.compile("adam", "mse")
    x = np.random.default_rng(0).normal(size=(8, 5, 3)).astype("float32")
    history = model.fit(x, np.ones((8, 1)), epochs=10, verbose=0).history["loss"]
    assert history[-1] < history[0] and all(weight.dtype == "float32" for weight in model.weights)

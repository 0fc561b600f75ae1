"""Networks over sequences written with the Keras API: minikeras, and real Keras on each of its backends."""

from types import ModuleType
from typing import Any

import numpy as np

from . import keras_api
from .workloads import BLOCKS, HEADS, TOKENS, Data, SequenceNetwork


class Trained(keras_api.Trained):
    """A compiled model and the data it is trained on.

    Args:
        k: The library with the Keras API.
        network: What to make.
        data: What to train on.
    """

    def __init__(self, k: ModuleType, network: SequenceNetwork, data: Data):
        super().__init__(compiled(k, network), network.batch_size, *data.sequences(network))
        self._length = network.shape[0]

    def generate(self, count: int) -> list[int]:
        """Returns the first token and so many more, each the likeliest after those before it."""
        tokens, window = [0], np.zeros((1, self._length), np.int32)
        for _ in range(count):
            recent = tokens[-self._length :]
            window[0, : len(recent)] = recent
            tokens.append(int(self._model.predict(window, verbose=0)[0, len(recent) - 1].argmax()))
        return tokens

    def advance(self) -> np.ndarray:
        """Returns the probabilities of the classes after one more time step."""
        return self._model.predict_on_batch(self._x)


def compiled(k: ModuleType, network: SequenceNetwork) -> Any:
    """Returns a compiled model.

    Args:
        k: The library with the Keras API.
        network: What to make.
    """
    model = _transformer(k, network) if network.model == "transformer" else _recurrent(k, network)
    if network.model == "transformer":
        model.compile(k.optimizers.Adam(network.learning_rate), k.losses.SparseCategoricalCrossentropy(True))
    else:
        loss = f"{'' if network.reads_digits else 'sparse_'}categorical_crossentropy"
        model.compile(k.optimizers.Adam(network.learning_rate), loss, metrics=["accuracy"])
    return model


def _recurrent(k: ModuleType, network: SequenceNetwork) -> Any:
    layer = {"lstm": k.layers.LSTM, "gru": k.layers.GRU}[network.model]
    batch = network.batch_size if network.is_stateful else None
    return k.Sequential(
        [
            k.layers.Input(batch_shape=(batch, *network.shape)),
            layer(network.units, stateful=network.is_stateful),
            k.layers.Dense(10, activation="softmax"),
        ]
    )


def _transformer(k: ModuleType, network: SequenceNetwork) -> Any:
    class Positions(k.layers.Layer):
        """Adds a vector for each position."""

        def build(self, shape: tuple) -> None:
            self.vectors = self.add_weight(shape[1:], "uniform")

        def call(self, x: Any) -> Any:
            return x + self.vectors

    width = network.units
    tokens = k.Input(network.shape, dtype="int32")
    x = Positions()(k.layers.Embedding(TOKENS, width)(tokens))
    for _ in range(BLOCKS):
        y = k.layers.LayerNormalization()(x)
        y = k.layers.MultiHeadAttention(HEADS, width // HEADS)(y, y, use_causal_mask=True)
        x = k.layers.Add()([x, y])
        y = k.layers.Dense(4 * width, activation="relu")(k.layers.LayerNormalization()(x))
        x = k.layers.Add()([x, k.layers.Dense(width)(y)])
    return k.Model(tokens, k.layers.Dense(TOKENS)(k.layers.LayerNormalization()(x)))

"""Networks written with the Keras API: minikeras, and real Keras on each of its backends."""

import importlib
import time
from types import ModuleType
from typing import Any

import numpy as np

from .workloads import Data, MissingError, Network


class Trained:
    """A compiled model and the data it is trained on."""

    def __init__(self, model: Any, network: Network, data: Data):
        self._model, self._network, self._data = model, network, data

    def epoch(self) -> None:
        """Trains on every example once, with the bar a user sees."""
        data = self._data
        self._model.fit(data.x_train, data.y_train, batch_size=self._network.batch_size, epochs=1, verbose=1)

    def predict(self, x: np.ndarray, batch_size: int) -> np.ndarray:
        """Returns the probabilities of the classes, with the bar a user sees if there is more than one batch."""
        return self._model.predict(x, batch_size=batch_size, verbose=int(len(x) > batch_size))


class Side:
    """A library with the Keras API as a contender.

    Args:
        data: What to train on.
        library: The name to import: "keras" or "minikeras".
    """

    def __init__(self, data: Data, library: str):
        self._data = data
        self._library: ModuleType = importlib.import_module(library)

    def start(self, network: Network) -> Trained:
        """Makes a compiled model."""
        return Trained(self._compiled(network), network, self._data)

    def tracing(self, network: Network) -> float:
        """Returns the seconds that the first step of a new model takes longer than the fastest of the next three."""
        model = self._compiled(network)
        batch = self._data.x_train[: network.batch_size], self._data.y_train[: network.batch_size]
        times = []
        for _ in range(4):
            start = time.perf_counter()
            model.train_on_batch(*batch)
            times.append(time.perf_counter() - start)
        return times[0] - min(times[1:])

    def _compiled(self, network: Network) -> Any:
        k = self._library
        optimizers = {"sgd": "SGD", "adam": "Adam"}
        optimizer = getattr(k.optimizers, optimizers[network.optimizer], None)
        if optimizer is None:
            raise MissingError(optimizers[network.optimizer])
        layers: list[Any] = [k.layers.Input((784,))]
        for units in network.hidden:
            layers.append(k.layers.Dense(units, activation="relu"))
            if network.dropout:
                layers.append(k.layers.Dropout(network.dropout))
        layers.append(k.layers.Dense(10, activation="softmax"))
        model = k.Sequential(layers)
        model.compile(
            optimizer=optimizer(learning_rate=network.learning_rate),
            loss="categorical_crossentropy",
            metrics=["accuracy"],
        )
        return model

"""Networks written with the Keras API: minikeras, and real Keras on each of its backends."""

import importlib
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from .workloads import (
    DILATED_CHANNELS,
    DILATIONS,
    SEPARABLE_BLOCKS,
    Augmentation,
    ConvolutionNetwork,
    Data,
    MissingError,
    Network,
    SequenceNetwork,
)


class Trained:
    """A compiled model and the data it is trained on."""

    def __init__(self, model: Any, batch_size: int, x: np.ndarray, y: np.ndarray):
        self._model, self._batch_size, self._x, self._y = model, batch_size, x, y

    def epoch(self) -> None:
        """Trains on every example once, with the bar a user sees."""
        self._model.fit(self._x, self._y, batch_size=self._batch_size, epochs=1, verbose=1)

    def step(self) -> None:
        """Trains on the first batch."""
        self._model.train_on_batch(self._x[: self._batch_size], self._y[: self._batch_size])

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

    def start(self, network: Network | ConvolutionNetwork | SequenceNetwork) -> Trained:
        """Makes a compiled model."""
        if isinstance(network, SequenceNetwork):
            from . import keras_sequences

            return keras_sequences.Trained(self._library, network, self._data)
        if isinstance(network, ConvolutionNetwork):
            model = compiled(self._library, network)
            return Trained(model, network.batch_size, *self._data.training_data(network))
        return Trained(self._compiled(network), network.batch_size, self._data.x_train, self._data.y_train)

    def tracing(self, network: Network | SequenceNetwork) -> float:
        """Returns the seconds that the first step of a new model takes longer than the fastest of the next three."""
        step = self.start(network).step
        times = []
        for _ in range(4):
            start = time.perf_counter()
            step()
            times.append(time.perf_counter() - start)
        return times[0] - min(times[1:])

    def augmented(self, network: Augmentation) -> Callable[[], list[np.ndarray]]:
        """Returns a function that augments images and returns the batches."""
        from . import keras_augmentation

        return keras_augmentation.augmented(self._library, network, self._data.images(network))

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


def compiled(k: ModuleType, network: ConvolutionNetwork) -> Any:
    """Returns a compiled model of a network of convolutions.

    Args:
        k: The library with the Keras API.
        network: What to make.
    """
    model = {"convnet": _convnet, "residual": _residual, "separable": _separable, "dilated": _dilated}[network.model](
        k, network
    )
    optimizer = (
        k.optimizers.SGD(network.learning_rate, momentum=network.momentum)
        if network.optimizer == "sgd"
        else k.optimizers.Adam(network.learning_rate)
    )
    if network.model == "dilated":
        model.compile(optimizer, "mse")
    else:
        one_hot = network.model == "convnet"
        model.compile(optimizer, f"{'' if one_hot else 'sparse_'}categorical_crossentropy", metrics=["accuracy"])
    return model


def _convnet(k: ModuleType, network: ConvolutionNetwork) -> Any:
    return k.Sequential(
        [
            k.layers.Input(network.shape),
            k.layers.Conv2D(32, 3, activation="relu"),
            k.layers.MaxPooling2D(2),
            k.layers.Conv2D(64, 3, activation="relu"),
            k.layers.MaxPooling2D(2),
            k.layers.Flatten(),
            k.layers.Dropout(network.dropout),
            k.layers.Dense(10, activation="softmax"),
        ]
    )


def _residual(k: ModuleType, network: ConvolutionNetwork) -> Any:
    def convolution(x: Any, filters: int, size: int, strides: int, relu: bool = True) -> Any:
        x = k.layers.Conv2D(filters, size, strides, padding="same", use_bias=False)(x)
        x = k.layers.BatchNormalization()(x)
        return k.layers.ReLU()(x) if relu else x

    inputs = k.Input(network.shape)
    x = convolution(inputs, 16, 3, 1)
    for filters, first in ((16, 1), (32, 2), (64, 2)):
        for strides in (first, 1, 1):
            y = convolution(convolution(x, filters, 3, strides), filters, 3, 1, relu=False)
            shortcut = x if strides == 1 else convolution(x, filters, 1, strides, relu=False)
            x = k.layers.ReLU()(k.layers.Add()([shortcut, y]))
    x = k.layers.GlobalAveragePooling2D()(x)
    return k.Model(inputs, k.layers.Dense(10, activation="softmax")(x))


def _separable(k: ModuleType, network: ConvolutionNetwork) -> Any:
    def normalized(x: Any) -> Any:
        return k.layers.ReLU()(k.layers.BatchNormalization()(x))

    inputs = k.Input(network.shape)
    x = normalized(k.layers.Conv2D(32, 3, padding="same", use_bias=False)(inputs))
    for filters, strides in SEPARABLE_BLOCKS:
        x = normalized(k.layers.DepthwiseConv2D(3, strides, padding="same", use_bias=False)(x))
        x = normalized(k.layers.Conv2D(filters, 1, use_bias=False)(x))
    x = k.layers.GlobalAveragePooling2D()(x)
    return k.Model(inputs, k.layers.Dense(10, activation="softmax")(x))


def _dilated(k: ModuleType, network: ConvolutionNetwork) -> Any:
    inputs = k.Input(network.shape)
    x = k.layers.Conv1D(DILATED_CHANNELS, 2, padding="causal")(inputs)
    for dilation in DILATIONS:
        content, gate = (
            k.layers.Conv1D(DILATED_CHANNELS, 2, padding="causal", dilation_rate=dilation, activation=activation)(x)
            for activation in ("tanh", "sigmoid")
        )
        x = k.layers.Add()([x, k.layers.Conv1D(DILATED_CHANNELS, 1)(k.layers.Multiply()([content, gate]))])
    return k.Model(inputs, k.layers.Conv1D(network.shape[-1], 1)(k.layers.ReLU()(x)))

"""Streams of batches, and models to train on them, for several tests."""

import threading

import numpy as np

import minikeras
from minikeras import layers
from minikeras.optimizers import SGD
from minikeras.utils import PyDataset

RNG = np.random.default_rng(0)
X = RNG.random((20, 3), dtype="float32")
Y = X.sum(axis=1, keepdims=True)
W = RNG.random(20).astype("float32")


def made(**options):
    model = minikeras.Sequential([layers.Input((3,)), layers.Dense(2, activation="tanh"), layers.Dense(1)])
    rng = np.random.default_rng(1)
    model.set_weights([rng.normal(size=weight.shape) for weight in model.get_weights()])
    model.compile(SGD(0.1, momentum=0.5), "mse", metrics=["mae"], weighted_metrics=["mse"], **options)
    return model


def batches(count=5, size=4, *, weighted=False):
    parts = (X, Y, W) if weighted else (X, Y)
    for number in range(count):
        yield tuple(part[number * size : (number + 1) * size] for part in parts)


class Slices(PyDataset):
    """The examples in batches of 4; writes down what is asked of it."""

    def __init__(self, calls=None, **kwargs):
        super().__init__(**kwargs)
        self.calls = [] if calls is None else calls

    def __len__(self):
        return 5

    def __getitem__(self, index):
        self.calls.append(index)
        return X[index * 4 : index * 4 + 4], Y[index * 4 : index * 4 + 4]

    def on_epoch_begin(self):
        self.calls.append("begin")

    def on_epoch_end(self):
        self.calls.append("end")


class Again:
    """An iterable of unknown length that can be iterated over again."""

    def __iter__(self):
        return batches()


def result(model, history):
    return history.history, [weight.tobytes() for weight in model.get_weights()]


def trained(x, y=None, **options):
    model = made()
    return result(model, model.fit(x, y, **{"epochs": 2, "verbose": 0, "shuffle": False, **options}))


def bits(model):
    return [weight.tobytes() for weight in model.get_weights()]


def check_usable(model):
    assert model.fit(Again(), verbose=0).epoch == [0]
    assert np.isfinite(model.predict(X, verbose=0)).all()


def no_threads(seconds=5):
    """Waits for the threads that prepare data to end; tells whether they did. Those of blocks wait for more work."""
    named = [each for each in threading.enumerate() if "minikeras" in each.name]
    running = [each for each in named if not each.name.startswith("minikeras-blocks")]
    for thread in running:
        thread.join(seconds)
    return not any(thread.is_alive() for thread in running)


class BoomError(Exception):
    pass

"""The lecture's network in real Keras and in minikeras, from the same weights on the same data, number for number."""

import importlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

import minikeras
from minikeras.crosschecking import largest_difference, relative_difference
from minikeras.crosschecking.measures import class_name, output_shapes, parameters

ACTIVATIONS = ("relu", "sigmoid")
# 0.001 is the lecture's learning rate. With 0.1 the network really learns, so that differences can grow.
LEARNING_RATES = (0.001, 0.1)
# A float32 relu is compared step by step from common weights, not over an epoch. Its gradient jumps at 0: a value
# that is 1e-8 on one side and -1e-8 on the other, which happens in about every third epoch and on another processor in
# another one, puts two float32 trainings 1e-4 apart, as does changing the last bit of the first weights on one side.
EPOCHS = [(activation, rate, "float64") for activation in ACTIVATIONS for rate in LEARNING_RATES]
EPOCHS += [("sigmoid", rate, "float32") for rate in LEARNING_RATES]
STEPS = [("relu", rate) for rate in LEARNING_RATES]
SEED = 0
BATCH_SIZE = 32


@dataclass(frozen=True)
class Bounds:
    """How far the two sides may be apart: their losses relatively, the rest absolutely."""

    loss: float
    weights: float
    outputs: float


# Both sides add in another order: about 1e-7 a step in float32, 1e-16 in float64, which training amplifies.
BOUNDS = {"float32": Bounds(1e-5, 1e-4, 1e-4), "float64": Bounds(1e-12, 1e-12, 1e-12)}
OTHER_CLASS_BOUND = 1e-4  # 1 of 10,000 images
UPDATE_BOUND = 1e-6  # of weights after one step, where no relu changes sides
JUMPS_BOUND = 0.01  # the share of steps in which one does


@dataclass
class Data:
    """MNIST as the network takes it: rows of 784 numbers from 0 to 1, one-hot labels."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


@dataclass
class Run:
    """What one side gave."""

    model: Any
    summaries: list[str]
    step_losses: np.ndarray
    history: dict
    weights: list[np.ndarray]
    outputs: np.ndarray
    seconds: float


def load(train: int = 60_000, test: int = 10_000, dtype: str = "float32") -> Data:
    """Returns the first images of MNIST in a type of numbers."""
    (x_train, y_train), (x_test, y_test) = minikeras.datasets.mnist.load_data()
    to_categorical = minikeras.utils.to_categorical
    return Data(
        x_train[:train].reshape(-1, 784).astype(dtype) / 255,
        to_categorical(y_train[:train], 10).astype(dtype),
        x_test[:test].reshape(-1, 784).astype(dtype) / 255,
        to_categorical(y_test[:test], 10).astype(dtype),
    )


def build(k: ModuleType, activation: str) -> Any:
    """Makes the lecture's network in either library, with the names a fresh process would give."""
    clear_names(k)
    layers = k.layers
    return k.Sequential(
        [
            layers.Input((784,)),
            layers.Dense(30),
            layers.Activation(activation),
            layers.Dense(30),
            layers.Activation(activation),
            layers.Dense(10),
            layers.Activation("softmax"),
        ]
    )


def clear_names(k: ModuleType) -> None:
    """Starts the numbering of names anew."""
    if k is minikeras:
        from minikeras.engine.naming import reset_names

        reset_names()
    else:
        k.utils.clear_session(free_memory=False)


def compiled(k: ModuleType, model: Any, learning_rate: float) -> Any:
    """Compiles a model as the lecture does."""
    model.compile(
        optimizer=k.optimizers.SGD(learning_rate=learning_rate), loss="categorical_crossentropy", metrics=["accuracy"]
    )
    return model


def single_losses(model: Any, data: Data, callbacks: Sequence[Any] = ()) -> np.ndarray:
    """Trains one epoch and returns the loss of each step by itself."""
    k = minikeras if isinstance(model, minikeras.Model) else importlib.import_module("keras")

    class Losses(k.callbacks.Callback):
        def __init__(self) -> None:
            super().__init__()
            self.values: list[float] = []

        def on_train_batch_begin(self, batch: int, logs: dict | None = None) -> None:
            self.model.reset_metrics()  # else the logs hold the mean since the epoch began

        def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
            self.values.append(logs["loss"])

    losses = Losses()
    model.fit(
        data.x_train,
        data.y_train,
        batch_size=BATCH_SIZE,
        epochs=1,
        shuffle=False,
        verbose=0,
        callbacks=[losses, *callbacks],
    )
    return np.array(losses.values)


def run(k: ModuleType, activation: str, learning_rate: float, data: Data, weights: list[np.ndarray]) -> Run:
    """Trains one epoch twice from the given weights: once for the single losses, once as a user would."""
    model = build(k, activation)
    model.set_weights(weights)
    losses = single_losses(compiled(k, model, learning_rate), data)
    model = build(k, activation)
    summaries = [summary(model)]
    model.set_weights(weights)
    compiled(k, model, learning_rate)
    start = time.perf_counter()
    history = model.fit(
        data.x_train,
        data.y_train,
        batch_size=BATCH_SIZE,
        epochs=1,
        shuffle=False,
        verbose=0,
        validation_data=(data.x_test, data.y_test),
    )
    seconds = time.perf_counter() - start
    summaries.append(summary(model))
    outputs = model.predict(data.x_test, verbose=0)
    return Run(model, summaries, losses, history.history, model.get_weights(), outputs, seconds)


def summary(model: Any) -> str:
    """Returns what `summary` prints through `print_fn`."""
    lines: list[str] = []
    model.summary(print_fn=lines.append)
    return "\n".join(lines)


@contextmanager
def computing_in(dtype: str, *libraries: ModuleType) -> Iterator[None]:
    """Lets libraries make their layers in a type of numbers, whatever policy was set before."""
    policies = [k.config.dtype_policy() for k in libraries]
    for k in libraries:
        k.config.set_floatx(dtype)
        k.config.set_dtype_policy(dtype)
    try:
        yield
    finally:
        for k, policy in zip(libraries, policies, strict=True):
            k.config.set_floatx("float32")
            k.config.set_dtype_policy(policy)


def both(keras: ModuleType, activation: str, learning_rate: float, data: Data) -> tuple[Run, Run]:
    """Trains the network on both sides from the same weights, in the type of the data."""
    with computing_in(data.x_train.dtype.name, keras, minikeras):
        minikeras.utils.set_random_seed(SEED)
        weights = build(minikeras, activation).get_weights()
        theirs = run(keras, activation, learning_rate, data, weights)
        ours = run(minikeras, activation, learning_rate, data, weights)
    return theirs, ours


def single_steps(
    keras: ModuleType, activation: str, learning_rate: float, data: Data
) -> list[tuple[str, str, str, bool]]:
    """Compares every step of an epoch from the weights that Keras has before it; returns rows as `comparison`."""

    class Weights(keras.callbacks.Callback):
        def __init__(self) -> None:
            super().__init__()
            self.before: list[list[np.ndarray]] = []

        def on_train_batch_begin(self, batch: int, logs: dict | None = None) -> None:
            self.before.append(self.model.get_weights())

    minikeras.utils.set_random_seed(SEED)
    ours = compiled(minikeras, build(minikeras, activation), learning_rate)
    theirs, weights = compiled(keras, build(keras, activation), learning_rate), Weights()
    theirs.set_weights(ours.get_weights())
    losses = single_losses(theirs, data, [weights])
    weights.before.append(theirs.get_weights())
    apart, jumps = 0.0, 0
    for step, loss in enumerate(losses):
        rows = slice(step * BATCH_SIZE, (step + 1) * BATCH_SIZE)
        ours.set_weights(weights.before[step])
        own_loss = ours.train_on_batch(data.x_train[rows], data.y_train[rows], return_dict=True)["loss"]
        apart = max(apart, relative_difference(own_loss, loss))
        jumps += largest_difference(ours.get_weights(), weights.before[step + 1]) > UPDATE_BOUND
    return [
        at_most("loss of every step from the same weights, relative", BOUNDS["float32"].loss, apart),
        at_most(
            f"share of steps that update weights otherwise by > {UPDATE_BOUND:.0e}", JUMPS_BOUND, jumps / len(losses)
        ),
    ]


def shapes_and_counts(model: Any) -> list[tuple]:
    """Returns name, class, output shape and number of parameters of each layer, then of the whole model."""
    return [(each.name, class_name(each), output_shapes(each), parameters(each)) for each in [*model.layers, model]]


def equal(name: str, first: object, second: object) -> tuple[str, str, str, bool]:
    """Returns a row: what was compared, what it must be, what it is, and whether that is well."""
    return name, "equal", "equal" if first == second else "different", first == second


def at_most(name: str, bound: float, measured: float) -> tuple[str, str, str, bool]:
    """Returns the row of a number that must not exceed a bound."""
    return name, f"<= {bound:.0e}", f"{measured:.1e}", bool(measured <= bound)


def comparison(theirs: Run, ours: Run) -> list[tuple[str, str, str, bool]]:
    """Returns rows of what was compared, the bound, what was measured, and whether it is met."""
    bounds = BOUNDS[ours.weights[0].dtype.name]
    pairs = [pair for name in theirs.history for pair in zip(ours.history[name], theirs.history[name], strict=True)]
    history = [relative_difference(*pair) for pair in pairs]
    losses = list(map(relative_difference, ours.step_losses, theirs.step_losses))
    classes = theirs.outputs.argmax(axis=1) != ours.outputs.argmax(axis=1)
    return [
        equal("names, output shapes, parameters", shapes_and_counts(theirs.model), shapes_and_counts(ours.model)),
        equal("summary before training", theirs.summaries[0], ours.summaries[0]),
        equal("summary after training", theirs.summaries[1], ours.summaries[1]),
        equal("number of steps", len(theirs.step_losses), len(ours.step_losses)),
        at_most("loss of every step, relative", bounds.loss, max(losses)),
        equal("history: names and their order", list(theirs.history), list(ours.history)),
        at_most("history: values, relative", bounds.loss, max(history)),
        at_most("final weights", bounds.weights, largest_difference(theirs.weights, ours.weights)),
        at_most("outputs for the test images", bounds.outputs, largest_difference([theirs.outputs], [ours.outputs])),
        at_most("share of test images in another class", OTHER_CLASS_BOUND, float(classes.mean())),
    ]

"""Can networks of 100 to 1,000 layers learn?

    python examples/questions/very_deep_networks.py

Plain ones cannot. With He's weights signals and gradients keep their size, but each layer makes images a little more
alike; after 100 layers what is left of different digits points into the same direction (a similarity of 1.00), and the
network learns next to nothing. Normalization, here of layers, keeps images apart, but the gradient grows on its way
back: a hundred million times in 100 layers, and beyond all numbers in 1,000. A residual network adds what each layer
finds to what it was given, so that both the image and the gradient have a direct way. It answers more than half of the
test digits right after training on 1,000 of them for 5 epochs, with 1,000 layers as with 30. Takes about 60 seconds.
"""

from __future__ import annotations

import time
import warnings
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from experiment import BLUE, GRAY, GREEN, MARKERS, VERMILION, Experiment, digits, print_table

from minikeras import GradientTape, Input, Model, ops
from minikeras.callbacks import TerminateOnNaN
from minikeras.errors import NonFiniteWarning
from minikeras.layers import Add, Dense, LayerNormalization
from minikeras.losses import SparseCategoricalCrossentropy
from minikeras.optimizers import Adam
from minikeras.typing import Tensor
from minikeras.utils import set_random_seed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = {"plain": VERMILION, "normalized": GREEN, "residual": BLUE}
UNITS = 32


class Result(NamedTuple):
    """What is known of a network after training."""

    similarity: float  # of different digits at the last layer before training; 1: they look all the same to it
    growth: float  # of the gradient on its way back before training, from the last hidden layer to the first one
    losses: list[float]  # training loss of each epoch
    accuracy: float  # on test digits
    seconds: float  # of the training


def main(arguments: list[str] | None = None) -> dict[tuple[str, int], Result]:
    """Runs the experiment; returns the results by kind and depth."""
    experiment = Experiment(__file__, __doc__, arguments)
    x_train, y_train, x_test, y_test = digits(1_000, 1_000)
    x_train, x_test = (shrink(x) for x in (x_train, x_test))
    results = {}
    for depth in experiment.choose((30, 100, 1_000), (100,)):
        for kind in KINDS:
            set_random_seed(experiment.seed)
            start = time.perf_counter()
            model = build_model(kind, depth)
            alike = similarity(model, x_test[:50])
            grows = gradient_growth(model, x_train[:100], y_train[:100])
            model.compile(optimizer=Adam(0.001), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", NonFiniteWarning)  # one of them gets there, and the table shows it
                history = model.fit(
                    x_train, y_train, batch_size=125, epochs=5, callbacks=[TerminateOnNaN()], verbose=0
                ).history
            accuracy = model.evaluate(x_test, y_test, batch_size=100, verbose=0)[1]
            results[kind, depth] = Result(alike, grows, history["loss"], accuracy, time.perf_counter() - start)
    print_table(
        [
            "network",
            "layers",
            "similarity of digits",
            "gradient first / last layer",
            "training loss",
            "test accuracy",
            "seconds",
        ],
        [
            [
                kind,
                f"{depth:,}",
                f"{each.similarity:.3f}",
                f"{each.growth:.1e}",
                f"{each.losses[-1]:.3f}",
                f"{each.accuracy:.1%}",
                f"{each.seconds:.1f}",
            ]
            for (kind, depth), each in results.items()
        ],
    )
    experiment.save(lambda: plot(results))
    return results


def shrink(x: np.ndarray) -> np.ndarray:
    """Returns images of half the size, of shape (n, 196), with mean 0 and variance 1."""
    small = x.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196)
    return (small - small.mean()) / small.std()


def build_model(kind: str, depth: int) -> Model:
    """Returns a network with `depth` layers that have kernels."""
    inputs = Input((196,))
    x = Dense(UNITS)(inputs)
    for _ in range(depth - 2):
        x = hidden_layer(kind, x)
    if kind != "plain":
        x = LayerNormalization()(x)
    return Model(inputs, Dense(10, "softmax")(x))


def hidden_layer(kind: str, x: Tensor) -> Tensor:
    """Applies one layer of a kind."""
    if kind == "plain":
        return Dense(UNITS, "relu", use_bias=False, kernel_initializer="he_normal")(x)
    if kind == "normalized":
        x = LayerNormalization(center=False, scale=False)(x)
        return Dense(UNITS, "relu", use_bias=False, kernel_initializer="he_normal")(x)
    x_normalized = LayerNormalization(center=False, scale=False)(x)
    change = Dense(UNITS, "relu", use_bias=False, kernel_initializer="he_normal")(x_normalized)
    return Add()([x, change])


def similarity(model: Model, x: np.ndarray) -> float:
    """Returns the mean cosine between what the last layer is given for different images."""
    features = np.asarray(Model(model.inputs, model.layers[-1].input)(x), "float64")
    norms = np.linalg.norm(features, axis=1, keepdims=True)
    if not norms.all():
        return 1.0  # all of them vanished
    cosines = (features / norms) @ (features / norms).T
    return float((cosines.sum() - len(x)) / (len(x) * (len(x) - 1)))


def gradient_growth(model: Model, x: np.ndarray, y: np.ndarray) -> float:
    """Returns the norm of the gradient for the first hidden kernel, as a multiple of that for the last one."""
    kernels = [weight for weight in model.trainable_weights if weight.name == "kernel"]
    with GradientTape() as tape:
        loss = SparseCategoricalCrossentropy()(y, model(x))
    first, last = (float(ops.norm(each)) for each in tape.gradient(loss, [kernels[1], kernels[-2]]))
    return first / last if last else np.nan


def plot(results: dict[tuple[str, int], Result]) -> Figure:
    """Draws the training loss by the epoch, for each depth, and the test accuracy by depth."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    depths = sorted({depth for _, depth in results})
    figure = Figure(figsize=(13, 4.4), layout="constrained")
    *panels, last = figure.subplots(1, len(depths) + 1)
    for axes, depth in zip(panels, depths, strict=True):
        for kind, marker in zip(KINDS, MARKERS, strict=False):
            losses = results[kind, depth].losses
            axes.plot(range(1, len(losses) + 1), losses, color=KINDS[kind], marker=marker, label=kind)
        for number, kind in enumerate(KINDS):
            if not np.isfinite(results[kind, depth].losses[-1]):
                axes.text(1, 0.1 + 0.2 * number, f"{kind}: NaN", color=KINDS[kind])
        axes.axhline(np.log(10), color=GRAY, ls=":")
        axes.set(title=f"{depth:,} layers", xlabel="epoch", ylim=(0, 3))
    panels[0].set_ylabel("training loss (nats; dotted: guessing)")
    for number, kind in enumerate(KINDS):
        places = np.arange(len(depths)) + 0.27 * (number - 1)
        last.bar(places, [results[kind, depth].accuracy for depth in depths], 0.25, color=KINDS[kind], label=kind)
    last.set(title="Test digits answered right", xlabel="layers", ylim=(0, 1))
    last.set_xticks(range(len(depths)), [f"{depth:,}" for depth in depths])
    last.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    figure.suptitle("Residual networks learn at any depth, plain and normalized ones hardly at all")
    return figure


if __name__ == "__main__":
    main()

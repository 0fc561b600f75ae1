"""What does a loss function do to the gradients, and to the result?

    python examples/questions/loss_functions.py

Training sees of a loss only its gradient. Classification: where an output is wrong and sure of it, the cross-entropy
pulls with full strength (its gradient for z is p - y, with p = sigmoid(z)), while the gradient of the squared error is
multiplied by the slope of the sigmoid, which is almost 0 there. Here the networks start by saying no to everything, and
are sure of it: after one epoch the one with the cross-entropy is right for over 80 % of the digits, and the one with
the squared error still says no to all of them after three. Regression: the gradient of the squared error grows with the
error, so that a few outliers pull the line away; that of the absolute error is the same for all, and its line stays
within 0.2 of the true slope of 2. Huber's loss is a compromise: smooth near 0, bounded far away. Takes about 10
seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from experiment import BLACK, BLUE, GRAY, GREEN, VERMILION, Experiment, digits, print_table

from minikeras import GradientTape, Sequential, losses, ops
from minikeras.initializers import Constant
from minikeras.layers import Dense, Input
from minikeras.losses import Loss
from minikeras.optimizers import SGD, Adam
from minikeras.utils import set_random_seed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CLASSIFICATION: dict[str, Loss] = {
    "cross-entropy": losses.BinaryCrossentropy(reduction=None),
    "squared error": losses.MeanSquaredError(reduction=None),
}
REGRESSION: dict[str, Loss] = {
    "squared error": losses.MeanSquaredError(reduction=None),
    "absolute error": losses.MeanAbsoluteError(reduction=None),
    "Huber": losses.Huber(delta=0.5, reduction=None),
}
SURE = -9.0  # the bias with which the classifiers begin: sigmoid(-9) = 0.0001
SLOPE = 2.0  # of the true line
LOSS_COLORS = {"cross-entropy": BLUE, "squared error": VERMILION, "absolute error": BLUE, "Huber": GREEN}
LINES = {"cross-entropy": "-", "squared error": "--", "absolute error": "-", "Huber": ":"}


class Results(NamedTuple):
    """What the experiment has found, by the name of a loss."""

    accuracies: dict[str, list[float]]  # on test digits: before training, and after each part of it
    lines: dict[str, tuple[float, float]]  # slope and intercept


def main(arguments: list[str] | None = None) -> Results:
    """Runs the experiment."""
    experiment = Experiment(__file__, __doc__, arguments)
    data = odd_digits(experiment.choose(10_000, 3_000))
    accuracies = {
        name: train_classifier(loss, data, experiment.choose(6, 4), experiment.seed)
        for name, loss in CLASSIFICATION.items()
    }
    print("Is a digit odd? Test accuracy of networks that start sure and wrong")
    print_table(
        ["loss", "before", *(f"epoch {number + 1}" for number in range(len(accuracies["cross-entropy"]) - 1))],
        [[name, *(f"{each:.1%}" for each in found)] for name, found in accuracies.items()],
    )
    points = points_with_outliers(experiment.seed)
    lines = {name: fit_line(loss, points, experiment.seed) for name, loss in REGRESSION.items()}
    print(f"\nA line through points with outliers; the true one is {SLOPE:.2f} x")
    print_table(
        ["loss", "slope", "intercept"], [[name, *(f"{each:.2f}" for each in found)] for name, found in lines.items()]
    )
    experiment.save(lambda: plot_classification(accuracies), "_classification")
    experiment.save(lambda: plot_regression(points, lines), "_regression")
    return Results(accuracies, lines)


def odd_digits(train: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Returns digits of shape (n, 784), and whether they are odd, of shape (n, 1)."""
    x_train, y_train, x_test, y_test = digits(train, 2_000)
    return (
        x_train.reshape(-1, 784),
        (y_train[:, None] % 2).astype("float32"),
        x_test.reshape(-1, 784),
        (y_test[:, None] % 2).astype("float32"),
    )


def train_classifier(loss: Loss, data: tuple[np.ndarray, ...], epochs: int, seed: int) -> list[float]:
    """Trains a network that begins with saying no to everything, and sure of it; returns the test accuracies."""
    x_train, y_train, x_test, y_test = data
    set_random_seed(seed)
    bias = Constant(SURE)
    model = Sequential([Input((784,)), Dense(32, "tanh"), Dense(1, "sigmoid", bias_initializer=bias)])
    model.compile(optimizer=SGD(0.1), loss=type(loss)(), metrics=["accuracy"])
    before = model.evaluate(x_test, y_test, batch_size=500, verbose=0)[1]
    history = model.fit(
        x_train, y_train, batch_size=32, epochs=epochs, validation_data=(x_test, y_test), verbose=0
    ).history
    return [before, *history["val_accuracy"]]


def points_with_outliers(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns 40 points near a line, of which the last 8 are far below it; of shape (40, 1) each."""
    random = np.random.default_rng(seed)
    x = np.linspace(-1, 1, 40)[:, None]
    y = SLOPE * x + random.normal(0, 0.15, x.shape)
    y[-8:] -= random.uniform(2, 5, (8, 1))
    return x.astype("float32"), y.astype("float32")


def fit_line(loss: Loss, points: tuple[np.ndarray, np.ndarray], seed: int) -> tuple[float, float]:
    """Returns slope and intercept of the line with the least loss."""
    set_random_seed(seed)
    model = Sequential([Input((1,)), Dense(1)])
    model.compile(optimizer=Adam(0.02), loss=loss)
    model.fit(*points, batch_size=40, epochs=600, verbose=0)
    kernel, bias = model.get_weights()
    return kernel.item(), bias.item()


def gradient(loss: Loss, targets: np.ndarray, z: np.ndarray, is_class: bool) -> np.ndarray:
    """Returns the gradient of a loss for z: the output itself, or the logit of which it is the sigmoid."""
    values = ops.convert_to_tensor(z[:, None])
    with GradientTape() as tape:
        values = tape.watch(values)
        outputs = ops.sigmoid(values) if is_class else values
        total = ops.sum(loss(targets[:, None], outputs))
    return np.asarray(tape.gradient(total, values))[:, 0]


def plot_classification(accuracies: dict[str, list[float]]) -> Figure:
    """Draws the gradient by the logit, and the accuracy by the epoch."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    figure = Figure(figsize=(11, 4.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    z = np.linspace(-10, 10, 401)
    for name, loss in CLASSIFICATION.items():
        style = {"color": LOSS_COLORS[name], "ls": LINES[name], "lw": 2, "label": name}
        left.plot(z, np.abs(gradient(loss, np.ones_like(z), z, True)), **style)
        right.plot(range(len(accuracies[name])), accuracies[name], marker="o", **style)
    left.axvspan(-10, -4, color=GRAY, alpha=0.15, lw=0)
    left.text(-7, 0.5, "sure\nand wrong", ha="center")
    left.set(
        title="Gradient where 1 is right", xlabel="z; the output is sigmoid(z)", ylabel="size of the gradient for z"
    )
    right.set(title="Is a digit odd?", xlabel="epoch", ylabel="test digits answered right")
    right.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    right.xaxis.set_major_locator(MaxNLocator(integer=True))
    right.legend(loc="center right")
    figure.suptitle("Cross-entropy corrects what is sure and wrong, the squared error hardly does")
    return figure


def plot_regression(points: tuple[np.ndarray, np.ndarray], lines: dict[str, tuple[float, float]]) -> Figure:
    """Draws the gradient by the error, and the lines fitted to points with outliers."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    error = np.linspace(-4, 4, 401)
    x, y = points
    right.scatter(x, y, s=14, color=BLACK, label="points")
    right.plot(x, SLOPE * x, color=GRAY, lw=6, alpha=0.4, label="the truth")
    for name, loss in REGRESSION.items():
        style = {"color": LOSS_COLORS[name], "ls": LINES[name], "lw": 2, "label": name}
        left.plot(error, gradient(loss, np.zeros_like(error), error, False), **style)
        slope, intercept = lines[name]
        right.plot(x, slope * x + intercept, **style)
    left.set(title="Gradient", xlabel="error: prediction - target", ylabel="gradient for the prediction")
    right.text(0.85, -3.3, "8 outliers", ha="center")
    right.set(title="Lines with the least loss", xlabel="x", ylabel="y", ylim=(-3.6, 2.3))
    right.legend(loc="upper left")
    figure.suptitle("With the squared error, outliers pull hardest")
    return figure


if __name__ == "__main__":
    main()

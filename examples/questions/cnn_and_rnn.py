"""Why convolutional networks, and why recurrent ones?

    python examples/questions/cnn_and_rnn.py

A dense network has a weight of its own for every place: what it learns at one place it does not know at another. A
convolution slides the same few weights over the image, and a recurrent layer takes the same step at each time; so what
they have learned holds for images that are moved, and for sequences of another length.

Digits: networks with about 10,000 parameters each are trained on digits in the middle, and tested on moved ones. The
convolutional network looks for the strongest response anywhere, and still reads 87 % of the digits that are 8 pixels
further right (and 66 % of those 8 pixels further down, where many lack a part). The dense one only guesses these, and
the recurrent one, which reads an image row by row, hardly does better: an image is no sequence.

Sequences: which of two symbols came last, where most steps have none? All are trained on up to 20 steps. The recurrent
network is right for 100 steps, too: it remembers for as long as it takes. The dense one guesses where symbols come at
times it was never trained on, and the convolutional one does not see what is far apart. Takes about 30 seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from experiment import BLUE, GREEN, MARKERS, VERMILION, Experiment, digits, draw_image, print_table

from minikeras import Sequential
from minikeras.layers import (
    GRU,
    Conv1D,
    Conv2D,
    Dense,
    Flatten,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    Input,
    Layer,
    Masking,
    Reshape,
)
from minikeras.optimizers import Adam
from minikeras.utils import set_random_seed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = {"dense": VERMILION, "convolutional": GREEN, "recurrent": BLUE}
SHIFTS = (0, 2, 4, 6, 8)  # pixels
TRAINED = 20  # steps of the longest sequence trained on
LENGTHS = (5, 10, 20, 40, 70, 100)  # of test sequences
RARE = 0.15  # the probability of a symbol at each step


class Results(NamedTuple):
    """Test accuracies, by the name of a network."""

    down: dict[str, list[float]]  # for each of SHIFTS
    right: dict[str, list[float]]
    lengths: dict[str, list[float]]  # for each of LENGTHS


def main(arguments: list[str] | None = None) -> Results:
    """Runs the experiment."""
    experiment = Experiment(__file__, __doc__, arguments)
    results = Results({}, {}, {})
    for kind in KINDS:
        set_random_seed(experiment.seed)
        results.down[kind], results.right[kind] = test_on_digits(kind, experiment)
    for kind in KINDS:
        set_random_seed(experiment.seed)
        results.lengths[kind] = test_on_sequences(kind, experiment)
    for title, values, found in (
        ("Digits moved down, by pixels", SHIFTS, results.down),
        ("Digits moved to the right, by pixels", SHIFTS, results.right),
        (f"Sequences, by steps (trained on up to {TRAINED})", LENGTHS, results.lengths),
    ):
        print(f"\n{title}")
        print_table(
            ["network", *map(str, values)],
            [[kind, *(f"{each:.0%}" for each in accuracies)] for kind, accuracies in found.items()],
        )
    experiment.save(lambda: plot_digits(results, digits(1, 8)[2][4]), "_digits")
    experiment.save(lambda: plot_sequences(results), "_sequences")
    return results


def test_on_digits(kind: str, experiment: Experiment) -> tuple[list[float], list[float]]:
    """Trains on digits in the middle; returns the accuracies on digits moved down and to the right."""
    x_train, y_train, x_test, y_test = digits(experiment.choose(8_000, 3_000), experiment.choose(2_000, 500))
    model = Sequential([Input((28, 28)), *digit_layers(kind), Dense(10, "softmax")])
    model.compile(optimizer=Adam(0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train, y_train, batch_size=50, epochs=experiment.choose(5, 4), verbose=0)

    def accuracy(axis: int, pixels: int) -> float:
        return model.evaluate(moved(x_test, axis, pixels), y_test, batch_size=500, verbose=0)[1]

    down = [accuracy(1, pixels) for pixels in SHIFTS]
    right = [accuracy(2, pixels) for pixels in SHIFTS]
    return down, right


def digit_layers(kind: str) -> list[Layer]:
    """Returns the layers between an image of shape (28, 28) and the last layer."""
    if kind == "dense":
        return [Flatten(), Dense(12, "relu")]
    if kind == "recurrent":
        return [GRU(40)]  # each row is a step
    return [
        Reshape((28, 28, 1)),
        Conv2D(16, 5, strides=2, padding="same", activation="relu"),
        Conv2D(24, 5, strides=2, padding="same", activation="relu"),
        GlobalMaxPooling2D(),
    ]


def moved(x: np.ndarray, axis: int, pixels: int) -> np.ndarray:
    """Returns images moved down (axis 1) or to the right (axis 2); what is moved out of the image is lost."""
    padding = [(0, 0)] * 3
    padding[axis] = (pixels, 0)
    return np.pad(x, padding)[:, :28, :28]


def test_on_sequences(kind: str, experiment: Experiment) -> list[float]:
    """Trains on sequences of up to TRAINED steps; returns the accuracy for each of LENGTHS."""
    random = np.random.default_rng(experiment.seed)
    x, y = make_sequences(random.integers(2, TRAINED + 1, experiment.choose(8_000, 4_000)), random)
    model = Sequential([Input((max(LENGTHS), 3)), *sequence_layers(kind), Dense(1, "sigmoid")])
    model.compile(optimizer=Adam(0.003), loss="binary_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=50, epochs=experiment.choose(6, 5), verbose=0)
    tests = [make_sequences(np.full(1_000, length), random) for length in LENGTHS]
    return [model.evaluate(*each, batch_size=500, verbose=0)[1] for each in tests]


def make_sequences(lengths: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draws sequences in which a step has one of two symbols, or more often none.

    Returns:
        Sequences of shape (n, 100, 3): 1 for the first symbol, the second one, or none; zeros after the end. And which
        symbol came last, of shape (n, 1).
    """
    n, steps = len(lengths), max(LENGTHS)
    symbols = random.integers(2, size=(n, steps))
    goes_on = np.arange(steps) < lengths[:, None]
    there = (random.random((n, steps)) < RARE) & goes_on
    there[np.arange(n), random.integers(lengths)] = True  # at least one
    last = steps - 1 - np.argmax(there[:, ::-1], axis=1)
    x = np.eye(3, dtype="float32")[np.where(there, symbols, 2)] * goes_on[..., None]
    return x, symbols[np.arange(n), last][:, None].astype("float32")


def sequence_layers(kind: str) -> list[Layer]:
    """Returns the layers between a sequence of shape (100, 3) and the last layer."""
    if kind == "dense":
        return [Flatten(), Dense(16, "relu")]
    if kind == "recurrent":
        return [Masking(), GRU(16)]  # which stops where the zeros begin
    return [Conv1D(16, 5, activation="relu"), Conv1D(16, 5, activation="relu"), GlobalMaxPooling1D()]


def plot_digits(results: Results, digit: np.ndarray) -> Figure:
    """Draws the accuracy on digits by how far they are moved, and a digit that is."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    figure = Figure(figsize=(11, 5.6), layout="constrained")
    many = len(SHIFTS)
    grid = figure.add_gridspec(2, 2 * many, height_ratios=[1, 4.5])
    for axis, direction, found in ((1, "down", results.down), (2, "to the right", results.right)):
        start = (axis - 1) * many
        for column, pixels in enumerate(SHIFTS, start):
            draw_image(figure.add_subplot(grid[0, column]), moved(digit[None], axis, pixels)[0])
        axes = figure.add_subplot(grid[1, start : start + many])
        for (kind, accuracies), marker in zip(found.items(), MARKERS, strict=False):
            axes.plot(SHIFTS, accuracies, color=KINDS[kind], marker=marker, lw=2, label=kind)
        axes.set(xlabel=f"pixels by which digits are moved {direction}", xticks=SHIFTS, ylim=(0, 1.02))
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        if start:
            axes.legend(loc="center right")
        else:
            axes.set_ylabel("test digits answered right")
    figure.suptitle("What a convolution has learned, it knows at every place")
    return figure


def plot_sequences(results: Results) -> Figure:
    """Draws the accuracy by the length of the sequence."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    figure = Figure(figsize=(7, 4.6), layout="constrained")
    axes = figure.subplots()
    axes.axvspan(0, TRAINED, color="black", alpha=0.08, lw=0)
    axes.text(TRAINED / 2, 0.42, "trained on", ha="center")
    for (kind, accuracies), marker in zip(results.lengths.items(), MARKERS, strict=False):
        axes.plot(LENGTHS, accuracies, color=KINDS[kind], marker=marker, lw=2, label=kind)
    axes.set(xlabel="steps of the test sequences", ylabel="last symbol answered right", xlim=(0, 103), ylim=(0.4, 1.02))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.legend(loc=(0.42, 0.45))
    figure.suptitle("What a recurrent layer has learned, it knows at every time")
    return figure


if __name__ == "__main__":
    main()

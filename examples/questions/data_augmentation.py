"""What does data augmentation do?

    python examples/questions/data_augmentation.py

500 digits are few, but a digit that is moved, turned or enlarged a little is still the same digit. Layers that do so
at random show the network another variant of each digit in every epoch. It then cannot memorize the images, and has
to find out what they have in common: with as many steps, it makes little more than half as many mistakes on new digits
(about 10 % in place of 18 %). What is changed must not change the meaning: digits that are mirrored and turned upside
down, where a 6 becomes a 9 and a 2 almost a 5, do harm (over 20 % mistakes). Takes about 30 seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from experiment import BLUE, GRAY, MARKERS, VERMILION, Experiment, digits, draw_image, print_table

from minikeras import Sequential
from minikeras.layers import (
    Conv2D,
    Dense,
    Flatten,
    Input,
    Layer,
    RandomFlip,
    RandomRotation,
    RandomTranslation,
    RandomZoom,
)
from minikeras.optimizers import Adam
from minikeras.utils import set_random_seed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

METHODS = {"none": GRAY, "moved, turned, zoomed": BLUE, "mirrored, upside down": VERMILION}
SHOWN = 8  # variants of a digit


class Result(NamedTuple):
    """What is known of a network after training."""

    variants: np.ndarray  # of one digit, of shape (SHOWN, 28, 28)
    train_accuracies: list[float]  # on what it was shown, in each epoch
    test_accuracies: list[float]


def main(arguments: list[str] | None = None) -> dict[str, Result]:
    """Runs the experiment; returns the results by the name of the method."""
    experiment = Experiment(__file__, __doc__, arguments)
    x_train, y_train, x_test, y_test = digits(500, experiment.choose(4_000, 1_000))
    x_train, x_test = x_train[..., None], x_test[..., None]
    two = x_train[np.flatnonzero(y_train == 2)[0]]
    results = {}
    for method in METHODS:
        set_random_seed(experiment.seed)
        variants = np.stack([two] * SHOWN)
        for layer in augmentation(method):
            variants = np.asarray(layer(variants, training=True))
        model = build_model(augmentation(method))
        model.compile(optimizer=Adam(0.001), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(
            x_train,
            y_train,
            batch_size=50,
            epochs=experiment.choose(50, 25),
            validation_data=(x_test, y_test),
            validation_batch_size=500,
            verbose=0,
        ).history
        results[method] = Result(variants[..., 0], history["accuracy"], history["val_accuracy"])
    print_table(
        ["augmentation", "accuracy on what it was shown", "test accuracy"],
        [
            [name, f"{each.train_accuracies[-1]:.1%}", f"{each.test_accuracies[-1]:.1%}"]
            for name, each in results.items()
        ],
    )
    experiment.save(lambda: plot(results))
    return results


def augmentation(method: str) -> list[Layer]:
    """Returns layers that change images at random while the network is trained, and not otherwise."""
    if method == "none":
        return []
    if method == "mirrored, upside down":
        return [RandomFlip("horizontal_and_vertical")]
    return [
        RandomTranslation(0.1, 0.1, fill_mode="constant"),  # by up to a tenth of the side
        RandomRotation(0.04, fill_mode="constant"),  # by up to 0.04 turns, 14 degrees
        RandomZoom(0.1, 0.1, fill_mode="constant"),
    ]


def build_model(augmentation: list[Layer]) -> Sequential:
    """Returns a small convolutional network."""
    return Sequential(
        [
            Input((28, 28, 1)),
            *augmentation,
            Conv2D(16, 5, strides=2, activation="relu"),
            Conv2D(32, 3, strides=2, activation="relu"),
            Flatten(),
            Dense(64, "relu"),
            Dense(10, "softmax"),
        ]
    )


def plot(results: dict[str, Result]) -> Figure:
    """Draws variants of one digit, and the test accuracy by the epoch."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    figure = Figure(figsize=(12, 4.6), layout="constrained")
    grid = figure.add_gridspec(len(results), 2 * SHOWN)
    axes = figure.add_subplot(grid[:, SHOWN + 1 :])
    for row, (marker, (name, result)) in enumerate(zip(MARKERS, results.items(), strict=False)):
        cells = [figure.add_subplot(grid[row, column]) for column in range(SHOWN)]
        for cell, image in zip(cells, result.variants, strict=True):
            draw_image(cell, image)
        title = f"What it is shown for a 2, {name}: {result.test_accuracies[-1]:.0%} right"
        text = cells[0].text(0, 1.15, title, color=METHODS[name], transform=cells[0].transAxes)
        text.set_in_layout(False)  # else the first image would be as wide
        epochs = range(1, len(result.test_accuracies) + 1)
        style: dict[str, Any] = {"color": METHODS[name], "marker": marker, "markevery": 10, "label": name}
        axes.plot(epochs, result.test_accuracies, **style)
    axes.set(xlabel="epoch", ylabel="test digits answered right", ylim=(0.6, 1))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.legend(loc="lower right", title="trained on digits")
    figure.suptitle("Variants of few digits teach what does not matter")
    return figure


if __name__ == "__main__":
    main()

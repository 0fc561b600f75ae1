"""What is the difference between multiclass and multilabel classification?

    python examples/questions/classification.py

Multiclass: exactly one class is right, so a softmax shares a probability of 1 between the classes, and the largest one
is the answer. Multilabel: any number of classes may be right, so each one has a sigmoid, a probability of its own, and
all above 1/2 are the answer. The pictures have four places, with small digits in some of them. If it is always one,
softmax and sigmoids do about equally well. If there are none to three, the softmax gets no picture with two or three
different digits right, since it can give each of them 1/2 or 1/3 at most; the sigmoids get about half of these right.
If one looks for the threshold that suits the softmax best, about 0.15, it comes close, but then a yes is no longer what
it calls probable. Takes about 30 seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from experiment import BLACK, GRAY, SKY, VERMILION, Experiment, digits, draw_image, print_table

from minikeras import Sequential
from minikeras.layers import Conv2D, Dense, Flatten, Input
from minikeras.utils import set_random_seed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OUTPUTS = {"softmax": "categorical_crossentropy", "sigmoid": "binary_crossentropy"}
TASKS = {"one digit (multiclass)": [1], "none to three (multilabel)": [0, 1, 2, 3]}


class Result(NamedTuple):
    """How a network answers new pictures."""

    right: float  # pictures of which all ten answers are right, if more than 1/2 means yes; or the largest one
    best: float  # the same with the threshold that suits the network best
    threshold: float  # this threshold
    by_digits: list[float]  # `right` for pictures with no digit, one, two, three different ones
    probabilities: np.ndarray  # of shape (pictures, 10)


def main(arguments: list[str] | None = None) -> dict[str, dict[str, Result]]:
    """Runs the experiment; returns the results by task and output."""
    experiment = Experiment(__file__, __doc__, arguments)
    x_train, y_train, x_test, y_test = digits(experiment.choose(30_000, 10_000), 10_000)
    results: dict[str, dict[str, Result]] = {}
    for task, counts in TASKS.items():
        train = make_pictures(x_train, y_train, counts, experiment.choose(8_000, 3_000), experiment.seed)
        test = make_pictures(x_test, y_test, counts, 2_000, experiment.seed + 1)
        results[task] = {}
        for output in OUTPUTS:
            set_random_seed(experiment.seed)
            model = train_model(output, *train, experiment.choose(10, 6))
            results[task][output] = judge(model, train, test, is_multiclass=counts == [1])
    print("Pictures of which everything is right")
    print_table(
        ["task", *OUTPUTS, *(f"{output}, best threshold" for output in OUTPUTS)],
        [
            [
                task,
                *(f"{each.right:.1%}" for each in found.values()),
                *(f"{each.best:.1%} ({each.threshold:.2f})" for each in found.values()),
            ]
            for task, found in results.items()
        ],
    )
    print("\nThe same, by how many different digits there are")
    found = results["none to three (multilabel)"]
    print_table(
        ["output", "none", "one", "two", "three"],
        [[output, *(f"{share:.1%}" for share in each.by_digits)] for output, each in found.items()],
    )
    test = make_pictures(x_test, y_test, TASKS["none to three (multilabel)"], 2_000, experiment.seed + 1)
    experiment.save(lambda: plot(*test, found))
    return results


def make_pictures(
    images: np.ndarray, labels: np.ndarray, counts: list[int], pictures: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Puts digits of half the size into some of four places.

    Returns:
        Pictures of shape (pictures, 28, 28, 1), and 1 for each digit that is there, of shape (pictures, 10); float32.
    """
    random = np.random.default_rng(seed)
    small = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4))
    chosen = random.integers(len(images), size=(pictures, 4))
    ranks = random.permuted(np.tile(np.arange(4), (pictures, 1)), axis=1)
    filled = ranks < random.choice(counts, pictures)[:, None]  # (pictures, 4)
    places = small[chosen] * filled[..., None, None]  # (pictures, 4, 14, 14)
    x = places.reshape(-1, 2, 2, 14, 14).swapaxes(2, 3).reshape(-1, 28, 28, 1)
    y = np.zeros((pictures, 10), "float32")
    rows, columns = np.nonzero(filled)
    y[rows, labels[chosen[rows, columns]]] = 1
    return x.astype("float32"), y


def train_model(output: str, x: np.ndarray, y: np.ndarray, epochs: int) -> Sequential:
    """Trains a convolutional network that ends with the given activation."""
    model = Sequential(
        [
            Input((28, 28, 1)),
            Conv2D(16, 4, strides=2, activation="relu"),
            Conv2D(32, 3, strides=2, activation="relu"),
            Flatten(),
            Dense(64, "relu"),
            Dense(10, output),
        ]
    )
    model.compile(optimizer="adam", loss=OUTPUTS[output])
    model.fit(x, shared_out(y) if output == "softmax" else y, batch_size=64, epochs=epochs, verbose=0)
    return model


def shared_out(y: np.ndarray) -> np.ndarray:
    """The targets of a softmax, which have to sum to 1: equal for all digits that are there; for all, if none is."""
    y = np.where(y.any(axis=1, keepdims=True), y, 1)
    return y / y.sum(axis=1, keepdims=True)


def judge(
    model: Sequential, train: tuple[np.ndarray, np.ndarray], test: tuple[np.ndarray, np.ndarray], is_multiclass: bool
) -> Result:
    """Counts right answers to test pictures; the best threshold is that for the training pictures."""
    probabilities = model.predict(test[0], batch_size=500, verbose=0)
    if is_multiclass:
        right = float(np.mean(probabilities.argmax(axis=1) == test[1].argmax(axis=1)))
        return Result(right, right, 0.5, [], probabilities)
    known = model.predict(train[0], batch_size=500, verbose=0)
    tried = np.arange(0.05, 1, 0.05)
    threshold = float(tried[np.argmax([all_right(known, train[1], each) for each in tried])])
    right, best = (all_right(probabilities, test[1], each) for each in (0.5, threshold))
    numbers = test[1].sum(axis=1)
    by_digits = [all_right(probabilities[numbers == n], test[1][numbers == n], 0.5) for n in range(4)]
    return Result(right, best, threshold, by_digits, probabilities)


def all_right(probabilities: np.ndarray, y: np.ndarray, threshold: float) -> float:
    """The share of pictures of which all ten answers are right."""
    return float(np.mean(np.all((probabilities > threshold) == (y > 0.5), axis=1)))


def plot(x: np.ndarray, y: np.ndarray, results: dict[str, Result]) -> Figure:
    """Draws pictures with none to three digits, and what both networks answer."""
    from matplotlib.figure import Figure

    filled = x.reshape(-1, 2, 14, 2, 14).any(axis=(2, 4)).sum(axis=(1, 2))
    shown = [int(np.flatnonzero((filled == count) & (y.sum(axis=1) == count))[0]) for count in range(4)]
    figure = Figure(figsize=(10, 9), layout="constrained")
    rows = figure.subplots(4, 3, width_ratios=[1, 2, 2])
    for (image, *bars), picture in zip(rows, shown, strict=True):
        draw_image(image, x[picture, ..., 0])
        for axes, result in zip(bars, results.values(), strict=True):
            chances = result.probabilities[picture]
            colors = [VERMILION if there else SKY for there in y[picture]]
            axes.bar(range(10), chances, color=colors)
            axes.axhline(0.5, color=BLACK, ls="--", lw=1)
            right = np.array_equal(chances > 0.5, y[picture] > 0.5)
            axes.set_title(f"sum of the probabilities: {chances.sum():.2f}; {'all right' if right else 'wrong'}")
            axes.set(xticks=range(10), ylim=(0, 1.02))
            axes.set_ylabel("probability")
    rows[0, 0].set_title("picture")
    for axes, output in zip(rows[0, 1:], results, strict=True):
        axes.set_title(f"{output}\n{axes.get_title()}")
    for axes, (output, result) in zip(rows[-1, 1:], results.items(), strict=True):
        axes.set_xlabel(f"digit, by {output}\n{result.right:.0%} of all pictures completely right")
    handles = [
        rows[0, 1].bar(0, 0, color=VERMILION),
        rows[0, 1].bar(0, 0, color=SKY),
        rows[0, 1].axhline(-1, color=GRAY, ls="--"),
    ]
    names = ["digit is there", "digit is not there", "above: the answer is yes"]
    figure.legend(handles, names, loc="outside lower center", ncols=3)
    figure.suptitle("A softmax shares out one whole; sigmoids answer ten questions")
    return figure


if __name__ == "__main__":
    main()

"""Trains an encoder and a decoder to add numbers that are written as text, and draws how well they learn it.

    python examples/addition_rnn.py
    python examples/addition_rnn.py --digits 2 --questions 4000 --output my_run

The network is that of https://keras.io/examples/nlp/addition_rnn/: an LSTM reads " 12+345", character by character,
and keeps what it has read in its states; a second one writes "357 ". Nobody tells them what a digit is. After a minute
and a half on two cores they add numbers of up to three digits they have never seen, with about 98 % of the sums right
to the last digit. Needs `pip install "minikeras[plot]"` for the picture; without it everything else works.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from minikeras import Input, Sequential
from minikeras.callbacks import Callback
from minikeras.layers import LSTM, Dense, RepeatVector
from minikeras.optimizers import Adam
from minikeras.optimizers.schedules import CosineDecay
from minikeras.utils import set_random_seed, to_categorical

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CHARACTERS = "0123456789+ "
UNITS = 128  # of each LSTM
LEARNING_RATE = 0.004  # of the first step; that of the last one is 0
VALIDATION = 0.1  # of the questions
SHOWN = 8  # sums printed at the end


def main(arguments: list[str] | None = None) -> None:
    """Runs the example with the given command line options."""
    options = parse_options(arguments)
    can_plot = prepare_plotting(options.output)
    set_random_seed(options.seed)

    pairs = draw_pairs(options.questions, options.digits, np.random.default_rng(options.seed))
    questions = [question(a, b, options.digits) for a, b in pairs]
    answers = [str(a + b).ljust(options.digits + 1) for a, b in pairs]
    x, y = encode(questions), encode(answers)
    held_out = max(int(len(x) * VALIDATION), 1)
    x_train, y_train, x_test, y_test = x[held_out:], y[held_out:], x[:held_out], y[:held_out]
    print(f"{len(x_train):,} sums to learn from, {held_out:,} to test with, such as {questions[0]!r} = {answers[0]!r}")

    model = build_model(x.shape[1], y.shape[1])
    model.summary()
    steps = options.epochs * -(-len(x_train) // options.batch_size)
    model.compile(Adam(CosineDecay(LEARNING_RATE, steps)), loss="categorical_crossentropy", metrics=["accuracy"])
    sums = SumsRight(x_test, y_test)
    history = model.fit(
        x_train,
        y_train,
        batch_size=options.batch_size,
        epochs=options.epochs,
        validation_data=(x_test, y_test),
        callbacks=[sums],
        verbose=2,
    ).history

    right = print_sums(questions[:held_out], answers[:held_out], predict_answers(model, x_test))
    print(f"Sums right: {right:.4f}")
    if can_plot:
        figure = plot_curves(history, sums.by_place, options.digits)
        save(figure, options.output / "addition.png")
    else:
        print('No picture was written: matplotlib is not installed. Get it with: pip install "minikeras[plot]"')


def build_model(question_length: int, answer_length: int) -> Sequential:
    """An LSTM that reads a question, another one that writes the answer from what the first one has kept."""
    return Sequential(
        [
            Input((question_length, len(CHARACTERS))),
            LSTM(UNITS),
            RepeatVector(answer_length),
            LSTM(UNITS, return_sequences=True),
            Dense(len(CHARACTERS), activation="softmax"),
        ]
    )


def draw_pairs(count: int, digits: int, generator: np.random.Generator) -> list[tuple[int, int]]:
    """Returns distinct pairs of numbers of up to `digits` digits; a + b and b + a count as one.

    Each number has 1, 2, ... digits with the same probability, so that short ones are there, too.
    """
    pairs: dict[tuple[int, int], tuple[int, int]] = {}
    while len(pairs) < count:
        lengths = generator.integers(1, digits + 1, (count, 2))
        for a, b in generator.integers(0, 10**lengths):
            pairs.setdefault((min(a, b), max(a, b)), (int(a), int(b)))
    return list(pairs.values())[:count]


def question(a: int, b: int, digits: int) -> str:
    """Returns "a+b", padded in front to the length of the longest question, and reversed.

    Reversed, the last characters that are read are the first digits, with which the answer begins.
    """
    return f"{a}+{b}".rjust(2 * digits + 1)[::-1]


def encode(texts: list[str]) -> np.ndarray:
    """Converts n texts of one length to one-hot vectors, float32 of shape (n, length, 12)."""
    indices = [[CHARACTERS.index(character) for character in text] for text in texts]
    return to_categorical(indices, len(CHARACTERS)).astype("float32")


def predict_answers(model: Sequential, x: np.ndarray) -> list[str]:
    """Returns the most probable text for each question."""
    indices = model.predict(x, batch_size=1000, verbose=0).argmax(axis=-1)
    return ["".join(CHARACTERS[index] for index in row) for row in indices]


class SumsRight(Callback):
    """After each epoch, counts the sums that are right to the last character, and how often each place is right.

    Args:
        x: Questions, shape (n, length, 12).
        y: Their answers, shape (n, places, 12).
    """

    def __init__(self, x: np.ndarray, y: np.ndarray):
        super().__init__()
        self.x, self.expected = x, y.argmax(axis=-1)
        self.by_place: list[np.ndarray] = []  # an array of shape (places,) for each epoch

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Adds `val_sums_right` to what is logged."""
        right = self.model.predict(self.x, batch_size=1000, verbose=0).argmax(axis=-1) == self.expected
        self.by_place.append(right.mean(axis=0))
        if logs is not None:
            logs["val_sums_right"] = float(right.all(axis=1).mean())


def print_sums(questions: list[str], answers: list[str], predictions: list[str]) -> float:
    """Prints some sums with what the network says; returns the fraction that is right."""
    for asked, answer, predicted in zip(questions[:SHOWN], answers, predictions, strict=False):
        verdict = "right" if predicted == answer else f"wrong, it is {answer.strip()}"
        print(f"{asked[::-1]} = {predicted} {verdict}")
    return float(np.mean([predicted == answer for answer, predicted in zip(answers, predictions, strict=True)]))


def plot_curves(history: dict[str, list[float]], by_place: list[np.ndarray], digits: int) -> Figure:
    """Draws the loss, the sums that are right, and each place of the answer, over the epochs."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    epochs = range(1, len(history["loss"]) + 1)
    figure = Figure(figsize=(13, 4), layout="constrained")
    loss, sums, places = figure.subplots(1, 3)
    loss.plot(epochs, history["loss"], color="#0072B2", marker="o", ms=3, label="training")
    loss.plot(epochs, history["val_loss"], color="#D55E00", marker="s", ms=3, ls="--", label="test")
    loss.set(title="Loss", ylabel="crossentropy (nats a character)", yscale="log")
    loss.legend()
    sums.plot(epochs, history["val_accuracy"], color="#0072B2", marker="o", ms=3, label="characters")
    sums.plot(epochs, history["val_sums_right"], color="#D55E00", marker="s", ms=3, ls="--", label="whole sums")
    sums.set(title="Right answers to test questions", ylim=(0, 1.02))
    sums.legend()
    image = places.imshow(
        np.transpose(by_place),
        aspect="auto",
        cmap="viridis",
        vmin=0,
        vmax=1,
        extent=(0.5, len(by_place) + 0.5, digits + 1.5, 0.5),
    )
    places.set(title="Characters of the answer", ylabel="place, from the left")
    places.yaxis.set_major_locator(MaxNLocator(integer=True))
    figure.colorbar(image, ax=places, label="right", format=PercentFormatter(1))
    sums.yaxis.set_major_formatter(PercentFormatter(1))
    for axes in (loss, sums, places):
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    for axes in (loss, sums):
        axes.grid(alpha=0.3)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Writes the figure as a PNG file and says so."""
    figure.savefig(path, dpi=150)
    print(f"Wrote {path}")


def prepare_plotting(output: Path) -> bool:
    """Returns whether matplotlib is installed; if so, creates the output folder, so that an invalid one fails early."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        return False
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(f"addition_rnn.py: error: --output: cannot make the folder: {error}") from None
    return True


def parse_options(arguments: list[str] | None) -> argparse.Namespace:
    """Parses the command line; an invalid option ends the program with a message."""
    parser = argparse.ArgumentParser(
        description="Trains two LSTMs to add numbers that are written as text.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--questions", type=integer_from(2), default=50_000, help="sums, for training and test")
    parser.add_argument("--digits", type=integer_from(1, 9), default=3, help="of the longest numbers")
    parser.add_argument("--epochs", type=integer_from(1), default=12, help="passes over the training questions")
    parser.add_argument("--batch-size", type=integer_from(1), default=128, help="questions per training step")
    parser.add_argument("--seed", type=integer_from(0, 2**32 - 1), default=0, help="same seed, same result")
    parser.add_argument("--output", type=Path, default=Path("addition_rnn_output"), help="folder for the picture")
    options = parser.parse_args(arguments)
    numbers = 10**options.digits
    if options.questions > numbers * (numbers + 1) // 4:
        parser.error(
            f"--questions: numbers of up to {options.digits} digits give too few sums, "
            f"expected at most {numbers * (numbers + 1) // 4}, received {options.questions}"
        )
    return options


class integer_from:
    """Parses an integer option, with inclusive bounds."""

    def __init__(self, low: int, high: int | None = None):
        self.low, self.high = low, high

    def __call__(self, text: str) -> int:
        """Parses the text of the option."""
        try:
            value = int(text)
        except ValueError:
            value = None
        if value is None or value < self.low or (self.high is not None and value > self.high):
            bounds = f"of at least {self.low}" if self.high is None else f"from {self.low} to {self.high}"
            raise argparse.ArgumentTypeError(f"expected an integer {bounds}, received {text!r}")
        return value


if __name__ == "__main__":
    main()

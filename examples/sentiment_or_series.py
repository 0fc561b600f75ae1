"""Compares a dense network, an LSTM and a transformer on one task: is a review friendly?

    python examples/sentiment_or_series.py
    python examples/sentiment_or_series.py --reviews 20000 --epochs 3 --output my_run

The reviews are made up from a small grammar: "the plot was not very good but i loved the music". What they say
depends on the order of the words: "not" turns the next adjective around, and after "but" comes what counts. The dense
network sees which words occur, as the mean of their vectors, and not where; the LSTM reads them one after the other;
in the transformer each word looks at all others. The table shows accuracy, parameters and seconds, the picture where
each one fails. Needs `pip install "minikeras[plot]"` for the picture; without it everything else works.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from minikeras import Input, Model
from minikeras.layers import (
    LSTM,
    Dense,
    Embedding,
    GlobalAveragePooling1D,
    Layer,
    LayerNormalization,
    MultiHeadAttention,
)
from minikeras.utils import pad_sequences, set_random_seed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from minikeras.typing import Tensor

GOOD = ["good", "great", "funny", "clever", "moving", "lovely", "brilliant", "charming"]
BAD = ["bad", "awful", "boring", "silly", "tedious", "clumsy", "dreadful", "bland"]
LIKED = ["loved", "liked", "enjoyed", "admired"]
DISLIKED = ["hated", "disliked", "regretted", "loathed"]
THINGS = ["plot", "music", "acting", "ending", "dialogue", "camera", "story", "cast"]
INTENSIFIERS = ["", "", "very", "really", "rather"]
WORDS = sorted(
    {"the", "was", "not", "i", "never", "and", "but", *GOOD, *BAD, *LIKED, *DISLIKED, *THINGS, *INTENSIFIERS[2:]}
)
LENGTH = 24  # words of the longest review, rounded up
WIDTH = 32  # numbers that stand for a word
TEST = 0.2  # of the reviews
KINDS = ("plain", "not", "but", "not and but")


def main(arguments: list[str] | None = None) -> None:
    """Runs the example with the given command line options."""
    options = parse_options(arguments)
    can_plot = prepare_plotting(options.output)

    reviews = make_reviews(options.reviews, np.random.default_rng(options.seed))
    x, y = encode([words for words, _ in reviews]), np.array([is_friendly for _, is_friendly in reviews], "float32")
    kinds = np.array([kind_of(words) for words, _ in reviews])
    held_out = max(int(len(x) * TEST), 1)
    print(f"{len(x) - held_out:,} reviews to learn from, {held_out:,} to test with, such as")
    for words, is_friendly in reviews[:4]:
        print(f"  {'friendly' if is_friendly else 'unkind':8}  {' '.join(words)}")

    print(f"\n{'network':12} {'accuracy':>8} {'parameters':>10} {'seconds':>8}")
    right: dict[str, np.ndarray] = {}
    curves: dict[str, list[float]] = {}
    for name, build in NETWORKS.items():
        set_random_seed(options.seed)
        model = build()
        model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
        start = time.perf_counter()
        curves[name] = model.fit(
            x[held_out:],
            y[held_out:],
            batch_size=options.batch_size,
            epochs=options.epochs,
            validation_data=(x[:held_out], y[:held_out]),
            verbose=0,
        ).history["val_accuracy"]
        seconds = time.perf_counter() - start
        right[name] = (model.predict(x[:held_out], batch_size=1000, verbose=0)[:, 0] > 0.5) == y[:held_out]
        print(f"{name:12} {right[name].mean():8.4f} {model.count_params():10,} {seconds:8.1f}", flush=True)

    by_kind = {name: accuracy_by_kind(each, kinds[:held_out]) for name, each in right.items()}
    print(f"\n{'accuracy':12} " + " ".join(f"{kind:>11}" for kind in KINDS))
    for name, accuracies in by_kind.items():
        print(f"{name:12} " + " ".join(f"{accuracy:11.4f}" for accuracy in accuracies))
    if can_plot:
        save(plot(curves, by_kind), options.output / "sentiment.png")
    else:
        print('No picture was written: matplotlib is not installed. Get it with: pip install "minikeras[plot]"')


def build_dense() -> Model:
    """Sees which words occur: the mean of their vectors, then two dense layers."""
    words = Input((LENGTH,), dtype="int32")
    x = GlobalAveragePooling1D()(Embedding(len(WORDS) + 1, WIDTH, mask_zero=True)(words))
    return Model(words, classifier(Dense(64, activation="relu")(x)), name="dense")


def build_lstm() -> Model:
    """Reads the words one after the other; its last output stands for the review."""
    words = Input((LENGTH,), dtype="int32")
    return Model(words, classifier(LSTM(64)(Embedding(len(WORDS) + 1, WIDTH, mask_zero=True)(words))), name="lstm")


def build_transformer() -> Model:
    """Lets each word look at all others, twice; the mean over the words stands for the review."""
    words = Input((LENGTH,), dtype="int32")
    x = PositionEmbedding()(Embedding(len(WORDS) + 1, WIDTH, mask_zero=True)(words))
    for _ in range(2):
        normalized = LayerNormalization()(x)
        x = x + MultiHeadAttention(2, WIDTH // 2)(normalized, normalized)
        x = x + Dense(WIDTH)(Dense(2 * WIDTH, activation="relu")(LayerNormalization()(x)))
    return Model(words, classifier(GlobalAveragePooling1D()(LayerNormalization()(x))), name="transformer")


NETWORKS: dict[str, Callable[[], Model]] = {"dense": build_dense, "lstm": build_lstm, "transformer": build_transformer}


def classifier(x: Tensor) -> Tensor:
    """Returns the probability that a review is friendly, shape (batch, 1)."""
    return Dense(1, activation="sigmoid", name="is_friendly")(Dense(32, activation="relu")(x))


class PositionEmbedding(Layer):
    """Adds a learned vector for each place: attention alone does not know the order of what it sees."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Makes the vectors, shape (length, width)."""
        self.embeddings = self.add_weight(input_shape[1:], initializer="uniform", name="embeddings")

    def call(self, inputs: Tensor) -> Tensor:
        """Returns the inputs, shape (batch, length, width), with the vectors added."""
        return inputs + self.embeddings


def make_reviews(count: int, generator: np.random.Generator) -> list[tuple[list[str], bool]]:
    """Returns reviews, as lists of words, and whether each one is friendly; half of them are."""
    reviews: list[tuple[list[str], bool]] = []
    wanted = [count - count // 2, count // 2]  # unkind, friendly
    while any(wanted):
        words, is_friendly = make_review(generator)
        if wanted[is_friendly]:
            wanted[is_friendly] -= 1
            reviews.append((words, is_friendly))
    return reviews


def make_review(generator: np.random.Generator) -> tuple[list[str], bool]:
    """Returns the words of one review of one to three statements, and whether it is friendly.

    Statements joined by "and" agree. Of what "but" joins, the second part counts.
    """
    is_friendly = bool(generator.integers(2))
    count = int(generator.integers(1, 4))
    turn = (
        int(generator.integers(1, count)) if count > 1 and generator.random() < 0.5 else 0
    )  # the statement after "but"
    words: list[str] = []
    for number in range(count):
        if number:
            words.append("but" if number == turn else "and")
        words += make_statement(is_friendly == (number >= turn), generator)
    return words, is_friendly


def make_statement(is_friendly: bool, generator: np.random.Generator) -> list[str]:
    """Returns the words of "the plot was not very good" or "i never liked the music"."""
    is_negated = bool(generator.random() < 0.4)
    thing = str(generator.choice(THINGS))
    if generator.random() < 0.7:
        adjective = str(generator.choice(GOOD if is_friendly != is_negated else BAD))
        words = ["the", thing, "was", "not" if is_negated else "", str(generator.choice(INTENSIFIERS)), adjective]
    else:
        verb = str(generator.choice(LIKED if is_friendly != is_negated else DISLIKED))
        words = ["i", "never" if is_negated else "", verb, "the", thing]
    return [word for word in words if word]


def kind_of(words: list[str]) -> str:
    """Returns which of what depends on the order of the words is in a review."""
    has_not, has_but = not {"not", "never"}.isdisjoint(words), "but" in words
    return KINDS[has_not + 2 * has_but]


def encode(reviews: list[list[str]]) -> np.ndarray:
    """Converts reviews to indices of words, from 1; zeros follow, which the layers mask. Shape (reviews, 24)."""
    index = {word: number for number, word in enumerate(WORDS, 1)}
    return pad_sequences([[index[word] for word in words] for words in reviews], LENGTH, padding="post")


def accuracy_by_kind(right: np.ndarray, kinds: np.ndarray) -> list[float]:
    """Returns the accuracy for each kind of review; NaN where there is no review of it."""
    return [float(right[kinds == kind].mean()) if (kinds == kind).any() else float("nan") for kind in KINDS]


def plot(curves: dict[str, list[float]], by_kind: dict[str, list[float]]) -> Figure:
    """Draws the accuracy over the epochs, and for each kind of review."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    colors = dict(zip(curves, ("#999999", "#0072B2", "#D55E00"), strict=True))
    figure = Figure(figsize=(12, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    for (name, accuracies), marker in zip(curves.items(), "os^", strict=True):
        left.plot(range(1, len(accuracies) + 1), accuracies, color=colors[name], marker=marker, label=name)
    left.set(title="Test accuracy", xlabel="epoch", ylabel="reviews understood")
    left.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    places = np.arange(len(KINDS))
    for number, (name, accuracies) in enumerate(by_kind.items()):
        bars = right.bar(places + 0.27 * (number - 1), accuracies, 0.25, color=colors[name], label=name)
        right.bar_label(bars, fmt=lambda value: f"{value:.0%}", fontsize=8)
    right.axhline(0.5, color="black", lw=0.8, ls=":")
    right.set(title="At the end, by what the review contains (dotted: a guess)", ylim=(0, 1.08))
    right.set_xticks(places, KINDS)
    for axes in (left, right):
        axes.yaxis.set_major_formatter(PercentFormatter(1))
        axes.grid(alpha=0.3, axis="y")
    left.legend()
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
        raise SystemExit(f"sentiment_or_series.py: error: --output: cannot make the folder: {error}") from None
    return True


def parse_options(arguments: list[str] | None) -> argparse.Namespace:
    """Parses the command line; an invalid option ends the program with a message."""
    parser = argparse.ArgumentParser(
        description="Compares a dense network, an LSTM and a transformer on one task.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--reviews", type=integer_from(2), default=12_000, help="for training and test")
    parser.add_argument("--epochs", type=integer_from(1), default=6, help="passes over the training reviews")
    parser.add_argument("--batch-size", type=integer_from(1), default=64, help="reviews per training step")
    parser.add_argument("--seed", type=integer_from(0, 2**32 - 1), default=0, help="same seed, same result")
    parser.add_argument(
        "--output", type=Path, default=Path("sentiment_or_series_output"), help="folder for the picture"
    )
    return parser.parse_args(arguments)


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

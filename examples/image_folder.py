"""Trains on a folder of pictures with and without augmentation, and draws what augmentation makes of a picture.

    python examples/image_folder.py
    python examples/image_folder.py --pictures 60 --epochs 40 --output my_run

The pictures are made first: the letters E, F, L and T in front of noise, one folder for each letter. Those for training
are few and upright; those for test are tilted, shifted, larger and smaller. `image_dataset_from_directory` reads them.
One network sees the same pictures in each epoch, the other one sees them changed at random, each time in another way.
The table compares what they make of the test pictures. Takes about half a minute on two cores. Needs `pip install
"minikeras[image,plot]"`; without matplotlib, which draws the diagrams, everything else works.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from minikeras import Input, Sequential
from minikeras.data import AUTOTUNE, Dataset
from minikeras.layers import (
    Conv2D,
    Dense,
    Flatten,
    MaxPooling2D,
    Pipeline,
    RandomBrightness,
    RandomContrast,
    RandomRotation,
    RandomTranslation,
    RandomZoom,
    Rescaling,
)
from minikeras.utils import image_dataset_from_directory, set_random_seed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Strokes of the letters as left, top, right and bottom, in fifths of their size.
LETTERS = {
    "E": [(0, 0, 1, 5), (1, 0, 4, 1), (1, 2, 3, 3), (1, 4, 4, 5)],
    "F": [(0, 0, 1, 5), (1, 0, 4, 1), (1, 2, 3, 3)],
    "L": [(0, 0, 1, 5), (1, 4, 4, 5)],
    "T": [(0, 0, 5, 1), (2, 1, 3, 5)],
}
SIDE = 32  # height and width that the pictures are read in, in pixels
TEST = 100  # pictures of each letter for test
BATCH = 32
CHANGED = 7  # variants of a picture in the diagram
COLORS = {"as they are": "#999999", "augmented": "#0072B2"}  # of the two networks


def main(arguments: list[str] | None = None) -> None:
    """Runs the example with the given command line options."""
    options = parse_options(arguments)
    can_plot = prepare(options.output)
    generator = np.random.default_rng(options.seed)
    make_folder(options.output / "training", options.pictures, generator, is_moved=False)
    make_folder(options.output / "test", TEST, generator, is_moved=True)

    training, test = read(options.output / "training", options.seed), read(options.output / "test", options.seed)
    histories: dict[str, dict[str, list[float]]] = {}
    mistakes: dict[str, list[tuple[np.ndarray, str, str]]] = {}
    print(f"\n{'pictures':12} {'training':>8} {'test':>8} {'seconds':>8}")
    for kind in COLORS:
        set_random_seed(options.seed)
        batches = augmented(training, build_augmentation()) if kind == "augmented" else training
        model = build_model()
        model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        start = time.perf_counter()
        history = model.fit(batches.prefetch(AUTOTUNE), epochs=options.epochs, validation_data=test, verbose=0).history
        seconds = time.perf_counter() - start
        print(f"{kind:12} {history['accuracy'][-1]:8.4f} {history['val_accuracy'][-1]:8.4f} {seconds:8.1f}", flush=True)
        histories[kind], mistakes[kind] = history, find_mistakes(model, test)

    if can_plot:
        set_random_seed(options.seed)
        save(plot_augmented(training, build_augmentation()), options.output / "augmented.png")
        save(plot_curves(histories), options.output / "curves.png")
        save(plot_mistakes(mistakes), options.output / "mistakes.png")
    else:
        print('No diagrams were drawn: matplotlib is not installed. Get it with: pip install "minikeras[plot]"')


def make_folder(folder: Path, count: int, generator: np.random.Generator, is_moved: bool) -> None:
    """Writes pictures of all letters to `folder/letter/number.png`, and says so."""
    for letter in LETTERS:
        (folder / letter).mkdir(parents=True, exist_ok=True)
        for old in (folder / letter).glob("*.png"):  # of an earlier run
            old.unlink()
        for number in range(count):
            make_picture(folder / letter / f"{number:04}.png", letter, generator, is_moved)
    print(f"Wrote {len(LETTERS) * count} pictures to {folder}")


def make_picture(path: Path, letter: str, generator: np.random.Generator, is_moved: bool) -> None:
    """Writes one picture of 48 to 95 pixels: upright, or tilted, shifted, larger or smaller."""
    from PIL import Image, ImageDraw

    side = int(generator.integers(48, 96))
    size, angle, shift = 0.5 * side, 0.0, np.zeros(2)
    if is_moved:
        size *= generator.uniform(0.7, 1.3)
        angle = generator.uniform(-40, 40)
        shift = generator.uniform(-0.12, 0.12, 2) * side
    dark, light = generator.integers(0, 100, 3), generator.integers(130, 256, 3)
    paper, ink = (dark, light) if generator.random() < 0.5 else (light, dark)

    stencil = Image.new("L", (side, side))
    pen = ImageDraw.Draw(stencil)
    for stroke in LETTERS[letter]:
        left, top, right, bottom = (side / 2 + (place - 2.5) / 5 * size for place in stroke)
        pen.rectangle((left, top, right, bottom), fill=255)
    turned = stencil.rotate(angle, Image.Resampling.BILINEAR, translate=(int(shift[0]), int(shift[1])))
    share = np.asarray(turned, "float64")[..., None] / 255
    pixels = paper * (1 - share) + ink * share + generator.normal(0, 30, (side, side, 3))
    Image.fromarray(np.clip(pixels, 0, 255).astype("uint8")).save(path)


def read(folder: Path, seed: int) -> Dataset:
    """Returns batches of pictures, float32 from 0 to 255 of shape (batch, 32, 32, 3), and numbers of letters.

    `cache` keeps what is read in the first epoch; the order of the pictures changes from epoch to epoch.
    """
    pairs = image_dataset_from_directory(folder, image_size=(SIDE, SIDE), batch_size=None, shuffle=False, verbose=False)
    return pairs.cache().shuffle(len(LETTERS) * 1000, seed=seed).batch(BATCH)


def build_augmentation() -> Pipeline:
    """Layers that change pictures of 0 to 255 at random, each picture in another way."""
    return Pipeline(
        [
            RandomRotation(0.11, fill_mode="reflect"),  # of a full turn, in both directions
            RandomTranslation(0.12, 0.12, fill_mode="reflect"),  # of the height and of the width
            RandomZoom(0.3, fill_mode="reflect"),
            RandomBrightness(0.1),
            RandomContrast(0.2),
        ]
    )


def augmented(batches: Dataset, augmentation: Pipeline) -> Dataset:
    """Returns the batches with their pictures changed, anew in each epoch."""
    return batches.map(lambda pictures, letters: (augmentation(pictures, training=True), letters))


def build_model() -> Sequential:
    """Three convolutions, each followed by pooling, and a classifier of their 1,024 features."""
    return Sequential(
        [
            Input((SIDE, SIDE, 3)),
            Rescaling(1 / 127.5, offset=-1),
            Conv2D(16, 3, padding="same", activation="relu"),
            MaxPooling2D(2),
            Conv2D(32, 3, padding="same", activation="relu"),
            MaxPooling2D(2),
            Conv2D(64, 3, padding="same", activation="relu"),
            MaxPooling2D(2),
            Flatten(),
            Dense(64, activation="relu"),
            Dense(len(LETTERS), activation="softmax"),
        ]
    )


def find_mistakes(model: Sequential, test: Dataset) -> list[tuple[np.ndarray, str, str]]:
    """Returns the pictures that a model gets wrong, with the letter and what it was taken for."""
    names = list(LETTERS)
    return [
        (picture, names[letter], names[guess])
        for pictures, letters in test.as_numpy_iterator()
        for picture, letter, guess in zip(
            pictures, letters, model.predict_on_batch(pictures).argmax(axis=1), strict=True
        )
        if letter != guess
    ]


def plot_augmented(training: Dataset, augmentation: Pipeline) -> Figure:
    """Draws a grid: a picture of each letter at the left, and what augmentation makes of it."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1.3 * (CHANGED + 1), 1.3 * len(LETTERS) + 0.6), layout="constrained")
    rows = figure.subplots(len(LETTERS), CHANGED + 1)
    for number, (letter, row) in enumerate(zip(LETTERS, rows, strict=True)):
        picture = next(iter(training.unbatch().filter(lambda _, label, wanted=number: label == wanted)))[0]
        changed = augmentation(np.repeat(picture[None], CHANGED, axis=0), training=True)
        for axes, each in zip(row, [picture, *np.asarray(changed)], strict=True):
            axes.imshow(np.clip(each, 0, 255).astype("uint8"))
            axes.set(xticks=[], yticks=[])
        row[0].set_ylabel(letter, rotation=0, fontsize=14, labelpad=12, va="center")
    rows[0, 0].set_title("as it is", fontsize=10)
    rows[0, 1].set_title("augmented", fontsize=10, loc="left")
    figure.suptitle(f"Training pictures, {SIDE} x {SIDE} pixels, and what augmentation makes of them")
    return figure


def plot_curves(histories: dict[str, dict[str, list[float]]]) -> Figure:
    """Draws the accuracy for training and test pictures over the epochs."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    figure = Figure(figsize=(10, 4), layout="constrained")
    for axes, (name, title) in zip(
        figure.subplots(1, 2), {"accuracy": "Training", "val_accuracy": "Test"}.items(), strict=True
    ):
        for kind, history in histories.items():
            axes.plot(range(1, len(history[name]) + 1), history[name], color=COLORS[kind], label=kind)
        axes.axhline(1 / len(LETTERS), color="black", lw=0.8, ls=":")
        axes.set(title=f"{title} (dotted: a guess)", xlabel="epoch", ylabel="letters recognized", ylim=(0, 1.02))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.yaxis.set_major_formatter(PercentFormatter(1))
        axes.grid(alpha=0.3)
        axes.legend(title="training pictures", loc="lower right")
    return figure


def plot_mistakes(mistakes: dict[str, list[tuple[np.ndarray, str, str]]]) -> Figure:
    """Draws test pictures that were not recognized, a row for each network."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1.3 * (CHANGED + 1), 4), layout="constrained")
    parts = figure.subfigures(len(mistakes), 1, squeeze=False)[:, 0]
    for part, (kind, wrong) in zip(parts, mistakes.items(), strict=True):
        part.suptitle(f"Training pictures {kind}: {len(wrong)} of {len(LETTERS) * TEST} test pictures wrong")
        row = part.subplots(1, CHANGED + 1)
        for axes in row:
            axes.set_axis_off()
        for axes, (picture, letter, guess) in zip(row, wrong, strict=False):
            axes.imshow(picture.astype("uint8"))
            axes.set_title(f"{letter}, read as {guess}", fontsize=9)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Writes the figure as a PNG file and says so."""
    figure.savefig(path, dpi=150)
    print(f"Wrote {path}")


def prepare(output: Path) -> bool:
    """Creates the output folder, checks that Pillow is installed, and returns whether matplotlib is."""
    try:
        import PIL  # noqa: F401
    except ImportError:
        raise SystemExit(
            'image_folder.py: error: Pillow is not installed. Get it with: pip install "minikeras[image]"'
        ) from None
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(f"image_folder.py: error: --output: cannot make the folder: {error}") from None
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        return False
    return True


def parse_options(arguments: list[str] | None) -> argparse.Namespace:
    """Parses the command line; an invalid option ends the program with a message."""
    parser = argparse.ArgumentParser(
        description="Trains on a folder of pictures, with and without augmentation.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--pictures", type=integer_from(1, 1000), default=80, help="of each letter, for training")
    parser.add_argument("--epochs", type=integer_from(1), default=25, help="passes over the training pictures")
    parser.add_argument("--seed", type=integer_from(0, 2**32 - 1), default=0, help="same seed, same result")
    parser.add_argument(
        "--output", type=Path, default=Path("image_folder_output"), help="folder for pictures and diagrams"
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

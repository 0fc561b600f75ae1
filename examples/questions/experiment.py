"""What the experiments of this folder share: their options, tables, data, colors and the saving of pictures."""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from minikeras import Model
from minikeras.datasets import mnist
from minikeras.utils import set_random_seed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colors, which color-blind readers can tell apart: https://jfly.uni-koeln.de/color/
BLUE, VERMILION, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
SKY, PURPLE, BLACK, GRAY = "#56B4E9", "#CC79A7", "#000000", "#999999"
COLORS = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK)
MARKERS = ("o", "s", "^", "D", "v", "P", "X")  # of the same lines, for those who see no colors

STYLE: dict[Any, Any] = {
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": "medium",
    "figure.titlesize": "large",
    "figure.titleweight": "bold",
    "grid.alpha": 0.3,
    "legend.frameon": False,
}


class Experiment:
    """The options of one run: `quick`, `seed` and the folder for the pictures.

    Args:
        script: The file of the experiment; its name is that of the pictures.
        question: The docstring of the script, whose first line is the question.
        arguments: The command line; that of the program if None.
    """

    def __init__(self, script: str, question: str | None, arguments: list[str] | None = None):
        self.name = Path(script).stem
        parser = argparse.ArgumentParser(
            description=(question or "").partition("\n")[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter
        )
        parser.add_argument("--quick", action="store_true", help="use less data and fewer steps: for a first look")
        parser.add_argument("--seed", type=seed, default=0, help="start of the random numbers; same seed, same result")
        parser.add_argument("--output", type=Path, default=Path("questions_output"), help="folder for the pictures")
        options = parser.parse_args(arguments)
        self.quick: bool = options.quick
        self.seed: int = options.seed
        self.output: Path = options.output
        self._can_draw = prepare_plotting(self.output, parser)
        set_random_seed(self.seed)

    def choose(self, full: Any, quick: Any) -> Any:
        """Returns the first value, or the second one with `--quick`."""
        return quick if self.quick else full

    def save(self, draw: Callable[[], Figure], suffix: str = "") -> None:
        """Draws a picture, writes it as a PNG file and says so; without matplotlib it says what to install.

        Args:
            draw: Returns the picture.
            suffix: Appended to the name of the experiment, if it has several pictures.
        """
        path = self.output / f"{self.name}{suffix}.png"
        if self._can_draw:
            drawn(draw).savefig(path, dpi=150)
        self._say(path)

    def save_film(self, draw: Callable[[int], Figure], times: Iterable[int], suffix: str = "") -> None:
        """Draws a picture for each time, and writes them as an animated GIF file, at 10 pictures a second.

        Args:
            draw: Takes one of the times and returns its picture.
            times: From the first picture to the last one, which stays for two seconds.
            suffix: Appended to the name of the experiment, if it has several pictures.
        """
        path = self.output / f"{self.name}{suffix}.gif"
        if self._can_draw:
            from PIL import Image  # which matplotlib needs, too

            frames = []
            for each in times:
                file = io.BytesIO()
                drawn(partial(draw, each)).savefig(file, dpi=75)
                frames.append(Image.open(file).convert("P", palette=Image.Palette.ADAPTIVE, colors=64))
            durations = [100] * (len(frames) - 1) + [2000]
            frames[0].save(path, save_all=True, append_images=frames[1:], duration=durations, loop=0)
        self._say(path)

    def _say(self, path: Path) -> None:
        if self._can_draw:
            print(f"Wrote {path}")
        else:
            print(f'Did not write {path}: matplotlib is not installed. Get it with: pip install "minikeras[plot]"')


def drawn(draw: Callable[[], Figure]) -> Figure:
    """Returns the picture that a function draws, in the style of this folder."""
    import matplotlib

    with matplotlib.rc_context(STYLE):
        return draw()


def prepare_plotting(output: Path, parser: argparse.ArgumentParser) -> bool:
    """Returns whether matplotlib is installed; if so, creates the output folder, so that an invalid one fails early."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        return False
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        parser.error(f"--output: cannot make the folder: {error}")
    return True


def seed(text: str) -> int:
    """Parses the seed, which must fit into 32 bits."""
    if not (text.isdecimal() and int(text) < 2**32):
        raise argparse.ArgumentTypeError(f"expected an integer from 0 to {2**32 - 1}, received {text!r}")
    return int(text)


def print_table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints a table of strings: the first column flush left, the others flush right."""
    table = [[*headers], *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    table.insert(1, ["-" * width for width in widths])
    for first, *others in table:
        cells = [text.rjust(width) for text, width in zip(others, widths[1:], strict=True)]
        print("  ".join([first.ljust(widths[0]), *cells]), flush=True)


def digits(train: int, test: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Returns the first MNIST digits: x_train, y_train, x_test, y_test.

    Images are float32 of shape (n, 28, 28) with values from 0 (paper) to 1 (ink), labels integers of shape (n,).
    """
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    return (
        x_train[:train].astype("float32") / 255,
        y_train[:train].astype("int64"),
        x_test[:test].astype("float32") / 255,
        y_test[:test].astype("int64"),
    )


def spirals(points: int, turns: float, seed: int, noise: float = 0.02) -> tuple[np.ndarray, np.ndarray]:
    """Draws points from two interleaved spirals, which no straight line separates.

    Returns:
        Points of shape (points, 2) within about 1 of the origin, and which spiral each is from, 0 or 1, of shape
        (points, 1); both float32.
    """
    random = np.random.default_rng(seed)
    y = np.arange(points) % 2
    radius = np.sqrt(random.uniform(0.01, 1, points))
    angle = 2 * np.pi * turns * radius + np.pi * y
    x = radius * np.array([np.cos(angle), np.sin(angle)]) + random.normal(0, noise, (2, points))
    return x.T.astype("float32"), y[:, None].astype("float32")


def draw_image(axes: Axes, image: np.ndarray) -> None:
    """Draws an image of shape (rows, columns), from 0 (white) to 1 (black), in a frame without numbers."""
    axes.imshow(image, cmap="gray_r", vmin=0, vmax=1)
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
    axes.spines[:].set_visible(True)


def draw_regions(axes: Axes, model: Model, x: np.ndarray, y: np.ndarray) -> None:
    """Draws which points of the plane a network takes for which of two classes, and the points it was given."""
    side = np.linspace(-1.15, 1.15, 120, dtype="float32")
    grid = np.stack(np.meshgrid(side, side), axis=-1)
    answers = model.predict(grid.reshape(-1, 2), batch_size=4096, verbose=0).reshape(grid.shape[:2])
    axes.contourf(side, side, answers, levels=[-1, 0.5, 2], colors=[SKY, ORANGE], alpha=0.45)
    for label, color, marker in ((0, BLUE, "o"), (1, VERMILION, "^")):
        right, up = x[y[:, 0] == label].T
        axes.scatter(right, up, s=5, color=color, marker=marker, linewidths=0)
    axes.set(xticks=[], yticks=[], aspect="equal")

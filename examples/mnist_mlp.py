"""Trains a small network on the MNIST digits, and draws its learning curves and predictions.

    python examples/mnist_mlp.py
    python examples/mnist_mlp.py --hidden 100 --activation tanh --epochs 10 --seed 7 --output my_run

Needs `pip install "minikeras[plot]"` for the pictures; without it everything else works.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from minikeras.datasets import mnist
from minikeras.layers import Activation, Dense
from minikeras.models import Sequential
from minikeras.optimizers import SGD
from minikeras.utils import set_random_seed, to_categorical

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROWS, COLUMNS = 4, 8  # of the grid of digits


def main(arguments: list[str] | None = None) -> None:
    """Runs the example with the given command line options."""
    options = parse_options(arguments)
    can_plot = prepare_plotting(options.output)
    set_random_seed(options.seed)

    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    x_train, x_test = prepare_images(x_train), prepare_images(x_test)
    y_train, y_test = to_categorical(y_train, 10), to_categorical(y_test, 10)

    model = build_model(options.hidden, options.activation)
    model.summary()
    model.compile(optimizer=SGD(lr=0.001), loss="categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(
        x_train, y_train, batch_size=options.batch_size, epochs=options.epochs, validation_data=(x_test, y_test)
    )
    _, accuracy = model.evaluate(x_test, y_test, verbose=0)
    print(f"Test accuracy: {accuracy:.4f}")

    if can_plot:
        probabilities = model.predict(x_test[: ROWS * COLUMNS], verbose=0)
        digits = plot_digits(x_test, y_test.argmax(axis=1), probabilities.argmax(axis=1))
        save(plot_curves(history.history), options.output / "curves.png")
        save(digits, options.output / "digits.png")
    else:
        print('No pictures were written: matplotlib is not installed. Get it with: pip install "minikeras[plot]"')


def build_model(hidden: int, activation: str) -> Sequential:
    """Two hidden layers of the same width, and one output for each digit."""
    model = Sequential()
    model.add(Dense(hidden, input_dim=784))
    model.add(Activation(activation))
    model.add(Dense(hidden))
    model.add(Activation(activation))
    model.add(Dense(10))
    model.add(Activation("softmax"))
    return model


def prepare_images(images: np.ndarray) -> np.ndarray:
    """Converts gray levels 0 to 255 of shape (n, 28, 28) to float32 values 0 to 1 of shape (n, 784)."""
    return images.reshape(-1, 784).astype("float32") / 255


def plot_curves(history: dict[str, list[float]]) -> Figure:
    """Draws loss and accuracy, of training and validation data, over the epochs."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(10, 4), layout="constrained")
    for axes, name in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        epochs = range(1, len(history[name]) + 1)
        axes.plot(epochs, history[name], marker="o", label="training")
        axes.plot(epochs, history[f"val_{name}"], marker="s", label="validation")
        axes.set(title=name.capitalize(), xlabel="epoch", ylabel=name)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.grid(alpha=0.3)
        axes.legend()
    return figure


def plot_digits(images: np.ndarray, labels: np.ndarray, predictions: np.ndarray) -> Figure:
    """Draws the first images with their true and predicted labels; wrong predictions are orange and bold."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1.2 * COLUMNS, 1.6 * ROWS), layout="constrained")
    cells = figure.subplots(ROWS, COLUMNS).flat
    for axes, image, label, prediction in zip(cells, images, labels, predictions, strict=False):
        axes.imshow(image.reshape(28, 28), cmap="gray_r", vmin=0, vmax=1)
        emphasis = {} if label == prediction else {"color": "#D55E00", "fontweight": "bold"}
        axes.set_title(f"true {label}\npredicted {prediction}", fontsize=9, **emphasis)
    for axes in figure.axes:
        axes.set_axis_off()
    figure.suptitle("Test digits (orange: wrong)")
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
        raise SystemExit(f"mnist_mlp.py: error: --output: cannot make the folder: {error}") from None
    return True


def parse_options(arguments: list[str] | None) -> argparse.Namespace:
    """Parses the command line; an invalid option ends the program with a message."""
    parser = argparse.ArgumentParser(
        description="Trains a small network on the MNIST digits.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--epochs", type=positive_integer, default=5, help="passes over the training data")
    parser.add_argument("--batch-size", type=positive_integer, default=32, help="images per training step")
    parser.add_argument("--hidden", type=positive_integer, default=30, help="units of each hidden layer")
    parser.add_argument(
        "--activation", choices=["relu", "sigmoid", "tanh"], default="relu", help="activation of the hidden layers"
    )
    parser.add_argument("--seed", type=seed, default=0, help="start of the random numbers; same seed, same result")
    parser.add_argument("--output", type=Path, default=Path("mnist_mlp_output"), help="folder for the pictures")
    return parser.parse_args(arguments)


def positive_integer(text: str) -> int:
    """Reads an option that must be 1 or more."""
    return integer_between(text, 1, None)


def seed(text: str) -> int:
    """Reads the seed, which must fit into 32 bits."""
    return integer_between(text, 0, 2**32 - 1)


def integer_between(text: str, low: int, high: int | None) -> int:
    """Reads an integer, with both bounds included."""
    try:
        value = int(text)
    except ValueError:
        value = None
    if value is None or value < low or (high is not None and value > high):
        bounds = f"of at least {low}" if high is None else f"from {low} to {high}"
        raise argparse.ArgumentTypeError(f"expected an integer {bounds}, received {text!r}")
    return value


if __name__ == "__main__":
    main()

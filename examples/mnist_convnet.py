"""Trains a convolutional network on the MNIST digits, and draws what it has learned.

    python examples/mnist_convnet.py
    python examples/mnist_convnet.py --epochs 12 --seed 7 --output my_run

The network is that of https://keras.io/examples/vision/mnist_convnet/. After 3 epochs, about a minute on two cores, it
recognizes 99 % of the test digits. Needs `pip install "minikeras[plot]"` for the pictures; without it everything else
works.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from minikeras import Input, Model, Sequential
from minikeras.datasets import mnist
from minikeras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from minikeras.optimizers import Adam
from minikeras.optimizers.schedules import CosineDecay
from minikeras.utils import set_random_seed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEARNING_RATE = 0.004  # of the first step; that of the last one is 0
MAPS = 8  # feature maps drawn of each layer
COMMON = 5  # confusions printed


def main(arguments: list[str] | None = None) -> None:
    """Runs the example with the given command line options."""
    options = parse_options(arguments)
    can_plot = prepare_plotting(options.output)
    set_random_seed(options.seed)

    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    x_train, y_train = prepare_images(x_train[: options.images]), y_train[: options.images]
    x_test = prepare_images(x_test)

    model = build_model()
    model.summary()
    steps = options.epochs * math.ceil(len(x_train) / options.batch_size)
    model.compile(
        optimizer=Adam(CosineDecay(LEARNING_RATE, steps)), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    history = model.fit(
        x_train,
        y_train,
        batch_size=options.batch_size,
        epochs=options.epochs,
        validation_data=(x_test, y_test),
        verbose=2,
    ).history
    counts = confusion_matrix(y_test, model.predict(x_test, batch_size=512, verbose=0).argmax(axis=1))
    print_confusions(counts)
    print(f"Test accuracy: {history['val_accuracy'][-1]:.4f}")

    if can_plot:
        save(plot_filters(model), options.output / "filters.png")
        save(plot_feature_maps(model, x_test[0]), options.output / "feature_maps.png")
        save(plot_curves(history), options.output / "curves.png")
        save(plot_confusions(counts), options.output / "confusions.png")
    else:
        print('No pictures were written: matplotlib is not installed. Get it with: pip install "minikeras[plot]"')


def build_model() -> Sequential:
    """Two convolutions, each followed by pooling, and a classifier of their 1,600 features."""
    return Sequential(
        [
            Input((28, 28, 1)),
            Conv2D(32, 3, activation="relu"),
            MaxPooling2D(2),
            Conv2D(64, 3, activation="relu"),
            MaxPooling2D(2),
            Flatten(),
            Dropout(0.5),
            Dense(10, activation="softmax"),
        ]
    )


def prepare_images(images: np.ndarray) -> np.ndarray:
    """Converts gray levels 0 to 255 of shape (n, 28, 28) to float32 values 0 to 1 of shape (n, 28, 28, 1)."""
    return images[..., None].astype("float32") / 255


def confusion_matrix(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    """Returns how often each digit, the row, was taken for each digit, the column; shape (10, 10)."""
    return np.bincount(10 * labels.astype("int64") + predictions, minlength=100).reshape(10, 10)


def print_confusions(counts: np.ndarray) -> None:
    """Prints a table of the most frequent confusions."""
    wrong = counts - np.diag(np.diag(counts))
    print("true  predicted  digits")
    for place in np.argsort(-wrong, axis=None, kind="stable")[:COMMON]:
        true, predicted = divmod(int(place), 10)
        print(f"{true:4}  {predicted:9}  {wrong[true, predicted]:6}")


def plot_filters(model: Sequential) -> Figure:
    """Draws the kernels of the first convolution: blue weights are negative, red ones positive."""
    from matplotlib.figure import Figure

    kernels = np.asarray(model.layers[0].kernel)[:, :, 0]  # (rows, columns, filters)
    limit = np.abs(kernels).max()
    figure = Figure(figsize=(8, 4.4), layout="constrained")
    cells = figure.subplots(4, 8)
    images = []
    for number, axes in enumerate(cells.flat):
        images.append(axes.imshow(kernels[..., number], cmap="RdBu_r", vmin=-limit, vmax=limit))
        axes.set_title(str(number), fontsize=8, pad=2)
        axes.set(xticks=[], yticks=[])
    figure.colorbar(images[0], ax=cells, label="weight", shrink=0.8)
    figure.suptitle("The 32 filters of the first convolution, 3 x 3 pixels each")
    return figure


def plot_feature_maps(model: Sequential, image: np.ndarray) -> Figure:
    """Draws an image of shape (28, 28, 1), and the strongest feature maps of the convolution and pooling layers."""
    from matplotlib.figure import Figure

    stages = model.layers[:4]
    outputs = Model(model.inputs, [layer.output for layer in stages]).predict(image[None], verbose=0)
    figure = Figure(figsize=(1.2 * MAPS + 1.6, 7.2), layout="constrained")
    upper, lower = figure.subfigures(2, 1, squeeze=False, height_ratios=(1, 4.4))[:, 0]
    axes = upper.subplots()
    axes.imshow(image[..., 0], cmap="gray_r", vmin=0, vmax=1)
    axes.set(title="Digit, 28 x 28 pixels", xticks=[], yticks=[])
    rows = lower.subplots(len(stages), MAPS)
    strongest = np.arange(MAPS)
    for row, layer, maps in zip(rows, stages, outputs, strict=True):
        # Those of a pooling layer belong to the filters of the row above.
        if isinstance(layer, Conv2D):
            strongest = np.sort(np.argsort(-maps[0].mean(axis=(0, 1)), kind="stable")[:MAPS])
        drawn = []
        for axes, number in zip(row, strongest, strict=True):
            limit = maps[0, ..., strongest].max()
            drawn.append(axes.imshow(maps[0, ..., number], cmap="viridis", vmin=0, vmax=limit))
            axes.set(xticks=[], yticks=[])
            axes.set_title(f"filter {number}", fontsize=8, pad=2)
        row[0].set_ylabel(f"{type(layer).__name__}\n{maps.shape[1]} x {maps.shape[2]}", fontsize=9)
        lower.colorbar(drawn[0], ax=row, label="activation")
    figure.suptitle("A test digit, and the strongest feature maps of each layer")
    return figure


def plot_curves(history: dict[str, list[float]]) -> Figure:
    """Draws loss and accuracy, of training and test data, over the epochs."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    figure = Figure(figsize=(10, 4), layout="constrained")
    titles = {"loss": "crossentropy (nats)", "accuracy": "digits recognized"}
    both = figure.subplots(1, 2)
    for axes, (name, label) in zip(both, titles.items(), strict=True):
        epochs = range(1, len(history[name]) + 1)
        axes.plot(epochs, history[name], color="#0072B2", marker="o", label="training, mean over the epoch")
        axes.plot(epochs, history[f"val_{name}"], color="#D55E00", marker="s", ls="--", label="test, after it")
        axes.set(title=name.capitalize(), xlabel="epoch", ylabel=label)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.grid(alpha=0.3)
        axes.legend()
    both[1].yaxis.set_major_formatter(PercentFormatter(1))
    return figure


def plot_confusions(counts: np.ndarray) -> Figure:
    """Draws the confusion matrix, shape (10, 10); the colors show the mistakes only."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    right = np.eye(10, dtype=bool)
    most = max(int(counts[~right].max()), 1)
    figure = Figure(figsize=(7, 6), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(np.ma.masked_array(counts, right), cmap="Blues", vmin=0, vmax=most)
    for (true, predicted), count in np.ndenumerate(counts):
        is_dark = true != predicted and count > most / 2
        text = str(count) if count else ""
        axes.text(predicted, true, text, ha="center", va="center", fontsize=8, color="white" if is_dark else "black")
    axes.set(xticks=range(10), yticks=range(10), xlabel="predicted digit", ylabel="true digit")
    axes.set_title(f"Test digits: {counts[right].sum():,} right, {counts[~right].sum():,} wrong")
    figure.colorbar(image, label="wrong predictions", ticks=MaxNLocator(integer=True))
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
        raise SystemExit(f"mnist_convnet.py: error: --output: cannot make the folder: {error}") from None
    return True


def parse_options(arguments: list[str] | None) -> argparse.Namespace:
    """Parses the command line; an invalid option ends the program with a message."""
    parser = argparse.ArgumentParser(
        description="Trains a convolutional network on the MNIST digits.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--images", type=integer_from(1, 60_000), default=60_000, help="training images")
    parser.add_argument("--epochs", type=integer_from(1), default=3, help="passes over the training images")
    parser.add_argument("--batch-size", type=integer_from(1), default=64, help="images per training step")
    parser.add_argument("--seed", type=integer_from(0, 2**32 - 1), default=0, help="same seed, same result")
    parser.add_argument("--output", type=Path, default=Path("mnist_convnet_output"), help="folder for the pictures")
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

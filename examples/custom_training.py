"""Trains a variational autoencoder with a custom `train_step`, and draws digits that it generates.

    python examples/custom_training.py
    python examples/custom_training.py --images 20000 --epochs 40 --seed 7 --output my_run

The model overrides `train_step`: gradients come from a `GradientTape`, and `fit` does the rest. The step is traced
once; from then on its recorded calls are replayed. Needs `pip install "minikeras[plot]"` for the pictures; without it
everything else works.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from minikeras import GradientTape, Model, Sequential, metrics, ops, random
from minikeras.datasets import mnist
from minikeras.layers import Dense
from minikeras.optimizers import SGD
from minikeras.utils import set_random_seed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIDE = 28  # pixels of an image
GRID = 15  # digits in a row of the picture of the latent plane
SHOWN = 10  # pairs of an image and what becomes of it


def main(arguments: list[str] | None = None) -> None:
    """Runs the example with the given command line options."""
    options = parse_options(arguments)
    can_plot = prepare_plotting(options.output)
    set_random_seed(options.seed)

    (x_train, _), (x_test, _) = mnist.load_data()
    x_train, x_test = prepare_images(x_train[: options.images]), prepare_images(x_test[:SHOWN])

    model = VariationalAutoencoder(options.hidden)
    model.compile(SGD(0.002, momentum=0.9, clipnorm=100.0))
    history = model.fit(x_train, batch_size=options.batch_size, epochs=options.epochs, verbose=2).history
    print(f"Loss: {history['loss'][0]:.1f} after the first epoch, {history['loss'][-1]:.1f} after the last")

    if can_plot:
        save(plot_losses(history), options.output / "losses.png")
        save(plot_copies(x_test, model.predict(x_test, verbose=0)), options.output / "copies.png")
        save(plot_plane(model.decoder), options.output / "plane.png")
    else:
        print('No pictures were written: matplotlib is not installed. Get it with: pip install "minikeras[plot]"')


class VariationalAutoencoder(Model):
    """Variational autoencoder of Kingma and Welling, 2013, https://arxiv.org/abs/1312.6114.

    Args:
        hidden: Units of the hidden layers.
        latent: Dimension of the latent space.
    """

    def __init__(self, hidden: int, latent: int = 2):
        super().__init__()
        self.encoder = Sequential([Dense(hidden, "relu"), Dense(hidden, "relu")])
        self.mean = Dense(latent)
        self.log_variance = Dense(latent)
        self.decoder = Sequential([Dense(hidden, "relu"), Dense(hidden, "relu"), Dense(SIDE * SIDE, "sigmoid")])
        self.seeds = random.SeedGenerator()
        self.loss_tracker = metrics.Mean(name="loss")
        self.copy_tracker = metrics.Mean(name="reconstruction")
        self.divergence_tracker = metrics.Mean(name="divergence")

    @property
    def metrics(self) -> list:
        """The metrics that `fit` reports, and resets before each epoch."""
        return [self.loss_tracker, self.copy_tracker, self.divergence_tracker]

    def encode(self, images: np.ndarray) -> tuple:
        """Returns the mean and log-variance of the latent distribution of images, of shape (n, latent) each."""
        hidden = self.encoder(images)
        return self.mean(hidden), self.log_variance(hidden)

    def call(self, inputs: np.ndarray) -> np.ndarray:
        """Returns the reconstructions of images, shape (n, 784), from the latent means."""
        return self.decoder(self.encode(inputs)[0])

    def train_step(self, data: np.ndarray) -> dict:
        """Updates the weights on a batch of images, shape (n, 784)."""
        with GradientTape() as tape:
            mean, log_variance = self.encode(data)
            noise = random.normal(ops.shape(mean), seed=self.seeds)
            copies = self.decoder(mean + ops.exp(0.5 * log_variance) * noise)
            # In nats per image: the reconstruction loss, and the KL divergence of the code from a standard normal
            # distribution.
            reconstruction = ops.mean(ops.sum(ops.binary_crossentropy(data, copies), axis=1))
            divergence = 0.5 * (ops.square(mean) + ops.exp(log_variance) - log_variance - 1)
            divergence = ops.mean(ops.sum(divergence, axis=1))
            loss = reconstruction + divergence
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        self.loss_tracker.update_state(loss)
        self.copy_tracker.update_state(reconstruction)
        self.divergence_tracker.update_state(divergence)
        return {metric.name: metric.result() for metric in self.metrics}


def prepare_images(images: np.ndarray) -> np.ndarray:
    """Converts gray levels 0 to 255 of shape (n, 28, 28) to float32 values 0 to 1 of shape (n, 784)."""
    return images.reshape(-1, SIDE * SIDE).astype("float32") / 255


def plot_losses(history: dict[str, list[float]]) -> Figure:
    """Draws the loss and its two parts over the epochs."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    for name, marker in (("loss", "o"), ("reconstruction", "s"), ("divergence", "^")):
        axes.plot(range(1, len(history[name]) + 1), history[name], marker=marker, label=name)
    axes.set(title="Loss of the autoencoder", xlabel="epoch", ylabel="nats per image", ylim=(0, None))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(alpha=0.3)
    axes.legend()
    return figure


def plot_copies(images: np.ndarray, copies: np.ndarray) -> Figure:
    """Draws images in the upper row, and their reconstructions below."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(len(images), 2.6), layout="constrained")
    for row, group in zip(figure.subplots(2, len(images)), (images, copies), strict=True):
        for axes, image in zip(row, group, strict=True):
            axes.imshow(image.reshape(SIDE, SIDE), cmap="gray_r", vmin=0, vmax=1)
            axes.set_axis_off()
    figure.suptitle("Test digits (above), and their reconstructions (below)")
    return figure


def plot_plane(decoder: Sequential) -> Figure:
    """Draws the decoded images of a grid of points in the latent plane."""
    from matplotlib.figure import Figure

    line = np.linspace(-2, 2, GRID, dtype="float32")
    points = np.stack(np.meshgrid(line, line[::-1]), axis=-1).reshape(-1, 2)
    digits = ops.convert_to_numpy(decoder(points)).reshape(GRID, GRID, SIDE, SIDE)
    figure = Figure(figsize=(7, 7.4), layout="constrained")
    axes = figure.subplots()
    axes.imshow(
        digits.swapaxes(1, 2).reshape(GRID * SIDE, GRID * SIDE),
        cmap="gray_r", vmin=0, vmax=1, extent=(-2.14, 2.14, -2.14, 2.14),
    )  # fmt: skip
    axes.set(title="Digits generated by the decoder", xlabel="first latent variable", ylabel="second latent variable")
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
        raise SystemExit(f"custom_training.py: error: --output: cannot make the folder: {error}") from None
    return True


def parse_options(arguments: list[str] | None) -> argparse.Namespace:
    """Parses the command line; an invalid option ends the program with a message."""
    parser = argparse.ArgumentParser(
        description="Trains a variational autoencoder on MNIST digits with a custom train step.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--images", type=integer_from(1, 60_000), default=10_000, help="training images")
    parser.add_argument("--epochs", type=integer_from(1), default=20, help="passes over the training images")
    parser.add_argument("--batch-size", type=integer_from(1), default=100, help="images per training step")
    parser.add_argument("--hidden", type=integer_from(1), default=128, help="units of each hidden layer")
    parser.add_argument("--seed", type=integer_from(0, 2**32 - 1), default=0, help="same seed, same result")
    parser.add_argument("--output", type=Path, default=Path("custom_training_output"), help="folder for the pictures")
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

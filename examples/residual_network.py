"""Trains residual networks and plain networks of the same depths, and draws why the deep plain one does not learn.

    python examples/residual_network.py
    python examples/residual_network.py --depths 8 20 56 --epochs 12 --seed 7 --output my_run

In a plain network each layer shrinks the signal on its way forward, and the gradient on its way back, by a third or so:
over 50 layers nothing is left of either. A residual block adds its inputs to its outputs, and so passes both on. The
networks are those of He et al., 2015, https://arxiv.org/abs/1512.03385, for MNIST digits of half the size, with pooling
instead of strides, and without batch normalization, which would rescale the signals. Takes about three minutes on two
cores. Needs `pip install "minikeras[plot]"` for the pictures; without it everything else works.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from minikeras import GradientTape, Input, Model, losses, ops
from minikeras.datasets import mnist
from minikeras.layers import Activation, Add, Conv2D, Dense, GlobalAveragePooling2D, MaxPooling2D
from minikeras.typing import Tensor
from minikeras.utils import set_random_seed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIDE = 14  # pixels of an image
STAGES = 3  # of equal depth, with pooling between them
TESTED = 2_000  # test images
MEASURED = 256  # training images of which gradients are drawn
KINDS = ("plain", "residual")
COLORS = {"plain": "#D55E00", "residual": "#0072B2"}  # distinguishable for color-blind readers, too
LINES, MARKERS = ("-", "--", ":", "-."), ("o", "s", "^", "D")


class Result(NamedTuple):
    """What is known of a network after training."""

    kind: str
    depth: int
    gradients: dict[str, list[float]]  # before training, by what is differentiated: one for each layer
    history: dict[str, list[float]]


def main(arguments: list[str] | None = None) -> None:
    """Runs the example with the given command line options."""
    options = parse_options(arguments)
    can_plot = prepare_plotting(options.output)

    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    x_train, y_train = prepare_images(x_train[: options.images]), y_train[: options.images]
    x_test, y_test = prepare_images(x_test[:TESTED]), y_test[:TESTED]

    print("layers  network   gradient at the first  training loss  test accuracy  seconds")
    results = []
    for depth in options.depths:
        for kind in KINDS:
            set_random_seed(options.seed)
            start = time.perf_counter()
            model = build_model(depth, kind == "residual", options.channels)
            gradients = layer_gradients(model, x_train[:MEASURED], y_train[:MEASURED])
            model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
            history = model.fit(
                x_train,
                y_train,
                batch_size=options.batch_size,
                epochs=options.epochs,
                validation_data=(x_test, y_test),
                verbose=0,
            ).history
            results.append(Result(kind, depth, gradients, history))
            print(
                f"{depth:6}  {kind:8}  {gradients['outputs'][0]:21.1e}  {history['loss'][-1]:13.4f}  "
                f"{history['val_accuracy'][-1]:13.4f}  {time.perf_counter() - start:7.1f}",
                flush=True,
            )

    if can_plot:
        save(plot_gradients(results), options.output / "gradients.png")
        save(plot_curves(results), options.output / "curves.png")
    else:
        print('No pictures were written: matplotlib is not installed. Get it with: pip install "minikeras[plot]"')


def build_model(depth: int, is_residual: bool, channels: int) -> Model:
    """Returns a network with `depth` layers that have weights: 6 n + 2, of which 6 n in n blocks of each stage."""
    inputs = Input((SIDE, SIDE, 1))
    x = Conv2D(channels, 3, padding="same", activation="relu")(inputs)
    for stage in range(STAGES):
        if stage:
            x = MaxPooling2D(2)(x)
        for _ in range((depth - 2) // (2 * STAGES)):
            x = block(x, is_residual)
    x = GlobalAveragePooling2D()(x)
    return Model(inputs, Dense(10, activation="softmax")(x))


def block(x: Tensor, is_residual: bool) -> Tensor:
    """Two convolutions; a residual block adds its inputs to what they give."""
    channels = x.shape[-1]
    y = Conv2D(channels, 3, padding="same", activation="relu")(x)
    y = Conv2D(channels, 3, padding="same")(y)
    return Activation("relu")(Add()([x, y]) if is_residual else y)


def layer_gradients(model: Model, images: np.ndarray, labels: np.ndarray) -> dict[str, list[float]]:
    """Returns the norm of the gradient of the loss, for the outputs and the kernels of layers.

    The outputs are those of the convolutions: the loss is computed from the logits of the last layer.
    """
    layers = [layer for layer in model.layers if isinstance(layer, (Conv2D, Dense))]
    kernels = [layer.kernel for layer in layers]
    with GradientTape() as tape:
        outputs = Model(model.inputs, [layer.output for layer in layers])(images)
        loss = losses.SparseCategoricalCrossentropy()(labels, outputs[-1])
    gradients = tape.gradient(loss, {"outputs": outputs[:-1], "kernels": kernels})
    return {name: [float(ops.norm(ops.ravel(each))) for each in found] for name, found in gradients.items()}


def prepare_images(images: np.ndarray) -> np.ndarray:
    """Converts gray levels 0 to 255 of shape (n, 28, 28) to values 0 to 1 of half the size: (n, 14, 14, 1), float32."""
    means = images.reshape(-1, SIDE, 2, SIDE, 2, 1).mean(axis=(2, 4))
    return (means / 255).astype("float32")


def plot_gradients(results: list[Result]) -> Figure:
    """Draws the gradients of each layer before training, one column of pictures for each depth."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    depths = sorted({result.depth for result in results})
    figure = Figure(figsize=(5 * len(depths), 7), layout="constrained")
    rows = figure.subplots(2, len(depths), sharex="col", sharey="row", squeeze=False)
    for row, name in zip(rows, ("outputs", "kernels"), strict=True):
        for axes, depth in zip(row, depths, strict=True):
            for kind, marker in zip(KINDS, MARKERS, strict=False):
                (drawn,) = (each.gradients[name] for each in results if (each.kind, each.depth) == (kind, depth))
                layers = range(1, len(drawn) + 1)
                axes.semilogy(layers, drawn, color=COLORS[kind], marker=marker, ms=4, lw=1, label=kind)
            axes.set_title(f"Gradients of the {name}, {depth} layers")
            axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
            axes.grid(alpha=0.3)
        row[0].set_ylabel("norm of the gradient (nats per unit)")
    for axes in rows[-1]:
        axes.set_xlabel("layer, from the images to the predictions")
    figure.legend(*rows[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    figure.suptitle("Before training")
    return figure


def plot_curves(results: list[Result]) -> Figure:
    """Draws training loss and test accuracy over the epochs."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    depths = sorted({result.depth for result in results})
    figure = Figure(figsize=(11, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    for result in results:
        number = depths.index(result.depth)
        style = {
            "color": COLORS[result.kind],
            "ls": LINES[number % len(LINES)],
            "marker": MARKERS[number % len(MARKERS)],
            "label": f"{result.kind}, {result.depth} layers",
        }
        epochs = range(1, len(result.history["loss"]) + 1)
        left.plot(epochs, result.history["loss"], **style)
        right.plot(epochs, result.history["val_accuracy"], **style)
    left.set(title="Training loss", xlabel="epoch", ylabel="crossentropy (nats)", ylim=(0, None))
    right.set(title="Test accuracy", xlabel="epoch", ylabel="digits recognized", ylim=(0, 1))
    right.yaxis.set_major_formatter(PercentFormatter(1))
    for axes in (left, right):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.grid(alpha=0.3)
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=4)
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
        raise SystemExit(f"residual_network.py: error: --output: cannot make the folder: {error}") from None
    return True


def parse_options(arguments: list[str] | None) -> argparse.Namespace:
    """Parses the command line; an invalid option ends the program with a message."""
    parser = argparse.ArgumentParser(
        description="Trains residual and plain networks on the MNIST digits.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--depths", type=depth, nargs="+", default=[20, 56], help="layers of the networks: 6 n + 2")
    parser.add_argument("--channels", type=integer_from(1), default=16, help="channels of each convolution")
    parser.add_argument("--images", type=integer_from(1, 60_000), default=3_200, help="training images")
    parser.add_argument("--epochs", type=integer_from(1), default=6, help="passes over the training images")
    parser.add_argument("--batch-size", type=integer_from(1), default=64, help="images per training step")
    parser.add_argument("--seed", type=integer_from(0, 2**32 - 1), default=0, help="same seed, same result")
    parser.add_argument("--output", type=Path, default=Path("residual_network_output"), help="folder for the pictures")
    return parser.parse_args(arguments)


def depth(text: str) -> int:
    """Reads the depth of a network, which must be 2 more than a multiple of 6."""
    value = integer_from(8)(text)
    if value % (2 * STAGES) != 2:
        raise argparse.ArgumentTypeError(f"expected 2 more than a multiple of 6, such as 8 or 20, received {text!r}")
    return value


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

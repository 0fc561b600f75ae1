"""Walks through the lecture: from the perceptron to a network that learns, in plain numpy, and the same in minikeras.

    python examples/from_scratch.py
    python examples/from_scratch.py --epochs 20000 --seed 7 --output my_run

Needs `pip install "minikeras[plot]"` for the pictures; without it everything else works.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from minikeras import config, ops
from minikeras.from_scratch import (
    GD,
    backpropagation,
    cost_function,
    count_passes,
    draw_decision,
    draw_network,
    gradient_estimator,
    nn_parameter_maker,
    perceptron,
    predict,
    sigmoid,
)
from minikeras.layers import Dense
from minikeras.models import Sequential
from minikeras.optimizers import SGD

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Layers = list[np.ndarray]

INPUTS = ("quarantine", "Alican is presenting", "interesting topic")
SITUATIONS = [(1, 1, 1), (0, 1, 1), (1, 1, 0), (0, 1, 0), (0, 0, 0), (1, 0, 1)]
WEIGHTS, BIAS = (5, -8, 5), 1

SIZES = [2, 3, 1]
EXAMPLES = 200
FIRST_EPOCHS, FIRST_RATE = 1000, 0.01  # the lecture's
RATE = 2.0  # of the long training
MILLION = [784, 1000, 215, 10]  # 1,002,375 parameters
TIMED = [(SIZES, EXAMPLES), ([2, 100, 100, 1], 1000)]  # networks, and numbers of examples


def main(arguments: list[str] | None = None) -> None:
    """Runs the example with the given command line options."""
    options = parse_options(arguments)
    pictures = Pictures(options.output)

    print("1. A perceptron decides whether to attend the lecture\n")
    print_table()
    pictures.save("perceptron_table.png", plot_table)

    print("\n2. The sigmoid neuron: the same decision, softened")
    for z in (-2, -0.1, 0.1, 2):
        print(f"   w·x + b = {z:4}: perceptron {perceptron([z], [1], 0)}, sigmoid {sigmoid(z):.3f}")
    pictures.save("perceptron_and_sigmoid.png", plot_perceptron_and_sigmoid)

    print(f"\n3. A 2-3-1 network learns which of {EXAMPLES} points are near the centre\n")
    X, y = make_points(options.seed)
    w, b = nn_parameter_maker(SIZES, seed=options.seed)
    train(X, y, w, b, options.epochs, pictures)

    print("\n4. What one gradient costs\n")
    print_passes(X, y, w, b)
    pictures.save("passes.png", plot_passes)

    print("\n5. The same network as Sequential([Dense(3, 'sigmoid'), Dense(1, 'sigmoid')])\n")
    compare(X, y, w, b, options.epochs, pictures)
    print()
    print_speed(options.seed)
    pictures.say_if_missing()


def print_table() -> None:
    """Prints the decision of the perceptron for each situation."""
    print(f"   inputs: {', '.join(INPUTS)}; w = {WEIGHTS}, b = {BIAS}")
    print("   x        w·x + b   attend")
    for x, weighted, attend in table():
        print(f"   {' '.join(map(str, x))}   {weighted:8}   {attend:6}")


def table() -> list[tuple[tuple[int, ...], int, int]]:
    """Inputs, weighted sum and answer for each situation."""
    return [(x, int(np.dot(WEIGHTS, x) + BIAS), perceptron(x, WEIGHTS, BIAS)) for x in SITUATIONS]


def make_points(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draws points from a square; those near its centre are to be answered with 1.

    Returns:
        X of shape (EXAMPLES, 2), y of shape (EXAMPLES, 1).
    """
    X = np.random.default_rng(seed).uniform(-2, 2, (EXAMPLES, 2))
    y = (X**2).sum(axis=1, keepdims=True) < 1.5
    return X, y.astype("float64")


def train(X: np.ndarray, y: np.ndarray, w: Layers, b: Layers, epochs: int, pictures: Pictures) -> None:
    """Trains as the lecture does, then for longer and with larger steps, both from the same parameters."""
    pictures.save("network.png", lambda: draw_network(SIZES))
    for name, count, rate in [("lecture", FIRST_EPOCHS, FIRST_RATE), ("long", epochs, RATE)]:
        print(f"   GD(X, y, w, b, epoch={count}, lr={rate})")
        curve = pictures.path(f"error_curve_{name}.png")
        new_w, new_b = GD(X, y, w, b, epoch=count, lr=rate, show=False, save_to=curve)
        pictures.note(curve)
        yes = predict(X, new_w, new_b) > 0.5
        before, after = cost_function(X, y, w, b), cost_function(X, y, new_w, new_b)
        print(f"   error {before:.4f} -> {after:.4f}; {np.mean(yes == (y > 0.5)):.1%} of the points are answered right")
        print(f"   ({np.sum(yes)} with yes, where {np.sum(y):.0f} should be)")
        pictures.save(f"network_{name}.png", partial(draw_network, SIZES, new_w, new_b))
        title = f"after {count} epochs at lr={rate}"
        pictures.save(f"decision_{name}.png", partial(draw_decision, new_w, new_b, X, y, title=title))


def print_passes(X: np.ndarray, y: np.ndarray, w: Layers, b: Layers) -> None:
    """Counts the passes that both ways to a gradient need, and extrapolates their time to a million parameters."""
    estimated, forward = counted(gradient_estimator, X, y, w, b)
    computed, both = counted(backpropagation, X, y, w, b)
    difference = largest_difference(flat(*estimated), flat(*computed))
    print(f"   2-3-1 network, {parameters(SIZES)} parameters")
    print(f"   gradient_estimator: {forward} passes: 1, and 1 for each parameter")
    print(f"   backpropagation:    {both} passes: 1 forward, 1 backward")
    print(f"   They differ by {difference:.1e} at most, the error of the estimate.\n")

    big_w, big_b = nn_parameter_maker(MILLION, seed=0)
    big_x, big_y = np.random.default_rng(0).random((EXAMPLES, MILLION[0])), np.zeros((EXAMPLES, MILLION[-1]))
    one = median_time(lambda: predict(big_x, big_w, big_b))
    back = median_time(lambda: backpropagation(big_x, big_y, big_w, big_b))
    count = parameters(MILLION)
    print(f"   {dashed(MILLION)} network, {count:,} parameters, {EXAMPLES} examples")
    print(f"   gradient_estimator: {count + 1:,} passes of {one * 1e3:.1f} ms: {one * (count + 1) / 3600:.1f} hours")
    print(f"   backpropagation:    2 passes, {back * 1e3:.1f} ms in all: for one step of the training")


def counted(find: Callable, *problem: object) -> tuple[tuple[Layers, Layers], int]:
    """The gradients by one of the two ways, and the number of passes it made."""
    with count_passes() as passes:
        found = find(*problem)
    return found, passes.forward + passes.backward


def compare(X: np.ndarray, y: np.ndarray, w: Layers, b: Layers, epochs: int, pictures: Pictures) -> None:
    """Shows that minikeras computes the same: outputs, gradients and, over the whole training, errors."""
    print("   largest difference   outputs   gradients   error curve")
    answers, slopes = [predict(X, w, b)], flat(*backpropagation(X, y, w, b))
    errors = gradient_descent_errors(X, y, w, b, epochs)
    curves = {}
    for dtype in ("float64", "float32"):
        curves[dtype] = sequential_errors(X, y, w, b, epochs, dtype)
        outputs = largest_difference(answers, [sequential_outputs(X, w, b, dtype)])
        gradients = largest_difference(slopes, sequential_gradients(X, y, w, b, dtype))
        print(f"   {dtype:18} {outputs:9.1e} {gradients:11.1e} {largest_difference([errors], [curves[dtype]]):13.1e}")
    print("   (The type is that of minikeras; from_scratch computes in float64.)")
    pictures.save("comparison.png", lambda: plot_comparison(errors, curves))


def build_sequential(w: Layers, b: Layers, lr: float) -> Sequential:
    """The network in minikeras, with the given parameters.

    The loss is the lecture's. In `fit`, each epoch is one step on all examples.
    """
    model = Sequential([Dense(len(bias), "sigmoid") for bias in b])
    model.build((None, w[0].shape[1]))
    model.set_weights(flat(w, b))
    model.compile(optimizer=SGD(lr), loss=lambda y, a: ops.sum(ops.square(y - a), axis=-1))
    return model


def sequential_outputs(X: np.ndarray, w: Layers, b: Layers, dtype: str) -> np.ndarray:
    """The outputs of the network in minikeras, of shape (m, n[-1])."""
    with floats(dtype):
        return build_sequential(w, b, RATE).predict(X.astype(dtype), verbose=0)


def sequential_gradients(X: np.ndarray, y: np.ndarray, w: Layers, b: Layers, dtype: str) -> list[np.ndarray]:
    """The gradients in minikeras, from what one step of SGD changes: w_after = w_before - lr * gradient."""
    with floats(dtype):
        model = build_sequential(w, b, 1.0)
        before = model.get_weights()
        model.train_on_batch(X.astype(dtype), y.astype(dtype))
        return [old - new for old, new in zip(before, model.get_weights(), strict=True)]


def sequential_errors(X: np.ndarray, y: np.ndarray, w: Layers, b: Layers, epochs: int, dtype: str) -> np.ndarray:
    """The error before each of the epochs in minikeras, trained as by `GD`."""
    with floats(dtype):
        model = build_sequential(w, b, RATE)
        history = model.fit(
            X.astype(dtype), y.astype(dtype), batch_size=len(X), epochs=epochs, shuffle=False, verbose=0
        )
    return np.array(history.history["loss"])


def gradient_descent_errors(X: np.ndarray, y: np.ndarray, w: Layers, b: Layers, epochs: int) -> np.ndarray:
    """The error before each of the epochs of `GD`."""
    errors: list[float] = []
    GD(X, y, w, b, epoch=epochs, lr=RATE, show=False, progress=False, errors=errors)
    return np.array(errors[:-1])  # the last one is after the last epoch


def print_speed(seed: int) -> None:
    """Measures the time of an epoch, on the lecture's network and on a larger one; in float64 on both sides."""
    print("   milliseconds an epoch           GD, estimator   GD, backpropagation   Sequential.fit")
    ratios = []
    for sizes, examples in TIMED:
        w, b = nn_parameter_maker(sizes, seed=seed)
        X = np.random.default_rng(seed).uniform(-2, 2, (examples, 2))
        y = np.ones((examples, 1))
        estimator, backward, fit = epoch_times(X, y, w, b)
        name = f"{dashed(sizes)}, {examples} examples"
        print(f"   {name:29} {estimator * 1e3:15,.3f} {backward * 1e3:21.3f} {fit * 1e3:16.3f}")
        ratios.append((dashed(sizes), estimator / fit, backward / fit))
    print("   (The estimator's for the larger network: the time of one pass times the passes it would make.)\n")
    for name, estimator, backward in ratios:
        print(f"   {name}: Sequential.fit {pace(estimator)} GD with the estimator,")
        print(f"   {' ' * len(name)}  and {pace(backward)} GD with backpropagation.")
    print("   With 13 parameters most of the time of fit is not the step but what goes with an epoch: callbacks, logs.")


def pace(ratio: float) -> str:
    """How fast something is that takes 1 / ratio of the time of something else."""
    return f"is {ratio:,.1f} times as fast as" if ratio >= 1 else f"takes {1 / ratio:,.1f} times as long as"


def epoch_times(X: np.ndarray, y: np.ndarray, w: Layers, b: Layers) -> tuple[float, float, float]:
    """Seconds an epoch takes by `GD` with the estimator and with backpropagation, and by `fit`: medians of turns."""
    count = sum(array.size for array in [*w, *b])
    epochs = 200 if count < 100 else 5
    quiet: dict[str, Any] = {"lr": RATE, "show": False, "progress": False}
    with floats("float64"):
        model = build_sequential(w, b, RATE)
        options: dict[str, Any] = {"batch_size": len(X), "shuffle": False, "verbose": 0}
        model.fit(X, y, epochs=1, **options)  # the first step records what the others replay
        turns = []
        for _ in range(5):
            if count < 100:
                estimator = seconds(lambda: GD(X, y, w, b, epochs, method="estimator", **quiet)) / epochs
            else:
                estimator = seconds(lambda: cost_function(X, y, w, b)) * (count + 1)
            backward = seconds(lambda: GD(X, y, w, b, epochs, **quiet)) / epochs
            fit = seconds(lambda: model.fit(X, y, epochs=epochs, **options)) / epochs
            turns.append((estimator, backward, fit))
    return tuple(statistics.median(times) for times in zip(*turns, strict=True))


def plot_table() -> Figure:
    """Draws the perceptron's table."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_title(f"w = {WEIGHTS}, b = {BIAS}: attend if w·x + b > 0")
    rows = [[*map(str, x), str(weighted), str(attend)] for x, weighted, attend in table()]
    colours = [["white"] * 4 + ["#cdeccd" if row[-1] == "1" else "#f6cfcf"] for row in rows]
    drawn = axes.table(
        rows, cellColours=colours, colLabels=[*INPUTS, "w·x + b", "attend"], loc="center", cellLoc="center"
    )
    drawn.auto_set_font_size(False)
    drawn.set_fontsize(11)
    drawn.auto_set_column_width(range(5))
    drawn.scale(1, 1.7)
    return figure


def plot_perceptron_and_sigmoid() -> Figure:
    """Draws the step of the perceptron and the soft step of the sigmoid neuron."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    z = np.linspace(-8, 8, 1601)
    answers = perceptron(z[:, np.newaxis], [1], 0)
    for side in (z <= 0, z > 0):  # two pieces: the perceptron has no value in between
        axes.plot(z[side], answers[side], color="tab:red", linewidth=2, label="perceptron" if side[0] else None)
    axes.plot(z, sigmoid(z), color="tab:blue", linewidth=2, label="sigmoid neuron")
    axes.set(title="A perceptron jumps, a sigmoid neuron does not", xlabel="z = w·x + b", ylabel="answer")
    axes.grid(alpha=0.3)
    axes.legend(loc="center right")
    return figure


def plot_passes() -> Figure:
    """Draws how many passes one gradient takes, counted on networks of several sizes, and on up to a million."""
    from matplotlib.figure import Figure

    counts, passes = [], []
    for hidden in (1, 3, 10, 30, 100, 300):
        w, b = nn_parameter_maker([2, hidden, 1], seed=0)
        problem = (np.ones((1, 2)), np.ones(1), w, b)
        counts.append(parameters([2, hidden, 1]))
        passes.append([counted(find, *problem)[1] for find in (gradient_estimator, backpropagation)])
    figure = Figure(figsize=(7, 4.4), layout="constrained")
    axes = figure.subplots()
    line = np.geomspace(3, 1e6, 100)
    axes.loglog(line, line + 1, color="tab:red", alpha=0.4, linestyle="--")
    axes.loglog(line, np.full(100, 2), color="tab:blue", alpha=0.4, linestyle="--")
    axes.loglog(counts, [each for each, _ in passes], "o", color="tab:red", label="gradient_estimator")
    axes.loglog(counts, [each for _, each in passes], "s", color="tab:blue", label="backpropagation")
    for text, place, offset, side in [
        ("2-3-1: 14 passes", (13, 14), (10, -8), "left"),
        ("a million parameters:\na million passes", (1e6, 1e6), (-28, -12), "right"),
        ("2 passes", (1e6, 2), (-8, 8), "right"),
    ]:
        axes.annotate(text, place, offset, textcoords="offset points", ha=side, fontsize=9)
    axes.set(title="Passes for one gradient (points: counted)", xlabel="parameters", ylabel="passes")
    axes.grid(alpha=0.3)
    axes.legend(loc="upper left")
    return figure


def plot_comparison(errors: np.ndarray, curves: dict[str, np.ndarray]) -> Figure:
    """Draws both error curves, one over the other, and how far they are apart."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.plot(errors, color="tab:orange", linewidth=5, alpha=0.5, label="GD, from scratch")
    left.plot(curves["float64"], color="tab:blue", linewidth=1.2, label="Sequential.fit")
    left.set(title="Error curves", xlabel="epoch", ylabel="error", ylim=(0, None))
    left.legend()
    for (dtype, curve), colour in zip(curves.items(), ("tab:blue", "tab:green"), strict=True):
        # Where both are equal, the logarithm is undefined: the smallest distance of two such floats is drawn instead.
        apart = np.maximum(np.abs(errors - curve), np.finfo("float64").eps / 8)
        right.semilogy(apart, color=colour, linewidth=0.8, label=f"Sequential in {dtype}")
    right.axhline(1e-6, color="black", linestyle="--", linewidth=1)
    right.set(title="How far they are apart (dashed: 1e-6)", xlabel="epoch", ylim=(1e-17, 1e-5))
    right.legend(loc="center right")
    for axes in (left, right):
        axes.grid(alpha=0.3)
    return figure


class Pictures:
    """Writes pictures into a folder, and says so; does nothing where matplotlib is not installed."""

    def __init__(self, folder: Path):
        self.folder = folder
        try:
            import matplotlib  # noqa: F401
        except ImportError:
            self.available = False
            return
        self.available = True
        try:
            folder.mkdir(parents=True, exist_ok=True)  # now, so that an invalid one ends the program early
        except OSError as error:
            raise SystemExit(f"from_scratch.py: error: --output: cannot make the folder: {error}") from None

    def path(self, name: str) -> Path | None:
        """The path of a picture; None if it cannot be drawn."""
        return self.folder / name if self.available else None

    def save(self, name: str, draw: Callable[[], Figure]) -> None:
        """Draws a picture and writes it as a PNG file."""
        if self.available:
            draw().savefig(self.folder / name, dpi=150)
            self.note(self.folder / name)

    def note(self, path: Path | None) -> None:
        """Says which picture was written."""
        if path is not None:
            print(f"   Wrote {path}")

    def say_if_missing(self) -> None:
        """Says what to install where nothing could be drawn."""
        if not self.available:
            print('No pictures were written: matplotlib is not installed. Get it with: pip install "minikeras[plot]"')


@contextmanager
def floats(dtype: str) -> Iterator[None]:
    """Context manager in which minikeras computes in another float dtype than float32."""
    before = config.floatx(), config.dtype_policy()
    config.set_floatx(dtype)
    config.set_dtype_policy(dtype)
    try:
        yield
    finally:
        config.set_floatx(before[0])
        config.set_dtype_policy(before[1])


def flat(w: Layers, b: Layers) -> list[np.ndarray]:
    """Parameters or gradients as Keras lists them: layer by layer a kernel, a row for each input, and a flat bias."""
    return [array for weight, bias in zip(w, b, strict=True) for array in (weight.T, bias[:, 0])]


def largest_difference(ours: list[np.ndarray], theirs: list[np.ndarray]) -> float:
    """The largest difference of two values that should be equal."""
    return max(float(np.abs(mine - other).max()) for mine, other in zip(ours, theirs, strict=True))


def dashed(sizes: list[int]) -> str:
    """A network's name, such as 2-3-1."""
    return "-".join(map(str, sizes))


def parameters(sizes: list[int]) -> int:
    """The number of weights and biases."""
    return sum(before * after + after for before, after in zip(sizes[:-1], sizes[1:], strict=True))


def median_time(run: Callable[[], object]) -> float:
    """The seconds one call takes: the median of five."""
    return statistics.median(seconds(run) for _ in range(5))


def seconds(run: Callable[[], object]) -> float:
    """The seconds one call takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def parse_options(arguments: list[str] | None) -> argparse.Namespace:
    """Parses the command line; an invalid option ends the program with a message."""
    parser = argparse.ArgumentParser(
        description="Walks through the lecture: from the perceptron to a network that learns.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--epochs", type=positive_integer, default=5000, help="steps of the long training")
    parser.add_argument("--seed", type=seed, default=0, help="start of the random numbers; same seed, same result")
    parser.add_argument("--output", type=Path, default=Path("from_scratch_output"), help="folder for the pictures")
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

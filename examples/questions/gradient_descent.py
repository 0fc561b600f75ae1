"""Which variants of gradient descent are there, and what does each do better?

    python examples/questions/gradient_descent.py

How many examples a step looks at: all of them (batch gradient descent) give the exact gradient, but only one step in
each pass over the data. A single one (stochastic) gives many noisy steps. Some of them (mini-batches) give almost as
good a direction as all, in steps that a processor computes as fast as that for one. After the same number of passes,
batch gradient descent has hardly begun; single steps are ahead, but their passes take about ten times as long as those
in mini-batches.

How a step is made from gradients: in a narrow valley, plain gradient descent must take steps that are small enough for
its steep sides, and creeps along its floor. Momentum adds up what steps have in common; RMSprop and Adam divide the
step in each coordinate by the size of its gradients. Each one gets the learning rate that suits it best. After 100
steps those with momentum, of which Adam is one, are near the bottom, the others half-way. Takes about 30 seconds.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from experiment import BLACK, COLORS, MARKERS, Experiment, digits, print_table

from minikeras import GradientTape, Sequential, Variable
from minikeras.callbacks import Callback
from minikeras.layers import Dense, Input
from minikeras.optimizers import SGD, Adam, Optimizer, RMSprop
from minikeras.typing import Tensor
from minikeras.utils import set_random_seed

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

OPTIMIZERS: dict[str, Callable[[float], Optimizer]] = {
    "gradient descent": lambda rate: SGD(rate),
    "momentum": lambda rate: SGD(rate, momentum=0.9),
    "Nesterov": lambda rate: SGD(rate, momentum=0.9, nesterov=True),
    "RMSprop": lambda rate: RMSprop(rate),
    "Adam": lambda rate: Adam(rate),
}
RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)  # of which each optimizer gets the best one
START, BOTTOM = (-1.4, 1.6), (1.0, 1.0)
BATCHES = {"all examples (batch)": 0, "32 examples (mini-batch)": 32, "1 example (stochastic)": 1}
BATCH_RATES = {"all examples (batch)": 0.2, "32 examples (mini-batch)": 0.1, "1 example (stochastic)": 0.01}


class Curve(NamedTuple):
    """The loss on the training digits during the passes over them."""

    passes: list[float]
    losses: list[float]
    seconds: float  # a pass


class Results(NamedTuple):
    """What the experiment has found, by the name of the variant."""

    paths: dict[str, np.ndarray]  # points of shape (steps + 1, 2)
    curves: dict[str, Curve]


def main(arguments: list[str] | None = None) -> Results:
    """Runs the experiment."""
    experiment = Experiment(__file__, __doc__, arguments)
    steps = experiment.choose(100, 60)
    found = {name: best_path(make, steps) for name, make in OPTIMIZERS.items()}
    print(f"In a narrow valley, after {steps} steps")
    print_table(
        ["optimizer", "learning rate", "height above the bottom", "distance from it"],
        [
            [name, f"{rate:g}", f"{height(*path[-1]):.4f}", f"{np.linalg.norm(path[-1] - BOTTOM):.3f}"]
            for name, (rate, path) in found.items()
        ],
    )
    paths = {name: path for name, (_, path) in found.items()}

    images = experiment.choose(2_000, 500)
    x, y, _, _ = digits(images, 1)
    curves = {}
    for name, batch in BATCHES.items():
        set_random_seed(experiment.seed)
        curves[name] = train(x.reshape(-1, 784), y, batch or images, BATCH_RATES[name], experiment.choose(5, 3))
    print(f"\n{images:,} digits")
    print_table(
        ["a step looks at", "steps a pass", "loss after the last pass", "seconds a pass"],
        [
            [
                name,
                f"{math.ceil(images / (BATCHES[name] or images)):,}",
                f"{curve.losses[-1]:.3f}",
                f"{curve.seconds:.3f}",
            ]
            for name, curve in curves.items()
        ],
    )
    experiment.save(lambda: plot_paths(paths, steps), "_paths")
    experiment.save_film(lambda shown: plot_paths(paths, shown), [*range(0, 20, 2), *range(20, steps + 1, 5)], "_paths")
    experiment.save(lambda: plot_curves(curves), "_batches")
    return Results(paths, curves)


def height(x: Tensor, y: Tensor) -> Tensor:
    """A curved valley with steep sides and an almost level floor: Rosenbrock's function, with 20 in place of 100."""
    return (1 - x) ** 2 + 20 * (y - x**2) ** 2


def best_path(make: Callable[[float], Optimizer], steps: int) -> tuple[float, np.ndarray]:
    """Returns the learning rate that leads deepest, and the path it takes."""
    paths = {rate: descend(make(rate), steps) for rate in RATES}
    heights = {rate: height(*path[-1]) if np.isfinite(path).all() else np.inf for rate, path in paths.items()}
    best = min(heights, key=lambda rate: float(heights[rate]))
    return best, paths[best]


def descend(optimizer: Optimizer, steps: int) -> np.ndarray:
    """Returns the points that an optimizer visits, of shape (steps + 1, 2), in float64."""
    point = [Variable(number, dtype="float32") for number in START]
    optimizer.build(point)
    path: list[tuple[float, ...]] = [START]
    for _ in range(steps):
        with GradientTape() as tape:
            now = height(*point)
        gradients = tape.gradient(now, point)
        if not np.isfinite([float(each) for each in gradients]).all():
            path.append((np.nan, np.nan))  # the steps were too large
            break
        optimizer.apply(gradients, point)
        path.append(tuple(float(each) for each in point))
    return np.array(path)


class LossCurve(Callback):
    """Measures the loss on all examples, 20 times a pass or after each step, whichever is rarer."""

    def __init__(self, x: np.ndarray, y: np.ndarray, steps: int):
        super().__init__()
        self.x, self.y = x, y
        self.steps, self.every = steps, max(1, steps // 20)
        self.step = 0
        self.passes: list[float] = []
        self.losses: list[float] = []

    def on_train_begin(self, logs: dict | None = None) -> None:
        """Measures the loss before training."""
        self.measure()

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """Counts the step, and measures where it is due."""
        self.step += 1
        if self.step % self.every == 0:
            self.measure()

    def measure(self) -> None:
        """Appends the loss on all examples."""
        self.passes.append(self.step / self.steps)
        self.losses.append(self.model.evaluate(self.x, self.y, batch_size=500, verbose=0))


def train(x: np.ndarray, y: np.ndarray, batch: int, rate: float, epochs: int) -> Curve:
    """Trains a network twice: to draw its curve, and for the time without drawing."""
    model = Sequential([Input((784,)), Dense(30, "relu"), Dense(10, "softmax")])
    weights = model.get_weights()
    model.compile(optimizer=SGD(rate), loss="sparse_categorical_crossentropy")
    curve = LossCurve(x, y, math.ceil(len(x) / batch))
    model.fit(x, y, batch_size=batch, epochs=epochs, callbacks=[curve], verbose=0)
    model.set_weights(weights)
    start = time.perf_counter()
    model.fit(x, y, batch_size=batch, epochs=epochs, verbose=0)
    return Curve(curve.passes, curve.losses, (time.perf_counter() - start) / epochs)


def plot_paths(paths: dict[str, np.ndarray], shown: int) -> Figure:
    """Draws the first steps of each path on a map of the valley."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 3.4), layout="constrained")
    x, y = np.meshgrid(np.linspace(-1.8, 1.8, 80), np.linspace(-0.7, 2.6, 80))
    for axes, color, (name, path) in zip(
        figure.subplots(1, len(paths), sharey=True), COLORS, paths.items(), strict=False
    ):
        axes.contourf(x, y, np.log(height(x, y) + 0.05), levels=14, cmap="gray", alpha=0.5)
        axes.plot(*path[: shown + 1].T, color=color, marker="o", ms=2.5, lw=1)
        axes.scatter(*path[min(shown, len(path) - 1)], color=color, s=50, edgecolors="white", zorder=3)
        axes.scatter(*BOTTOM, color=BLACK, marker="x", zorder=4)
        axes.set(title=f"{name}\nheight {height(*path[min(shown, len(path) - 1)]):.4f}", xlabel="first parameter")
        axes.set(xlim=(-1.8, 1.8), ylim=(-0.7, 2.6))
        axes.grid(False)
    figure.axes[0].set_ylabel("second parameter")
    figure.suptitle(f"The same {shown} steps down a narrow valley (x: its lowest point)")
    return figure


def plot_curves(curves: dict[str, Curve]) -> Figure:
    """Draws the training loss by the passes over the data and by the time."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.4), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    for (name, curve), color, marker in zip(curves.items(), COLORS, MARKERS, strict=False):
        style = {"color": color, "marker": marker, "ms": 4, "markevery": max(1, len(curve.passes) // 10), "label": name}
        left.plot(curve.passes, curve.losses, **style)
        right.plot(np.array(curve.passes[1:]) * curve.seconds, curve.losses[1:], **style)
    left.set(xlabel="passes over the data", ylabel="training loss (nats)", ylim=(0, 2.5))
    right.set(xlabel="seconds", xscale="log")
    left.set_title("By passes")
    right.set_title("By time")
    right.legend(title="a step looks at")
    figure.suptitle("Mini-batches: about the progress of single steps, in a fraction of the time")
    return figure


if __name__ == "__main__":
    main()

"""Are more layers better?

    python examples/questions/more_layers.py

Networks of 1 to 40 hidden layers, all with about 500 parameters, so that the deep ones are narrow, learn to tell two
spirals apart. First more layers help: each one can fold the plane once more. Four layers of 12 units get all points
right, a single layer of 125 units three quarters of them. Then they harm: signals and gradients have to get through all
layers, and with 40 of 3 units the network only guesses. And they cost time: with 40 layers a training step takes
several times as long as with one, since each layer has to wait for the one before. Takes about 25 seconds.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from experiment import BLUE, GRAY, VERMILION, Experiment, draw_regions, print_table, spirals

from minikeras import Sequential
from minikeras.layers import Dense, Input
from minikeras.optimizers import Adam
from minikeras.utils import set_random_seed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PARAMETERS = 500
DRAWN = (1, 4, 40)  # depths of which the plane is drawn
TURNS = 2.0  # of the spirals


class Result(NamedTuple):
    """What is known of the networks of one depth."""

    model: Sequential  # of the first seed
    width: int
    accuracies: list[float]  # on new points, one for each seed
    milliseconds: float  # of a training step


def main(arguments: list[str] | None = None) -> dict[int, Result]:
    """Runs the experiment; returns the results by depth."""
    experiment = Experiment(__file__, __doc__, arguments)
    train = spirals(1_000, TURNS, experiment.seed)
    test = spirals(2_000, TURNS, experiment.seed + 1)
    results = {}
    for depth in experiment.choose((1, 2, 3, 4, 6, 10, 20, 40), DRAWN):
        seeds = range(experiment.seed, experiment.seed + experiment.choose(3, 1))
        results[depth] = measure(depth, train, test, seeds, experiment.choose(100, 50))
    print_table(
        ["hidden layers", "units of each", "parameters", "test accuracy, median", "ms a step"],
        [
            [
                str(depth),
                str(each.width),
                f"{each.model.count_params():,}",
                f"{np.median(each.accuracies):.1%}",
                f"{each.milliseconds:.2f}",
            ]
            for depth, each in results.items()
        ],
    )
    experiment.save(lambda: plot(results, *train))
    return results


def measure(
    depth: int,
    train: tuple[np.ndarray, np.ndarray],
    test: tuple[np.ndarray, np.ndarray],
    seeds: range,
    epochs: int,
) -> Result:
    """Trains a network of a depth, once for each seed."""
    width, batch = width_for(depth), 50
    models, accuracies, seconds = [], [], []
    for seed in seeds:
        set_random_seed(seed)
        model = build_model(depth, width)
        model.compile(optimizer=Adam(0.003), loss="binary_crossentropy", metrics=["accuracy"])
        model.fit(*train, batch_size=batch, epochs=1, verbose=0)  # the first step is planned, which takes longer
        start = time.perf_counter()
        model.fit(*train, batch_size=batch, epochs=epochs - 1, verbose=0)
        seconds.append(time.perf_counter() - start)
        accuracies.append(model.evaluate(*test, batch_size=500, verbose=0)[1])
        models.append(model)
    steps = (epochs - 1) * len(train[0]) / batch
    return Result(models[0], width, accuracies, 1e3 * min(seconds) / steps)


def width_for(depth: int) -> int:
    """The units of each hidden layer with which the network has about PARAMETERS of them."""
    return min(range(2, 1_000), key=lambda width: abs(count(depth, width) - PARAMETERS))


def count(depth: int, width: int) -> int:
    """The parameters of a network with 2 inputs and 1 output."""
    return (2 + 1) * width + (depth - 1) * (width + 1) * width + (width + 1)


def build_model(depth: int, width: int) -> Sequential:
    """Returns a network with `depth` hidden layers."""
    hidden = [Dense(width, "relu", kernel_initializer="he_normal") for _ in range(depth)]
    return Sequential([Input((2,)), *hidden, Dense(1, "sigmoid")])


def plot(results: dict[int, Result], x: np.ndarray, y: np.ndarray) -> Figure:
    """Draws the accuracy and the time by depth, and what three of the networks have learned."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    figure = Figure(figsize=(11, 7), layout="constrained")
    grid = figure.add_gridspec(2, 6, height_ratios=[1, 1.1])
    accuracy, time_axes = figure.add_subplot(grid[0, :3]), figure.add_subplot(grid[0, 3:])
    depths = list(results)
    for depth, result in results.items():
        accuracy.scatter([depth] * len(result.accuracies), result.accuracies, color=GRAY, s=18, zorder=3)
    medians = [float(np.median(each.accuracies)) for each in results.values()]
    accuracy.plot(depths, medians, color=BLUE, marker="o", label="median (gray: each network)")
    accuracy.set(title="How much they learn", ylabel="new points answered right", ylim=(0.45, 1.02))
    accuracy.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    accuracy.legend(loc="lower left")
    time_axes.plot(depths, [each.milliseconds for each in results.values()], color=VERMILION, marker="s")
    time_axes.set(title="What they cost", ylabel="milliseconds a training step", ylim=(0, None))
    for axes in (accuracy, time_axes):
        axes.set(xscale="log", xticks=depths, xticklabels=map(str, depths), xlabel="hidden layers")
        axes.minorticks_off()
    for number, depth in enumerate(DRAWN):
        plane = figure.add_subplot(grid[1, 2 * number : 2 * number + 2])
        draw_regions(plane, results[depth].model, x, y)
        plane.set_title(f"{depth} × {results[depth].width} units: {results[depth].accuracies[0]:.0%} right")
    figure.suptitle(f"With {PARAMETERS:,} parameters, a few layers are better than one, and than many")
    return figure


if __name__ == "__main__":
    main()

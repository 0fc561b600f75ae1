"""How does backpropagation find the gradients, and what does it save?

    python examples/questions/backpropagation.py

The chain rule, applied from the cost back to the inputs: what a layer passes back is computed once and serves all of
its weights. On the lecture's 2-3-1 network it takes one pass forward and one backward, and each line of the first table
is one of their steps. The estimator, which moves one parameter after the other and looks how the cost changes, takes 14
passes for these 13 parameters, and a million for a million. It is inexact, too: with large steps because the cost is
curved, with small ones because floats are rounded. At best, with steps of about 1e-7, it is right to 7 digits;
backpropagation is right to 16. Takes about 5 seconds.
"""

from __future__ import annotations

import timeit
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from experiment import BLUE, GRAY, GREEN, VERMILION, Experiment, print_table

from minikeras.from_scratch import (
    backpropagation,
    count_passes,
    gradient_estimator,
    nn_parameter_maker,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZES = [2, 3, 1]
STEPS = 10.0 ** np.arange(-15, 0.5, 0.5)  # eps of the estimator


class Steps(NamedTuple):
    """All that is computed for one example: forward, then backward. Columns are of shape (n, 1)."""

    a0: np.ndarray  # the inputs
    z1: np.ndarray  # w[0] a0 + b[0]
    a1: np.ndarray  # sigmoid of z1
    z2: np.ndarray  # w[1] a1 + b[1]
    a2: np.ndarray  # the output
    cost: float  # (a2 - y)^2
    d_a2: np.ndarray  # how the cost changes with a2, and so on
    d_z2: np.ndarray
    d_w1: np.ndarray  # d_b[1] is d_z2
    d_a1: np.ndarray
    d_z1: np.ndarray
    d_w0: np.ndarray  # d_b[0] is d_z1


class Costs(NamedTuple):
    """What one gradient of a network costs, by either way."""

    parameters: int
    passes: tuple[int, int]  # estimator, backpropagation
    seconds: tuple[float, float]


class Errors(NamedTuple):
    """How far gradients are from the true one, relative to its norm."""

    estimator: np.ndarray  # for each of STEPS
    backpropagation: float


class Results(NamedTuple):
    """What the experiment has found."""

    steps: Steps
    costs: list[Costs]
    errors: Errors


def main(arguments: list[str] | None = None) -> Results:
    """Runs the experiment."""
    experiment = Experiment(__file__, __doc__, arguments)
    w, b = nn_parameter_maker(SIZES, seed=experiment.seed)
    x, y = np.array([[0.5, -1.0]]), np.array([[1.0]])

    steps = step_by_step(x, y, w, b)
    print_steps(steps)
    w_pds, b_pds = backpropagation(x, y, w, b)
    expected = [steps.d_w0, steps.d_w1, steps.d_z1, steps.d_z2]
    apart = max(np.abs(ours - its).max() for ours, its in zip(expected, [*w_pds, *b_pds], strict=True))
    print(f"\nfrom_scratch.backpropagation gives the same, within {apart:.1e}.\n")

    costs = [measure(hidden) for hidden in experiment.choose((1, 3, 10, 30, 100, 300), (1, 3, 10, 30))]
    print_table(
        ["parameters", "passes: estimator", "backpropagation", "ms: estimator", "backpropagation"],
        [
            [f"{each.parameters:,}", *(f"{n:,}" for n in each.passes), *(f"{1e3 * s:.2f}" for s in each.seconds)]
            for each in costs
        ],
    )
    errors = measure_errors(x, y, w, b)
    best = int(np.argmin(errors.estimator))
    print(f"\nRelative error of the estimator, at best (eps = {STEPS[best]:.0e}): {errors.estimator[best]:.0e}")
    print(f"Relative error of backpropagation: {errors.backpropagation:.0e}")
    experiment.save(lambda: plot_network(steps, w, b), "_steps")
    experiment.save(lambda: plot_costs(costs, errors))
    return Results(steps, costs, errors)


def step_by_step(x: np.ndarray, y: np.ndarray, w: list[np.ndarray], b: list[np.ndarray]) -> Steps:
    """Goes through a network with one hidden layer for one example: x of shape (1, 2), y of shape (1, 1)."""

    def sigmoid(z: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-z))

    a0 = x.T
    z1 = w[0] @ a0 + b[0]
    a1 = sigmoid(z1)
    z2 = w[1] @ a1 + b[1]
    a2 = sigmoid(z2)
    cost = ((a2 - y.T) ** 2).item()
    d_a2 = 2 * (a2 - y.T)
    d_z2 = d_a2 * a2 * (1 - a2)  # the slope of the sigmoid is a (1 - a)
    d_w1 = d_z2 @ a1.T
    d_a1 = w[1].T @ d_z2  # here the cost goes back through the weights
    d_z1 = d_a1 * a1 * (1 - a1)
    d_w0 = d_z1 @ a0.T
    return Steps(a0, z1, a1, z2, a2, cost, d_a2, d_z2, d_w1, d_a1, d_z1, d_w0)


def print_steps(steps: Steps) -> None:
    """Prints each step with its formula and its numbers."""
    formulas = {
        "a0": "x",
        "z1": "w[0] a0 + b[0]",
        "a1": "sigmoid(z1)",
        "z2": "w[1] a1 + b[1]",
        "a2": "sigmoid(z2)",
        "cost": "(a2 - y)²",
        "d_a2": "2 (a2 - y)",
        "d_z2": "d_a2 · a2 (1 - a2)    = d_b[1]",
        "d_w1": "d_z2 a1ᵀ",
        "d_a1": "w[1]ᵀ d_z2",
        "d_z1": "d_a1 · a1 (1 - a1)    = d_b[0]",
        "d_w0": "d_z1 a0ᵀ",
    }
    rows = []
    for name, formula in formulas.items():
        numbers = "  ".join(f"{number:7.4f}" for number in np.ravel(getattr(steps, name)))
        rows.append([f"{name} = {formula}", "backward" if name.startswith("d_") else "forward", numbers])
    print_table(["step", "pass", "numbers"], rows)


def measure(hidden: int) -> Costs:
    """Counts passes and measures times for a network with that many hidden neurons, on 20 examples."""
    w, b = nn_parameter_maker([2, hidden, 1], seed=0)
    x = np.random.default_rng(0).uniform(-1, 1, (20, 2))
    y = (x[:, :1] > 0).astype(float)
    passes, seconds = [], []
    for find in (gradient_estimator, backpropagation):
        with count_passes() as counted:
            find(x, y, w, b)
        passes.append(counted.forward + counted.backward)
        seconds.append(min(timeit.repeat(partial(find, x, y, w, b), number=1, repeat=3)))
    return Costs(4 * hidden + 1, (passes[0], passes[1]), (seconds[0], seconds[1]))


def measure_errors(x: np.ndarray, y: np.ndarray, w: list[np.ndarray], b: list[np.ndarray]) -> Errors:
    """Compares both ways to the gradient with the steps above, in floats of more digits where the machine has them."""
    long = [np.asarray(array, np.longdouble) for array in (x, y, *w, *b)]
    steps = step_by_step(long[0], long[1], long[2:4], long[4:])
    exact = flat([steps.d_w0, steps.d_w1], [steps.d_z1, steps.d_z2])

    def error(gradient: np.ndarray) -> float:
        return float(np.linalg.norm(gradient - exact) / np.linalg.norm(exact))

    estimated = [error(flat(*gradient_estimator(x, y, w, b, eps))) for eps in STEPS]
    return Errors(np.array(estimated), error(flat(*backpropagation(x, y, w, b))))


def flat(w: list[np.ndarray], b: list[np.ndarray]) -> np.ndarray:
    """All numbers of two lists of arrays in one vector."""
    return np.concatenate([array.ravel() for array in [*w, *b]])


def plot_network(steps: Steps, w: list[np.ndarray], b: list[np.ndarray]) -> Figure:
    """Draws the 2-3-1 network twice: what goes forward, and what comes back."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 5.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    draw_layers(left, BLUE, w, [steps.a0, steps.a1, steps.a2])
    left.set_title("Forward: activations in the neurons, weights on the lines")
    left.text(4.9, 0, f"cost\n{steps.cost:.3f}", ha="left", va="center")
    left.annotate("", (4.85, 0), (4.35, 0), arrowprops={"arrowstyle": "->"})
    draw_layers(right, VERMILION, [steps.d_w0, steps.d_w1], [None, steps.d_z1, steps.d_z2])
    right.set_title("Backward: gradients, of biases in the neurons, of weights on the lines")
    right.text(4.9, 0, f"of output\n{steps.d_a2.item():.3f}", ha="left", va="center")
    right.annotate("", (4.35, 0), (4.85, 0), arrowprops={"arrowstyle": "->"})
    figure.suptitle("One pass forward and one back give all 13 gradients")
    return figure


def draw_layers(axes: Axes, color: str, edges: list[np.ndarray], neurons: Sequence[np.ndarray | None]) -> None:
    """Draws neurons with numbers in them, connected by lines with numbers on them; thicker where these are larger."""
    places = [[(2.0 * layer, (n - 1) / 2 - i) for i in range(n)] for layer, n in enumerate(SIZES)]
    largest = max(float(np.abs(each).max()) for each in edges)
    for layer, numbers in enumerate(edges):
        for (row, column), number in np.ndenumerate(numbers):
            (x0, y0), (x1, y1) = places[layer][column], places[layer + 1][row]
            axes.plot([x0, x1], [y0, y1], color=color, lw=0.5 + 5 * abs(number) / largest, alpha=0.5, zorder=1)
            at = 0.3 + 0.25 * (column % 2)  # so that numbers of crossing lines are apart
            label = f"{number:.3f}"
            axes.text(
                x0 + at * (x1 - x0), y0 + at * (y1 - y0), label, ha="center", va="center", fontsize=8,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
            )  # fmt: skip
    for layer, values in enumerate(neurons):
        for i, (x, y) in enumerate(places[layer]):
            axes.scatter(x, y, s=1500, color="white", edgecolors=GRAY if values is None else color, lw=2, zorder=2)
            text = "" if values is None else f"{values[i, 0]:.3f}"
            axes.text(x, y, text, ha="center", va="center", fontsize=9, zorder=3)
    for x, name in zip((0, 2, 4), ("inputs", "hidden", "output"), strict=True):
        axes.text(x, -1.6, name, ha="center")
    axes.set(xlim=(-0.5, 5.8), ylim=(-1.75, 1.35))
    axes.set_axis_off()


def plot_costs(costs: list[Costs], errors: Errors) -> Figure:
    """Draws the time of one gradient by the number of parameters, and the error of the estimator by its step."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    counts = [each.parameters for each in costs]
    for way, name, color, marker in ((0, "estimator", VERMILION, "o"), (1, "backpropagation", BLUE, "s")):
        times = [1e3 * each.seconds[way] for each in costs]
        left.loglog(counts, times, color=color, marker=marker, label=name)
        passes = costs[-1].passes[way]
        left.annotate(
            f"{passes:,} passes", (counts[-1], times[-1]), (0, 7), textcoords="offset points", ha="right", color=color
        )
    left.set(title="Time of one gradient", xlabel="parameters of the network", ylabel="milliseconds")
    left.legend()
    right.loglog(STEPS, errors.estimator, color=VERMILION, marker="o", ms=4, label="estimator")
    # Where both are equal, the logarithm is undefined: less than the smallest error is drawn instead.
    right.axhline(max(errors.backpropagation, 1e-17), color=BLUE, ls="--", label="backpropagation")
    right.text(1e-13, 1e-5, "too small:\nrounding", color=GREEN, ha="center")
    right.text(1e-2, 1e-6, "too large:\ncurvature", color=GREEN, ha="center")
    right.set(title="Error of the gradient", xlabel="step of the estimator, eps", ylabel="relative error")
    right.legend(loc="upper center")
    figure.suptitle("The estimator is slow and inexact, backpropagation is neither")
    return figure


if __name__ == "__main__":
    main()

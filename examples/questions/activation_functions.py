"""What does an activation function do to the gradients, and to the result?

    python examples/questions/activation_functions.py

Without one, layers of layers are one linear layer: the network can only cut the plane along a straight line. On the
way back each layer multiplies the gradient by the slope of its activation. That of the sigmoid is at most 1/4, so of
the gradient that the last of six layers gets, the first one gets less than a hundredth, and the network does not start
to learn: it cuts along a line, too. tanh has a slope of 1 near 0, and relu wherever it is on: the gradient arrives, and
the spirals are told apart, by relu sooner than by tanh. gelu is a smooth relu. Takes about 15 seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from experiment import BLUE, VERMILION, Experiment, draw_regions, print_table, spirals

from minikeras import GradientTape, Sequential, activations, losses, ops
from minikeras.layers import Dense, Input
from minikeras.optimizers import Adam
from minikeras.utils import set_random_seed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ACTIVATIONS = ("linear", "sigmoid", "tanh", "relu", "gelu")
LAYERS, UNITS = 6, 24  # hidden layers, and units of each
TURNS = 1.75  # of the spirals


class Result(NamedTuple):
    """What is known of the network with one activation function."""

    model: Sequential
    arrives: float  # gradient of the first kernel before training, as a part of that of the last hidden one
    loss: float
    accuracy: float  # on new points


def main(arguments: list[str] | None = None) -> dict[str, Result]:
    """Runs the experiment; returns the results by the name of the activation function."""
    experiment = Experiment(__file__, __doc__, arguments)
    x, y = spirals(1_000, TURNS, experiment.seed)
    x_test, y_test = spirals(2_000, TURNS, experiment.seed + 1)
    results = {}
    for activation in ACTIVATIONS:
        set_random_seed(experiment.seed)
        model = build_model(activation)
        first, *_, last, _ = kernel_gradients(model, x, y)
        model.compile(optimizer=Adam(0.003), loss="binary_crossentropy", metrics=["accuracy"])
        history = model.fit(x, y, batch_size=50, epochs=experiment.choose(100, 40), verbose=0).history
        accuracy = model.evaluate(x_test, y_test, batch_size=500, verbose=0)[1]
        results[activation] = Result(model, first / last, history["loss"][-1], accuracy)
    print_table(
        ["activation", "largest slope", "gradient at the first / last hidden layer", "training loss", "test accuracy"],
        [
            [name, f"{slope(name).max():.2f}", f"{each.arrives:.1e}", f"{each.loss:.4f}", f"{each.accuracy:.1%}"]
            for name, each in results.items()
        ],
    )
    experiment.save(lambda: plot(results, x, y))
    return results


def build_model(activation: str) -> Sequential:
    """Returns a network with an output between 0 and 1."""
    hidden = [Dense(UNITS, activation) for _ in range(LAYERS)]
    return Sequential([Input((2,)), *hidden, Dense(1, "sigmoid")])


def kernel_gradients(model: Sequential, x: np.ndarray, y: np.ndarray) -> list[float]:
    """Returns the norm of the gradient of the loss for the kernel of each layer."""
    kernels = [layer.kernel for layer in model.layers]
    with GradientTape() as tape:
        loss = losses.BinaryCrossentropy()(y, model(x))
    return [float(ops.norm(gradient)) for gradient in tape.gradient(loss, kernels)]


def slope(activation: str, z: np.ndarray | None = None) -> np.ndarray:
    """Returns the derivative of an activation function, by default where it is drawn."""
    values = ops.convert_to_tensor(np.linspace(-4, 4, 401) if z is None else z)
    with GradientTape() as tape:
        values = tape.watch(values)
        total = ops.sum(activations.get(activation)(values))
    return np.asarray(tape.gradient(total, values))


def plot(results: dict[str, Result], x: np.ndarray, y: np.ndarray) -> Figure:
    """Draws each activation with its slope, and below what the network with it has learned."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 6), layout="constrained")
    upper, lower = figure.subplots(2, len(results), height_ratios=[2, 3])
    z = np.linspace(-4, 4, 401)
    for top, bottom, (name, result) in zip(upper, lower, results.items(), strict=True):
        top.plot(z, np.asarray(activations.get(name)(z)), color=BLUE, lw=2, label="activation")
        top.plot(z, slope(name), color=VERMILION, lw=2, ls="--", label="its slope")
        top.set(title=name, xlabel="z, the weighted sum", ylim=(-1.5, 2.5), xlim=(-4, 4))
        draw_regions(bottom, result.model, x, y)
        bottom.set_title(f"{result.accuracy:.0%} of new points right")
        bottom.set_xlabel(f"gradient at the first layer:\n{result.arrives:.2g} of that at the last")
    upper[0].legend(loc="upper left", fontsize=8)
    upper[0].set_ylabel("value")
    lower[0].set_ylabel(f"learned by {LAYERS} layers")
    figure.suptitle("An activation must be curved, and have a slope that lets gradients through")
    return figure


if __name__ == "__main__":
    main()

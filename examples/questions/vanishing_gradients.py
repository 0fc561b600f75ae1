"""Why do gradients vanish and explode, and what helps?

    python examples/questions/vanishing_gradients.py

On its way back, a gradient is multiplied by the slopes and weights of each layer: thirty factors that are a little
under 1 leave nothing of it, thirty that are a little over 1 make it huge. With sigmoids, whose slopes are at most 1/4,
the first of 30 layers gets less than 1e-15 of the gradient that the last one gets; with relu and weights twice too
large it gets a million times as much or more. Neither network learns. He's weights, which make the factors about 1,
keep the gradient at one size. So do residual connections, which add a layer's inputs to its outputs, and the network
with them learns fastest. Batch normalization is in between.

In a recurrent network the time steps are the layers. The gradient of a simple recurrent layer for its input of 59 steps
ago vanishes or explodes unless its weights are orthogonal. An LSTM adds to its carry instead of multiplying it, but for
the forget gates, which begin with a factor of sigmoid(1) = 0.73: more is left, and all of it if the gates begin open.
Takes about 25 seconds.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from experiment import BLUE, GRAY, GREEN, MARKERS, ORANGE, PURPLE, VERMILION, Experiment, digits, print_table

from minikeras import GradientTape, Input, Model, losses, ops
from minikeras.errors import NonFiniteWarning
from minikeras.initializers import Orthogonal, VarianceScaling
from minikeras.layers import LSTM, Activation, Add, BatchNormalization, Dense, Layer, SimpleRNN
from minikeras.optimizers import SGD
from minikeras.typing import Tensor
from minikeras.utils import set_random_seed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LAYERS, UNITS = 30, 64
NETWORKS = {
    "sigmoid": GRAY,
    "relu, weights twice too large": VERMILION,
    "relu, He": ORANGE,
    "batch normalization": GREEN,
    "residual": BLUE,
}
TIME = 60  # steps of the sequences
RECURRENT = {
    "simple, weights too small": GRAY,
    "simple, weights too large": VERMILION,
    "simple, orthogonal": PURPLE,
    "LSTM": ORANGE,
    "LSTM, forget gates open": BLUE,
}


class Result(NamedTuple):
    """What is known of a network."""

    gradients: np.ndarray  # norm of the gradient of the loss for the outputs of each layer, before training
    loss: float  # on the training digits after training
    accuracy: float  # on test digits


class Results(NamedTuple):
    """What the experiment has found."""

    networks: dict[str, Result]
    recurrent: dict[str, np.ndarray]  # norm of the gradient of the last output for the input of each time step


def main(arguments: list[str] | None = None) -> Results:
    """Runs the experiment."""
    experiment = Experiment(__file__, __doc__, arguments)
    x_train, y_train, x_test, y_test = digits(experiment.choose(6_000, 2_000), 2_000)
    x_train, x_test = ((x.reshape(-1, 784) - 0.13) / 0.31 for x in (x_train, x_test))  # mean 0, variance 1
    networks = {}
    for kind in NETWORKS:
        set_random_seed(experiment.seed)
        model = build_model(kind)
        gradients = layer_gradients(model, x_train[:200], y_train[:200])
        model.compile(optimizer=SGD(0.003, momentum=0.9), loss=loss_function(), metrics=["accuracy"])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NonFiniteWarning)  # one of them gets there, and the table shows it
            history = model.fit(x_train, y_train, batch_size=50, epochs=experiment.choose(5, 3), verbose=0).history
        accuracy = model.evaluate(x_test, y_test, batch_size=500, verbose=0)[1]
        networks[kind] = Result(gradients, history["loss"][-1], accuracy)
    print_table(
        [f"{LAYERS} layers", "gradient, layer 1", f"layer {LAYERS}", "ratio", "training loss", "test accuracy"],
        [
            [
                kind,
                f"{each.gradients[0]:.1e}",
                f"{each.gradients[-1]:.1e}",
                f"{each.gradients[0] / each.gradients[-1]:.1e}",
                f"{each.loss:.3f}",
                f"{each.accuracy:.1%}",
            ]
            for kind, each in networks.items()
        ],
    )
    recurrent = {}
    for kind in RECURRENT:
        set_random_seed(experiment.seed)
        recurrent[kind] = time_gradients(build_recurrent(kind), experiment.seed)
    print()
    print_table(
        ["recurrent layer", f"gradient, {TIME - 1} steps ago", "last step", "ratio"],
        [[kind, f"{each[0]:.1e}", f"{each[-1]:.1e}", f"{each[0] / each[-1]:.1e}"] for kind, each in recurrent.items()],
    )
    experiment.save(lambda: plot(networks, recurrent))
    return Results(networks, recurrent)


def loss_function() -> losses.Loss:
    """Cross-entropy, from the logits of a last layer without activation."""
    return losses.SparseCategoricalCrossentropy(from_logits=True)


def build_model(kind: str) -> Model:
    """Returns a network of LAYERS hidden layers, each named `out_` and its number."""
    inputs = Input((784,))
    x = Dense(UNITS, "relu", kernel_initializer="he_normal", name="out_0")(inputs)
    for number in range(1, LAYERS):
        x = hidden_layer(kind, x, f"out_{number}")
    return Model(inputs, Dense(10)(x))


def hidden_layer(kind: str, x: Tensor, name: str) -> Tensor:
    """Applies one layer of a kind."""
    if kind == "sigmoid":
        return Dense(UNITS, "sigmoid", name=name)(x)
    if kind == "relu, He":
        return Dense(UNITS, "relu", kernel_initializer="he_normal", name=name)(x)
    if kind == "relu, weights twice too large":
        return Dense(UNITS, "relu", kernel_initializer=VarianceScaling(8.0), name=name)(x)  # He's scale is 2
    if kind == "batch normalization":
        x = BatchNormalization()(Dense(UNITS, use_bias=False)(x))
        return Activation("relu", name=name)(x)
    change = Dense(UNITS, kernel_initializer=VarianceScaling(2.0 / LAYERS))(
        Activation("relu")(x)
    )  # small: there are many
    return Add(name=name)([x, change])


def layer_gradients(model: Model, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Returns the norm of the gradient of the loss for the outputs of each hidden layer."""
    hidden = [model.get_layer(f"out_{number}").output for number in range(LAYERS)]
    with GradientTape() as tape:
        *outputs, logits = Model(model.inputs, [*hidden, *model.outputs])(x, training=True)
        loss = loss_function()(y, logits)
    return np.array([float(ops.norm(ops.ravel(each))) for each in tape.gradient(loss, outputs)])


def build_recurrent(kind: str) -> Layer:
    """Returns a recurrent layer that returns its last output."""
    if kind == "LSTM":
        return LSTM(UNITS)  # whose forget gates begin with a bias of 1: sigmoid(1) = 0.73 of the carry stays
    if kind == "LSTM, forget gates open":
        return LSTM(UNITS, unit_forget_bias=False, bias_initializer=open_forget_gates)
    gain = {"simple, weights too small": 0.7, "simple, orthogonal": 1.0, "simple, weights too large": 2.5}[kind]
    return SimpleRNN(UNITS, recurrent_initializer=Orthogonal(gain))


def open_forget_gates(shape: tuple[int, ...], dtype: str | None = None) -> np.ndarray:
    """Returns the biases of the input, forget, carry and output gates: sigmoid(5) = 0.993 of the carry stays."""
    bias = np.zeros(shape, dtype)
    bias[shape[0] // 4 : shape[0] // 2] = 5
    return bias


def time_gradients(layer: Layer, seed: int) -> np.ndarray:
    """Returns the norm of the gradient of the sum of the last output for the input of each time step."""
    random = np.random.default_rng(seed)
    x = ops.convert_to_tensor(random.normal(0, 0.1, (20, TIME, 8)).astype("float32"))
    layer.build(x.shape)
    with GradientTape() as tape:
        x = tape.watch(x)
        total = ops.sum(layer(x))
    return np.linalg.norm(np.asarray(tape.gradient(total, x)), axis=(0, 2))


def plot(networks: dict[str, Result], recurrent: dict[str, np.ndarray]) -> Figure:
    """Draws the gradients by layer and by time step."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 5.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    layers = np.arange(1, LAYERS + 1)
    for (kind, result), marker in zip(networks.items(), MARKERS, strict=False):
        label = f"{kind}: {result.accuracy:.0%} right"
        left.semilogy(layers, result.gradients, color=NETWORKS[kind], marker=marker, ms=4, label=label)
    ago = np.arange(TIME)[::-1]
    for (kind, gradients), marker in zip(recurrent.items(), MARKERS, strict=False):
        right.semilogy(ago, gradients, color=RECURRENT[kind], marker=marker, ms=4, label=kind)
    left.set(title=f"{LAYERS} dense layers", xlabel="layer", ylabel="norm of the gradient (before training)")
    left.legend(title="test digits after training", loc="lower right", fontsize=8)
    right.set(title=f"{TIME} time steps of one recurrent layer", xlabel="time steps ago")
    right.set_ylabel("norm of the gradient for an input")
    right.invert_xaxis()
    right.legend(loc="lower right", fontsize=8)
    figure.suptitle("Products of many factors vanish or explode, sums do not")
    return figure


if __name__ == "__main__":
    main()

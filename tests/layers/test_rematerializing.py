"""Layers created in a `RematScope`: the same training, with less in memory between the two passes."""

import numpy as np
import pytest

from minikeras import Input, Layer, Model, RematScope, Sequential, layers, ops, optimizers, utils
from minikeras.compiler.program import tensors

RNG = np.random.default_rng(0)
IMAGES = RNG.normal(size=(6, 8, 8, 3)).astype("float32")
STEPS = RNG.normal(size=(6, 5, 4)).astype("float32")
VECTORS = RNG.normal(size=(6, 4)).astype("float32")


class Block(Layer):
    def __init__(self, units):
        super().__init__()
        self.norm, self.wide = layers.LayerNormalization(), layers.Dense(4 * units, "gelu")
        self.narrow = layers.Dense(units)

    def call(self, x):
        y = self.narrow(self.wide(self.norm(x)))
        self.add_loss(1e-3 * ops.sum(y**2))
        return x + y


class Attending(Layer):
    def __init__(self):
        super().__init__()
        self.attention = layers.MultiHeadAttention(2, 3, dropout=0.2)

    def call(self, x, training=None):
        return self.attention(x, x, use_causal_mask=True, training=training)


STACKS = {
    "dense": (VECTORS, lambda: [layers.Dense(5, "relu"), layers.Dropout(0.3), layers.Dense(3, "softmax")]),
    "blocks": (VECTORS, lambda: [Block(4), Block(4), layers.Dense(3, "softmax")]),
    "convolution": (
        IMAGES,
        lambda: [
            layers.Conv2D(4, 3, activation="relu", padding="same"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Conv2D(4, 3),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, "softmax"),
        ],
    ),
    "recurrent": (STEPS, lambda: [layers.LSTM(5, return_sequences=True), layers.GRU(4), layers.Dense(3, "softmax")]),
    "attention": (STEPS, lambda: [Attending(), Attending(), layers.Flatten(), layers.Dense(3, "softmax")]),
}


def trained(name, scope, run_eagerly=False, dtype=None):
    """The weights and losses after some steps, and the model."""
    utils.clear_session()
    utils.set_random_seed(1)
    x, stack = STACKS[name]
    with scope:
        model = Sequential([Input(x.shape[1:]), *stack()])
    model.compile(optimizers.SGD(0.1), "sparse_categorical_crossentropy", run_eagerly=run_eagerly)
    y = np.arange(len(x)) % 3
    history = model.fit(x, y, batch_size=3, epochs=2, shuffle=False, verbose=0).history["loss"]
    return model.get_weights(), history, model


@pytest.mark.parametrize("run_eagerly", [False, True], ids=["replayed", "eager"])
@pytest.mark.parametrize("mode", ["full", "activations", "larger_than"])
@pytest.mark.parametrize("name", STACKS)
def test_the_same_training(name, mode, run_eagerly):
    expected, losses, _ = trained(name, RematScope(None), run_eagerly)
    found, own_losses, _ = trained(name, RematScope(mode, output_size_threshold=40), run_eagerly)
    np.testing.assert_allclose(own_losses, losses, rtol=1e-5)
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)  # float32 sums in another order


def chosen(monkeypatch, scope, make):
    """The names of the layers whose calls, in a step, are made again in the backward pass."""
    names = []

    def noting(call, args, kwargs, wanted=None):
        result = call(*args, **kwargs)
        if wanted is None or wanted(result):
            names.append(call.__self__.name)
        return result

    def noting_all(call):
        return lambda *args, **kwargs: noting(call, args, kwargs)

    monkeypatch.setattr("minikeras.ops.remat.run_again_in_backward", noting)
    monkeypatch.setattr("minikeras.ops.remat.remat", noting_all)
    with scope:
        model = make()
    model(VECTORS)
    return names


def small():
    return Sequential([Input((4,)), layers.Dense(2, name="a"), layers.Dense(9, name="b")], name="m")


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (RematScope("full"), ["a", "b"]),  # not the model as a whole
        (RematScope("larger_than", output_size_threshold=12), ["b"]),  # 6 examples
        (RematScope("larger_than"), []),
        (RematScope("list_of_layers", layer_names=["a", "c"]), ["a"]),
        (RematScope("list_of_layers", layer_names=["m"]), ["m"]),
        (RematScope(None), []),
    ],
)
def test_which_layers(monkeypatch, scope, expected):
    assert chosen(monkeypatch, scope, small) == expected


def test_layers_created_outside_are_as_always(monkeypatch):
    layer = layers.Dense(2)
    with RematScope("full"):
        layer.build((None, 4))
        assert layer.rematerialized_call(layer.call) == layer.call
    assert chosen(monkeypatch, RematScope(None), small) == []


def test_the_activation_is_as_before():
    with RematScope("activations"):
        layer, plain = layers.Dense(2, "relu"), layers.Flatten()
    activation = layer.activation
    model = Sequential([Input((4,)), layer, plain])
    model.compile("sgd", "mse")
    model.fit(VECTORS, VECTORS[:, :2], verbose=0)
    assert layer.activation is activation and layer.get_config()["activation"] == "relu"
    assert plain.rematerialized_call(plain.call) == plain.call


def test_models_of_ones_own_and_copies():
    class Own(Model):
        def __init__(self):
            super().__init__()
            self.block, self.end = Block(4), layers.Dense(1)

        def call(self, x):
            return self.end(self.block(x))

    with RematScope("full"):
        model = Own()
    model.compile("sgd", "mse")
    history = model.fit(VECTORS, VECTORS[:, :1], epochs=5, verbose=0).history["loss"]
    assert history[-1] < history[0]


def test_less_is_kept(monkeypatch):
    """Bytes of the forward pass that the backward pass reads, in the plan of a training step."""
    from minikeras.compiler import pipeline

    found = []

    def measure(program):
        storage = program.storage()
        forward = {entry.output for entry in program.entries if entry.phase == "forward"}
        read = [each for entry in program.entries if "backward" in entry.phase for each in tensors(entry.inputs)]
        found.append(sum(each.nbytes for each in {storage.get(each, each) for each in read} & forward))
        return program

    monkeypatch.setattr(pipeline, "PASSES", (*pipeline.PASSES[:3], measure, *pipeline.PASSES[3:]))
    for scope in (RematScope(None), RematScope("full")):
        trained("blocks", scope)
    kept, with_remat = found[0], found[-1]
    assert with_remat < kept / 2  # what is left are the inputs of the layers

"""Models of every kind, built and trained a little, for the tests of files."""

import numpy as np

from minikeras import Model, Sequential, layers, saving

RNG = np.random.default_rng(3)
X, OTHER = (RNG.normal(size=(8, 3)).astype("float32") for _ in range(2))
Y = RNG.normal(size=(8, 2)).astype("float32")


def sequential():
    model = Sequential(
        [layers.Input((3,)), layers.Dense(4, "relu"), layers.Dropout(0.25), layers.Dense(2, name="end")], name="s"
    )
    return model, X


def functional():
    a, b = layers.Input((3,), name="a"), layers.Input((3,), name="b")
    shared = layers.Dense(3, "tanh", name="shared")
    inner = Sequential([layers.Input((3,)), layers.Dense(2, name="deep")], name="inner")
    return Model([a, b], layers.Add()([inner(shared(a)), layers.Dense(2)(shared(b))]), name="f"), [X, OTHER]


@saving.register_keras_serializable("tests")
class Block(layers.Layer):
    """A layer with a weight of its own, a list with a list in it, and a private layer."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.zed = layers.Dense(units)
        self.alpha = [layers.Dense(3), {"a": layers.Dense(2)}]
        self._hidden = layers.Dense(2)
        self.scale = self.add_weight((2,), "ones")

    def call(self, x):
        return self._hidden(self.alpha[1]["a"](self.alpha[0](self.zed(x)))) * self.scale


@saving.register_keras_serializable("tests")
class Own(Model):
    """A model of a class of the user."""

    def __init__(self, units=2, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.first = layers.Dense(4)
        self.z = layers.Dense(3)
        self.block = Block(units)
        self.again = self.first

    def call(self, x):
        return self.block(self.z(self.first(x)))


def subclassed():
    return Own(name="o"), X


MODELS = {"sequential": sequential, "functional": functional, "subclassed": subclassed}


def trained(make, optimizer="adam"):
    """Returns a model after two steps of training, and inputs for it."""
    model, x = make()
    model.compile(optimizer, "mse", metrics=["mae"])
    model.fit(x, Y, batch_size=4, verbose=0)
    return model, x


def assert_equal(first, second, optimizer=True):
    """Asserts that two models have the same weights, bit by bit, and the same state of the optimizer."""
    pairs = [(first.weights, second.weights)]
    pairs += [(first.optimizer.variables, second.optimizer.variables)] if optimizer else []
    for mine, other in pairs:
        assert len(mine) == len(other) > 0
        for left, right in zip(mine, other, strict=True):
            assert left.dtype == right.dtype and left.numpy().tobytes() == right.numpy().tobytes()

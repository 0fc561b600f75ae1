"""Models that are saved by one library and read by the other: the same code makes them in both."""

import numpy as np

RNG = np.random.default_rng(11)
X, OTHER = (RNG.normal(size=(12, 4)).astype("float32") for _ in range(2))
WORDS = RNG.integers(0, 7, (12, 5)).astype("int32")
Y = RNG.normal(size=(12, 2)).astype("float32")


def classes(k):
    """Returns a layer and a model of the user's, registered in a library."""

    @k.saving.register_keras_serializable("compat")
    class Block(k.layers.Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.zed = k.layers.Dense(units)
            self.alpha = [k.layers.Dense(3), {"a": k.layers.Dense(2), "b": [k.layers.Dense(2)]}]
            self.pair = (k.layers.Dense(2), "text")
            self._hidden = k.layers.Dense(2)
            self.tracker = k.metrics.Mean()

        def build(self, shape):
            self.scale = self.add_weight(shape=(2,), initializer="ones", name="scale")
            self.count = self.add_weight(shape=(), initializer="ones", trainable=False, name="count")
            x = shape
            for layer in (self.zed, self.alpha[0], self.alpha[1]["a"], self.alpha[1]["b"][0], self.pair[0]):
                layer.build(x)
                x = layer.compute_output_shape(x)
            self._hidden.build(x)

        def call(self, x):
            for layer in (self.zed, self.alpha[0], self.alpha[1]["a"], self.alpha[1]["b"][0], self.pair[0]):
                x = layer(x)
            return self._hidden(x) * self.scale * self.count

    @k.saving.register_keras_serializable("compat")
    class Own(k.Model):
        def __init__(self, units=2, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.first = k.layers.Dense(5, activation="tanh")
            self.zet = k.layers.Dense(4)
            self.block = Block(units)
            self.again = self.first
            self.stack = k.Sequential([k.layers.Dense(3), k.layers.Dense(2)])
            self._private = k.layers.Dense(2)

        @property
        def last(self):
            return self._private

        def call(self, x):
            return self._private(self.stack(self.block(self.zet(self.first(x)))))

    return Block, Own


def sequential(k, block, own):
    parts = [k.layers.Dense(5, "relu"), k.layers.Dense(3, kernel_regularizer="l2", bias_constraint="non_neg")]
    return k.Sequential([k.layers.Input((4,)), *parts, k.layers.Dense(2, name="end")], name="s"), X


def deferred(k, block, own):
    return k.Sequential([k.layers.Dense(3), k.layers.Dropout(0.0), k.layers.Dense(2)]), X


def functional(k, block, own):
    a, b = k.Input((4,), name="a"), k.Input((4,), name="b")
    shared = k.layers.Dense(3, "tanh", name="shared")
    x = k.Input((3,))
    inner = k.Model(x, k.layers.Dense(2)(k.layers.Dense(3)(x)), name="inner")
    stack = k.Sequential([k.layers.Input((3,)), k.layers.Dense(2)], name="stack")
    merged = k.layers.Add()([inner(shared(a)), stack(shared(b))])
    return k.Model([a, b], merged + inner(shared(a) * shared(b))), [X, OTHER]


def words(k, block, own):
    x = k.Input((5,), dtype="int32")
    hidden = k.layers.Flatten()(k.layers.Embedding(7, 3)(x))
    return k.Model(x, k.layers.Dense(2)(hidden)), WORDS


def with_block(k, block, own):
    x = k.Input((4,), name="x")
    return k.Model({"x": x}, k.layers.Dense(2)(block(3, name="block")(x))), {"x": X}


def subclassed(k, block, own):
    return own(name="own"), X


def convolutional(k, block, own):
    parts = [
        k.layers.Reshape((4, 1)),
        k.layers.Conv1D(6, 2, padding="causal", groups=1, kernel_regularizer="l2"),
        k.layers.Convolution1DTranspose(4, 3, 2, "same", activation="tanh"),
        k.layers.DepthwiseConv1D(2, padding="same", depth_multiplier=2),
        k.layers.SeparableConvolution1D(3, 2, name="separable", use_bias=False),
        k.layers.Reshape((7, 1, 3)),
        k.layers.Convolution2D(4, (3, 1), strides=2, padding="same"),
        k.layers.Conv2DTranspose(2, 2, 2, output_padding=1),
        k.layers.DepthwiseConv2D(2, name="depthwise"),
        k.layers.SeparableConv2D(2, 2),
        k.layers.Flatten(),
        k.layers.Dense(2),
    ]
    return k.Sequential([k.layers.Input((4,)), *parts], name="convolutional"), X


MODELS = {
    each.__name__: each for each in (sequential, deferred, functional, words, convolutional, with_block, subclassed)
}
OPTIMIZERS = {
    "sequential": lambda k: k.optimizers.LossScaleOptimizer(k.optimizers.RMSprop(0.01, momentum=0.5)),
    "deferred": lambda k: k.optimizers.SGD(0.05, momentum=0.5, nesterov=True, use_ema=True),
    "functional": lambda k: k.optimizers.Adam(k.optimizers.schedules.ExponentialDecay(0.02, 3, 0.5), amsgrad=True),
    "words": lambda k: "sgd",  # others leave rows alone on TensorFlow that no word of the batch looked up
    "convolutional": lambda k: k.optimizers.SGD(0.05, momentum=0.5),
    "with_block": lambda k: k.optimizers.Adam(0.01, weight_decay=0.004),
    "subclassed": lambda k: "adam",
}
LOSSES = {"sequential": "huber", "functional": "mae"}
IN_OLD_FILES = ("sequential", "functional", "words", "convolutional")  # models that `.h5` files can hold


def made(k, name):
    """Returns a model and its inputs, trained a little."""
    model, x = MODELS[name](k, *classes(k))
    model.compile(OPTIMIZERS[name](k), LOSSES.get(name, "mse"), metrics=["mae"])
    train(model, x)
    return model, x


def train(model, x):
    model.fit(x, Y, batch_size=6, epochs=1, shuffle=False, verbose=0)


def report(model, x):
    """Returns what two models must agree in: outputs, then those after further training, and the optimizer's state."""
    first = model.predict(x, verbose=0)
    train(model, x)
    values = [np.asarray(variable) for variable in model.optimizer.variables]
    return [first, model.predict(x, verbose=0), *values, *model.get_weights()]

"""Models that users write as classes, beside real Keras: what they hold and print, logs and weights of training."""

import json
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pytest
import tensorflow as tf

import minikeras
from compat.side_by_side import attempt, compare, outcome, set_weights

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 6)).astype("float32")  # in batches of 24 the last one is smaller
Y = RNG.normal(size=(40, 2)).astype("float32")
NOISE = RNG.normal(size=(40, 2)).astype("float32")
WORDS = RNG.integers(0, 4, (40, 5)).astype("int32")


def tape(k):
    return (tf if k is keras else k).GradientTape()


def compiled(k, model, **options):
    """Compiles a model; Keras is run eagerly, which is quicker for few steps and gives the same numbers."""
    options = {"optimizer": k.optimizers.SGD(0.05, momentum=0.9), "loss": "mse", **options}
    model.compile(**options, run_eagerly=k is keras)
    return model


def fitted(model, x=X, y=Y, **options):
    options = {"batch_size": 24, "epochs": 2, "shuffle": False, "verbose": 0, **options}
    return model.fit(x, y, **options).history


# ---------------------------------------------------------------- training


def everything(k):
    """Blocks in lists, shared and frozen layers, state, regularizers, constraints, losses of layers, `training`."""

    class Standardize(k.layers.Layer):
        def build(self, input_shape):
            self.mean = self.add_weight(shape=input_shape[-1:], initializer="zeros", trainable=False, name="mean")
            self.scale = self.add_weight(shape=input_shape[-1:], initializer="ones", constraint="non_neg", name="scale")

        def call(self, inputs, training=False):
            if training:
                mean = k.ops.mean(inputs, axis=0)
                self.mean.assign(0.9 * self.mean + 0.1 * mean)
                return (inputs - mean) * self.scale
            return (inputs - self.mean) * self.scale

    class Block(k.layers.Layer):
        def __init__(self, units, **options):
            super().__init__(**options)
            self.dense = k.layers.Dense(units, activation="tanh", kernel_regularizer=k.regularizers.L2(0.01))
            self.norm = Standardize()

        def call(self, inputs):
            outputs = self.norm(self.dense(inputs))
            self.add_loss(0.1 * k.ops.mean(k.ops.square(outputs)))
            return inputs + outputs

    class Network(k.Model):
        def __init__(self):
            super().__init__()
            self.blocks = [Block(6), Block(6)]
            self.heads = {"main": k.layers.Dense(2, activity_regularizer=k.regularizers.L1(0.01))}
            self.frozen = k.layers.Dense(6, kernel_regularizer="l2")

        def call(self, inputs, training=None):
            x = self.frozen(inputs)
            for block in [*self.blocks, self.blocks[0]]:
                x = block(x, training=training)
            if training:
                x = x * 0.5
            return self.heads["main"](x)

    model = Network()
    model(X[:1])
    model.frozen.trainable = False  # after it is built: TensorFlow never trains variables that are made frozen
    compiled(k, set_weights(model), metrics=["mae"])
    history = fitted(model, validation_data=(X[:20], Y[:20]))
    values = model.evaluate(X, Y, verbose=0, batch_size=24)
    model.blocks[1].trainable = False
    model.heads["main"].bias.trainable = False
    compiled(k, model, metrics=["mae"])
    again = fitted(model, epochs=1)
    model.trainable = False  # TensorFlow does not notice an attribute that is set to what it is
    model.trainable = True
    compiled(k, model, metrics=["mae"])
    names = [[v.path for v in group] for group in (model.trainable_variables, model.optimizer.variables[2:])]
    return history, values, again, model.get_weights(), names, fitted(model, epochs=1), model.predict(X, verbose=0)


def functional_with_a_step(k):
    """https://keras.io/guides/custom_train_step_in_tensorflow/: a graph with a `train_step` of its own."""

    class Custom(k.Model):
        def train_step(self, data):
            x, y = data
            with tape(k) as recorded:
                y_pred = self(x, training=True)
                loss = self.compute_loss(y=y, y_pred=y_pred) + sum(self.losses)
            gradients = recorded.gradient(loss, self.trainable_variables)
            self.optimizer.apply(gradients, self.trainable_variables)
            for metric in self.metrics:
                if metric.name == "loss":
                    metric.update_state(loss)
                else:
                    metric.update_state(y, y_pred)
            return {metric.name: metric.result() for metric in self.metrics}

    x = k.Input((6,))
    model = Custom(x, k.layers.Dense(2, kernel_regularizer="l2")(k.layers.Dense(5, activation="tanh")(x)))
    compiled(k, set_weights(model), metrics=["mae"])
    return (
        sorted(fitted(model).items()),
        model.get_weights(),
        sorted(model.evaluate(X, Y, verbose=0, return_dict=True).items()),
    )


def double(k):
    class Network(k.Model):
        def __init__(self):
            super().__init__(dtype="float64")
            self.dense = k.layers.Dense(4, activation="tanh", dtype="float64")
            self.last = k.layers.Dense(2, dtype="float64")

        def call(self, inputs):
            return self.last(self.dense(inputs))

    model = Network()
    model(X[:1])
    set_weights(model)
    compiled(k, model, metrics=["mae"])
    return fitted(model), model.get_weights(), model.predict(X, verbose=0)


def masked_losses(k):
    """The mask of the output weighs the loss and the metrics."""

    class Tagger(k.Model):
        def __init__(self):
            super().__init__()
            self.words = k.layers.Embedding(4, 3, mask_zero=True)
            self.dense = k.layers.Dense(1)

        def call(self, inputs):
            return self.dense(self.words(inputs))

    model = Tagger()
    model(WORDS[:1])
    compiled(k, set_weights(model), metrics=["mae"], weighted_metrics=["mse"])
    y = np.where(WORDS[..., None] > 1, 1, -1).astype("float32")
    return fitted(model, WORDS, y), model.get_weights(), model.evaluate(WORDS, y, verbose=0)


def vae(k):
    """A variational autoencoder; its noise comes with the data, so that both libraries have the same."""

    class Sampling(k.layers.Layer):
        def call(self, mean, log_variance, noise):
            return mean + k.ops.exp(0.5 * log_variance) * noise

    class VAE(k.Model):
        def __init__(self):
            super().__init__()
            self.encoder = k.Sequential([k.layers.Dense(5, "tanh"), k.layers.Dense(4)])
            self.sampling = Sampling()
            self.decoder = k.Sequential([k.layers.Dense(5, "tanh"), k.layers.Dense(6, "sigmoid")])
            self.total, self.divergence = k.metrics.Mean(name="total"), k.metrics.Mean(name="divergence")

        @property
        def metrics(self):
            return [self.total, self.divergence]

        def call(self, inputs):
            x, noise = inputs
            mean, log_variance = k.ops.split(self.encoder(x), 2, axis=-1)
            divergence = -0.5 * (1 + log_variance - k.ops.square(mean) - k.ops.exp(log_variance))
            divergence = k.ops.mean(k.ops.sum(divergence, axis=-1))
            return self.decoder(self.sampling(mean, log_variance, noise)), divergence

        def train_step(self, data):
            (x, noise), _, _ = k.utils.unpack_x_y_sample_weight(data)
            with tape(k) as recorded:
                copy, divergence = self([x, noise], training=True)
                surprise = k.ops.sum(k.losses.binary_crossentropy(x[..., None], copy[..., None]), axis=-1)
                loss = k.ops.mean(surprise) + divergence
            gradients = recorded.gradient(loss, self.trainable_weights)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
            self.total.update_state(loss)
            self.divergence.update_state(divergence)
            return {metric.name: metric.result() for metric in self.metrics}

    model, images = VAE(), (X > 0).astype("float32")
    model([images[:1], NOISE[:1]])
    compiled(k, set_weights(model), loss=None)
    history = fitted(model, [images, NOISE], None, epochs=4)
    assert history["total"][-1] < 0.95 * history["total"][0]
    return history, model.get_weights()


def functions_as_losses(k):
    """Losses, metrics, regularizers, constraints and initializers that are functions."""

    def own_loss(y_true, y_pred):
        return k.ops.mean(k.ops.abs(y_true - y_pred) ** 3, axis=-1)

    def largest(y_true, y_pred):
        return k.ops.max(k.ops.abs(y_true - y_pred), axis=-1)

    class Network(k.Model):
        def __init__(self):
            super().__init__()
            self.dense = k.layers.Dense(
                2,
                kernel_regularizer=lambda w: 0.01 * k.ops.sum(k.ops.abs(w)),
                kernel_constraint=lambda w: k.ops.clip(w, -0.5, 0.5),
                bias_initializer=lambda shape, dtype=None: k.ops.full(shape, 0.25, dtype),
                activation=lambda x: k.ops.tanh(x) * 1.5,
            )

        def call(self, inputs):
            return self.dense(inputs)

    model = Network()
    model(X[:1])
    bias = model.get_weights()[1]
    compiled(k, set_weights(model), loss=own_loss, metrics=[largest, own_loss])
    history = fitted(model, sample_weight=np.linspace(0, 1, 40, dtype="float32"))
    return bias, history, model.get_weights(), model.evaluate(X, Y, verbose=0, return_dict=True)


def half(k):
    """Computations in float16, weights in float32, the loss scaled by itself."""
    before = k.config.dtype_policy()
    k.config.set_dtype_policy("mixed_float16")
    try:

        class Network(k.Model):
            def __init__(self):
                super().__init__()
                self.dense, self.norm = k.layers.Dense(8, activation="tanh"), k.layers.BatchNormalization(momentum=0.5)
                self.last = k.layers.Dense(2, dtype="float32")

            def call(self, inputs, training=None):
                hidden = self.norm(self.dense(inputs), training=training)
                self.seen = k.backend.standardize_dtype(hidden.dtype) if k is keras else str(hidden.dtype)
                return self.last(hidden)

        model = Network()
        model(X[:1])
        model.set_weights([np.abs(weight) for weight in set_weights(model).get_weights()])  # variances are positive
        compiled(k, model, optimizer=k.optimizers.SGD(0.05), metrics=["mae"])
        history = fitted(model, validation_data=(X[:20], Y[:20]))
        kinds = [str(weight.dtype) for weight in model.weights], model.seen, type(model.optimizer).__name__
        return history, model.get_weights(), kinds, model.predict(X, verbose=0)
    finally:
        k.config.set_dtype_policy(before)


def test_training_in_half_precision():
    compare(half, rtol=1e-2, atol=2e-3)  # float16 has three digits


def who_is_told(k):
    """Only a `call` with a parameter `training` is told; the layers inside have what it was told, or their default."""
    seen = []

    class Looks(k.layers.Layer):
        def __init__(self, what, **options):
            super().__init__(**options)
            self.what = what

        def call(self, inputs, training=None):
            seen.append((self.what, training))
            return inputs

    class Silent(k.Model):
        def __init__(self, what):
            super().__init__()
            self.looks, self.norm, self.dense = Looks(what), k.layers.BatchNormalization(), k.layers.Dense(2)

        def call(self, inputs):
            return self.dense(self.norm(self.looks(inputs)))

    class Takes(Silent):
        def call(self, inputs, training=None):
            return super().call(inputs)

    class TakesAll(Silent):
        def call(self, inputs, **options):
            return super().call(inputs)

    found = []
    for number, cls in enumerate((Silent, Takes, TakesAll)):
        model = cls(number)
        model(X[:1])
        model.set_weights([np.abs(weight) for weight in set_weights(model).get_weights()])
        compiled(k, model)
        found += [fitted(model, epochs=1, batch_size=40), model.get_weights()]
        model.evaluate(X[:8], Y[:8], verbose=0)
        model.predict(X[:8], verbose=0)
    return sorted(set(seen), key=str), found


TRAINED = [who_is_told, everything, functional_with_a_step, double, masked_losses, vae, functions_as_losses]


@pytest.mark.parametrize("code", TRAINED, ids=lambda code: code.__name__)
def test_training(code):
    compare(code, rtol=5e-5, atol=5e-6)  # of some ten steps in float32, each of which differs in the last digit


# ---------------------------------------------------------------- what they hold and print


def network_of(k):
    class Network(k.Model):
        def __init__(self, units=3, **options):
            super().__init__(**options)
            self.units = units
            self.hidden = [k.layers.Dense(units, activation="tanh", name=f"hidden_{n}") for n in range(2)]
            self.stack = k.Sequential([k.layers.Dense(2, name="inner")], name="stack")
            self.seen = {"last": k.layers.Dense(2, name="last")}

        def call(self, inputs, training=None):
            x = inputs
            for layer in self.hidden:
                x = layer(x)
            return self.seen["last"](self.stack(x))

        def get_config(self):
            return super().get_config() | {"units": self.units}

    return Network


def printed(model, **options):
    """The table, without the note that sizes of unbuilt layers are unknown, as both write it to a stream."""
    texts = []
    model.summary(print_fn=texts.append, line_length=90, **options)
    return texts


USES = {
    "unbuilt": lambda k, m: (m.built, m.weights, [layer.name for layer in m.layers], m.name, m.path, repr(m)),
    "unbuilt summary": lambda k, m: printed(m),
    "unbuilt count": lambda k, m: m.count_params(),
    "unbuilt outputs": lambda k, m: m.output_shape,
    "called": lambda k, m: [m(X).shape[0], [w.path for w in m.weights], m.built, m.path],
    "called summary": lambda k, m: [m(X[:3])[:0], printed(m, expand_nested=True, show_trainable=True)],
    "build config": lambda k, m: [m.build((None, 6)), m.get_build_config()],
    "get_layer": lambda k, m: [m.get_layer("hidden_1").units, m.get_layer(index=2).name],
    "get_layer unknown": lambda k, m: m.get_layer("no"),
    "config": lambda k, m: json.loads(json.dumps(m.get_config()).replace('"minikeras', '"keras')),
    "from config": lambda k, m: [
        type(m).from_config(m.get_config()).units,
        type(m).from_config({**m.get_config(), "name": "other"}).name,
    ],
    "frozen": lambda k, m: [
        m(X)[:0],
        setattr(m, "trainable", False),
        [w.path for w in m.trainable_weights],
        setattr(m.hidden[0], "trainable", True),
        [w.path for w in m.trainable_weights],
        m.hidden[1].trainable,
    ],
    "compile config": lambda k, m: [
        m.compile("sgd", "mse", metrics=["mae"]),
        json.loads(json.dumps(m.get_compile_config()).replace('"minikeras', '"keras'))["loss"],
    ],
    "predict": lambda k, m: [m.predict(X, verbose=0).shape, m.predict_on_batch(X[:2]).shape],
    "fit uncompiled": lambda k, m: m.fit(X, Y),
    "symbolic": lambda k, m: [tuple(m(k.Input((6,))).shape), [w.path for w in m.weights]],
    "as a layer": lambda k, m: (lambda x: [w.path for w in k.Model(x, m(x)).weights])(k.Input((6,), name="i")),
    "stateless": lambda k, m: [m(X)[:0], m.stateless_call([w * 0 for w in m.trainable_variables], [], X)],
    "set attribute later": lambda k, m: [m(X)[:0], setattr(m, "extra", k.layers.Dense(2)), len(m.layers)],
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_uses(use):
    def code(k):
        model = network_of(k)(name="net")
        return attempt(lambda: use(k, model))

    compare(code)


def test_building_by_shape():
    """`build` makes the weights here; in Keras it only warns that it cannot, and the first call makes them."""

    def code(k):
        model = network_of(k)(name="net")
        model.build((None, 6))
        return [w.path for w in model.weights]

    assert outcome(keras, code) == []

    def called(k):
        model = network_of(k)(name="net")
        model(X)
        return [w.path for w in model.weights]

    assert outcome(minikeras, code) == compare(called)


def test_a_shape_rule():
    """Keras finds the shape of an output only where a class has a method for it; here it follows from `call`."""
    code = lambda k: network_of(k)().compute_output_shape((4, 6))  # noqa: E731
    assert outcome(keras, code) == ("raises", "NotImplementedError")
    assert outcome(minikeras, code) == (4, 2)


def state_trees(k):
    model = k.Sequential([k.Input((6,)), k.layers.Dense(2, name="d"), k.layers.Dropout(0.0, name="n")], name="s")
    model.compile("adam", "mse", metrics=["mae"], run_eagerly=k is keras)
    set_weights(model)
    fitted(model, epochs=1)
    tree = model.get_state_tree(value_format="numpy_array")
    model.set_state_tree({"trainable_variables": {"s": {"d": {"kernel": np.ones((6, 2))}}}})
    tree = keras.tree.map_structure(np.asarray, tree)  # TensorFlow gives single numbers as scalars
    return tree, model.get_weights(), attempt(lambda: model.get_state_tree("no")), sorted(model.get_state_tree())


def test_state_trees():
    compare(state_trees, rtol=5e-5, atol=5e-6)

"""Steps, losses, metrics, optimizers and callbacks of the user's own, beside real Keras: same logs, same weights."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import minikeras
from compat.side_by_side import compare, outcome, set_weights

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 6)).astype("float32")  # in batches of 16 the last one is smaller
Y = RNG.normal(size=(50, 2)).astype("float32")
W = RNG.random(50).astype("float32")


def tape(k, **options):
    return (tf if k is keras else k).GradientTape(**options)


def network_of(k):
    class Network(k.Model):
        def __init__(self):
            super().__init__()
            self.hidden = k.layers.Dense(5, activation="tanh")
            self.dense = k.layers.Dense(2)

        def call(self, inputs):
            return self.dense(self.hidden(inputs))

    return Network


def trained(k, network, compile_options=None, **options):
    """What a user sees of a training of two epochs."""
    model = network()
    model(X[:1])
    set_weights(model)
    model.compile(**{"optimizer": k.optimizers.SGD(0.1, momentum=0.9), "loss": "mse", **(compile_options or {})})
    options = {"batch_size": 16, "epochs": 2, "shuffle": False, "verbose": 0, **options}
    history = model.fit(X, Y, **options)
    return {"history": history.history, "weights": model.get_weights()}, model


def documented(k):
    """https://keras.io/guides/custom_train_step_in_tensorflow/, the first example, with sample weights."""

    class Custom(network_of(k)):
        def train_step(self, data):
            x, y, sample_weight = k.utils.unpack_x_y_sample_weight(data)
            with tape(k) as recorded:
                y_pred = self(x, training=True)
                loss = self.compute_loss(y=y, y_pred=y_pred, sample_weight=sample_weight)
            gradients = recorded.gradient(loss, self.trainable_variables)
            self.optimizer.apply(gradients, self.trainable_variables)
            for metric in self.metrics:
                if metric.name == "loss":
                    metric.update_state(loss)
                else:
                    metric.update_state(y, y_pred, sample_weight=sample_weight)
            return {metric.name: metric.result() for metric in self.metrics}

        def test_step(self, data):
            x, y, sample_weight = k.utils.unpack_x_y_sample_weight(data)
            y_pred = self(x, training=False)
            loss = self.compute_loss(y=y, y_pred=y_pred, sample_weight=sample_weight)
            for metric in self.metrics:
                if metric.name == "loss":
                    metric.update_state(loss)
                else:
                    metric.update_state(y, y_pred, sample_weight=sample_weight)
            return {metric.name: metric.result() for metric in self.metrics}

    result, model = trained(k, Custom, {"metrics": ["mae"]}, sample_weight=W, validation_data=(X[:20], Y[:20]))
    result["history"] = dict(sorted(result["history"].items()))  # Keras sorts by "compile_metrics", which it is part of
    return result, sorted(model.evaluate(X, Y, verbose=0, return_dict=True).items()), model.predict(X, verbose=0)


def lower_level(k):
    """The second example: own metrics and loss."""

    class Custom(network_of(k)):
        def __init__(self):
            super().__init__()
            self.loss_tracker = k.metrics.Mean(name="loss")
            self.error = k.metrics.MeanAbsoluteError(name="mae")
            self.loss_fn = k.losses.MeanSquaredError()

        def train_step(self, data):
            x, y = data
            with tape(k) as recorded:
                y_pred = self(x, training=True)
                loss = self.loss_fn(y, y_pred)
            gradients = recorded.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
            self.loss_tracker.update_state(loss)
            self.error.update_state(y, y_pred)
            return {"loss": self.loss_tracker.result(), "mae": self.error.result()}

        @property
        def metrics(self):
            return [self.loss_tracker, self.error]

    result, model = trained(k, Custom)
    return result, [metric.name for metric in model.metrics]


def default_with_more(k):
    """The default step, and something besides."""

    class Custom(network_of(k)):
        def train_step(self, data):
            logs = super().train_step(data)
            self.dense.bias.assign(k.ops.clip(self.dense.bias, -0.1, 0.1))
            return {**logs, "largest": k.ops.max(k.ops.absolute(self.dense.kernel))}

    return trained(k, Custom)[0]


def own_compute_loss(k):
    class Custom(network_of(k)):
        def __init__(self):
            super().__init__()
            self.tracker = k.metrics.Mean(name="size")

        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            size = k.ops.mean(k.ops.square(y_pred))
            self.tracker.update_state(size)
            return super().compute_loss(x, y, y_pred, sample_weight) + (0.1 * size if training else 0.0)

    return trained(k, Custom, {"metrics": ["mae"]}, sample_weight=W, validation_data=(X[:20], Y[:20]))[0]


def older_compute_loss(k):
    class Custom(network_of(k)):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None):
            return k.ops.mean(k.ops.square(y - y_pred))

    return trained(k, Custom, {"loss": None})[0]


def own_compute_metrics(k):
    class Custom(network_of(k)):
        def compute_metrics(self, x, y, y_pred, sample_weight=None):
            logs = super().compute_metrics(x, y, y_pred, sample_weight)
            return {**logs, "highest": k.ops.max(y_pred)}

    return trained(k, Custom, {"metrics": ["mae"]})[0]


def own_predict_step(k):
    class Custom(network_of(k)):
        def predict_step(self, data):
            x, _, _ = k.utils.unpack_x_y_sample_weight(data)
            return {"twice": self(x, training=False) * 2, "input": x}

    _, model = trained(k, Custom)
    return model.predict(X, batch_size=16, verbose=0)


def gradient_penalty(k):
    class Custom(network_of(k)):
        def train_step(self, data):
            x, y = data
            with tape(k) as outer:
                with tape(k) as inner:
                    inner.watch(x)
                    y_pred = self(x)
                slope = inner.gradient(y_pred, x)
                penalty = k.ops.mean(k.ops.square(k.ops.sqrt(k.ops.sum(k.ops.square(slope), axis=1)) - 1))
                loss = k.ops.mean(k.ops.square(y - y_pred)) + penalty
            gradients = outer.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
            return {"total": loss, "penalty": penalty}

    return trained(k, Custom)[0]


def two_optimizers(k):
    class Custom(network_of(k)):
        def compile(self, first, second, **options):
            super().compile(**options)
            self.first, self.second = first, second

        def train_step(self, data):
            x, y = data
            with tape(k, persistent=True) as recorded:
                hidden = self.hidden(x)
                loss = k.ops.mean(k.ops.square(y - self.dense(hidden)))
                size = k.ops.mean(k.ops.square(hidden)) + loss
            inner, outer = self.hidden.trainable_variables, self.dense.trainable_variables
            self.first.apply_gradients(zip(recorded.gradient(size, inner), inner, strict=True))
            self.second.apply_gradients(zip(recorded.gradient(loss, outer), outer, strict=True))
            return {"total": loss, "size": size}

    options = {"first": k.optimizers.SGD(0.05), "second": k.optimizers.SGD(0.1, momentum=0.9)}
    result, model = trained(k, Custom, options)
    return result, [int(each.iterations) for each in (model.first, model.second)]


def metric_in_call(k):
    class Custom(network_of(k)):
        def __init__(self):
            super().__init__()
            self.size = k.metrics.Mean(name="size")

        def call(self, inputs):
            outputs = super().call(inputs)
            self.size.update_state(outputs)
            return outputs

    result, model = trained(k, Custom, {"metrics": ["mae"]}, validation_data=(X[:20], Y[:20]))
    return result, model.evaluate(X, Y, verbose=0), model.evaluate(X, Y, verbose=0, return_dict=True)


def own_classes(k):
    """Every kind of class that users write, at once."""

    class Huber(k.losses.Loss):
        def __init__(self, delta=1.0, name="own_huber"):
            super().__init__(name=name)
            self.delta = delta

        def call(self, y_true, y_pred):
            error = k.ops.absolute(y_true - y_pred)
            near = 0.5 * k.ops.square(error)
            far = self.delta * (error - 0.5 * self.delta)
            return k.ops.mean(k.ops.where(error <= self.delta, near, far), axis=-1)

    class Largest(k.metrics.Metric):
        def __init__(self, name="largest_error", **options):
            super().__init__(name=name, **options)
            self.largest = self.add_variable((), "zeros", name="largest")
            self.count = self.add_weight(shape=(), initializer="zeros", name="count")

        def update_state(self, y_true, y_pred, sample_weight=None):
            error = k.ops.max(k.ops.absolute(y_true - y_pred))
            self.largest.assign(k.ops.maximum(self.largest, error))
            self.count.assign_add(1.0)

        def result(self):
            return self.largest + 0.0 * self.count

    class SignDescent(k.optimizers.Optimizer):
        def __init__(self, learning_rate=0.01, decay=0.9, name="sign_descent", **options):
            super().__init__(learning_rate=learning_rate, name=name, **options)
            self.decay = decay

        def build(self, variables):
            if self.built:
                return
            super().build(variables)
            self.averages = [
                self.add_variable_from_reference(reference_variable=variable, name="average") for variable in variables
            ]

        def update_step(self, gradient, variable, learning_rate):
            average = self.averages[self._get_variable_index(variable)]
            self.assign(average, self.decay * average + (1 - self.decay) * gradient)
            self.assign_sub(variable, learning_rate * k.ops.sign(average))

    class Halve(k.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.seen = []

        def on_train_batch_end(self, batch, logs=None):
            self.seen.append((batch, sorted(logs)))

        def on_epoch_end(self, epoch, logs=None):
            self.model.optimizer.learning_rate = float(self.model.optimizer.learning_rate) / 2
            logs["half"] = 0.5

    callback = Halve()
    options = {"optimizer": SignDescent(0.02), "loss": Huber(0.5), "metrics": [Largest()]}
    result, model = trained(k, network_of(k), options, callbacks=[callback], validation_data=(X[:20], Y[:20]))
    rate = float(model.optimizer.learning_rate)
    state = [np.asarray(variable) for variable in model.optimizer.variables[2:]]
    return result, callback.seen, rate, state, [variable.path for variable in model.optimizer.variables[2:]]


def loop_by_hand(k):
    """https://keras.io/guides/writing_a_custom_training_loop_in_tensorflow/"""
    model = network_of(k)()
    model(X[:1])
    set_weights(model)
    optimizer, loss_fn = k.optimizers.SGD(0.1), k.losses.MeanSquaredError()
    metric, seen = k.metrics.MeanAbsoluteError(), []
    for _ in range(2):
        for start in range(0, 48, 16):
            x, y = X[start : start + 16], Y[start : start + 16]
            with tape(k) as recorded:
                predicted = model(x, training=True)
                loss = loss_fn(y, predicted)
            gradients = recorded.gradient(loss, model.trainable_weights)
            optimizer.apply(gradients, model.trainable_weights)
            metric.update_state(y, predicted)
            seen.append(f"loss: {float(loss):.4f}")
        seen.append(round(float(metric.result()), 5))
        metric.reset_state()
    return model.get_weights(), seen, int(optimizer.iterations)


SAME = [
    *(documented, lower_level, default_with_more, own_compute_loss, older_compute_loss, own_compute_metrics),
    *(own_predict_step, gradient_penalty, two_optimizers, metric_in_call, own_classes, loop_by_hand),
]


@pytest.mark.parametrize("code", SAME, ids=lambda code: code.__name__)
def test_the_same_as_keras(code):
    compare(code)


def returns(k, what):
    class Custom(network_of(k)):
        def train_step(self, data):
            return {"loss": k.ops.mean(data[0]), "other": 1.0} if what == "more" else {"loss": k.ops.mean(data[0])}

    return trained(k, Custom)[0]["history"]


def test_what_a_step_returns():
    """A loss that is returned, but not tracked, is 0 in Keras's history; here it is what was returned."""
    compare(lambda k: returns(k, "more"))
    last = float(X[48:].mean())
    assert outcome(keras, lambda k: returns(k, "loss"))["loss"] == [0.0, 0.0]
    assert outcome(minikeras, lambda k: returns(k, "loss"))["loss"] == pytest.approx([last, last])


def forgets(k):
    class Custom(network_of(k)):
        def train_step(self, data):
            return {"loss": k.ops.mean(data[0])}

    trained(k, Custom, {"metrics": ["mae"]})


def returns_a_number(k):
    class Custom(network_of(k)):
        def train_step(self, data):
            return k.ops.mean(data[0])

    trained(k, Custom)


def test_refused_by_both():
    for k in (keras, minikeras):
        assert outcome(k, forgets) == ("raises", "ValueError")  # the metrics of `compile` are never updated
    assert outcome(keras, returns_a_number) == ("raises", "AttributeError")
    assert outcome(minikeras, returns_a_number) == ("raises", "TypeError")


def parts_of(k, x, y, sample_weight):
    """How a step gets its data, as nested names."""
    seen = []

    class Looks(k.Model):
        def train_step(self, data):
            seen.append(keras.tree.map_structure(lambda value: "value", data))
            return {"other": k.ops.zeros(())}

        test_step = train_step

        def predict_step(self, data):
            return self.train_step(data)

    model = Looks()
    model.compile(optimizer="sgd", loss="mse")
    model.fit(x, y, sample_weight=sample_weight, verbose=0)
    model.evaluate(x, y, sample_weight=sample_weight, verbose=0)
    return [repr(each).replace("[", "(").replace("]", ")") for each in {repr(each): each for each in seen}.values()]


@pytest.mark.parametrize("x", [X, [X, X], {"a": X}], ids=["array", "list", "dict"])
@pytest.mark.parametrize(
    "labels", [(None, None), (Y, None), (Y, W), ({"o": Y}, None)], ids=["", "y", "weights", "named"]
)
def test_what_a_step_gets(x, labels):
    assert len(compare(lambda k: parts_of(k, x, *labels))) == 1


def test_batches_are_packed_alike():
    def code(k):
        unpack, pack = k.utils.unpack_x_y_sample_weight, k.utils.pack_x_y_sample_weight
        batches = [1, [1], (1,), (1, 2), [1, 2], (1, 2, 3), {"a": 1}]
        return [unpack(each) for each in batches], [pack(*each) for each in ((1,), ([1],), ((1,),), (1, 2), (1, 2, 3))]

    compare(code)
    for k in (keras, minikeras):
        assert outcome(k, lambda k: k.utils.unpack_x_y_sample_weight((1, 2, 3, 4))) == ("raises", "ValueError")


def gan(k):
    class GAN(k.Model):
        def __init__(self):
            super().__init__()
            self.generator = k.Sequential([k.layers.Dense(4, "tanh"), k.layers.Dense(2)])
            self.discriminator = k.Sequential([k.layers.Dense(4, "tanh"), k.layers.Dense(1)])
            self.d_loss, self.g_loss = k.metrics.Mean(name="d_loss"), k.metrics.Mean(name="g_loss")

        def compile(self, d_optimizer, g_optimizer, loss_fn):
            super().compile("sgd")
            self.d_optimizer, self.g_optimizer, self.loss_fn = d_optimizer, g_optimizer, loss_fn

        @property
        def metrics(self):
            return [self.d_loss, self.g_loss]

        def train_step(self, data):
            latent, real = data  # given, so that both libraries draw the same
            with tape(k) as g_tape, tape(k) as d_tape:
                fake = self.generator(latent)
                judged, judged_fake = self.discriminator(real), self.discriminator(fake)
                g_loss = self.loss_fn(k.ops.ones_like(judged_fake), judged_fake)
                d_loss = self.loss_fn(k.ops.ones_like(judged), judged)
                d_loss += self.loss_fn(k.ops.zeros_like(judged_fake), judged_fake)
            for loss, recorded, part, optimizer in (
                (g_loss, g_tape, self.generator, self.g_optimizer),
                (d_loss, d_tape, self.discriminator, self.d_optimizer),
            ):
                gradients = recorded.gradient(loss, part.trainable_variables)
                optimizer.apply_gradients(zip(gradients, part.trainable_variables, strict=True))
            self.d_loss.update_state(d_loss)
            self.g_loss.update_state(g_loss)
            return {"d_loss": self.d_loss.result(), "g_loss": self.g_loss.result()}

    model = GAN()
    for part, size in ((model.generator, 6), (model.discriminator, 2)):
        part.build((None, size))
        set_weights(part)
    model.compile(k.optimizers.SGD(0.1), k.optimizers.SGD(0.2), k.losses.BinaryCrossentropy(from_logits=True))
    history = model.fit(X, Y, batch_size=16, epochs=5, shuffle=False, verbose=0).history
    return history, model.get_weights()


def test_a_gan():
    compare(gan)

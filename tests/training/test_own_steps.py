"""Steps that a model defines itself: what they get, what becomes of what they return, and that they are replayed."""

import numpy as np
import pytest

import minikeras
from minikeras import GradientTape, layers, losses, metrics, ops
from minikeras.errors import ArgumentTypeError, LegacyWarning, ReplayWarning, StateError
from minikeras.optimizers import SGD
from minikeras.optimizers.schedules import ExponentialDecay
from tests.helpers import plans_of

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 3)).astype("float32")  # in batches of 16 the last one is smaller
Y = RNG.normal(size=(50, 1)).astype("float32")
W = RNG.random(50).astype("float32")


class Network(minikeras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(4, activation="tanh")
        self.dense = layers.Dense(1)

    def call(self, inputs):
        return self.dense(self.hidden(inputs))


class Documented(Network):
    """The first example of Keras's guide on own train steps."""

    def train_step(self, data):
        x, y, sample_weight = minikeras.utils.unpack_x_y_sample_weight(data)
        with GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(y=y, y_pred=y_pred, sample_weight=sample_weight)
        trained = self.trainable_variables
        self.optimizer.apply(tape.gradient(loss, trained), trained)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss, sample_weight=len(y))
            else:
                metric.update_state(y, y_pred, sample_weight)
        return {metric.name: metric.result() for metric in self.metrics}

    def test_step(self, data):
        x, y, sample_weight = minikeras.utils.unpack_x_y_sample_weight(data)
        y_pred = self(x, training=False)
        loss = self.compute_loss(y=y, y_pred=y_pred, sample_weight=sample_weight)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss, sample_weight=len(y))
            else:
                metric.update_state(y, y_pred, sample_weight)
        return {metric.name: metric.result() for metric in self.metrics}


class LowLevel(Network):
    """The second one: the model's own metrics, loss and pairs of gradients and variables."""

    def __init__(self):
        super().__init__()
        self.loss_tracker = metrics.Mean(name="loss")
        self.error = metrics.MeanAbsoluteError(name="mae")
        self.loss_fn = losses.MeanSquaredError()

    def train_step(self, data):
        x, y = data
        with GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.loss_fn(y, y_pred)
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
        self.loss_tracker.update_state(loss, sample_weight=len(y))
        self.error.update_state(y, y_pred)
        return {"loss": self.loss_tracker.result(), "mae": self.error.result()}

    @property
    def metrics(self):
        return [self.loss_tracker, self.error]


def trained(model_class, compile_options=None, **options):
    """The history and the weights of a training of three epochs from the same start."""
    minikeras.utils.set_random_seed(3)
    model = model_class()
    model.compile(**{"optimizer": SGD(0.1), "loss": "mse", **(compile_options or {})})
    history = model.fit(X, Y, **{"batch_size": 16, "epochs": 3, "verbose": 0, **options}).history
    return model, history, [weight.tobytes() for weight in model.get_weights()]


def assert_replayed(model, *kinds):
    for kind in kinds:
        assert len(plans_of(model, kind)) == 2, f"the {kind} step was not replayed"  # two sizes of batches


@pytest.mark.parametrize("model_class", [Documented, LowLevel])
def test_it_is_the_default_step_and_replayed(model_class):
    compile_options = {"metrics": ["mae"]} if model_class is Documented else {}
    model, history, weights = trained(model_class, compile_options)
    assert_replayed(model, "train")
    _, same, same_weights = trained(model_class, {**compile_options, "run_eagerly": True})
    assert (history, weights) == (same, same_weights)
    _, default, default_weights = trained(Network, {"metrics": ["mae"]})
    assert weights == default_weights
    assert history == {name: default[name] for name in history} and list(history) == ["loss", "mae"]


def test_weights_and_validation():
    options = {"sample_weight": W, "validation_data": (X[:20], Y[:20], W[:20])}
    compile_options = {"weighted_metrics": ["mae"]}
    model, history, weights = trained(Documented, compile_options, **options)
    assert_replayed(model, "train")
    _, default, default_weights = trained(Network, compile_options, **options)
    assert (history, weights) == (default, default_weights)


def test_single_batches():
    model, _, _ = trained(Documented)
    loss = model.test_on_batch(X, Y)
    assert model.train_on_batch(X, Y) == loss and model.train_on_batch(X, Y, return_dict=True)["loss"] < loss


PARTS = {
    "x": ((X,), "*"),
    "list": (([X, X],), (["*", "*"],)),
    "dict": (({"a": X},), {"a": "*"}),
    "x, y": ((X, Y), ("*", "*")),
    "x, nested y": ((X, {"out": Y}), ("*", {"out": "*"})),
    "weighted": ((X, Y, W), ("*", "*", "*")),
}


@pytest.mark.parametrize("case", PARTS)
def test_what_a_step_gets(case):
    seen = []

    class Looks(minikeras.Model):
        def train_step(self, data):
            seen.append(minikeras.engine.tree.map_structure(lambda value: "*", data))
            return {"loss": ops.sum(minikeras.engine.tree.flatten(data)[0])}

        def predict_step(self, data):
            seen.append(minikeras.engine.tree.map_structure(lambda value: "*", data))
            return minikeras.engine.tree.flatten(data)[0] * 2

        test_step = train_step

    (data, expected), model = PARTS[case], Looks()
    model.compile(SGD(), "mse")
    x, y, weights = (*data, None, None)[:3]
    model.fit(x, y, sample_weight=weights, verbose=0)
    model.evaluate(x, y, sample_weight=weights, verbose=0)
    assert seen and all(each == expected for each in seen)
    if y is None:
        np.testing.assert_array_equal(model.predict(x, verbose=0), 2 * X)
        assert all(each == expected for each in seen)


def test_what_a_step_returns_is_what_is_reported():
    class Returns(Network):
        def train_step(self, data):
            return {"second": ops.sum(data[0]) * 0 + 2.0, "first": 1.0, "nested": {"third": 3}}

    assert trained(Returns)[1] == {"first": [1.0] * 3, "second": [2.0] * 3, "third": [3.0] * 3}

    class Nothing(Network):
        def train_step(self, data):
            self._loss_tracker.update_state(5.0)

    assert trained(Nothing)[1] == {"loss": [5.0] * 3}


def test_refused():
    class Loss(Network):
        def train_step(self, data):
            return ops.sum(data[0])

    with pytest.raises(ArgumentTypeError, match=r"`Loss.train_step` must return a dict of values by name. Received"):
        trained(Loss)

    class Forgets(Network):
        def train_step(self, data):
            return {"loss": ops.sum(data[0])}

    with pytest.raises(StateError, match="`Forgets.train_step` does not update the metrics that were given"):
        trained(Forgets, {"metrics": ["mae"]})


def test_metrics_that_are_attributes():
    class Watches(layers.Layer):
        def __init__(self):
            super().__init__()
            self.largest = metrics.Mean(name="largest")

        def call(self, inputs):
            self.largest.update_state(ops.max(inputs))
            return inputs

    class Model(Network):
        def __init__(self):
            super().__init__()
            self.watch = Watches()
            self.held = {"sums": [metrics.Sum(name="total")]}
            self.inner = LowLevel()  # a model has its own training

        def call(self, inputs):
            y = self.watch(super().call(inputs))
            self.held["sums"][0].update_state(ops.ones((2,)))
            return y

    model, history, _ = trained(Model, {"metrics": ["mae"]}, shuffle=False)
    assert [metric.name for metric in model.metrics] == ["loss", "compile_metrics", "total", "largest"]
    assert list(history) == ["largest", "loss", "mae", "total"]
    assert history["total"] == [8.0] * 3, "metrics are reset before each epoch"
    assert model.evaluate(X, Y, batch_size=50, verbose=0)[2] == 2.0
    assert list(model.evaluate(X, Y, verbose=0, return_dict=True)) == ["largest", "loss", "mae", "total"]
    model.reset_metrics()
    assert float(model.held["sums"][0].result()) == 0


def test_the_metrics_of_compile_are_one():
    model = Network()
    model.compile(SGD(), "mse")
    assert [metric.name for metric in model.metrics] == ["loss"]
    given = metrics.MeanSquaredError(name="mine")
    model.compile(SGD(), "mse", metrics=["mae", given])
    assert [metric.name for metric in model.metrics] == ["loss", "compile_metrics"]
    compiled = model.metrics[1]
    assert compiled.variables == [] and compiled.result() == {}
    compiled.update_state(Y, Y + 2)
    assert [metric.name for metric in model.metrics] == ["loss", "compile_metrics"] and len(compiled.variables) == 4
    assert float(model.get_metrics_result()["mae"]) == pytest.approx(2) and float(given.result()) == pytest.approx(4)
    model.reset_metrics()
    assert {name: float(value) for name, value in compiled.result().items()} == {"mae": 0, "mine": 0}


def test_compute_loss_is_overridden():
    class Penalized(Network):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            seen.add(training)
            return super().compute_loss(x, y, y_pred, sample_weight) + ops.mean(ops.square(y_pred))

    class Older(Network):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None):
            return super().compute_loss(x, y, y_pred, sample_weight) + ops.mean(ops.square(y_pred))

    class Any(Network):
        def compute_loss(self, **kwargs):
            seen.add(kwargs["training"])
            return super().compute_loss(**kwargs) + ops.mean(ops.square(kwargs["y_pred"]))

    seen = set()
    results = [trained(each, validation_data=(X, Y))[1:] for each in (Penalized, Older, Any)]
    assert results[0] == results[1] == results[2]
    assert seen == {True, False}

    class Alone(Network):
        """Computes a loss of its own; `compile` gets none."""

        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return ops.mean(ops.square(y - y_pred))

    assert trained(Alone, {"loss": None})[1:] == trained(Network)[1:]


def test_older_names():
    class Older(Network):
        def train_step(self, data):
            x, y = data
            with GradientTape() as tape:
                y_pred = self(x, training=True)
                loss = self.compiled_loss(y, y_pred)
            self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
            self.compiled_metrics.update_state(y, y_pred)
            return {"loss": loss, "mae": self.get_metrics_result()["mae"]}

    with pytest.warns(LegacyWarning) as caught:
        _, history, weights = trained(Older, {"metrics": ["mae"]})
    assert {str(each.message).partition(" is ")[0] for each in caught} == {
        "`model.compiled_loss(y, y_pred)`",
        "`model.compiled_metrics`",
    }
    _, default, default_weights = trained(Network, {"metrics": ["mae"]})
    assert history["mae"] == default["mae"] and weights == default_weights


def test_a_step_that_looks_at_its_loss_runs_eagerly():
    class Looks(LowLevel):
        def train_step(self, data):
            results = super().train_step(data)
            seen.append(float(results["loss"]))
            return results

    seen = []
    with pytest.warns(ReplayWarning, match=r"`Looks.train_step` cannot be replayed .*test_own_steps.py:\d+"):
        _, history, weights = trained(Looks)
    assert len(seen) == 12 and seen[3::4] == history["loss"]
    assert (history, weights) == trained(LowLevel)[1:]


def test_a_tape_that_is_used_twice():
    class Twice(Network):
        def train_step(self, data):
            x, y = data
            with GradientTape(persistent=True) as tape:
                y_pred = self(x)
                loss = ops.mean(ops.square(y - y_pred))
                penalty = ops.sum(ops.square(self.dense.kernel))
            first, second = self.hidden.trainable_variables, self.dense.trainable_variables
            self.optimizer.apply(tape.gradient(loss, [*first, *second]), [*first, *second])
            # The variables have changed; the tape has not.
            shrink = tape.gradient(penalty, self.dense.kernel)
            self.dense.kernel.assign_sub(0.01 * shrink)
            return {"loss": loss}

    model, history, weights = trained(Twice)
    assert_replayed(model, "train")
    assert (history, weights) == trained(Twice, {"run_eagerly": True})[1:]
    before = model.dense.kernel.numpy()
    x, y = X[:16], Y[:16]
    with GradientTape() as tape:
        loss = ops.mean(ops.square(y - model(x)))
    expected = before - 0.1 * tape.gradient(loss, model.dense.kernel) - 0.02 * before
    model.train_on_batch(x, y)
    np.testing.assert_allclose(model.dense.kernel.numpy(), expected, rtol=1e-5)


def test_gradients_of_gradients_in_a_step():
    """The gradient penalty of https://arxiv.org/abs/1704.00028."""

    class Penalized(Network):
        def train_step(self, data):
            x, y = data
            with GradientTape() as tape:
                with GradientTape() as inner:
                    inner.watch(x)
                    y_pred = self(x)
                slope = inner.gradient(y_pred, x)
                loss = ops.mean(ops.square(y - y_pred)) + ops.mean(ops.square(slope))
            self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
            return {"loss": loss}

    model, history, weights = trained(Penalized)
    assert_replayed(model, "train")
    assert (history, weights) == trained(Penalized, {"run_eagerly": True})[1:]
    assert history["loss"][0] > history["loss"][-1]


def test_a_rate_schedule_for_an_optimizer_of_its_own():
    class Own(Network):
        def compile(self, rate):
            super().compile("sgd")
            self.parts = [SGD(rate)]

        def train_step(self, data):
            x, y = data
            with GradientTape() as tape:
                loss = ops.mean(ops.square(y - self(x)))
            self.parts[0].apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
            return {"loss": loss}

    model = Own()
    model.compile(0.1)
    model.fit(X, Y, verbose=0)
    model.parts[0].learning_rate = ExponentialDecay(0.0, 1, 0.5)
    before = model.get_weights()
    model.fit(X, Y, verbose=0)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)

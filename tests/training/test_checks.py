"""The checks of loss and metrics before the first step."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, metrics
from minikeras.engine.tensor import Tensor
from minikeras.errors import ReplayWarning, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.training.checks import checked_metrics
from minikeras.training.compiled_metrics import CompiledMetrics

X, Y = np.ones((8, 4), "float32"), np.ones((8, 2), "float32")


def test_a_loss_is_called_once_symbolically_and_once_in_the_trace():
    calls = set()

    def loss(y_true, y_pred):
        calls.add((type(y_pred), y_pred.shape[0]))
        return (y_true - y_pred) ** 2

    model = minikeras.Sequential([layers.Input((4,)), layers.Dense(2)])
    model.compile("sgd", loss)
    for _ in range(4):
        model.train_on_batch(X, Y)
    assert calls == {(KerasTensor, len(X)), (Tensor, len(X))}
    model.train_on_batch(X[:3], Y[:3])
    assert len(calls) == 4
    model.pop()
    model.add(layers.Dense(3))
    model.compile("sgd", loss)
    with pytest.raises(ValueError):
        model.train_on_batch(X, Y)


def test_a_loss_that_needs_numbers_is_left_to_the_step():
    def loss(y_true, y_pred):
        return minikeras.ops.mean((y_true - y_pred) ** 2) * (1 if float(minikeras.ops.sum(y_pred)) > -1e9 else 0)

    model = minikeras.Sequential([layers.Input((4,)), layers.Dense(2, kernel_initializer="ones")])
    model.compile("sgd", loss)
    with pytest.warns(ReplayWarning, match="cannot be replayed"):
        assert model.train_on_batch(X, Y) == 9  # each output is 4, each label 1


def test_a_step_that_fails_changes_nothing():
    class Fails(metrics.Mean):
        def update_state(self, y_true, y_pred, sample_weight=None):
            super().update_state(float(minikeras.ops.sum(y_pred)))
            raise RuntimeError("after the weights were updated")

    model = minikeras.Sequential([layers.Input((4,)), layers.BatchNormalization(), layers.Dense(2)])
    model.compile("adam", "mse", metrics=[Fails(name="fails"), "mae"])
    before = [variable.numpy() for variable in model.variables]
    for _ in range(2):
        with pytest.raises(RuntimeError, match="after the weights"):
            model.train_on_batch(X * np.arange(4), Y)
        assert all(map(np.array_equal, before, [variable.numpy() for variable in model.variables]))
        assert not any(variable.numpy().any() for metric in model.metrics for variable in metric.variables)
        assert int(model.optimizer.iterations) == 0


def test_a_metric_is_asked_with_other_values_each_time():
    class First(metrics.Metric):
        seen = None

        def update_state(self, y_true, y_pred, sample_weight=None):
            self.seen = y_pred if self.seen is None else self.seen

        def result(self):
            return 0.0

    metric = First(name="first")
    check = checked_metrics(CompiledMetrics([metric]), KerasTensor((8, 2)), KerasTensor((8, 2)))
    assert [entry.metric for entry in check] == [metric] and metric.seen is None


def test_validation_labels_are_checked_before_anything_is_trained():
    def loss(y_true, y_pred):
        return minikeras.ops.mean((y_true - y_pred) ** 2)

    model = minikeras.Sequential([layers.Input((4,)), layers.Dense(2)])
    model.compile("sgd", loss, metrics=["mae"])
    before = model.get_weights()
    with pytest.raises(ShapeError):
        model.fit(X, Y, validation_data=(X, np.ones((8, 3))), verbose=0)
    assert all(map(np.array_equal, before, model.get_weights()))
    assert not model._compiled_metrics.is_resolved and not model.optimizer.built


def test_after_a_change_of_layers_it_is_tried_again():
    model = minikeras.Sequential([layers.Input((4,)), layers.Dense(2)])
    model.compile("sgd", "mse")
    model.train_on_batch(X, Y)
    model.add(layers.Dense(3))
    before = model.get_weights()
    with pytest.raises(ShapeError, match="do not fit together"):
        model.train_on_batch(X, Y)
    for left, right in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)


def test_what_a_model_overrides_is_not_tried():
    class Own(minikeras.Sequential):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return minikeras.ops.mean((y_pred[:, 0] - y["target"]) ** 2)

        def compute_metrics(self, x, y, y_pred, sample_weight=None):
            return self.get_metrics_result()

    model = Own([layers.Input((4,)), layers.Dense(2)])
    model.compile("sgd", None, metrics=["accuracy"])
    history = model.fit(X, {"target": Y[:, 0]}, epochs=3, verbose=0).history
    assert history["loss"][0] > history["loss"][2]


def test_a_train_step_of_its_own_gets_any_data():
    class Own(minikeras.Sequential):
        def train_step(self, data):
            x, y = data
            return {"sum": minikeras.ops.sum(x), "labels": minikeras.ops.sum(y)}

    model = Own([layers.Input((4,)), layers.Dense(2)])
    model.compile("sgd", "categorical_crossentropy")
    history = model.fit(X, np.arange(8), verbose=0, batch_size=8).history
    assert history == {"sum": [32.0], "labels": [28.0]}


class Counts(layers.Layer):
    """Counts its calls in a variable, and draws noise."""

    def __init__(self):
        super().__init__()
        self.count = self.add_weight(shape=(), initializer="zeros", trainable=False, name="count")
        self.seed_generator = minikeras.random.SeedGenerator(3)

    def call(self, inputs):
        self.count.assign_add(1)
        return inputs + minikeras.random.normal((4,), seed=self.seed_generator)


def counting(kind):
    counts, dense = Counts(), layers.Dense(2)

    class Subclassed(minikeras.Model):
        def __init__(self):
            super().__init__()
            self.counts, self.dense = counts, dense

        def call(self, inputs):
            return self.dense(self.counts(inputs))

    functional = [layers.Input((4,))] if kind == "functional" else []
    return Subclassed() if kind == "subclassed" else minikeras.Sequential([*functional, counts, dense]), counts


@pytest.mark.parametrize("eager", [False, True])
@pytest.mark.parametrize("kind", ["functional", "sequential", "subclassed"])
def test_the_checks_leave_variables_as_they_are(kind, eager):
    """What `call` assigns to variables and draws from seeds counts once for each step, as in Keras, and no more."""
    model, counts = counting(kind)
    model.compile("sgd", "mse", run_eagerly=eager)
    seen = []
    for function in (
        lambda: model.predict(X, batch_size=4, verbose=0),
        lambda: model.fit(X, Y, batch_size=4, epochs=2, verbose=0),
        lambda: model.evaluate(X, Y, batch_size=4, verbose=0),
        lambda: model.evaluate(X, Y, sample_weight=X[:, 0], batch_size=8, verbose=0),
        lambda: model.train_on_batch(X[:3], Y[:3]),
    ):
        function()
        seen.append((float(counts.count), int(counts.seed_generator.state.numpy()[1])))
    assert seen == [(steps, steps) for steps in (2, 6, 8, 9, 10)]


@pytest.mark.parametrize("method", ["fit", "evaluate", "train_on_batch", "predict_on_batch"])
@pytest.mark.parametrize("kind", ["sequential", "subclassed"])
def test_building_a_model_leaves_variables_as_they_are(kind, method):
    model, counts = counting(kind)
    model.compile("sgd", "mse")
    options = {"verbose": 0} if method in ("fit", "evaluate") else {}
    getattr(model, method)(X, *([] if method == "predict_on_batch" else [Y]), **options)
    assert (float(counts.count), int(counts.seed_generator.state.numpy()[1])) == (1, 1)

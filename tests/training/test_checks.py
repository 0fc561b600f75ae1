"""The trial of loss and metrics before the first step."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ShapeError

X, Y = np.ones((8, 4), "float32"), np.ones((8, 2), "float32")


def test_a_loss_is_tried_once_per_shape():
    calls = set()

    def loss(y_true, y_pred):
        calls.add((type(y_pred) is np.ndarray, len(y_pred)))
        return (y_true - y_pred) ** 2

    model = minikeras.Sequential([layers.Input((4,)), layers.Dense(2)])
    model.compile("sgd", loss)
    for _ in range(4):
        model.train_on_batch(X, Y)
    assert calls == {(True, len(X)), (False, len(X))}  # the trial, then the trace
    model.train_on_batch(X[:3], Y[:3])
    assert len(calls) == 4
    model.pop()
    model.add(layers.Dense(3))
    model.compile("sgd", loss)
    with pytest.raises(ValueError):
        model.train_on_batch(X, Y)


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

"""Losses, metrics and layers that compute with a symbolic value of the graph are named in the error."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, losses, metrics, ops
from minikeras.errors import MinikerasError, StateError

X, Y = np.ones((4, 3), "float32"), np.ones((4, 2), "float32")
ENTRY = layers.Input((3,))
SYMBOLIC = layers.Dense(2)(ENTRY)


class OwnLoss(losses.Loss):
    def call(self, y_true, y_pred):
        return ops.mean(SYMBOLIC * y_pred, axis=-1)


class OwnMetric(metrics.Mean):
    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(ops.mean(SYMBOLIC))


class OwnModel(minikeras.Model):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return ops.mean(SYMBOLIC)


class Adds(layers.Layer):
    def call(self, inputs):
        self.add_loss(ops.mean(SYMBOLIC))
        return inputs


class Reads(layers.Layer):
    def call(self, inputs):
        return inputs + ops.mean(SYMBOLIC)


def distance(y_true, y_pred):
    return ops.mean(ops.square(y_true - SYMBOLIC), axis=-1)


def made(*parts, cls=minikeras.Model):
    value = ENTRY
    for part in (*parts, layers.Dense(2)):
        value = part(value)
    return cls(ENTRY, value)


CASES = {
    "a function": (lambda: made(), {"loss": distance}, "Loss 'distance' computes with a symbolic value"),
    "a sum": (lambda: made(), {"loss": lambda a, b: ops.mean(a - b) + ops.mean(SYMBOLIC)}, "Loss '<lambda>' computes"),
    "a class": (lambda: made(), {"loss": OwnLoss()}, "Loss 'own_loss.*' computes with a symbolic value"),
    "a metric": (lambda: made(), {"loss": "mse", "metrics": [distance]}, "Metric 'distance' computes with"),
    "a metric's class": (lambda: made(), {"loss": "mse", "metrics": [OwnMetric(name="own")]}, "in metric 'own'"),
    "compute_loss": (lambda: made(cls=OwnModel), {}, "`OwnModel.compute_loss` computes with a symbolic value"),
}


@pytest.mark.parametrize("case", CASES)
def test_who_is_named(case):
    make, options, message = CASES[case]
    model = make()
    model.compile("sgd", **options)
    before = [weight.tobytes() for weight in model.get_weights()]
    for call in (lambda: model.fit(X, Y, verbose=0), lambda: model.train_on_batch(X, Y)):
        with pytest.raises(StateError, match=message) as caught:
            call()
        assert isinstance(caught.value, MinikerasError) and isinstance(caught.value, ValueError)
        assert "'loss'" not in str(caught.value)  # the mean of the losses is not to blame
    assert [weight.tobytes() for weight in model.get_weights()] == before


def test_layers_are_named():
    for layer, message in (
        (Adds(), "Adds layer '.*': what is given to `add_loss`"),
        (Reads(), "`call` of Reads layer"),
    ):
        model = minikeras.Sequential([layers.Input((3,)), layer, layers.Dense(2)])
        model.compile("sgd", "mse")
        with pytest.raises(StateError, match=message):
            model.fit(X, Y, verbose=0)

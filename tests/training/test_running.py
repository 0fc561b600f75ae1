"""Preparing and running steps: runners, copies, losses that are not finite."""

import copy

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import NonFiniteWarning

X, Y = np.ones((4, 2), "float32"), np.ones((4, 1), "float32")


def made():
    model = minikeras.Sequential([layers.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


def test_a_runner_lives_as_long_as_the_layers_stay_the_same():
    model = made()
    model.train_on_batch(X, Y)
    runner = model._runner
    model.train_on_batch(X, Y)
    assert model._runner is runner
    model.add(layers.Dense(1))
    model.predict(X, verbose=0)
    assert model._runner is not runner


def test_copies_have_runners_of_their_own():
    model = made()
    model.train_on_batch(X, Y)
    other = copy.deepcopy(model)
    assert other._runner is None
    before = model.get_weights()
    other.train_on_batch(X, Y)
    assert all(map(np.array_equal, model.get_weights(), before))


def test_a_loss_that_is_not_finite_warns_once():
    with pytest.warns(NonFiniteWarning, match="from epoch 1, step 1 on") as caught:
        made().fit(X, np.full((4, 1), np.nan, "float32"), epochs=3, batch_size=2, verbose=0)
    assert len(caught) == 1


def test_steps_per_execution_groups_the_batch_hooks():
    seen = []

    class Count(minikeras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(batch)

        def on_predict_batch_end(self, batch, logs=None):
            seen.append(-batch)

    model = made()
    model.compile("sgd", "mse", steps_per_execution=2)
    model.fit(X, Y, batch_size=1, verbose=0, callbacks=[Count()])
    assert model.predict(X, batch_size=1, verbose=0, callbacks=[Count()]).shape == (4, 1)
    assert seen == [1, 3, -1, -3]

"""The cross-check of a model, with minikeras itself in the part of real Keras. compat/ has the real one."""

import sys

import numpy as np
import pytest

import minikeras
from minikeras import Sequential, layers
from minikeras.crosschecking import check, crosscheck
from minikeras.errors import ArgumentError, DataError, StateError

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(10, 3)).astype("float32"), RNG.normal(size=(10, 1)).astype("float32")


@pytest.fixture(autouse=True)
def _keras(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", minikeras)
    monkeypatch.setattr(check, "real_keras", lambda: minikeras)


def make(compiled=True):
    model = Sequential([layers.Input((3,)), layers.Dense(2, name="d"), layers.Dropout(0.5, name="r"), layers.Dense(1)])
    if compiled:
        model.compile("sgd", "mse")
    return model


def test_both_sides_agree():
    model = make()
    before = [weight.copy() for weight in model.get_weights()]
    found = crosscheck(model, X, Y, batch_size=4, steps=3)
    assert found.agrees and len(found.losses) == 3 and len(found.weights) == 4
    assert [row.name for row in found.layers] == ["d", "r", model.layers[2].name, "(the model)"]
    assert all(row.difference == 0 for row in found.layers)
    assert any("since random numbers differ: r" in note for note in found.notes)
    assert "Keras 0.2.0 on numpy" in str(found)
    for weight, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, old)  # the model itself has not trained


def test_a_difference_is_found(monkeypatch):
    def both_copies(*arguments, made=check.both_copies):
        ours, theirs, silenced = made(*arguments)
        kernel, bias = theirs.layers[0].get_weights()
        theirs.layers[0].set_weights([kernel + 1, bias])
        return ours, theirs, silenced

    monkeypatch.setattr(check, "both_copies", both_copies)
    found = crosscheck(make(), X, Y, batch_size=4, steps=2)
    assert not found.agrees and found.layers[0].difference > 0.1 and found.step_differences[0] > 1e-4


@pytest.mark.parametrize(
    ("compiled", "labels", "note"),
    [(False, Y, "not compiled, so training is not compared"), (True, None, "no labels, so training is not compared")],
)
def test_layers_alone(compiled, labels, note):
    found = crosscheck(make(compiled), X, labels)
    assert found.agrees and found.losses == [] and any(note in each for each in found.notes)


def test_without_data():
    assert crosscheck(make()).agrees


def test_the_data_starts_again():
    model = make()
    model.optimizer.learning_rate = 0.0
    losses = crosscheck(model, X, Y, batch_size=5, steps=5).losses
    assert losses[0] == losses[2] == losses[4] != losses[1] == losses[3]


def test_batches_of_an_iterable():
    class Batches:
        def __iter__(self):
            yield X[:4], Y[:4]
            yield X[4:8], Y[4:8]

    found = crosscheck(make(), Batches(), steps=3)
    assert found.agrees and len(found.losses) == 3
    assert len(crosscheck(make(), iter(Batches()), steps=3).losses) == 2  # an iterator does not start again


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"tolerance": -1.0}, ArgumentError, "`tolerance` must be a finite number >= 0. Received: tolerance=-1.0"),
        ({"tolerance": np.nan}, ArgumentError, "`tolerance`"),
        ({"steps": 0}, ArgumentError, "`steps` must be a positive integer. Received: steps=0"),
        ({"batch_size": 2.5}, ArgumentError, "`batch_size`"),
        ({"batch_size": True}, ArgumentError, "`batch_size`"),
        ({"y": Y[:3]}, DataError, r"same number of examples. Received: \[3, 10\]"),
        ({"y": None, "sample_weight": np.ones(10)}, DataError, "`sample_weight` needs labels"),
        ({"x": iter([]), "y": None}, DataError, "there are no batches in the data"),
    ],
)
def test_what_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        crosscheck(**{"model": make(), "x": X, "y": Y, **options})


def test_a_model_of_unknown_inputs_needs_data():
    class My(minikeras.Model):
        def call(self, inputs):
            return inputs

    with pytest.raises(StateError, match="pass data"):
        crosscheck(My())

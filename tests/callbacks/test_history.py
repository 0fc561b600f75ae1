"""The record of the epochs."""

import re
import sys
import types

import numpy as np
import pytest

from minikeras.callbacks import Callback, CallbackList, History


def run_epochs(callbacks, losses, first=0):
    callbacks.on_train_begin()
    for epoch, loss in enumerate(losses, first):
        callbacks.on_epoch_begin(epoch)
        callbacks.on_epoch_end(epoch, {"loss": loss})
    callbacks.on_train_end()


def test_records_epochs():
    history = History()
    assert (history.history, history.epoch) == ({}, [])
    run_epochs(CallbackList([history]), [3, 2, 1], first=5)
    assert history.history == {"loss": [3.0, 2.0, 1.0]}
    assert history.epoch == [5, 6, 7]


def test_second_training_keeps_values_and_restarts_epochs():
    history = History()
    run_epochs(CallbackList([history]), [3, 2])
    run_epochs(CallbackList([history]), [1])
    assert history.history == {"loss": [3.0, 2.0, 1.0]}
    assert history.epoch == [0]


def test_names_that_come_later():
    history = History()
    history.on_epoch_end(0, {"loss": 1.0})
    history.on_epoch_end(1, {"loss": 0.5, "val_loss": 0.7})
    history.on_epoch_end(2)
    assert history.history == {"loss": [1.0, 0.5], "val_loss": [0.7]}
    assert history.epoch == [0, 1, 2]


def test_model_gets_the_history():
    model = types.SimpleNamespace()
    callbacks = CallbackList(add_history=True, model=model)
    history = model.history
    assert isinstance(history, History)
    model.history = None
    run_epochs(callbacks, [1.0])
    assert model.history is history


def test_what_an_earlier_callback_adds_is_recorded():
    class LearningRate(Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["learning_rate"] = 0.1

    history = History()
    run_epochs(CallbackList([LearningRate(), history]), [1.0, 2.0])
    assert history.history == {"loss": [1.0, 2.0], "learning_rate": [0.1, 0.1]}


def cells(text):
    return [re.findall("<t[dh]>(.*?)</t[dh]>", row) for row in text.split("<tr>")[1:]]


def test_in_notebooks():
    history = History()
    for epoch, loss in enumerate((2.0, 0.0005)):
        history.on_epoch_end(epoch, {"loss": loss, "val_loss": 2 * loss})
    text = history._repr_html_()
    assert cells(text) == [
        ["epoch", "loss", "val_loss"],
        ["1", "2.0000", "4.0000"],
        ["2", "5.0000e-04", "1.0000e-03"],
    ]
    assert '<img alt="curves over the epochs" src="data:image/png;base64,iVBORw0KGgo' in text


def test_in_notebooks_after_a_second_training_and_with_names_that_come_later():
    history = History()
    run_epochs(CallbackList([history]), [3, 2])
    run_epochs(CallbackList([history]), [1])
    history.history["late"] = [np.ones(2)]
    expected = [["epoch", "loss", "late"], ["1", "3.0000", ""], ["2", "2.0000", ""], ["3", "1.0000", "[1. 1.]"]]
    assert cells(history._repr_html_()) == expected


def test_in_notebooks_with_epochs_that_do_not_begin_at_0():
    history = History()
    run_epochs(CallbackList([history]), [3, 2], first=5)
    assert [row[0] for row in cells(history._repr_html_())] == ["epoch", "6", "7"]


@pytest.mark.parametrize("epochs", [0, 1])
def test_in_notebooks_without_matplotlib_or_epochs(monkeypatch, epochs):
    if epochs:
        monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
        monkeypatch.delitem(sys.modules, "matplotlib.figure", raising=False)
    history = History()
    run_epochs(CallbackList([history]), [1.0] * epochs)
    text = history._repr_html_()
    assert len(cells(text)) == 1 + epochs and "<img" not in text

"""The record of the epochs."""

import types

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

"""The progress bar of `fit`, `evaluate` and `predict`."""

import io
import itertools
import re
import types

import numpy as np
import pytest

from minikeras.callbacks import Callback, CallbackList, ProgbarLogger
from minikeras.utils import progbar
from tests.callbacks.halving import halving_model


class Terminal(io.StringIO):
    """A text stream in memory that says it is a terminal."""

    def isatty(self):
        return True


class System(types.SimpleNamespace):
    """The part of `sys` a progress bar looks at, and a clock that moves by hand."""

    def take(self):
        text = self.stdout.getvalue()
        self.stdout.seek(0)
        self.stdout.truncate()
        return text


@pytest.fixture
def system(monkeypatch):
    system = System(stdout=io.StringIO(), modules={}, now=1000.0)
    monkeypatch.setattr(progbar, "sys", system)
    monkeypatch.setattr(progbar, "perf_counter", lambda: system.now)
    monkeypatch.delenv("PYCHARM_HOSTED", raising=False)
    return system


def fit(callbacks, system, epochs=2, steps=4):
    callbacks.on_train_begin()
    for epoch in range(epochs):
        callbacks.on_epoch_begin(epoch)
        for step in range(steps):
            callbacks.on_train_batch_begin(step)
            system.now += 0.5
            callbacks.on_train_batch_end(step, lambda step=step: {"loss": 1.0 / (step + 1)})
        evaluate(callbacks, system, steps=2)
        callbacks.on_epoch_end(epoch, {"val_loss": 0.75, "loss": 0.5, "accuracy": 1})
    callbacks.on_train_end()


def evaluate(callbacks, system, steps=3):
    callbacks.on_test_begin()
    for step in range(steps):
        callbacks.on_test_batch_begin(step)
        system.now += 0.25
        callbacks.on_test_batch_end(step, lambda: {"loss": 2.0})
    callbacks.on_test_end({"loss": 0.125})


def predict(callbacks, system, steps=3):
    callbacks.on_predict_begin()
    for step in range(steps):
        callbacks.on_predict_batch_begin(step)
        system.now += 0.25
        callbacks.on_predict_batch_end(step, lambda: {"outputs": [1.0]})
    callbacks.on_predict_end()


def callback_list(**params):
    return CallbackList(add_progbar=True, **{"verbose": 1, "epochs": 2, "steps": 4, **params})


@pytest.mark.parametrize("verbose", [1, "auto", True])
def test_fit_in_a_file(system, verbose):
    fit(callback_list(verbose=verbose), system)
    # An epoch: 4 steps of 0.5 s and a validation of 0.5 s; the pace is that of the steps after the first.
    line = "4/4 - 2s 667ms/step - accuracy: 1.0000 - loss: 0.5000 - val_loss: 0.7500\n"
    assert system.take() == f"Epoch 1/2\n{line}Epoch 2/2\n{line}"


def test_fit_in_a_file_with_one_line_an_epoch(system):
    fit(callback_list(verbose=2), system)
    line = "4/4 - 2s - 625ms/step - accuracy: 1.0000 - loss: 0.5000 - val_loss: 0.7500\n"
    assert system.take() == f"Epoch 1/2\n{line}Epoch 2/2\n{line}"


def test_fit_on_a_terminal(system):
    system.stdout = Terminal()
    fit(callback_list(epochs=1), system, epochs=1)
    lines = system.take().split("\r")
    assert len(lines) == 6
    assert lines[0] == ""  # a single epoch has no headline
    assert " - loss: 0.2500" in lines[4]
    assert lines[5].endswith(
        # The order is that in which the names appeared.
        "\x1b[1m2s\x1b[0m 667ms/step - loss: 0.5000 - accuracy: 1.0000 - val_loss: 0.7500\n"
    )


def test_verbose_zero_is_silent(system):
    for run in (fit, evaluate, predict):
        run(callback_list(verbose=0), system)
    assert system.take() == ""


def test_evaluate_and_predict(system):
    evaluate(callback_list(steps=3), system)
    assert system.take() == "3/3 - 1s 250ms/step - loss: 0.1250\n"
    predict(callback_list(steps=3), system)
    assert system.take() == "3/3 - 1s 250ms/step\n"


def test_predictions_are_not_printed(system):
    system.stdout = Terminal()
    predict(callback_list(steps=3), system)
    text = system.take()
    assert text.count("/step") == 4
    assert "outputs" not in text


def test_unknown_number_of_steps_is_learnt(system):
    callbacks = callback_list(steps=None)
    fit(callbacks, system)
    line = "4/4 - 2s 667ms/step - accuracy: 1.0000 - loss: 0.5000 - val_loss: 0.7500\n"
    assert system.take() == f"Epoch 1/2\n{line}Epoch 2/2\n{line}"
    assert callbacks.callbacks[0].target == 4


def test_bar_appears_without_a_begin(system):
    logger = ProgbarLogger()
    logger.on_train_batch_end(0, {"loss": 1.0})
    logger.on_epoch_end(0, {"loss": 0.5})
    assert system.take() == "1/1 - 0s 0s/step - loss: 0.5000\n"


def test_missing_parameters_are_refused():
    logger = ProgbarLogger()
    with pytest.raises(ValueError, match="Add epochs, steps"):
        logger.set_params({"verbose": 0})
    assert logger.verbose == 1


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError])
def test_interrupted_line_is_ended_once(system, interruption):
    system.stdout = Terminal()
    callbacks = callback_list()
    with pytest.raises(interruption):
        try:
            callbacks.on_train_begin()
            callbacks.on_epoch_begin(0)
            callbacks.on_train_batch_end(0, {"loss": 1.0})
            raise interruption
        finally:
            callbacks.close()
    assert system.take().endswith("loss: 1.0000\x1b[0m\n")
    callbacks.close()
    assert system.take() == ""


def test_finished_lines_are_not_ended_again(system):
    system.stdout = Terminal()
    callbacks = callback_list()
    callbacks.close()
    assert system.take() == ""
    fit(callbacks, system)
    system.take()
    callbacks.close()
    assert system.take() == ""


def test_a_bar_inside_of_a_bar(monkeypatch):
    """What a callback evaluates is shown under the unfinished line of the epoch, which goes on under that."""

    class Evaluate(Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                self.model.evaluate(x * 2, y, batch_size=2)

    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    monkeypatch.setattr(progbar, "perf_counter", itertools.count().__next__)  # every step is redrawn
    model, x, y = halving_model(), np.ones((3, 1)), np.zeros((3, 1))
    model.fit(x, y, batch_size=1, callbacks=[Evaluate()])
    text = re.sub("\x1b\\[[0-9]*m", "", screen.getvalue())
    lines = [line.split() for line in re.sub("[^\n]*\r", "", text).splitlines()]  # what is not drawn over
    # The weight is 2, 1 and 0.5, where it is evaluated with twice the inputs.
    assert [(line[0], line[-1]) for line in lines if line] == [("1/3", "4.0000"), ("2/2", "1.0000"), ("3/3", "1.7500")]

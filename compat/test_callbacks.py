"""Callbacks are called as real Keras calls them: the same hooks, order, arguments and printed lines."""

import inspect
import io
import os
import types

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import keras.src.utils.io_utils as keras_io
import keras.src.utils.progbar as keras_progbar
import numpy as np
import pytest

import minikeras.callbacks
from minikeras.utils import progbar

LIBRARIES = (keras.callbacks, minikeras.callbacks)
HOOKS = sorted(name for name in vars(keras.callbacks.Callback) if name.startswith("on_"))


def plain_signature(function):
    return [(p.name, p.default, p.kind) for p in inspect.signature(function).parameters.values()]


def spy(library, calls, label, names=HOOKS, base="Callback"):
    """A callback of the library that records every call of the named methods, then does what its base does."""
    parent = getattr(library, base)

    def recording(name):
        def run(self, *args, **kwargs):
            shown = [dict(value) if isinstance(value, dict) else value for value in args]
            calls.append((label, name, shown, {key: dict(value) for key, value in kwargs.items()}))
            return getattr(parent, name)(self, *args, **kwargs)

        return run

    return type("Spy", (parent,), {name: recording(name) for name in names})()


def training(callbacks, epochs=2, steps=3):
    """The hooks in the order in which `fit` with validation calls them."""
    callbacks.on_train_begin()
    for epoch in range(epochs):
        callbacks.on_epoch_begin(epoch)
        for step in range(steps):
            callbacks.on_train_batch_begin(step)
            callbacks.on_train_batch_end(step, {"loss": np.float32(1 / (step + 1)), "accuracy": step})
        evaluation(callbacks)
        callbacks.on_epoch_end(epoch, {"loss": 0.5, "accuracy": 1, "val_loss": np.float64(0.75), "more": {"a": 2}})
    callbacks.on_train_end({"loss": 0.5})


def evaluation(callbacks, steps=2):
    callbacks.on_test_begin()
    for step in range(steps):
        callbacks.on_test_batch_begin(step)
        callbacks.on_test_batch_end(step, {"loss": 1})
    callbacks.on_test_end({"loss": np.float32(0.125)})


def prediction(callbacks, steps=2):
    callbacks.on_predict_begin()
    for step in range(steps):
        callbacks.on_predict_batch_begin(step)
        callbacks.on_predict_batch_end(step, {"outputs": "many"})
    callbacks.on_predict_end()


def old_names(callbacks):
    callbacks.on_batch_begin(3)
    callbacks.on_batch_end(3, {"loss": 1})


@pytest.mark.parametrize("name", ["Callback", "CallbackList", "History", "ProgbarLogger"])
def test_signatures(name):
    theirs, ours = getattr(keras.callbacks, name), getattr(minikeras.callbacks, name)
    methods = [
        method
        for method in ["__init__", "set_params", "set_model", *HOOKS]
        if plain_signature(getattr(theirs, method)) != plain_signature(getattr(ours, method))
    ]
    assert methods == []


def test_hooks_are_the_same():
    assert HOOKS == sorted(name for name in vars(minikeras.callbacks.Callback) if name.startswith("on_"))


@pytest.mark.parametrize("names", [HOOKS, *([name] for name in HOOKS)], ids=["all", *HOOKS])
@pytest.mark.parametrize("run", [training, evaluation, prediction, old_names])
def test_calls_of_every_hook(run, names):
    recorded = []
    for library in LIBRARIES:
        calls = []
        spies = [spy(library, calls, "a", names), [spy(library, calls, "b"), (spy(library, calls, "c", names),)]]
        run(library.CallbackList(spies, verbose=0, epochs=2, steps=3))
        recorded.append(calls)
    assert recorded[0] == recorded[1]
    assert recorded[0]


@pytest.mark.parametrize("add_progbar", [False, True])
@pytest.mark.parametrize("add_history", [False, True])
@pytest.mark.parametrize("given", [[], ["History"], ["ProgbarLogger", "Callback"], ["Callback", "History"]])
def test_setting_up(given, add_history, add_progbar):
    recorded = []
    for library in LIBRARIES:
        calls = []
        spies = [spy(library, calls, base, ["set_params"], base) for base in given]
        model = types.SimpleNamespace(history=None)
        callbacks = library.CallbackList(spies, add_history, add_progbar, model, verbose="auto", epochs=2, steps=None)
        kinds = [type(callback).__mro__[1 if callback in spies else 0].__name__ for callback in callbacks.callbacks]
        models = [callback.model is model for callback in callbacks.callbacks]
        history = callbacks.callbacks.index(model.history) if model.history else None
        recorded.append((calls, kinds, models, history, callbacks.params))
    assert recorded[0] == recorded[1]


def test_history():
    recorded = []
    for library in LIBRARIES:
        model = types.SimpleNamespace()
        history = library.History()
        for epochs in (2, 3):
            training(library.CallbackList([history], model=model, verbose=0, epochs=epochs, steps=3), epochs)
        assert model.history is history
        recorded.append((history.history, history.epoch, history.params))
        kinds = {type(value) for values in history.history.values() for value in values}
        assert kinds == {float}
    assert recorded[0] == recorded[1]
    assert recorded[0][1] == [0, 1, 2]


class Terminal(io.StringIO):
    """A terminal in memory."""

    def isatty(self):
        return True


@pytest.fixture
def screen(monkeypatch):
    """One clock and one terminal, seen by both libraries."""

    class Screen(types.SimpleNamespace):
        def tick(self):
            return self.now

    screen = Screen(stdout=None, modules={}, now=0.0)
    for module in (keras_progbar, keras_io, progbar):
        monkeypatch.setattr(module, "sys", screen)
    monkeypatch.setattr(keras_progbar, "time", types.SimpleNamespace(time=screen.tick))
    monkeypatch.setattr(progbar, "perf_counter", screen.tick)
    return screen


@pytest.mark.parametrize("run", [training, evaluation, prediction])
@pytest.mark.parametrize("steps", [3, None])
@pytest.mark.parametrize("epochs", [1, 2])
@pytest.mark.parametrize("verbose", [0, 1, 2, "auto"])
@pytest.mark.parametrize("seconds", [0.01, 0.3])
def test_printed_lines(screen, run, verbose, epochs, steps, seconds):
    printed = []
    for library in LIBRARIES:
        screen.now, screen.stdout = 5000.0, Terminal()

        class Worker(library.Callback):
            """Lets time go by, as the steps themselves would."""

            def on_train_batch_begin(self, batch, logs=None):
                screen.now += seconds

            def on_test_batch_begin(self, batch, logs=None):
                screen.now += seconds

            def on_predict_batch_begin(self, batch, logs=None):
                screen.now += seconds

        run(library.CallbackList([Worker()], add_progbar=True, verbose=verbose, epochs=epochs, steps=steps))
        printed.append(screen.stdout.getvalue())
    assert printed[0] == printed[1]
    assert bool(printed[0]) == (verbose != 0)

"""Many callbacks as one: who is called, in which order, with what, and what it costs when nobody is."""

import inspect
import timeit
import types

import numpy as np
import pytest

import minikeras.callbacks
from minikeras.callbacks import Callback, CallbackList, History, ProgbarLogger

BATCH_ENDS = ["on_batch_end", "on_train_batch_end", "on_test_batch_end", "on_predict_batch_end"]
BATCH_BEGINS = [name.replace("end", "begin") for name in BATCH_ENDS]
PHASES = [f"on_{phase}_{moment}" for phase in ("train", "test", "predict") for moment in ("begin", "end")]


def recorder(*names):
    """A callback that overrides the named hooks and records their calls."""

    def hook(name):
        def run(self, *index, logs=None):
            self.calls.append((name, *index, logs))

        # Epochs and phases hand the logs over by position.
        def run_by_position(self, *arguments):
            self.calls.append((name, *arguments))

        return run if "batch" in name else run_by_position

    callback = type("Recorder", (Callback,), {name: hook(name) for name in names})()
    callback.calls = []
    return callback


def unread():
    raise AssertionError("nobody looks at these logs")


def test_public_names_are_sorted_and_complete():
    public = {name for name in dir(minikeras.callbacks) if inspect.isclass(getattr(minikeras.callbacks, name))}
    assert minikeras.callbacks.__all__ == sorted(public)


# Who is in the list.


def test_a_single_callback_and_nested_ones():
    a, b, c = Callback(), Callback(), Callback()
    assert CallbackList().callbacks == []
    assert CallbackList([]).callbacks == []
    assert CallbackList(a).callbacks == [a]
    assert CallbackList([a, (b, [c])]).callbacks == [a, b, c]
    assert CallbackList({"z": a, "y": b}).callbacks == [b, a]


def test_history_and_bar_are_added_once():
    kinds = [type(callback) for callback in CallbackList(Callback(), add_history=True, add_progbar=True).callbacks]
    assert kinds == [Callback, History, ProgbarLogger]
    mine = [ProgbarLogger(), History()]
    assert CallbackList(mine, add_history=True, add_progbar=True).callbacks == mine


def test_the_users_list_is_not_changed():
    mine = [Callback()]
    CallbackList(mine, add_history=True)
    assert len(mine) == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("history", "received 'history' of type str"),
        ([None], "received None of type NoneType"),
        ([History], r"Write History\(\.\.\.\)"),
        (lambda epoch: None, "of type function"),
        ([Callback(), {1, 2}], "of type set"),
    ],
)
def test_wrong_objects_are_refused(wrong, message):
    with pytest.raises(TypeError, match=message):
        CallbackList(wrong)


def test_model_and_params_reach_everybody():
    model, callback = types.SimpleNamespace(), Callback()
    callbacks = CallbackList([callback], add_history=True, model=model, verbose=0, epochs=3, steps=7)
    assert callbacks.model is callback.model is model
    assert callbacks.params == callback.params == {"verbose": 0, "epochs": 3, "steps": 7}
    assert model.history is callbacks.callbacks[1]


def test_without_model_and_params_nothing_is_set():
    callback = Callback()
    callbacks = CallbackList([callback])
    assert callbacks.model is None
    assert callbacks.params == {}
    assert callback.params is None


# Order and arguments.


@pytest.mark.parametrize("name", BATCH_BEGINS + BATCH_ENDS)
def test_batch_hooks(name):
    first, second, idle = recorder(name), recorder(name), Callback()
    callbacks = CallbackList([first, idle, second])
    getattr(callbacks, name)(5, {"loss": np.float32(0.5), "accuracy": 1})
    getattr(callbacks, name)(6)
    assert first.calls == second.calls == [(name, 5, {"accuracy": 1.0, "loss": 0.5}), (name, 6, {})]
    assert [type(value) for value in first.calls[0][2].values()] == [float, float]
    assert first.calls[0][2] is second.calls[0][2]


@pytest.mark.parametrize("name", ["on_epoch_begin", "on_epoch_end", *PHASES])
def test_other_hooks(name):
    first, second = recorder(name), recorder(name)
    callbacks = CallbackList([first, second])
    index = (5,) if "epoch" in name else ()
    if name in PHASES:
        getattr(callbacks, name.replace("end", "begin"))()
        first.calls.clear()
        second.calls.clear()
    getattr(callbacks, name)(*index, {"b": np.float64(2), "a": 1})
    assert first.calls == second.calls == [(name, *index, {"a": 1.0, "b": 2.0})]


def test_order_of_callbacks():
    order = []

    class Named(Callback):
        def __init__(self, name):
            super().__init__()
            self.name = name

        def on_train_batch_end(self, batch, logs=None):
            order.append(self.name)

    CallbackList([Named("a"), [Named("b")], Named("c")]).on_train_batch_end(0)
    assert order == ["a", "b", "c"]


@pytest.mark.parametrize("moment", ["begin", "end"])
def test_old_batch_names(moment):
    callback = recorder(f"on_batch_{moment}")
    callbacks = CallbackList(callback)
    for phase in ("train", "test", "predict"):
        getattr(callbacks, f"on_{phase}_batch_{moment}")(1, {"loss": 2})
    assert callback.calls == [(f"on_batch_{moment}", 1, {"loss": 2.0})]


def test_end_without_begin_is_refused():
    callback = recorder("on_train_end")
    callbacks = CallbackList(callback)
    with pytest.raises(ValueError, match="expected on_train_begin to be called before on_train_end"):
        callbacks.on_train_end()
    assert callback.calls == []
    callbacks.on_train_begin()
    callbacks.on_test_begin()
    callbacks.on_test_end()
    callbacks.on_train_end()
    with pytest.raises(ValueError, match="without it"):
        callbacks.on_predict_end()


# Logs are read only if somebody looks.


@pytest.mark.parametrize("name", BATCH_BEGINS + BATCH_ENDS)
def test_logs_are_not_read_for_nobody(name):
    callbacks = CallbackList([Callback(), recorder("on_epoch_end")], add_history=True)
    getattr(callbacks, name)(0, unread)


@pytest.mark.parametrize("name", BATCH_ENDS)
def test_logs_are_read_once_for_many(name):
    reads = []

    def logs():
        reads.append(name)
        return {"loss": 1}

    first, second = recorder(name), recorder(name)
    callbacks = CallbackList([first, second], add_progbar=True, verbose=0, epochs=1, steps=2)
    getattr(callbacks, name)(0, logs)
    assert reads == [name]
    assert first.calls == second.calls == [(name, 0, {"loss": 1.0})]


@pytest.mark.parametrize("verbose", [0, 2])
def test_bar_that_draws_nothing_does_not_read_logs(verbose):
    callbacks = CallbackList(add_progbar=True, verbose=verbose, epochs=1, steps=2)
    for name in BATCH_ENDS:
        getattr(callbacks, name)(0, unread)


def test_own_progress_bar_gets_a_dict():
    seen = []

    class Mine(ProgbarLogger):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(logs)

    CallbackList(Mine(), verbose=0, epochs=1, steps=2).on_train_batch_end(0, lambda: {"loss": 1})
    assert seen == [{"loss": 1.0}]


# Hooks that appear later.


@pytest.mark.parametrize("name", BATCH_BEGINS + BATCH_ENDS)
def test_hook_set_on_the_object(name):
    callback, seen = Callback(), []
    setattr(callback, name, lambda batch, logs: seen.append((batch, logs)))
    getattr(CallbackList(callback), name)(4, {"loss": 1})
    assert seen == [(4, {"loss": 1.0})]


@pytest.mark.parametrize("begin", ["on_train_begin", "on_epoch_begin", "on_test_begin", "on_predict_begin"])
def test_hook_set_while_something_begins(begin):
    seen = []

    class Late(Callback):
        pass

    def start(self, *arguments):
        self.on_test_batch_end = lambda batch, logs: seen.append(batch)

    setattr(Late, begin, start)
    callbacks = CallbackList(Late())
    callbacks.on_test_batch_end(1)
    getattr(callbacks, begin)(*((0,) if "epoch" in begin else ()))
    callbacks.on_test_batch_end(2)
    assert seen == [2]


def test_callback_added_to_the_list_later():
    callbacks, late = CallbackList(), recorder("on_train_batch_end")
    callbacks.callbacks.append(late)
    callbacks.on_epoch_begin(0)
    callbacks.on_train_batch_end(0)
    assert late.calls == [("on_train_batch_end", 0, {})]


def test_list_in_a_list():
    inner = recorder("on_train_batch_end")
    callbacks = CallbackList([CallbackList([inner])])
    callbacks.on_train_begin()
    callbacks.on_train_batch_end(0, lambda: {"loss": 1})
    callbacks.on_train_end()
    assert inner.calls == [("on_train_batch_end", 0, {"loss": 1.0})]
    callbacks.close()


def test_batch_hooks_for_nobody_are_cheap():
    callbacks = CallbackList([Callback(), Callback()], add_history=True)
    fastest = min(timeit.repeat(lambda: callbacks.on_train_batch_end(0, unread), number=2000, repeat=20)) / 2000
    # About 0.1 microseconds; calling every callback takes many times the rest of the bound.
    assert fastest < 2e-6

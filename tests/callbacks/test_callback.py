"""The base class: every hook is there, does nothing, and the old names still work."""

import inspect

import pytest

from minikeras.callbacks import Callback

HOOKS = [name for name in vars(Callback) if name.startswith("on_")]


def call(callback, name):
    has_index = "epoch" in name or "batch" in name
    return getattr(callback, name)(*((3,) if has_index else ()), logs={"loss": 1.0})


def test_all_hooks_are_there():
    phases = [f"on_{phase}_{moment}" for phase in ("train", "test", "predict") for moment in ("begin", "end")]
    batches = [name.replace("_begin", "_batch_begin").replace("_end", "_batch_end") for name in phases]
    others = ["on_batch_begin", "on_batch_end", "on_epoch_begin", "on_epoch_end"]
    assert sorted(HOOKS) == sorted(phases + batches + others)


@pytest.mark.parametrize("name", HOOKS)
def test_hook_is_documented_and_does_nothing(name):
    callback = Callback()
    before = dict(vars(callback))
    assert call(callback, name) is None
    assert vars(callback) == before
    assert "Args:" in inspect.getdoc(getattr(Callback, name))


@pytest.mark.parametrize("moment", ["begin", "end"])
def test_old_batch_names_run_in_training_only(moment):
    calls = []

    class Old(Callback):
        def on_batch_begin(self, batch, logs=None):
            calls.append(("begin", batch, logs))

        def on_batch_end(self, batch, logs=None):
            calls.append(("end", batch, logs))

    call(Old(), f"on_train_batch_{moment}")
    call(Old(), f"on_test_batch_{moment}")
    call(Old(), f"on_predict_batch_{moment}")
    assert calls == [(moment, 3, {"loss": 1.0})]


def test_model_and_params():
    callback = Callback()
    assert callback.model is None
    assert callback.params is None
    model, params = object(), {"epochs": 2}
    callback.set_model(model)
    callback.set_params(params)
    assert callback.model is model
    assert callback.params is params
    with pytest.raises(AttributeError):
        callback.model = object()

"""Functions as callbacks."""

import pytest

from minikeras.callbacks import CallbackList, LambdaCallback
from minikeras.errors import ArgumentTypeError
from tests.callbacks.halving import X, Y, fit, halving_model


def test_every_hook_of_a_training():
    calls = []
    names = ["on_train_begin", "on_epoch_begin", "on_train_batch_begin", "on_train_batch_end", "on_test_begin"]
    names += ["on_test_batch_begin", "on_test_batch_end", "on_test_end", "on_epoch_end", "on_train_end"]

    def note(name):
        return lambda *args, **kwargs: calls.append((name, args, kwargs))

    fit(halving_model(), LambdaCallback(**{name: note(name) for name in names}), 1, validation_data=(X, Y))
    assert [name for name, _, _ in calls] == names
    found = {name: (args, kwargs) for name, args, kwargs in calls}
    assert found["on_train_begin"] == (({},), {})
    assert found["on_epoch_end"] == ((0, {"loss": 4.0, "val_loss": 1.0}), {})
    assert found["on_train_batch_end"] == ((0,), {"logs": {"loss": 4.0}})


def test_hooks_that_are_not_given_cost_nothing():
    callbacks = CallbackList(LambdaCallback(on_epoch_end=print))
    assert callbacks.batch_hook("on_train_batch_end") is None
    callbacks = CallbackList(LambdaCallback(on_batch_end=lambda batch, logs: None))
    assert callbacks.batch_hook("on_train_batch_end") is not None
    assert callbacks.batch_hook("on_train_batch_begin") is None


def test_other_methods_of_callbacks():
    models = []
    LambdaCallback(set_model=models.append).set_model(3)
    assert models == [3]


@pytest.mark.parametrize(
    "arguments",
    [{"on_epoch_ends": print}, {"on_epoch_end": "print"}, {"model": print}, {"_close": print}, {"on_test_end": None}],
)
def test_what_is_no_hook_is_refused_when_made(arguments):
    with pytest.raises(ArgumentTypeError, match=f"on_train_end.*Received: {next(iter(arguments))}="):
        LambdaCallback(**arguments)

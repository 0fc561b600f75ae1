"""A callback that raises: the error arrives as it is, and the model keeps its last finished step and goes on."""

import numpy as np
import pytest

from minikeras.callbacks import BackupAndRestore, Callback, CallbackList, History, ModelCheckpoint, TensorBoard
from minikeras.callbacks.logs import python_logs
from tests.callbacks.halving import X, Y, fit, halving_model, weight_of

X3, Y3 = np.repeat(X, 3, axis=0), np.repeat(Y, 3, axis=0)


class Fail(Callback):
    """Raises at a moment of a training."""

    def __init__(self, hook, index=None):
        super().__init__()
        self.error = LookupError("mine", 3)
        self.closed = 0

        def fail(number, logs=None):
            if index is None or number == index:
                raise self.error

        setattr(self, hook, fail)

    def _close(self):
        self.closed += 1


@pytest.mark.parametrize(
    ("hook", "index", "steps"),
    [
        ("on_train_begin", None, 0),
        ("on_epoch_begin", 1, 3),
        ("on_train_batch_begin", 1, 1),
        ("on_train_batch_end", 1, 2),
        ("on_batch_end", 2, 3),
        ("on_test_begin", None, 3),
        ("on_test_batch_end", 0, 3),
        ("on_test_end", None, 3),
        ("on_epoch_end", 1, 6),
        ("on_train_end", None, 6),
    ],
)
def test_in_fit(hook, index, steps):
    model, fail = halving_model(), Fail(hook, index)
    with pytest.raises(LookupError) as caught:
        model.fit(X3, Y3, batch_size=1, epochs=2, verbose=0, callbacks=[fail], validation_data=(X, Y))
    assert caught.value is fail.error and caught.value.args == ("mine", 3)
    assert fail.closed == 1
    assert weight_of(model) == 2.0 * 0.5**steps
    assert model.optimizer.iterations == steps
    # The model goes on from there, its metrics from nothing.
    assert fit(model, [], epochs=1) == {"loss": [4.0 * 0.25**steps]}
    assert model.evaluate(X, Y, verbose=0) == 4.0 * 0.25 ** (steps + 1)


@pytest.mark.parametrize("hook", ["on_test_begin", "on_test_batch_begin", "on_test_batch_end", "on_test_end"])
def test_in_evaluate(hook):
    model, fail = halving_model(), Fail(hook)
    with pytest.raises(LookupError) as caught:
        model.evaluate(X, Y, verbose=0, callbacks=[fail])
    assert caught.value is fail.error and fail.closed == 1
    assert model.evaluate(X, Y, verbose=0) == 4.0


@pytest.mark.parametrize("hook", ["on_predict_begin", "on_predict_batch_end", "on_predict_end"])
def test_in_predict(hook):
    model, fail = halving_model(), Fail(hook)
    with pytest.raises(LookupError) as caught:
        model.predict(X, verbose=0, callbacks=[fail])
    assert caught.value is fail.error and fail.closed == 1
    assert model.predict(X, verbose=0) == [[2.0]]


def test_every_callback_hears_of_the_end_once():
    fails = [Fail("set_params"), Fail("on_test_begin")]
    fails[0].set_params = History().set_params
    fit(halving_model(), [fails[0], CallbackList([fails[1]], verbose=0).callbacks], epochs=2)
    assert [fail.closed for fail in fails] == [1, 1]


def test_a_callback_that_cannot_be_closed_does_not_keep_others_from_it():
    first, last, error = Fail("on_test_begin"), Fail("on_test_begin"), OSError("full")

    class Broken(Callback):
        def _close(self):
            assert first.closed and not last.closed  # in their order
            raise error

    with pytest.raises(OSError) as caught:
        fit(halving_model(), [first, Broken(), last], epochs=1)
    assert caught.value is error and (first.closed, last.closed) == (1, 1)


def test_logs_are_read_once_and_only_if_needed(tmp_path):
    class Late(Callback):
        def __init__(self):
            super().__init__()
            self.seen = []

        def _late_hooks(self):
            return (Late.on_train_batch_end,)

        def on_train_batch_end(self, batch, logs=None):
            if batch == 3:
                self.seen.append(python_logs(logs))

    reads = []

    def read():
        reads.append(0)
        return {"loss": len(reads)}

    for others, expected in (([], 1), ([Late()], 1), ([Always()], 3)):
        late, reads[:] = Late(), []
        hook = CallbackList([late, *others]).batch_hook("on_train_batch_end")
        for batch in range(1, 4):
            hook(batch, read)
        assert late.seen == [{"loss": float(expected)}]
        assert len(reads) == expected
    waiting = [BackupAndRestore(tmp_path, save_freq=9), ModelCheckpoint("a.keras", save_freq=9)]
    waiting += [TensorBoard(tmp_path, update_freq=9)]
    hook, reads[:] = CallbackList(waiting).batch_hook("on_train_batch_end"), []
    for batch in range(8):
        waiting[2].on_train_batch_begin(batch)
        hook(batch, read)
    assert reads == []


class Always(Callback):
    """Looks at all logs."""

    def on_train_batch_end(self, batch, logs=None):
        assert isinstance(logs, dict)


def test_hooks_that_are_set_on_the_object_are_found_when_an_epoch_begins():
    callback, seen = Callback(), []
    callbacks = CallbackList(callback)
    for hook in (None, lambda batch, logs: seen.append(batch), lambda batch, logs: seen.append(-batch), None):
        if hook is not None:
            callback.on_train_batch_end = hook
        elif seen:
            del callback.on_train_batch_end
        callbacks.on_epoch_begin(0)
        assert (callbacks.batch_hook("on_train_batch_end") is None) == (hook is None)
        callbacks.on_train_batch_end(1, {})
    assert seen == [1, -1]


def test_idle_hooks_are_looked_up_when_a_training_begins():
    class Sometimes(Callback):
        busy = False

        def _idle_hooks(self):
            return () if self.busy else (Sometimes.on_train_batch_end,)

        def on_train_batch_end(self, batch, logs=None):
            self.seen = batch

    class Always(Sometimes):
        def on_train_batch_end(self, batch, logs=None):
            super().on_train_batch_end(batch, logs)

    callback = Sometimes()
    callbacks = CallbackList(callback)
    assert callbacks.batch_hook("on_train_batch_end") is None
    callback.busy = True
    callbacks.on_train_begin()
    callbacks.batch_hook("on_train_batch_end")(4, {})
    assert callback.seen == 4
    assert CallbackList(Always()).batch_hook("on_train_batch_end") is not None

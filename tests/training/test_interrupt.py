"""Ctrl-C during training leaves a model that can be used and a terminal in order."""

import os
import pty
import select
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.callbacks import Callback
from minikeras.engine.trace import current_trace
from minikeras.optimizers import SGD
from tests.helpers import plans_of

RNG = np.random.default_rng(0)
X = RNG.random((40, 8), dtype="float32")
Y = np.eye(3, dtype="float32")[RNG.integers(0, 3, 40)]

HOOKS = [
    "on_train_begin",
    "on_epoch_begin",
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_test_begin",
    "on_test_batch_begin",
    "on_test_batch_end",
    "on_test_end",
    "on_epoch_end",
    "on_train_end",
]


def made(**options):
    minikeras.utils.set_random_seed(1)
    model = minikeras.Sequential([layers.Input((8,)), layers.Dropout(0.1), layers.Dense(3, activation="softmax")])
    model.compile(SGD(0.1, momentum=0.9), "categorical_crossentropy", metrics=["accuracy"], **options)
    return model


def check_usable(model):
    assert current_trace() is None
    for variable in [*model.variables, *model.optimizer.variables]:
        assert np.isfinite(variable.numpy()).all()
    history = model.fit(X, Y, epochs=2, verbose=0, validation_split=0.2).history
    assert [len(values) for values in history.values()] == [2, 2, 2, 2]
    assert all(np.isfinite(values).all() for values in history.values())
    assert np.isfinite(model.evaluate(X, Y, verbose=0)).all()
    assert model.predict(X, verbose=0).shape == (40, 3)


class StopAt(Callback):
    """Raises what Ctrl-C raises, in one hook, at its n-th call."""

    def __init__(self, hook, number):
        super().__init__()
        self.left = number
        setattr(self, hook, self.stop)

    def stop(self, *args, **kwargs):
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


@pytest.mark.parametrize("eager", [False, True])
@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("hook", HOOKS)
def test_in_a_hook(hook, number, eager, capsys):
    model = made(run_eagerly=eager)
    if hook in ("on_train_begin", "on_train_end"):
        number = 1
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y, batch_size=8, epochs=3, validation_split=0.2, callbacks=[StopAt(hook, number)])
    text = capsys.readouterr().out
    assert text == "" or text.endswith("\n")
    check_usable(model)


@pytest.mark.parametrize("hook", ["on_predict_begin", "on_predict_batch_end", "on_predict_end"])
def test_in_a_hook_of_predict(hook, capsys):
    model = made()
    with pytest.raises(KeyboardInterrupt):
        model.predict(X, callbacks=[StopAt(hook, 1)])
    text = capsys.readouterr().out
    assert text == "" or text.endswith("\n")
    check_usable(model)


def test_weights_are_those_of_the_last_whole_step():
    model, other = made(), made()
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y, batch_size=8, verbose=0, shuffle=False, callbacks=[StopAt("on_train_batch_end", 3)])
    other.fit(X[:24], Y[:24], batch_size=8, verbose=0, shuffle=False)
    for left, right in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)
    assert int(model.optimizer.iterations) == 3


def interrupt():
    raise KeyboardInterrupt


def test_between_any_two_instructions_of_a_step():
    model = made()
    for _ in range(2):
        model.train_on_batch(X, Y)
    variables = [*model.variables, *model.optimizer.variables]
    before = [variable.numpy() for variable in variables]
    model.train_on_batch(X, Y)
    after = [variable.numpy() for variable in variables]
    plan, *_ = plans_of(model).values()
    mixed = 0
    for place in range(len(plan.calls) + 1):
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)
        plan.calls.insert(place, interrupt)
        with pytest.raises(KeyboardInterrupt):
            model.train_on_batch(X, Y)
        del plan.calls[place]
        # Each variable has its value from before the step or from after it, never something in between.
        moved = [variable.numpy().tobytes() != old.tobytes() for variable, old in zip(variables, before, strict=True)]
        for variable, old, new, has_moved in zip(variables, before, after, moved, strict=True):
            assert variable.numpy().tobytes() == (new if has_moved else old).tobytes()
        mixed += 0 < sum(moved) < sum(not np.array_equal(*pair) for pair in zip(before, after, strict=True))
        assert place > 0 or not any(moved)
    assert mixed and all(np.array_equal(v.numpy(), new) for v, new in zip(variables, after, strict=True))
    check_usable(model)


@pytest.mark.parametrize("when", ["building", "tracing"])
def test_while_a_model_is_built_or_traced(when):
    class Stops(layers.Layer):
        """Interrupts its first build or its first call in training."""

        ready = False

        def build(self, input_shape):
            self.scale = self.add_weight(input_shape[-1:], "ones", name="scale")
            self.stop_once("building")
            self.shift = self.add_weight(input_shape[-1:], "zeros", name="shift")

        def call(self, inputs, training=False):
            if training:
                self.stop_once("tracing")
            return inputs * self.scale + self.shift

        def stop_once(self, now):
            if now == when and not self.ready:
                self.ready = True
                raise KeyboardInterrupt

    model = minikeras.Sequential([Stops(), layers.Dense(3, activation="softmax")])
    model.compile(SGD(0.1), "categorical_crossentropy", metrics=["accuracy"])
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y, verbose=0)
    check_usable(model)
    assert [weight.shape for weight in model.weights] == [(8,), (8,), (8, 3), (3,)]


SCRIPT = """
import numpy as np, minikeras
from minikeras import layers
x = np.random.default_rng(0).random((20000, 20), dtype="float32")
model = minikeras.Sequential([layers.Input((20,)), layers.Dense(30, activation="relu"), layers.Dense(1)])
model.compile("sgd", "mse")
try:
    model.fit(x, x[:, :1], epochs=10000)
except KeyboardInterrupt:
    print("interrupted")
    assert all(np.isfinite(w).all() for w in model.get_weights())
    model.fit(x[:64], x[:64, :1], verbose=2)
    assert np.isfinite(model.predict(x[:64], verbose=0)).all()
    print("usable")
"""


def test_a_real_interrupt_at_a_terminal():
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    try:
        text = read_until(ours, "Epoch 2/")
        text += read_until(ours, "loss: ")  # in the middle of the bar
        process.send_signal(signal.SIGINT)
        text += read_until(ours, None)
        assert process.wait(timeout=30) == 0, text
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    head, found, tail = text.partition("interrupted\r\n")
    assert found and tail.endswith("usable\r\n"), text
    # The interrupted line is ended, and the last thing said about colours is that they are reset.
    assert head.endswith("\r\n") and head.rpartition("\x1b[")[2].startswith("0m")
    assert "\x1b" not in tail and "\b" not in tail


def read_until(terminal, mark):
    """Returns what a terminal shows until a mark comes, or for None until it is closed; at most for a minute."""
    text, end = "", time.monotonic() + 60
    while time.monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # the other side is closed
                return text
            text += piece.decode(errors="replace")
            if mark is not None and mark in text:
                return text
    raise AssertionError(f"nothing came for a minute after: {text[-500:]!r}")

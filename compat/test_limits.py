"""The limits for debugging, `config.set_max_epochs` and `set_max_steps_per_epoch`: the same logs and warnings."""

import warnings

import keras
import numpy as np
import pytest

import minikeras

X = np.arange(100, dtype="float32")[:, None]
Y = X * 0


@pytest.fixture(autouse=True)
def _no_limits_afterwards():
    yield
    for k in (keras, minikeras):
        k.config.set_max_epochs(None)
        k.config.set_max_steps_per_epoch(None)


def fit(**options):
    return lambda model, callback: model.fit(X, Y, shuffle=False, verbose=0, callbacks=[callback], **options).history


CASES = [
    fit(epochs=5),
    fit(epochs=5, batch_size=10),
    fit(epochs=5, batch_size=10, validation_data=(X, Y)),
    fit(epochs=2, batch_size=10, steps_per_epoch=2, validation_data=(X, Y), validation_steps=1),
    fit(epochs=5, batch_size=10, validation_split=0.4),
    fit(epochs=5, initial_epoch=1, batch_size=10),
    lambda model, callback: model.evaluate(X, Y, batch_size=10, verbose=0, callbacks=[callback]),
    lambda model, callback: model.evaluate(X, Y, verbose=0, steps=2, callbacks=[callback]),
    lambda model, callback: model.predict(X, batch_size=10, verbose=0, callbacks=[callback]).shape,
    lambda model, callback: model.predict(X, verbose=0, callbacks=[callback]).shape,
]


def run(k, case):
    """What a case returns, the hooks that were called, and the warnings about limits."""
    model = k.Sequential([k.Input((1,)), k.layers.Dense(1, kernel_initializer="ones")])
    model.compile(k.optimizers.SGD(0.0), "mse")
    called = []

    class Noting(k.callbacks.Callback):
        def on_train_begin(self, logs=None):
            called.append((self.params["epochs"], self.params["steps"]))

        def on_train_batch_end(self, batch, logs=None):
            called.append(("train", batch))

        def on_test_batch_end(self, batch, logs=None):
            called.append(("test", batch))

        def on_predict_batch_end(self, batch, logs=None):
            called.append(("predict", batch))

    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        result = case(model, Noting())
    return result, called, [str(each.message) for each in found]


@pytest.mark.parametrize("number", range(len(CASES)))
@pytest.mark.parametrize("limits", [(None, None), (2, 3), (None, 2), (1, None), (0, 0), (9, 200)], ids=str)
def test_limits(number, limits):
    results = []
    for k in (keras, minikeras):
        k.config.set_max_epochs(limits[0])
        k.config.set_max_steps_per_epoch(limits[1])
        assert (k.config.max_epochs(), k.config.max_steps_per_epoch()) == limits
        results.append(run(k, CASES[number]))
    (theirs, their_calls, their_warnings), (ours, our_calls, our_warnings) = results
    assert our_calls == their_calls
    limiting = [each for each in their_warnings if each.startswith("Limiting")]
    assert [each for each in our_warnings if each.startswith("Limiting")] == limiting
    assert len(our_warnings) == len(their_warnings)  # Keras words differently that the data ran out
    if isinstance(theirs, dict):
        assert set(ours) == set(theirs)
        for name, values in theirs.items():
            np.testing.assert_allclose(ours[name], values, rtol=1e-5)  # means of float32
    else:
        np.testing.assert_allclose(ours, theirs, rtol=1e-5)

"""Callbacks that use the model in the middle of a fit, a second compile, and backups that Keras reads."""

import os
import warnings

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

import minikeras
from compat.side_by_side import compare, outcome

X, Y = np.ones((8, 3), "float32"), np.ones((8, 1), "float32")


def model_of(k, rate=0.0, **options):
    model = k.Sequential([k.Input((3,)), k.layers.Dense(1, kernel_initializer="ones")])
    model.compile(k.optimizers.SGD(rate), "mse", run_eagerly=True, **options)
    return model


def fit(k, model, hook, call, epochs=2):
    class Calls(k.callbacks.Callback):
        pass

    setattr(Calls, hook, lambda self, *args, **kwargs: call(self.model))
    history = model.fit(X, Y, batch_size=2, epochs=epochs, shuffle=False, verbose=0, callbacks=[Calls()])
    return history.history, history is model.history, model.get_weights()


def test_calls_between_epochs():
    """There Keras has read the values of the epoch already."""
    calls = (
        lambda model: model.evaluate(X + 100, Y, verbose=0),
        lambda model: model.predict(X + 100, verbose=0),
        lambda model: model.train_on_batch(X, Y),
        lambda model: model.test_on_batch(X + 100, Y),
    )
    for call in calls:
        for hook in ("on_epoch_begin", "on_epoch_end", "on_train_begin", "on_train_end"):
            if hook != "on_epoch_begin":
                compare(lambda k, hook=hook, call=call: fit(k, model_of(k, 0.01), hook, call), rtol=1e-5)


def test_what_a_callback_evaluates_in_a_batch():
    def code(k):
        return fit(k, model_of(k), "on_train_batch_end", lambda model: model.evaluate(X + 100, Y, verbose=0))[0]

    assert outcome(minikeras, code) == {"loss": [4.0, 4.0]}
    assert outcome(keras, code)["loss"][0] > 1000


def test_compile_in_a_callback():
    def code(k):
        def thaw(model):
            model.compile(k.optimizers.SGD(0.5), "mae")

        return fit(k, model_of(k), "on_epoch_end", thaw)[0]

    # The kernel is 1, the bias 0: the output is 3. Each step takes 0.5 from all four, and so 2 from the output.
    assert outcome(minikeras, code) == {"loss": [4.0, (2 + 0 + 0 + 0) / 4]}
    assert outcome(keras, code) == ("raises", "TypeError")


def test_a_second_compile():
    def code(k):
        model = model_of(k, metrics=["mae"])
        found = []
        for arguments in ({}, {"loss": "mae"}, {"weighted_metrics": ["mse"]}, {"metrics": []}):
            model.compile("sgd", run_eagerly=True, **arguments)
            found.append((sorted(model.fit(X, Y, verbose=0).history), model.loss, model.jit_compile))
        return found

    compare(code)


def test_vectors():
    def code(k):
        y = np.eye(3, dtype="float32")[np.arange(8) % 3]
        model = k.Sequential([k.Input((3,)), k.layers.Dense(3, "softmax", kernel_initializer="zeros")])
        f1 = k.metrics.F1Score()
        model.compile(k.optimizers.SGD(0.0), "categorical_crossentropy", metrics=[f1], run_eagerly=True)
        history = model.fit(X, y, epochs=2, verbose=0).history["f1_score"]
        values = model.evaluate(X, y, verbose=0)
        return [(type(value).__name__, value) for value in [*history, *values]]

    compare(code, rtol=1e-5)


def test_states_pass_by_keras(tmp_path):
    """Keras reads a backup with the states of callbacks as it reads any other."""

    def interrupt(model):
        if model.optimizer.iterations == 8:
            raise KeyboardInterrupt

    model = model_of(minikeras, 0.1)
    backup = minikeras.callbacks.BackupAndRestore(tmp_path, delete_checkpoint=False)
    stopping = minikeras.callbacks.EarlyStopping("loss", restore_best_weights=True)
    try:
        stop = minikeras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: interrupt(model))
        model.fit(X, Y, batch_size=2, epochs=4, verbose=0, callbacks=[backup, stopping, stop])
    except KeyboardInterrupt:
        pass
    theirs = model_of(keras, 0.1)
    backup = keras.callbacks.BackupAndRestore(str(tmp_path), delete_checkpoint=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of numpy, about how Keras reads its variables
        history = theirs.fit(X, Y, batch_size=2, epochs=4, verbose=0, callbacks=[backup])
    assert history.epoch == [2, 3]
    # And the other way round: callbacks begin anew then, since Keras saves no states of them.
    ours = model_of(minikeras, 0.1)
    backup = minikeras.callbacks.BackupAndRestore(tmp_path)
    assert ours.fit(X, Y, batch_size=2, epochs=5, verbose=0, callbacks=[backup, stopping]).epoch == [4]
    np.testing.assert_allclose(ours.get_weights()[0], theirs.get_weights()[0], atol=1e-3)

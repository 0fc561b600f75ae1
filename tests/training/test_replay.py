"""Replayed training equals training that runs every step in Python, and nothing stale is ever replayed."""

import threading

import numpy as np
import pytest

import minikeras
from minikeras import layers, ops
from minikeras.errors import ReplayWarning
from minikeras.optimizers import SGD
from minikeras.optimizers.schedules import ExponentialDecay

RNG = np.random.default_rng(0)
X = RNG.random((70, 6), dtype="float32")  # 70 examples in batches of 16: the last batch is smaller
NUMBERS = RNG.integers(0, 4, 70)
Y = np.eye(4, dtype="float32")[NUMBERS]


def made(activation="softmax", rate=0.0, **compile_options):
    minikeras.utils.set_random_seed(3)
    model = minikeras.Sequential(
        [
            layers.Input((6,)),
            layers.Dense(5, activation="tanh"),
            layers.Dropout(rate),
            layers.ReLU(),
            layers.Dense(4),
            layers.Activation(activation),
        ]
    )
    model.compile(
        **{"optimizer": SGD(0.1), "loss": "categorical_crossentropy", "metrics": ["accuracy"], **compile_options}
    )
    return model


def trained(epochs=3, y=Y, **options):
    model = made(**options)
    history = model.fit(X, y, batch_size=16, epochs=epochs, verbose=0, validation_split=0.2).history
    return history, model.get_weights(), model.predict(X, verbose=0)


CASES = {
    "plain": {},
    "dropout": {"rate": 0.4},
    "momentum": {"optimizer": lambda: SGD(0.1, momentum=0.9)},
    "nesterov": {"optimizer": lambda: SGD(0.1, momentum=0.9, nesterov=True)},
    "clipnorm": {"optimizer": lambda: SGD(0.1, clipnorm=0.1)},
    "clipvalue": {"optimizer": lambda: SGD(0.1, clipvalue=0.01)},
    "global_clipnorm": {"optimizer": lambda: SGD(0.1, global_clipnorm=0.1)},
    "weight_decay": {"optimizer": lambda: SGD(0.1, weight_decay=0.1)},
    "ema": {"optimizer": lambda: SGD(0.1, use_ema=True, ema_overwrite_frequency=3)},
    "schedule": {"optimizer": lambda: SGD(ExponentialDecay(0.1, 2, 0.5))},
    "sparse": {"loss": "sparse_categorical_crossentropy", "y": NUMBERS},
    "binary": {"loss": "binary_crossentropy", "activation": "sigmoid", "metrics": ["binary_accuracy", "mse"]},
    "mse": {"loss": "mse", "activation": "linear", "metrics": ["mae"]},
    "mae": {"loss": "mae", "activation": "linear", "metrics": ["mse"]},
}


@pytest.mark.parametrize("case", CASES)
def test_replayed_is_eager(case):
    runs = []
    for eager in (False, True):
        options = {name: value() if callable(value) else value for name, value in CASES[case].items()}
        runs.append(trained(run_eagerly=eager, **options))
    (history, weights, outputs), (eager_history, eager_weights, eager_outputs) = runs
    assert history == eager_history
    assert [w.tobytes() for w in weights] == [w.tobytes() for w in eager_weights]
    assert outputs.tobytes() == eager_outputs.tobytes()
    assert outputs.dtype == np.float32


def test_learning_rate_is_not_stale():
    model = made()
    model.fit(X, Y, verbose=0)
    before = model.get_weights()
    model.optimizer.learning_rate = 0.0
    model.fit(X, Y, verbose=0)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_frozen_and_thawed_layers():
    model = made()
    model.fit(X, Y, verbose=0)
    frozen = model.layers[0]
    frozen.trainable = False
    before = model.get_weights()
    model.fit(X, Y, verbose=0)
    assert [np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True)] == [
        True,
        True,
        False,
        False,
    ]
    frozen.trainable = True
    model.fit(X, Y, verbose=0)
    assert not np.array_equal(before[0], frozen.get_weights()[0])


def test_results_are_never_overwritten():
    model = made()
    outputs, weights = model.predict(X, verbose=0), model.get_weights()
    kept = outputs.copy(), [weight.copy() for weight in weights]
    model.fit(X, Y, verbose=0, epochs=2)
    model.predict(X[::-1], verbose=0)
    np.testing.assert_array_equal(outputs, kept[0])
    for weight, copy in zip(weights, kept[1], strict=True):
        np.testing.assert_array_equal(weight, copy)


def test_threads_and_turns_do_not_disturb():
    expected = trained()[1]
    results = {}
    first, second = made(), made()
    models = [first, second]
    for model in models:
        model.set_weights(made().get_weights())

    def work(index):
        models[index].fit(X, Y, batch_size=16, epochs=4, verbose=0, shuffle=False)
        results[index] = models[index].get_weights()

    threads = [threading.Thread(target=work, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for a, b in zip(results[0], results[1], strict=True):
        np.testing.assert_array_equal(a, b)
    assert len(expected) == len(results[0])


def test_a_step_that_looks_at_values_runs_eagerly():
    class Looks(layers.Layer):
        def call(self, inputs):
            return inputs * 2 if float(ops.sum(inputs)) > 0 else inputs * 0

        def compute_output_shape(self, input_shape):
            return input_shape

    model = minikeras.Sequential([layers.Input((1,)), Looks()])
    with pytest.warns(ReplayWarning, match=r"cannot be replayed.*test_replay.py:\d+") as caught:
        seen = [float(model.predict(np.float32([[v]]), verbose=0)[0, 0]) for v in (1, -1, 3)]
    assert seen == [2, 0, 6] and len(caught) == 1

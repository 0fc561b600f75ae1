"""evaluate, predict, test_on_batch and predict_on_batch."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.callbacks import Callback

X = np.float32([[1.0], [2.0], [3.0], [4.0]])


def triple(metrics=()):
    """Returns the model `y = 3x`."""
    model = minikeras.Sequential([layers.Input((1,)), layers.Dense(1, use_bias=False)])
    model.set_weights([[[3.0]]])
    model.compile("sgd", "mse", metrics=list(metrics))
    return model


def test_evaluate_by_hand():
    # errors 3x - 2x = x: mean of squares 30 / 4, of the values 10 / 4
    assert triple().evaluate(X, 2 * X, verbose=0) == 7.5
    model = triple(["mae", "accuracy"])
    for size in (1, 3, 4, 100):
        assert model.evaluate(X, 2 * X, batch_size=size, verbose=0) == [7.5, 2.5, 0.0]
    assert model.evaluate(X, 2 * X, verbose=0, return_dict=True) == {"loss": 7.5, "mae": 2.5, "accuracy": 0.0}
    assert model.evaluate(X, 2 * X, batch_size=1, steps=2, verbose=0)[0] == 2.5
    assert triple().evaluate(X, 2 * X, sample_weight=np.float32([1, 1, 0, 0]), verbose=0) == 1.25


def test_evaluate_changes_no_weight_and_starts_anew_each_time():
    model = triple()
    assert [model.evaluate(X, 2 * X, verbose=0) for _ in range(3)] == [7.5] * 3
    assert model.get_weights()[0].tolist() == [[3.0]] and int(model.optimizer.iterations) == 0


def test_test_on_batch_starts_anew_each_time():
    model = triple()
    assert model.test_on_batch(X[:1], 2 * X[:1]) == 1.0
    assert model.test_on_batch(X[1:2], 2 * X[1:2], return_dict=True) == {"loss": 4.0}
    assert model.test_on_batch(X[1:2], 2 * X[1:2]) == 4.0


def test_predict_in_groups_of_steps():
    class Watch(minikeras.callbacks.Callback):
        def on_predict_batch_begin(self, batch, logs=None):
            seen.append(batch)

        def on_predict_batch_end(self, batch, logs=None):
            seen.append((batch, logs["outputs"].ravel().tolist()))

    seen = []
    model = triple()
    model.compile("sgd", "mse", steps_per_execution=2)
    outputs = model.predict(X, batch_size=1, verbose=0, steps=3, callbacks=[Watch()])
    assert outputs.ravel().tolist() == [3.0, 6.0, 9.0]
    assert seen == [0, (1, [3.0, 6.0]), 2, (3, [9.0])]


def test_predict():
    model = triple()
    for size in (1, 3, 4, 100):
        found = model.predict(X, batch_size=size, verbose=0)
        assert found.tolist() == (3 * X).tolist() and found.dtype == np.float32
    assert model.predict(X, batch_size=1, steps=2, verbose=0).tolist() == [[3], [6]]
    assert model.predict_on_batch(X[:2]).tolist() == [[3], [6]]
    assert model.predict(np.float32([1, 2]), verbose=0).tolist() == [[3], [6]]  # the last axis may be missing


def test_predict_needs_no_compile_and_no_declared_input():
    model = minikeras.Sequential([layers.Dense(2, kernel_initializer="ones")])
    assert model.predict([[1, 2], [3, 4]], verbose=0).tolist() == [[3, 3], [7, 7]]
    assert model.built and model.output_shape == (2, 2)


def test_nested_outputs():
    class Both(minikeras.Model):
        def call(self, inputs):
            return {"same": inputs, "pair": [inputs * 2, inputs[:, 0]]}

    found = Both().predict(X, batch_size=3, verbose=0)
    assert found["same"].tolist() == X.tolist()
    assert found["pair"][0].tolist() == (2 * X).tolist() and found["pair"][1].tolist() == [1, 2, 3, 4]


def test_hooks_and_stopping():
    calls = []

    class Record(Callback):
        def on_test_begin(self, logs=None):
            calls.append("test")

        def on_test_end(self, logs=None):
            calls.append(logs)

        def on_predict_batch_end(self, batch, logs=None):
            calls.append(logs["outputs"].tolist())
            self.model.stop_predicting = batch == 1

    model = triple()
    model.evaluate(X, 2 * X, verbose=0, callbacks=[Record()])
    assert calls == ["test", {"loss": 7.5}]
    assert model.predict(X, batch_size=1, verbose=0, callbacks=[Record()]).tolist() == [[3], [6]]
    assert calls[2:] == [[[3.0]], [[6.0]]]


def test_a_stopped_evaluation():
    class Stop(Callback):
        def on_test_batch_end(self, batch, logs=None):
            self.model.stop_evaluating = True

    assert triple().evaluate(X, 2 * X, batch_size=1, verbose=0, callbacks=[Stop()]) == 1.0


def test_printed_lines(capsys):
    triple().evaluate(X, 2 * X)
    text = capsys.readouterr().out
    assert text.startswith("1/1 - 0s ") and text.endswith("/step - loss: 7.5000\n")
    triple().predict(X)
    assert capsys.readouterr().out.endswith("/step\n")
    triple().predict(X, verbose=0)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("batch_size", [16, 35, 70])
def test_outputs_whose_first_axis_is_no_batch(batch_size):
    """What the batches give is joined as it is."""
    x = np.random.default_rng(1).normal(size=(70, 4)).astype("float32")
    starts = range(0, 70, batch_size)
    parts = [x[start : start + batch_size] for start in starts]

    def predicted(function):
        inputs = minikeras.Input((4,))
        model = minikeras.Model(inputs, minikeras.layers.Lambda(function)(inputs))
        return model.predict(x, batch_size=batch_size, verbose=0)

    means = predicted(lambda v: minikeras.ops.mean(v, axis=0, keepdims=True))
    np.testing.assert_allclose(means, [part.mean(axis=0) for part in parts], rtol=1e-5, atol=1e-6)
    whole = predicted(lambda v: minikeras.ops.max(v))
    np.testing.assert_array_equal(whole, [part.max() for part in parts])
    np.testing.assert_array_equal(predicted(lambda v: minikeras.ops.reshape(v, (-1, 2))), x.reshape(-1, 2))
    pair = predicted(lambda v: {"a": v[:1] * 2, "b": v})
    np.testing.assert_array_equal(pair["a"], [2 * part[0] for part in parts])
    np.testing.assert_array_equal(pair["b"], x)

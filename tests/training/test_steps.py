"""The step methods of a model, called by hand."""

import numpy as np
import pytest

import minikeras
from minikeras import layers, metrics, ops
from minikeras.compiler.step import Step
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning, StateError
from minikeras.optimizers import SGD

X = np.float32([[1.0], [2.0]])
Y = np.float32([[1.0], [1.0]])  # of 2x: errors 1 and 3


def made(cls=minikeras.Sequential, **options):
    model = cls(
        [layers.Input((1,)), layers.Dense(1, use_bias=False, kernel_initializer=lambda s, dtype: np.full(s, 2.0))]
    )
    model.compile(SGD(0.1), **{"loss": "mse", **options})
    return model


def test_a_train_step():
    model = made(metrics=["mae"])
    model._build_optimizer()
    logs = {name: float(value) for name, value in Step(model.train_step, "train")((X, Y, None)).items()}
    assert logs == {"loss": 5.0, "mae": 2.0}  # (1 + 9) / 2 and (1 + 3) / 2
    # gradient: mean(2 * (2x - 1) * x) = (2 * 1 * 1 + 2 * 3 * 2) / 2 = 7
    np.testing.assert_allclose(model.get_weights()[0], [[2 - 0.1 * 7]], rtol=1e-6)


def test_a_test_step_changes_no_weight():
    model = made(weighted_metrics=["mae"])
    logs = model.test_step((X, Y, np.float32([3.0, 1.0])))
    assert float(logs["loss"]) == 6.0 and float(logs["mae"]) == 1.5  # (3 * 1 + 9) / 2 and (3 * 1 + 3) / 4
    assert model.get_weights()[0].tolist() == [[2.0]]


def test_a_predict_step():
    for data in (X, (X,), (X, Y), (X, Y, None)):
        assert made().predict_step(data).tolist() == [[2.0], [4.0]]


def test_compute_loss():
    class Adds(layers.Layer):
        def call(self, inputs):
            self.add_loss(ops.sum(inputs))
            return inputs

    model = minikeras.Sequential([layers.Input((1,)), Adds()])
    model.compile("sgd", "mse")
    outputs = model(X)
    assert float(model.compute_loss(y=Y, y_pred=outputs)) == 0.5 + 3.0
    with pytest.raises(StateError, match="labels missing: the loss needs `y`"):
        model.compute_loss(y_pred=outputs)
    other = minikeras.Sequential([layers.Input((1,)), layers.Dense(1)])
    other.compile("sgd")
    with pytest.raises(StateError, match="There is no loss to compute"):
        other.compute_loss(y=Y, y_pred=outputs)


def test_compute_metrics_accumulates():
    model = made(metrics=["mae"])
    assert float(model.compute_metrics(X, Y, Y + 1)["mae"]) == 1.0
    assert float(model.compute_metrics(X, Y, Y + 3)["mae"]) == 2.0
    model.reset_metrics()
    assert float(model.get_metrics_result()["mae"]) == 0.0


def test_an_own_step_must_return_a_dict():
    class Own(minikeras.Sequential):
        def test_step(self, data):
            return 3.0

    with pytest.raises(ArgumentTypeError, match=r"`Own.test_step` must return a dict of values by name. Received: 3.0"):
        made(Own).evaluate(X, Y, verbose=0)


def test_an_own_step_must_update_the_metrics():
    class Own(minikeras.Sequential):
        def test_step(self, data):
            return {"own": ops.sum(data[0])}

    assert made(Own).evaluate(X, Y, verbose=0) == 3.0
    with pytest.raises(StateError, match="`Own.test_step` does not update the metrics that were given to `compile`"):
        made(Own, metrics=["mae"]).evaluate(X, Y, verbose=0)


def test_the_calls_of_older_code():
    model = made(metrics=["mae"])
    with pytest.warns(LegacyWarning, match="`model.compiled_loss"):
        assert float(model.compiled_loss(Y, Y + 2, regularization_losses=[ops.ones(3)])) == 7.0
    with pytest.warns(LegacyWarning, match="`model.compiled_metrics`"):
        model.compiled_metrics.update_state(Y, Y + 2)
    assert {name: float(value) for name, value in model.get_metrics_result().items()} == {"loss": 7.0, "mae": 2.0}


def test_a_model_whose_call_has_no_training():
    class Plain(minikeras.Model):
        def call(self, inputs):
            return inputs * 2

    model = Plain()
    model.compile("sgd", "mse", metrics=[metrics.MeanAbsoluteError(name="off")])
    assert model.evaluate(X, Y, verbose=0, return_dict=True) == {"loss": 5.0, "off": 2.0}


def test_the_loss_for_given_values_of_the_variables():
    dense = layers.Dense(1, kernel_initializer="zeros", kernel_regularizer="l2")
    model = minikeras.Sequential([layers.Input((2,)), dense])
    model.compile("sgd", "mse")
    x, y = np.float32([[1.0, 2.0], [3.0, 4.0]]), np.float32([[1.0], [0.0]])
    state = [[np.ones((2, 1)), np.zeros(1)], [], [each.numpy() for each in model.metrics_variables]]
    loss, after = model.stateless_compute_loss(*state, x=x, y=y, y_pred=x[:, :1])
    # (0 + 9) / 2 and 0.01 (1 + 1); the kernel of the model itself is 0
    np.testing.assert_allclose(loss, 4.52, rtol=1e-6)
    assert after[0] is state[0] and after[1] == [] and len(after[2]) == len(state[2])
    with pytest.raises(ArgumentError, match="`trainable_variables` must have 2 values, one for each. Received: 0"):
        model.stateless_compute_loss([], [], [], x, y, x[:, :1])

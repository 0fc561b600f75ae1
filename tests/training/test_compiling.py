"""`compile`: what it stores, keeps and refuses."""

import pytest

import minikeras
from minikeras import layers, optimizers
from minikeras.errors import ArgumentError, StateError, UnknownNameError


def made(**options):
    return minikeras.Sequential([layers.Input((2,)), layers.Dense(1, **options)])


def test_a_later_compile_keeps_losses_and_metrics_that_are_not_given():
    model = made()
    model.compile("sgd", "mse", loss_weights=2.0, metrics=["mae"])
    model.compile("adam")
    assert model.loss == "mse" and model._compile_arguments["loss_weights"] == 2.0
    assert model._compile_arguments["metrics"] == ["mae"] and isinstance(model.optimizer, optimizers.Adam)
    model.compile("adam", "mae", weighted_metrics=["mse"])
    assert model._compile_arguments["loss_weights"] is None and model._compile_arguments["metrics"] is None


def test_a_compile_that_fails_changes_nothing():
    model = made()
    model.compile("sgd", "mse")
    before = model.optimizer
    for arguments, error in (
        ({"optimizer": "sgdd"}, UnknownNameError),
        ({"loss": "msee"}, UnknownNameError),
        ({"steps_per_execution": 0}, ArgumentError),
    ):
        with pytest.raises(error):
            model.compile(**arguments)
    assert model.optimizer is before and model.loss == "mse" and model.steps_per_execution == 1


def test_small_gradients_of_float16_are_scaled():
    model = minikeras.Sequential([layers.Input((2,)), layers.Dense(1)])
    model.dtype_policy = "mixed_float16"
    model.compile("sgd", "mse")
    assert isinstance(model.optimizer, optimizers.LossScaleOptimizer)
    model.compile("sgd", "mse", auto_scale_loss=False)
    assert isinstance(model.optimizer, optimizers.SGD)


def test_what_needs_a_compiled_model():
    with pytest.raises(StateError, match="`fit` needs a compiled model"):
        made().fit([[1.0, 2.0]], [[1.0]])

"""Distillation of logits: values by definition, the temperature, configs."""

import numpy as np
import pytest

from minikeras import losses, saving
from minikeras.distillation import LogitsDistillation
from minikeras.errors import ArgumentError
from tests.helpers import run_step_test

RNG = np.random.default_rng(0)
TEACHER, STUDENT = (RNG.normal(size=(4, 3)).astype("float32") for _ in range(2))


def probabilities(x):
    e = np.exp(x)
    return e / e.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("temperature", [1, 2.5])
def test_the_divergence_of_probabilities(temperature):
    p, q = probabilities(TEACHER / temperature), probabilities(STUDENT / temperature)
    expected = temperature**2 * np.mean(np.sum(p * np.log(p / q), axis=-1))
    loss = LogitsDistillation(temperature, losses.KLDivergence())
    found = loss.compute_loss(TEACHER, STUDENT)
    np.testing.assert_allclose(found, expected, rtol=1e-5)  # float32
    assert found.dtype == "float32" and found.shape == ()
    assert float(loss.compute_loss(TEACHER, TEACHER)) == 0.0


def test_other_losses_compare_scaled_logits():
    expected = np.mean((TEACHER / 3 - STUDENT / 3) ** 2)
    for loss in ("mse", losses.MeanSquaredError(), losses.mean_squared_error):
        np.testing.assert_allclose(LogitsDistillation(loss=loss).compute_loss(TEACHER, STUDENT), expected, rtol=1e-5)


def test_gradients():
    loss = LogitsDistillation(2.0, losses.KLDivergence())
    run_step_test(lambda student: loss.compute_loss(TEACHER, student), STUDENT, TEACHER[::-1])


def test_configs():
    loss = LogitsDistillation(4.0, losses.CategoricalCrossentropy(from_logits=True))
    assert list(loss.get_config()) == ["temperature", "loss"]
    copy = saving.deserialize_keras_object(saving.serialize_keras_object(loss))
    assert type(copy) is LogitsDistillation and copy.temperature == 4.0 and copy.loss.from_logits
    assert saving.serialize_keras_object(loss)["module"] == "keras.distillation"


@pytest.mark.parametrize("temperature", [0, -1.0, "3", None, float("nan")])
def test_temperatures_that_are_refused(temperature):
    with pytest.raises(ArgumentError, match="LogitsDistillation: `temperature` must be a finite number > 0"):
        LogitsDistillation(temperature)

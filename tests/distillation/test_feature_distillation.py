"""Distillation of features: values, layers by name, configs."""

import numpy as np
import pytest

from minikeras import Input, Model, Sequential, layers, losses, saving
from minikeras.distillation import FeatureDistillation
from minikeras.errors import ArgumentError

A, B = np.float32([[1.0, 3.0], [0.0, 1.0]]), np.float32([[0.0, 1.0], [0.0, 2.0]])


def test_values():
    np.testing.assert_allclose(FeatureDistillation().compute_loss(A, B), (1 + 4 + 0 + 1) / 4)
    np.testing.assert_allclose(FeatureDistillation("mae").compute_loss(A, B), (1 + 2 + 0 + 1) / 4)
    summed = FeatureDistillation(losses.MeanSquaredError("sum"))
    np.testing.assert_allclose(summed.compute_loss(A, B), 2.5 + 0.5)


def model(name):
    return Sequential([Input((2,)), layers.Dense(2, name=name)])


def test_layers_by_name():
    loss = FeatureDistillation("mse", "a", "b")
    loss.validate_model_compatibility(model("a"), model("b"))
    FeatureDistillation("mse", "a").validate_model_compatibility(model("a"), model("b"))
    with pytest.raises(ArgumentError, match="in the teacher: No such layer: 'a'"):
        loss.validate_model_compatibility(model("b"), model("b"))
    with pytest.raises(ArgumentError, match="in the student: No such layer: 'b'"):
        loss.validate_model_compatibility(model("a"), model("a"))
    with pytest.raises(ArgumentError, match="needs a layer of the teacher"):
        FeatureDistillation("mse", None, "b")


def test_a_model_that_is_no_graph():
    class Own(Model):
        def call(self, x):
            return x

    FeatureDistillation().validate_model_compatibility(Own(), Own())
    with pytest.raises(ArgumentError, match="The teacher, 'own', is none"):
        FeatureDistillation("mse", "a", "b").validate_model_compatibility(Own(name="own"), model("b"))
    with pytest.raises(ArgumentError, match="The student, 'own', is none"):
        FeatureDistillation("mse", "a").validate_model_compatibility(model("a"), Own(name="own"))


def test_configs():
    loss = FeatureDistillation("mae", "a", "b")
    assert list(loss.get_config()) == ["loss", "teacher_layer_name", "student_layer_name"]
    copy = saving.deserialize_keras_object(saving.serialize_keras_object(loss))
    assert copy.get_config() == loss.get_config() and copy.loss is losses.mean_absolute_error

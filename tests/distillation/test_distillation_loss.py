"""The base class of distillation losses, and the losses of several outputs."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.distillation import DistillationLoss, FeatureDistillation, LogitsDistillation
from minikeras.errors import ArgumentError, NotSupportedError, UnknownNameError

A, B = np.float32([[1.0, 3.0]]), np.float32([[0.0, 0.0]])


def test_a_loss_of_ones_own():
    class Largest(DistillationLoss):
        def compute_loss(self, teacher_outputs, student_outputs, **kwargs):
            return ops.max(teacher_outputs - student_outputs)

    loss = Largest()
    loss.validate_outputs([A], [B])
    loss.validate_model_compatibility(None, None)
    assert float(loss.compute_loss(A, B)) == 3.0
    with pytest.raises(ValueError):
        loss.validate_outputs([A], [B, B])
    with pytest.raises(NotSupportedError, match="DistillationLoss has no method `compute_loss`"):
        DistillationLoss().compute_loss(A, B)


@pytest.mark.parametrize("cls", [LogitsDistillation, FeatureDistillation])
def test_losses_of_several_outputs(cls):
    loss = cls(loss={"a": "mse", "b": None, "c": "mae"})
    outputs = [{"a": x, "b": x, "c": x} for x in (A, B)]
    loss.validate_outputs(*outputs)
    scale = 3.0 if cls is LogitsDistillation else 1.0  # of the default temperature
    # (1 + 9) / 2 and (1 + 3) / 2
    np.testing.assert_allclose(loss.compute_loss(*outputs), 5 / scale**2 + 2 / scale, rtol=1e-6)
    copy = cls.from_config(loss.get_config())
    assert copy.get_config() == loss.get_config() and copy.loss["b"] is None
    with pytest.raises(ArgumentError, match="the losses must be nested as the outputs"):
        loss.validate_outputs([A], [B])


@pytest.mark.parametrize("cls", [LogitsDistillation, FeatureDistillation])
def test_losses_that_are_refused(cls):
    for nothing in (None, [None, None], {"a": None}):
        with pytest.raises(ArgumentError, match=f"{cls.__name__}: at least one loss must not be None"):
            cls(loss=nothing)
    with pytest.raises(UnknownNameError, match="Unknown loss: 'nse'"):
        cls(loss="nse")

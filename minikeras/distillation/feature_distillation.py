"""Distillation of the outputs of layers inside of the teacher."""

from typing import Any

from .. import ops
from ..errors import ArgumentError
from ..models import Model
from ..typing import Tensor
from .distillation_loss import LossOfOutputs


class FeatureDistillation(LossOfOutputs):
    """A loss of the outputs of a layer of the teacher and a layer of the student.

    Args:
        loss: A name, a function or a `Loss`; for several outputs nested as these are, with None for those that are
            left out.
        teacher_layer_name: The name of the teacher's layer; if it is None, the outputs of both models are compared.
        student_layer_name: The name of the student's layer; None for the output of the student.

    Raises:
        ArgumentError: If all losses are None, or there is a student's layer without a teacher's.
        UnknownNameError: If a name is unknown.

    Source: https://keras.io/api/, Romero et al. 2015, https://arxiv.org/abs/1412.6550

    Example:
        >>> import numpy as np
        >>> loss = FeatureDistillation("mse")
        >>> float(loss.compute_loss(np.float32([[1.0, 3.0]]), np.float32([[0.0, 0.0]])))
        5.0
    """

    def __init__(self, loss: Any = "mse", teacher_layer_name: str | None = None, student_layer_name: str | None = None):
        super().__init__(loss)
        if teacher_layer_name is None and student_layer_name is not None:
            raise ArgumentError(
                "FeatureDistillation: a layer of the student needs a layer of the teacher to be compared with. "
                f"Received: teacher_layer_name=None, student_layer_name={student_layer_name!r}"
            )
        self.teacher_layer_name = teacher_layer_name
        self.student_layer_name = student_layer_name

    def validate_model_compatibility(self, teacher: Model, student: Model) -> None:
        """Refuses models without the layers.

        Args:
            teacher: The teacher.
            student: The student.

        Raises:
            ArgumentError: If a layer is missing, or a model is no graph of layers.
        """
        if self.teacher_layer_name is None:
            return
        for role, model, name in (
            ("teacher", teacher, self.teacher_layer_name),
            ("student", student, self.student_layer_name),
        ):
            if getattr(model, "inputs", None) is None:
                raise ArgumentError(
                    f"FeatureDistillation: layers by name need models that are graphs of layers, Functional or "
                    f"Sequential with known inputs. The {role}, {model.name!r}, is none."
                )
            if name is not None:
                try:
                    model.get_layer(name=name)
                except ValueError as error:
                    raise ArgumentError(f"FeatureDistillation: in the {role}: {error}") from error

    def compute_loss(self, teacher_outputs: Any, student_outputs: Any, **kwargs: Any) -> Tensor:
        """Returns the sum of the losses of all outputs.

        Args:
            teacher_outputs: What the teacher's layer computes, a tensor or a nested structure.
            student_outputs: What the student's layer computes, nested likewise.
            **kwargs: None.
        """
        return self._sum(
            lambda loss, teacher, student: ops.mean(loss(teacher, student)), teacher_outputs, student_outputs
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the loss."""
        return {
            "loss": self._loss_config(),
            "teacher_layer_name": self.teacher_layer_name,
            "student_layer_name": self.student_layer_name,
        }

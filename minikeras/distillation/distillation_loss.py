"""The base class of distillation losses."""

from collections.abc import Callable
from typing import Any, Self

from .. import losses, ops, tree
from ..errors import ArgumentError, NotSupportedError
from ..models import Model
from ..serialization.configs import deserialize_keras_object, serialize_keras_object
from ..tracebacks import Filtered
from ..typing import Tensor


class DistillationLoss(Filtered):
    """The base class of losses that compare what a teacher and a student compute.

    A subclass defines `compute_loss`, and `get_config` and `from_config` if a `Distiller` with it is to be saved.

    Source: https://keras.io/api/

    Example:
        >>> from minikeras import ops
        >>> class Gap(DistillationLoss):
        ...     def compute_loss(self, teacher_outputs, student_outputs, **kwargs):
        ...         return ops.max(ops.abs(teacher_outputs - student_outputs))
        >>> float(Gap().compute_loss(ops.ones(3), ops.zeros(3)))
        1.0
    """

    def compute_loss(self, teacher_outputs: Any, student_outputs: Any, **kwargs: Any) -> Tensor:
        """Returns the scalar loss; implemented by subclasses.

        Args:
            teacher_outputs: What the teacher computes, a tensor or a nested structure.
            student_outputs: What the student computes, nested likewise.
            **kwargs: Further arguments, of subclasses.
        """
        raise NotSupportedError(f"{type(self).__name__} has no method `compute_loss`. Write one to compute the loss.")

    def validate_outputs(self, teacher_outputs: Any, student_outputs: Any) -> None:
        """Refuses outputs that cannot be compared.

        Args:
            teacher_outputs: What the teacher computes.
            student_outputs: What the student computes.

        Raises:
            ArgumentError: If they are nested differently.
        """
        tree.assert_same_structure(teacher_outputs, student_outputs)

    def validate_model_compatibility(self, teacher: Model, student: Model) -> None:
        """Refuses models that the loss cannot compare; here none.

        Args:
            teacher: The teacher.
            student: The student.
        """


class LossOfOutputs(DistillationLoss):
    """The base of distillation losses that apply ordinary losses to outputs, one to each.

    Args:
        loss: A name, a function or a `Loss`; for several outputs nested as these are, with None for those that are
            left out.

    Raises:
        ArgumentError: If all losses are None.
        UnknownNameError: If a name is unknown.
    """

    def __init__(self, loss: Any):
        self.loss = tree.map_structure(losses.get, loss)
        if all(each is None for each in tree.flatten(self.loss)):
            raise ArgumentError(f"{type(self).__name__}: at least one loss must not be None. Received: loss={loss!r}")

    def validate_outputs(self, teacher_outputs: Any, student_outputs: Any) -> None:
        """Refuses outputs that are nested differently from each other or from the losses.

        Args:
            teacher_outputs: What the teacher computes.
            student_outputs: What the student computes.

        Raises:
            ArgumentError: If they are.
        """
        super().validate_outputs(teacher_outputs, student_outputs)
        try:
            tree.assert_same_structure(self.loss, teacher_outputs)
        except ValueError as error:
            raise ArgumentError(
                f"{type(self).__name__}: the losses must be nested as the outputs that they are applied to. {error}"
            ) from error

    def _sum(self, apply: Callable, teacher_outputs: Any, student_outputs: Any) -> Tensor:
        """Returns the sum over all outputs of what `apply` returns for a loss and the two outputs."""

        def of(loss: Any, teacher: Any, student: Any) -> Any:
            return 0.0 if loss is None else apply(loss, teacher, student)

        values = tree.flatten(tree.map_structure(of, self.loss, teacher_outputs, student_outputs))
        return ops.sum(ops.stack(values))

    def _loss_config(self) -> Any:
        return serialize_keras_object(self.loss)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a loss from its config."""
        return cls(**{**config, "loss": deserialize_keras_object(config["loss"])})

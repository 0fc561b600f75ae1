"""Distillation of the logits of the teacher."""

from typing import Any

from .. import ops, tree
from ..argument_checks import check_number
from ..errors import ArgumentError
from ..losses import KLDivergence
from ..typing import Tensor
from .distillation_loss import LossOfOutputs


class LogitsDistillation(LossOfOutputs):
    """A loss of the logits of teacher and student, divided by a temperature.

    `mean(loss(teacher / temperature, student / temperature))`. A `KLDivergence` compares the probabilities of these
    logits, and is multiplied by `temperature^2`, so that the size of its gradients does not depend on it.

    As in Keras, a loss that is passed by its name, also the default one, is a function of the scaled logits themselves.
    For the divergence of the probabilities, as in the paper, pass `losses.KLDivergence()`.

    Args:
        temperature: Higher ones make softer targets.
        loss: A name, a function or a `Loss`; for several outputs nested as these are, with None for those that are
            left out.

    Raises:
        ArgumentError: If the temperature is not positive, or all losses are None.
        UnknownNameError: If a name is unknown.

    Source: https://keras.io/api/, Hinton et al. 2015, https://arxiv.org/abs/1503.02531

    Example:
        >>> import numpy as np
        >>> from minikeras.losses import KLDivergence
        >>> loss = LogitsDistillation(temperature=2.0, loss=KLDivergence())
        >>> teacher, student = np.float32([[2.0, 0.0]]), np.float32([[0.0, 0.0]])
        >>> print(loss.compute_loss(teacher, student).round(3))
        0.444
    """

    def __init__(self, temperature: float = 3.0, loss: Any = "kl_divergence"):
        super().__init__(loss)
        self.temperature = check_number("LogitsDistillation", "temperature", temperature, above=0, error=ArgumentError)

    def compute_loss(self, teacher_outputs: Any, student_outputs: Any, **kwargs: Any) -> Tensor:
        """Returns the sum of the losses of all outputs.

        Args:
            teacher_outputs: The logits of the teacher, a tensor or a nested structure.
            student_outputs: Those of the student, nested likewise.
            **kwargs: None.
        """

        def apply(loss: Any, teacher: Any, student: Any) -> Tensor:
            if isinstance(loss, KLDivergence):
                divergence = ops.mean(loss(ops.softmax(teacher), ops.softmax(student)))
                return ops.multiply(divergence, self.temperature**2)
            return ops.mean(loss(teacher, student))

        scaled = tree.map_structure(lambda x: ops.divide(x, self.temperature), (teacher_outputs, student_outputs))
        return self._sum(apply, *scaled)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the loss."""
        return {"temperature": self.temperature, "loss": self._loss_config()}

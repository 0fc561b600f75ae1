"""Polynomial learning rate decay."""

from typing import Any

from ... import ops
from ...argument_checks import check_bool, check_number
from ...typing import Tensor, TensorLike
from .learning_rate_schedule import LearningRateSchedule


class PolynomialDecay(LearningRateSchedule):
    """Polynomial decay from one learning rate to another over `decay_steps` steps.

    `(initial_learning_rate - end_learning_rate) * (1 - step / decay_steps)^power + end_learning_rate`

    Args:
        initial_learning_rate: Initial learning rate.
        decay_steps: Number of steps to decay over; positive.
        end_learning_rate: Final learning rate.
        power: Exponent of the polynomial; 1 for linear decay.
        cycle: Whether to continue beyond `decay_steps`, decaying over its next multiple.
        name: Name of the schedule, part of its config.

    Raises:
        ArgumentError: If `decay_steps` is not positive.

    Source: https://keras.io/api/optimizers/learning_rate_schedules/polynomial_decay/

    Example:
        >>> print(PolynomialDecay(0.5, decay_steps=10, end_learning_rate=0.0)(5))
        0.25
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ):
        where = type(self).__name__
        self.initial_learning_rate = check_number(where, "initial_learning_rate", initial_learning_rate)
        self.decay_steps = check_number(where, "decay_steps", decay_steps, above=0)
        self.end_learning_rate = check_number(where, "end_learning_rate", end_learning_rate)
        self.power = check_number(where, "power", power)
        self.cycle = check_bool(where, "cycle", cycle)
        self.name = name

    def __call__(self, step: TensorLike) -> Tensor:
        """Returns the learning rate at a step, shape `()`."""
        step = ops.cast(step, None)
        if self.cycle:
            # The first multiple of `decay_steps` that is not smaller than the step; step 0 belongs to the first.
            cycles = ops.maximum(ops.ceil(ops.divide(step, self.decay_steps)), 1.0)
            fraction = ops.divide(step, ops.multiply(cycles, self.decay_steps))
        else:
            fraction = ops.divide(ops.minimum(step, self.decay_steps), self.decay_steps)
        span = self.initial_learning_rate - self.end_learning_rate
        remaining = ops.power(ops.subtract(1.0, fraction), self.power)
        return ops.add(ops.multiply(span, remaining), self.end_learning_rate)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "end_learning_rate": self.end_learning_rate,
            "power": self.power,
            "cycle": self.cycle,
            "name": self.name,
        }

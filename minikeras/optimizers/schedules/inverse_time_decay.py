"""Inverse time learning rate decay, as `decay=` of Keras 2."""

from typing import Any

from ... import ops
from ...argument_checks import check_bool, check_number
from ...typing import Tensor, TensorLike
from .learning_rate_schedule import LearningRateSchedule


class InverseTimeDecay(LearningRateSchedule):
    """Inverse time decay of the learning rate.

    `initial_learning_rate / (1 + decay_rate * step / decay_steps)`

    Args:
        initial_learning_rate: Initial learning rate.
        decay_steps: Number of steps in which the divisor grows by `decay_rate`; positive.
        decay_rate: Decay rate.
        staircase: Whether to decay in discrete steps, by rounding `step / decay_steps` down.
        name: Name of the schedule, part of its config.

    Raises:
        ArgumentError: If `decay_steps` is not positive.

    Source: https://keras.io/api/optimizers/learning_rate_schedules/inverse_time_decay/

    Example:
        >>> print(InverseTimeDecay(0.5, decay_steps=1, decay_rate=0.5)(2))
        0.25
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        decay_rate: float,
        staircase: bool = False,
        name: str = "InverseTimeDecay",
    ):
        where = type(self).__name__
        self.initial_learning_rate = check_number(where, "initial_learning_rate", initial_learning_rate)
        self.decay_steps = check_number(where, "decay_steps", decay_steps, above=0)
        self.decay_rate = check_number(where, "decay_rate", decay_rate)
        self.staircase = check_bool(where, "staircase", staircase)
        self.name = name

    def __call__(self, step: TensorLike) -> Tensor:
        """Returns the learning rate at a step, shape `()`."""
        periods = ops.divide(ops.cast(step, None), self.decay_steps)
        if self.staircase:
            periods = ops.floor(periods)
        return ops.divide(self.initial_learning_rate, ops.add(ops.multiply(self.decay_rate, periods), 1.0))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "decay_rate": self.decay_rate,
            "staircase": self.staircase,
            "name": self.name,
        }

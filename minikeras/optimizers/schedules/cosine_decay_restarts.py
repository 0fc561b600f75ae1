"""Cosine learning rate decay with warm restarts."""

import math
from typing import Any

from ... import ops
from ...argument_checks import check_number
from ...typing import Tensor, TensorLike
from .learning_rate_schedule import LearningRateSchedule


class CosineDecayRestarts(LearningRateSchedule):
    """Cosine decay with warm restarts.

    In period `i`, of which the fraction `f` has passed:

    `initial_learning_rate * ((1 - alpha) * m_mul^i * (1 + cos(pi * f)) / 2 + alpha)`

    With `t_mul` below 1 the periods shrink, and end after `first_decay_steps / (1 - t_mul)`
    steps; from then on the learning rate is NaN, as in Keras.

    Args:
        initial_learning_rate: Initial learning rate.
        first_decay_steps: Number of steps in the first period; positive.
        t_mul: Ratio of the lengths of successive periods; positive.
        m_mul: Ratio of the initial learning rates of successive periods.
        alpha: Minimum learning rate, as a fraction of `initial_learning_rate`.
        name: Name of the schedule, part of its config.

    Raises:
        ArgumentError: If `first_decay_steps` or `t_mul` is not positive.

    Source: https://arxiv.org/abs/1608.03983
        https://keras.io/api/optimizers/learning_rate_schedules/cosine_decay_restarts/

    Example:
        >>> schedule = CosineDecayRestarts(0.5, first_decay_steps=2, m_mul=0.5)
        >>> print(schedule(0), schedule(2), schedule(6))
        0.5 0.25 0.125
    """

    def __init__(
        self,
        initial_learning_rate: float,
        first_decay_steps: float,
        t_mul: float = 2.0,
        m_mul: float = 1.0,
        alpha: float = 0.0,
        name: str = "SGDRDecay",
    ):
        where = type(self).__name__
        self.initial_learning_rate = check_number(where, "initial_learning_rate", initial_learning_rate)
        self.first_decay_steps = check_number(where, "first_decay_steps", first_decay_steps, above=0)
        self.t_mul = check_number(where, "t_mul", t_mul, above=0)
        self.m_mul = check_number(where, "m_mul", m_mul)
        self.alpha = check_number(where, "alpha", alpha)
        self.name = name

    def __call__(self, step: TensorLike) -> Tensor:
        """Returns the learning rate at a step, shape `()`."""
        period, fraction = self._period(ops.divide(ops.cast(step, None), self.first_decay_steps))
        height = ops.multiply(ops.power(self.m_mul, period), 0.5)
        wave = ops.multiply(ops.add(ops.cos(ops.multiply(fraction, math.pi)), 1.0), height)
        return ops.multiply(ops.add(ops.multiply(wave, 1.0 - self.alpha), self.alpha), self.initial_learning_rate)

    def _period(self, time: object) -> tuple[object, object]:
        """The index of the period and the fraction of it that has passed; `time` is in units of the first period."""
        if self.t_mul == 1:
            period = ops.floor(time)
            return period, ops.subtract(time, period)
        # The periods before period i take (1 - t^i) / (1 - t), a geometric series, solved here for i. The logarithms
        # are divided in the precision of the step, which decides to which period a restart belongs.
        growth = 1.0 - self.t_mul
        elapsed = ops.log(ops.subtract(1.0, ops.multiply(time, growth)))
        period = ops.floor(ops.divide(elapsed, ops.log(float(self.t_mul))))
        length = ops.power(self.t_mul, period)
        started = ops.divide(ops.subtract(1.0, length), growth)
        return period, ops.divide(ops.subtract(time, started), length)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "first_decay_steps": self.first_decay_steps,
            "t_mul": self.t_mul,
            "m_mul": self.m_mul,
            "alpha": self.alpha,
            "name": self.name,
        }

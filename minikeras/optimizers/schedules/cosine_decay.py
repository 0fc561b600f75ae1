"""Cosine learning rate decay with optional warmup."""

import math
from typing import Any

from ... import ops
from ...argument_checks import check_number
from ...errors import warn_user
from ...typing import Tensor, TensorLike
from .learning_rate_schedule import LearningRateSchedule


class CosineDecay(LearningRateSchedule):
    """Cosine decay to the fraction `alpha` of the initial learning rate, with optional linear warmup.

    `start * ((1 - alpha) * (1 + cos(pi * step / decay_steps)) / 2 + alpha)`

    With `warmup_target`, the learning rate first increases linearly from `initial_learning_rate` to `warmup_target`
    over `warmup_steps` steps, and then decays from there.

    Args:
        initial_learning_rate: Initial learning rate.
        decay_steps: Number of steps to decay over; positive.
        alpha: Minimum learning rate, as a fraction of that at the start of the decay.
        name: Name of the schedule, part of its config.
        warmup_target: Learning rate at the end of the warmup; None disables it.
        warmup_steps: Number of steps to warm up over.

    Raises:
        ArgumentError: If `decay_steps` is not positive.

    Source: https://arxiv.org/abs/1608.03983
        https://keras.io/api/optimizers/learning_rate_schedules/cosine_decay/

    Example:
        >>> schedule = CosineDecay(0.0, decay_steps=10, warmup_target=0.5, warmup_steps=2)
        >>> print(schedule(1), schedule(2), schedule(12))
        0.25 0.5 0.0
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: float | None = None,
        warmup_steps: float = 0,
    ):
        where = type(self).__name__
        self.initial_learning_rate = check_number(where, "initial_learning_rate", initial_learning_rate)
        self.decay_steps = check_number(where, "decay_steps", decay_steps, above=0)
        self.alpha = check_number(where, "alpha", alpha)
        self.name = name
        if warmup_target is not None:
            warmup_target = check_number(where, "warmup_target", warmup_target)
        self.warmup_target = warmup_target
        self.warmup_steps = check_number(where, "warmup_steps", warmup_steps, minimum=0)
        if self.warmup_steps and warmup_target is None:
            warn_user(f"{where}: `warmup_steps={warmup_steps!r}` has no effect without `warmup_target`.", UserWarning)

    def __call__(self, step: TensorLike) -> Tensor:
        """Returns the learning rate at a step, shape `()`."""
        step = ops.cast(step, None)
        if self.warmup_target is None:
            return self._fall(self.initial_learning_rate, step)
        falling = self._fall(self.warmup_target, ops.subtract(step, self.warmup_steps))
        if self.warmup_steps == 0:
            return falling
        slope = (self.warmup_target - self.initial_learning_rate) / self.warmup_steps
        rising = ops.add(ops.multiply(step, slope), self.initial_learning_rate)
        return ops.where(ops.less(step, self.warmup_steps), rising, falling)

    def _fall(self, start: float, step: object) -> object:
        fraction = ops.divide(ops.minimum(step, self.decay_steps), self.decay_steps)
        wave = ops.multiply(ops.add(ops.cos(ops.multiply(fraction, math.pi)), 1.0), 0.5)
        return ops.multiply(ops.add(ops.multiply(wave, 1.0 - self.alpha), self.alpha), start)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "alpha": self.alpha,
            "name": self.name,
            "warmup_target": self.warmup_target,
            "warmup_steps": self.warmup_steps,
        }

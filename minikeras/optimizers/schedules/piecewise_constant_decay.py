"""Piecewise constant learning rates."""

from collections.abc import Sequence
from typing import Any

from ... import ops
from ...argument_checks import Number, check_number
from ...errors import ArgumentError, ArgumentTypeError, brief
from ...typing import Tensor, TensorLike
from .learning_rate_schedule import LearningRateSchedule


class PiecewiseConstantDecay(LearningRateSchedule):
    """Piecewise constant learning rate.

    `values[0]` for `step <= boundaries[0]`, `values[1]` for `boundaries[0] < step <= boundaries[1]`, ...,
    and the last value after the last boundary.

    Args:
        boundaries: Numbers of steps, strictly increasing.
        values: The learning rates, one more than boundaries.
        name: Name of the schedule, part of its config.

    Raises:
        ArgumentError: If the lengths do not match, or the boundaries are not increasing.

    Source: https://keras.io/api/optimizers/learning_rate_schedules/piecewise_constant_decay/

    Example:
        >>> schedule = PiecewiseConstantDecay([100, 200], [0.5, 0.25, 0.125])
        >>> print(schedule(100), schedule(101), schedule(1000))
        0.5 0.25 0.125
    """

    def __init__(self, boundaries: Sequence[float], values: Sequence[float], name: str = "PiecewiseConstant"):
        where = type(self).__name__
        self.boundaries = _numbers(where, "boundaries", boundaries)
        self.values = _numbers(where, "values", values)
        self.name = name
        if len(self.boundaries) == 0 or len(self.boundaries) != len(self.values) - 1:
            raise ArgumentError(
                f"{where}: expected at least one boundary, and one value more than boundaries. "
                f"Received: boundaries={brief(boundaries)} of length {len(self.boundaries)}, "
                f"values={brief(values)} of length {len(self.values)}"
            )
        if any(low >= high for low, high in zip(self.boundaries[:-1], self.boundaries[1:], strict=True)):
            raise ArgumentError(f"{where}: expected `boundaries` to increase. Received: boundaries={brief(boundaries)}")

    def __call__(self, step: TensorLike) -> Tensor:
        """Returns the learning rate at a step, shape `()`."""
        step = ops.convert_to_tensor(step)
        rate = ops.cast(float(self.values[-1]), None)
        for boundary, value in zip(reversed(self.boundaries), reversed(self.values[:-1]), strict=True):
            rate = ops.where(ops.less_equal(step, boundary), float(value), rate)
        return rate

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {"boundaries": self.boundaries, "values": self.values, "name": self.name}


def _numbers(where: str, name: str, numbers: Sequence[float]) -> list[Number] | tuple[Number, ...]:
    if not isinstance(numbers, (list, tuple)):
        raise ArgumentTypeError(
            f"{where}: expected `{name}` to be a list of numbers. Received: {name}={brief(numbers)} "
            f"of type {type(numbers).__name__}"
        )
    checked = [check_number(where, f"{name}[{index}]", number) for index, number in enumerate(numbers)]
    return tuple(checked) if isinstance(numbers, tuple) else checked

"""The base class of learning rate schedules, from which users derive their own."""

from typing import Any, Self

from ...engine.watched import Watched
from ...errors import NotSupportedError


class LearningRateSchedule(Watched):
    """A learning rate that depends on the number of the step.

    A subclass defines `__call__`. It is written with `minikeras.ops` and operators, so that a replayed
    training step computes it anew every time.

    Source: https://keras.io/api/optimizers/learning_rate_schedules/learning_rate_schedule/

    Example:
        >>> class Harmonic(LearningRateSchedule):
        ...     def __call__(self, step):
        ...         return 0.5 / (step + 1)
        >>> float(Harmonic()(np.int32(4)))
        0.1
    """

    def __call__(self, step: Any) -> Any:
        """Returns the learning rate of a step.

        Args:
            step: The number of steps done before, shape `()`.

        Raises:
            NotSupportedError: If the subclass does not define it.
        """
        raise NotSupportedError(f"Learning rate schedule '{type(self).__name__}' must define `__call__(self, step)`.")

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments, as plain numbers and strings.

        Raises:
            NotSupportedError: If the subclass does not define it.
        """
        raise NotSupportedError(
            f"Learning rate schedule '{type(self).__name__}' must define `get_config(self)` to be put in a config."
        )

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Makes the schedule that `get_config` described."""
        return cls(**config)

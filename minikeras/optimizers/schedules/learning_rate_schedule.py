"""The base class of learning rate schedules, for users to subclass."""

from typing import Any, Self

from ...engine.watched import Watched
from ...errors import NotSupportedError


class LearningRateSchedule(Watched):
    """A learning rate that depends on the step.

    Subclasses implement `__call__` in terms of `minikeras.ops` and operators, so that replayed training steps
    recompute it.

    Source: https://keras.io/api/optimizers/learning_rate_schedules/learning_rate_schedule/

    Example:
        >>> class Harmonic(LearningRateSchedule):
        ...     def __call__(self, step):
        ...         return 0.5 / (step + 1)
        >>> float(Harmonic()(np.int32(4)))
        0.1
    """

    def __call__(self, step: Any) -> Any:
        """Returns the learning rate at a step.

        Args:
            step: The number of preceding steps, shape `()`.

        Raises:
            NotSupportedError: If the subclass does not implement it.
        """
        raise NotSupportedError(f"Learning rate schedule '{type(self).__name__}' must implement `__call__(step)`.")

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments, as plain numbers and strings.

        Raises:
            NotSupportedError: If the subclass does not implement it.
        """
        raise NotSupportedError(
            f"Learning rate schedule '{type(self).__name__}' must implement `get_config(self)` to be serialized."
        )

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the schedule that `get_config` described."""
        return cls(**config)

"""What every regularizer is: a function of a weight or an activity, whose value is added to the loss."""

from typing import Any, Self

from ..argument_checks import check_number, unwrapped
from ..engine.watched import Watched
from ..errors import ArgumentError, NotSupportedError


class Regularizer(Watched):
    """The base of all regularizers; a subclass defines `__call__`, and `get_config` if it is to be saved.

    Source: https://keras.io/api/layers/regularizers/

    Example:
        >>> from minikeras import ops
        >>> class Largest(Regularizer):
        ...     def __call__(self, x):
        ...         return ops.max(x)
        >>> float(Largest()([1.0, 2.0]))
        2.0
    """

    def __call__(self, x: Any) -> Any:
        """Returns the penalty, a number; the base has none.

        Args:
            x: A value of any shape.
        """
        return 0.0

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments that make an equal regularizer."""
        raise NotSupportedError(f"{type(self).__name__} does not define `get_config()`, so no config describes it.")

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Makes a regularizer from what `get_config` returned."""
        return cls(**config)


def check_factor(regularizer: Regularizer, name: str, value: object, default: float | None = None) -> float:
    """Returns a factor of a penalty as a Python number, which keeps the type of what it is multiplied with.

    Args:
        regularizer: Whose argument it is.
        name: The name of the argument.
        value: What was given.
        default: What None stands for; if it is None itself, None is refused.

    Raises:
        ArgumentError: If it is not a number, negative, infinite or NaN.
    """
    if value is None and default is not None:
        return default
    value = unwrapped(value)
    value = int(value) if isinstance(value, bool) else value  # as in Keras
    return float(check_number(type(regularizer).__name__, name, value, minimum=0, error=ArgumentError))

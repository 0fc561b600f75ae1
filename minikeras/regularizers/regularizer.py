"""The base class of regularizers."""

from typing import Any, Self

from ..argument_checks import check_number, unwrapped
from ..engine.watched import Watched
from ..errors import ArgumentError, NotSupportedError


class Regularizer(Watched):
    """The base class of regularizers; a subclass defines `__call__`, and `get_config` if it is to be saved.

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
        """Returns the penalty, a scalar; 0 in the base class.

        Args:
            x: An array of any shape.
        """
        return 0.0

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        raise NotSupportedError(f"{type(self).__name__} does not define `get_config()`, so it cannot be serialized.")

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a regularizer from its config."""
        return cls(**config)


def check_factor(regularizer: Regularizer, name: str, value: object, default: float | None = None) -> float:
    """Returns a regularization factor as a Python float, which does not promote dtypes.

    Args:
        regularizer: The regularizer.
        name: The name of the argument.
        value: Its value.
        default: The value for None; if it is None itself, None is refused.

    Raises:
        ArgumentError: If it is not a number, negative, infinite or NaN.
    """
    if value is None and default is not None:
        return default
    value = unwrapped(value)
    value = int(value) if isinstance(value, bool) else value  # as in Keras
    return float(check_number(type(regularizer).__name__, name, value, minimum=0, error=ArgumentError))

"""What every regularizer is: a function of a weight or an activity, whose value is added to the loss."""

import math
from typing import Any, Self

import numpy as np

from ..engine.watched import Watched
from ..errors import ArgumentError, NotSupportedError, brief


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
    is_number = not isinstance(value, (str, bytes)) and np.ndim(value) == 0 and np.asarray(value).dtype.kind in "biuf"
    if not is_number or not math.isfinite(value) or value < 0:
        raise ArgumentError(
            f"`{type(regularizer).__name__}` expects `{name}` to be a number of 0 or more. "
            f"Received: {name}={brief(value)}"
        )
    return float(value)

"""What every constraint is: a function that moves a weight, after each update, to where it may be."""

from typing import Any, Self

from ..engine.watched import Watched


class Constraint(Watched):
    """The base of all constraints; a subclass defines `__call__`, and `get_config` if it has arguments.

    Source: https://keras.io/api/layers/constraints/

    Example:
        >>> from minikeras import ops
        >>> class AtMostOne(Constraint):
        ...     def __call__(self, w):
        ...         return ops.minimum(w, 1.0)
        >>> AtMostOne()([0.5, 2.0])
        array([0.5, 1. ], dtype=float32)
    """

    def __call__(self, w: Any) -> Any:
        """Returns the value the weight takes; the base leaves it as it is.

        Args:
            w: The weight, of any shape.
        """
        return w

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments that make an equal constraint."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Makes a constraint from what `get_config` returned."""
        return cls(**config)

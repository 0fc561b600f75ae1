"""The base class of constraints."""

from typing import Any, Self

from ..engine.watched import Watched


class Constraint(Watched):
    """The base class of constraints; a subclass defines `__call__`, and `get_config` if it has arguments.

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
        """Returns the constrained weight; unchanged in the base class.

        Args:
            w: The weight, of any shape.
        """
        return w

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a constraint from its config."""
        return cls(**config)

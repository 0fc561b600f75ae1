"""Comparison of a model in minikeras and in real Keras: `minikeras.crosscheck`, and the command `crosscheck`."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .check import crosscheck as crosscheck
    from .measures import largest_difference as largest_difference
    from .measures import relative_difference as relative_difference
    from .result import CrossCheck as CrossCheck
    from .result import LayerRow as LayerRow
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "CrossCheck": ".result",
            "LayerRow": ".result",
            "crosscheck": ".check",
            "largest_difference": ".measures",
            "relative_difference": ".measures",
        },
    )

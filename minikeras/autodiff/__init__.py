"""Gradients for the user's own loops: a tape in the shape of TensorFlow's, functions in the shape of JAX's."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .functional import grad as grad
    from .functional import value_and_grad as value_and_grad
    from .tape import GradientTape as GradientTape
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "GradientTape": ".tape",
            "grad": ".functional",
            "value_and_grad": ".functional",
        },
    )

"""Automatic differentiation for custom training loops: TensorFlow's GradientTape, and JAX's grad and value_and_grad."""

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

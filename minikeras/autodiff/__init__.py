"""Automatic differentiation for custom training loops: TensorFlow's GradientTape, and JAX's grad and value_and_grad."""

from .functional import grad, value_and_grad
from .tape import GradientTape

__all__ = ["GradientTape", "grad", "value_and_grad"]

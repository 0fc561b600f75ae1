"""Gradients for the user's own loops: a tape in the shape of TensorFlow's, functions in the shape of JAX's."""

from .functional import grad, value_and_grad
from .tape import GradientTape

__all__ = ["GradientTape", "grad", "value_and_grad"]

"""Models: layers that can be trained."""

from ..layers.lookup import lookup as _layers
from .cloning import clone_model
from .model import Model
from .sequential import Sequential

__all__ = ["Model", "Sequential", "clone_model"]

# Models are layers too, and configs of models hold those of others.
_layers.enter("Functional", Model)
_layers.enter("Model", Model)
_layers.enter("Sequential", Sequential)

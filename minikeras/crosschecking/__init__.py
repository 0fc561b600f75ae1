"""One model here and in real Keras, compared: `minikeras.crosscheck`, and the command of that name."""

from .check import crosscheck
from .measures import largest_difference, relative_difference
from .result import CrossCheck, LayerRow

__all__ = ["CrossCheck", "LayerRow", "crosscheck", "largest_difference", "relative_difference"]

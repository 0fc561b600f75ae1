"""Layers that keep a network from learning its examples by heart."""

from .activity_regularization import ActivityRegularization
from .dropout import Dropout

__all__ = ["ActivityRegularization", "Dropout"]

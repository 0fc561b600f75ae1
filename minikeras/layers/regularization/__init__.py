"""Layers that keep a network from learning its data by heart."""

from .dropout import Dropout

__all__ = ["Dropout"]

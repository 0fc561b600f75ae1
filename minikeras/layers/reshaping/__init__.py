"""Layers that change the shape of their input."""

from .flatten import Flatten

__all__ = ["Flatten"]

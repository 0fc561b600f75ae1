"""Data made ready for models by the tools of Keras 2: text, sequences and images."""

from . import image, sequence, text

__all__ = ["image", "sequence", "text"]

"""The preprocessing utilities of Keras 2, for text, sequences and images."""

from . import image, sequence, text

__all__ = ["image", "sequence", "text"]

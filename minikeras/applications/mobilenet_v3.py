"""How images are prepared for the models of MobileNetV3."""

from .imagenet_utils import decode_predictions
from .preprocessing import unchanged as preprocess_input

__all__ = ["decode_predictions", "preprocess_input"]

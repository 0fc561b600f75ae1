"""ResNet50, under the name of its own that it had first."""

from .imagenet_utils import decode_predictions
from .preprocessing import centered as preprocess_input
from .resnet import ResNet50

__all__ = ["ResNet50", "decode_predictions", "preprocess_input"]

"""The model VGG19, and how its images are prepared."""

from collections.abc import Sequence

from ..graph.keras_tensor import KerasTensor
from ..models import Model
from ..tracebacks import filtered
from ..typing import ActivationLike, PathLike
from .application import Application
from .imagenet_utils import decode_predictions
from .preprocessing import centered as preprocess_input
from .pretrained import kernels
from .vgg import vgg

__all__ = ["VGG19", "decode_predictions", "preprocess_input"]

_FILES = kernels("vgg19", "vgg19", ("cbe5617147190e668d6c5d5026f83318", "253f8cb515780f3b799900260a226db6"))


@filtered
def VGG19(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "vgg19",
) -> Model:
    """Creates VGG19: 16 convolutions of 3 x 3 in five blocks, and three dense layers.

    Args:
        include_top: Whether the model has a classifier.
        weights: "imagenet", None for random ones, or the path of a file.
        input_tensor: A symbolic value to use as the images; by default, the model has an input of its own.
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (224, 224, 3) with a classifier, and
            free sizes without one.
        pooling: "avg" or "max", for models without classifier: how the features of all positions are pooled; None for
            not at all.
        classes: The number of classes; 1000 with the weights of ImageNet.
        classifier_activation: The activation of the classifier; None or "softmax" with weights that are loaded.
        name: The name of the model.

    Returns:
        The model.

    Raises:
        ArgumentError: If an argument is invalid, or does not fit the weights.
        DownloadError: If the weights of ImageNet are not in the cache and cannot be downloaded.

    Source: https://arxiv.org/abs/1409.1556, https://keras.io/api/applications/vgg/

    Example:
        >>> VGG19(weights=None, include_top=False, pooling="avg").count_params()
        20024384
    """
    application = Application(
        "VGG19", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return vgg(application, (2, 2, 4, 4, 4), name, _FILES)

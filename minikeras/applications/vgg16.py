"""The model VGG16, and how its images are prepared."""

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

__all__ = ["VGG16", "decode_predictions", "preprocess_input"]

_FILES = kernels("vgg16", "vgg16", ("64373286793e3c8b2b4e3219cbf3544b", "6d6bbae143d832006294945121d1f1fc"))


@filtered
def VGG16(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "vgg16",
) -> Model:
    """Creates VGG16: 13 convolutions of 3 x 3 in five blocks, and three dense layers.

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
        >>> VGG16(weights=None, include_top=False, pooling="avg").count_params()
        14714688
    """
    application = Application(
        "VGG16", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return vgg(application, (2, 2, 3, 3, 3), name, _FILES)

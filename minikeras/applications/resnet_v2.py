"""The residual networks of version 2, and how their images are prepared."""

from collections.abc import Sequence

from ..graph.keras_tensor import KerasTensor
from ..models import Model
from ..tracebacks import filtered
from ..typing import ActivationLike, PathLike
from .application import Application
from .imagenet_utils import decode_predictions
from .preprocessing import scaled as preprocess_input
from .residual import resnet_v2, weights_of

__all__ = ["ResNet101V2", "ResNet152V2", "ResNet50V2", "decode_predictions", "preprocess_input"]

_HASHES = {
    "resnet50v2": ("3ef43a0b657b3be2300d5770ece849e0", "fac2f116257151a9d068a22e544a4917"),
    "resnet101v2": ("6343647c601c52e1368623803854d971", "c0ed64b8031c3730f411d2eb4eea35b5"),
    "resnet152v2": ("a49b44d1979771252814e80f8ec446f9", "ed17cf2e0169df9d443503ef94b23b33"),
}
_FILES = {name: weights_of(name, hashes) for name, hashes in _HASHES.items()}


@filtered
def ResNet50V2(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "resnet50v2",
) -> Model:
    """Creates ResNet50V2: a residual network of 50 layers, whose blocks begin with their activation.

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

    Source: https://arxiv.org/abs/1603.05027, https://keras.io/api/applications/resnet/

    Example:
        >>> ResNet50V2(weights=None, include_top=False).count_params()
        23564800
    """
    application = Application(
        "ResNet50V2", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return resnet_v2(application, (3, 4, 6, 3), name, _FILES["resnet50v2"])


@filtered
def ResNet101V2(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "resnet101v2",
) -> Model:
    """Creates ResNet101V2: a residual network of 101 layers, whose blocks begin with their activation.

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

    Source: https://arxiv.org/abs/1603.05027, https://keras.io/api/applications/resnet/
    """
    application = Application(
        "ResNet101V2", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return resnet_v2(application, (3, 4, 23, 3), name, _FILES["resnet101v2"])


@filtered
def ResNet152V2(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "resnet152v2",
) -> Model:
    """Creates ResNet152V2: a residual network of 152 layers, whose blocks begin with their activation.

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

    Source: https://arxiv.org/abs/1603.05027, https://keras.io/api/applications/resnet/
    """
    application = Application(
        "ResNet152V2", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return resnet_v2(application, (3, 8, 36, 3), name, _FILES["resnet152v2"])

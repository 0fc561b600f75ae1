"""The model Xception, and how its images are prepared."""

from collections.abc import Sequence

from ..graph.keras_tensor import KerasTensor
from ..layers import Activation, Add, BatchNormalization, Conv2D, MaxPooling2D, SeparableConv2D
from ..models import Model
from ..tracebacks import filtered
from ..typing import ActivationLike, PathLike
from .application import Application
from .blocks import channel_axis
from .imagenet_utils import decode_predictions
from .preprocessing import scaled as preprocess_input
from .pretrained import kernels

__all__ = ["Xception", "decode_predictions", "preprocess_input"]

_FILES = kernels("xception", "xception", ("0a58e3b7378bc2990ea3b43d5981f1f6", "b0042744bf5b25fce3cb969f33bebb97"))


@filtered
def Xception(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "xception",
) -> Model:
    """Creates Xception: 36 convolutions, all but two of them depthwise separable, in residual blocks.

    Args:
        include_top: Whether the model has a classifier.
        weights: "imagenet", None for random ones, or the path of a file.
        input_tensor: A symbolic value to use as the images; by default, the model has an input of its own.
        input_shape: The shape of an image, of at least 71 x 71 pixels; by default (299, 299, 3) with a classifier, and
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

    Source: https://arxiv.org/abs/1610.02357, https://keras.io/api/applications/xception/

    Example:
        >>> Xception(weights=None, include_top=False).count_params()
        20861480
    """
    application = Application(
        "Xception", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    x = application.start(application.shape(299, 71))
    for number, (filters, strides) in enumerate(((32, 2), (64, 1)), 1):
        x = Conv2D(filters, 3, strides=strides, use_bias=False, name=f"block1_conv{number}")(x)
        x = BatchNormalization(axis=channel_axis(), name=f"block1_conv{number}_bn")(x)
        x = Activation("relu", name=f"block1_conv{number}_act")(x)
    x = _reduced(x, (128, 128), 2, starts_activated=False)
    x = _reduced(x, (256, 256), 3)
    x = _reduced(x, (728, 728), 4)
    for block in range(5, 13):
        residual = x
        for number in (1, 2, 3):
            x = _separable(_activated(x, block, number), 728, block, number)
        x = Add()([x, residual])
    x = _reduced(x, (728, 1024), 13)
    for number, filters in ((1, 1536), (2, 2048)):
        x = _activated(_separable(x, filters, 14, number), 14, number)
    return application.model(application.topped(x), name, _FILES)


def _activated(x: KerasTensor, block: int, number: int) -> KerasTensor:
    return Activation("relu", name=f"block{block}_sepconv{number}_act")(x)


def _separable(x: KerasTensor, filters: int, block: int, number: int) -> KerasTensor:
    name = f"block{block}_sepconv{number}"
    x = SeparableConv2D(filters, 3, padding="same", use_bias=False, name=name)(x)
    return BatchNormalization(axis=channel_axis(), name=f"{name}_bn")(x)


def _reduced(x: KerasTensor, filters: tuple[int, int], block: int, starts_activated: bool = True) -> KerasTensor:
    """A residual block that halves height and width."""
    residual = Conv2D(filters[1], 1, strides=2, padding="same", use_bias=False)(x)
    residual = BatchNormalization(axis=channel_axis())(residual)
    for number, count in enumerate(filters, 1):
        if number > 1 or starts_activated:
            x = _activated(x, block, number)
        x = _separable(x, count, block, number)
    x = MaxPooling2D(3, strides=2, padding="same", name=f"block{block}_pool")(x)
    return Add()([x, residual])

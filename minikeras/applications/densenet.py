"""The DenseNet models, in which each block takes what all blocks before it returned."""

from collections.abc import Sequence

from ..graph.keras_tensor import KerasTensor
from ..layers import Activation, AveragePooling2D, BatchNormalization, Concatenate, Conv2D, MaxPooling2D, ZeroPadding2D
from ..models import Model
from ..tracebacks import filtered
from ..typing import ActivationLike, PathLike
from .application import Application
from .blocks import channel_axis
from .imagenet_utils import decode_predictions
from .preprocessing import standardized as preprocess_input
from .pretrained import Pretrained, kernels

__all__ = ["DenseNet121", "DenseNet169", "DenseNet201", "decode_predictions", "preprocess_input"]

GROWTH_RATE = 32
_HASHES = {
    "densenet121": ("9d60b8095a5708f2dcce2bca79d332c7", "30ee3e1110167f948a6b9946edeeb738"),
    "densenet169": ("d699b8f76981ab1b30698df4c175e90b", "b8c4d4c20dd625c148057b9ff1c1176b"),
    "densenet201": ("1ceb130c1ea1b78c3bf6114dbdfd8807", "c13680b51ded0fb44dff2d8f86ac8bb1"),
}
_FILES = {name: kernels("densenet", name, hashes) for name, hashes in _HASHES.items()}


@filtered
def DenseNet121(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "densenet121",
) -> Model:
    """Creates DenseNet121: 121 layers in four blocks, in which each layer takes what all before it returned.

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

    Source: https://arxiv.org/abs/1608.06993, https://keras.io/api/applications/densenet/

    Example:
        >>> DenseNet121(weights=None, include_top=False).count_params()
        7037504
    """
    application = Application(
        "DenseNet121",
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        any_layout=False,
    )
    return _densenet(application, (6, 12, 24, 16), name, _FILES["densenet121"])


@filtered
def DenseNet169(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "densenet169",
) -> Model:
    """Creates DenseNet169: 169 layers in four blocks, in which each layer takes what all before it returned.

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

    Source: https://arxiv.org/abs/1608.06993, https://keras.io/api/applications/densenet/
    """
    application = Application(
        "DenseNet169",
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        any_layout=False,
    )
    return _densenet(application, (6, 12, 32, 32), name, _FILES["densenet169"])


@filtered
def DenseNet201(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "densenet201",
) -> Model:
    """Creates DenseNet201: 201 layers in four blocks, in which each layer takes what all before it returned.

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

    Source: https://arxiv.org/abs/1608.06993, https://keras.io/api/applications/densenet/
    """
    application = Application(
        "DenseNet201",
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        any_layout=False,
    )
    return _densenet(application, (6, 12, 48, 32), name, _FILES["densenet201"])


def _densenet(application: Application, depths: Sequence[int], name: str | None, pretrained: Pretrained) -> Model:
    x = ZeroPadding2D(padding=((3, 3), (3, 3)))(application.start(application.shape(224)))
    x = _activated(Conv2D(64, 7, strides=2, use_bias=False, name="conv1_conv")(x), "conv1_bn", "conv1_relu")
    x = ZeroPadding2D(padding=((1, 1), (1, 1)))(x)
    x = MaxPooling2D(3, strides=2, name="pool1")(x)
    for block, depth in enumerate(depths, 2):
        for number in range(1, depth + 1):
            x = _layer(x, f"conv{block}_block{number}")
        if block < len(depths) + 1:
            x = _transition(x, f"pool{block}")
    x = _activated(x, "bn", "relu")
    return application.model(application.topped(x, is_named=True), name, pretrained)


def _activated(x: KerasTensor, norm_name: str, name: str) -> KerasTensor:
    x = BatchNormalization(axis=channel_axis(3), epsilon=1.001e-5, name=norm_name)(x)
    return Activation("relu", name=name)(x)


def _layer(x: KerasTensor, name: str) -> KerasTensor:
    """A bottleneck of 1 x 1 and 3 x 3, whose output is appended to its input."""
    new = _activated(x, f"{name}_0_bn", f"{name}_0_relu")
    new = Conv2D(4 * GROWTH_RATE, 1, use_bias=False, name=f"{name}_1_conv")(new)
    new = _activated(new, f"{name}_1_bn", f"{name}_1_relu")
    new = Conv2D(GROWTH_RATE, 3, padding="same", use_bias=False, name=f"{name}_2_conv")(new)
    return Concatenate(axis=channel_axis(3), name=f"{name}_concat")([x, new])


def _transition(x: KerasTensor, name: str) -> KerasTensor:
    """Between two blocks: half the channels, half the height and width."""
    x = _activated(x, f"{name}_bn", f"{name}_relu")
    x = Conv2D(x.shape[channel_axis(3)] // 2, 1, use_bias=False, name=f"{name}_conv")(x)
    return AveragePooling2D(2, strides=2, name=f"{name}_pool")(x)

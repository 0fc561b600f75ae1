"""The model MobileNetV2, and how its images are prepared."""

from collections.abc import Sequence

from ..graph.keras_tensor import KerasTensor
from ..layers import (
    Add,
    BatchNormalization,
    Conv2D,
    DepthwiseConv2D,
    GlobalAveragePooling2D,
    ReLU,
    ZeroPadding2D,
)
from ..models import Model
from ..tracebacks import filtered
from ..typing import ActivationLike, PathLike
from .application import Application
from .blocks import channel_axis, correct_pad, make_divisible
from .imagenet_utils import decode_predictions
from .input_shapes import rows_with_weights
from .mobile import check_alpha, default_size
from .preprocessing import scaled as preprocess_input
from .pretrained import STORAGE, two_files

__all__ = ["MobileNetV2", "decode_predictions", "preprocess_input"]

ALPHAS = (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)
SIZES = (96, 128, 160, 192, 224)
# Filters, strides of the first block, and the number of blocks.
_STAGES = ((16, 1, 1), (24, 2, 2), (32, 2, 3), (64, 2, 4), (96, 1, 3), (160, 2, 3), (320, 1, 1))


@filtered
def MobileNetV2(
    input_shape: Sequence[int | None] | None = None,
    alpha: float = 1.0,
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = None,
) -> Model:
    """Creates MobileNetV2: inverted residual blocks, wide inside and narrow where they are added.

    Args:
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (224, 224, 3) with a classifier, and
            free sizes without one.
        alpha: The factor of the number of filters in each layer; 0.35, 0.5, 0.75, 1, 1.3 or 1.4 with the weights of
            ImageNet.
        include_top: Whether the model has a classifier.
        weights: "imagenet", None for random ones, or the path of a file.
        input_tensor: A symbolic value to use as the images; by default, the model has an input of its own.
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

    Source: https://arxiv.org/abs/1801.04381, https://keras.io/api/applications/mobilenet/

    Example:
        >>> MobileNetV2(weights=None, alpha=0.35, include_top=False).count_params()
        410208
    """
    application = Application(
        "MobileNetV2", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    check_alpha(application, alpha, ALPHAS)
    shape = application.shape(default_size(application, SIZES))
    rows = rows_with_weights("MobileNetV2", shape, SIZES, application.weights)
    x = application.start(shape)
    x = Conv2D(make_divisible(32 * alpha), 3, strides=2, padding="same", use_bias=False, name="Conv1")(x)
    x = _activated(x, "bn_Conv1", "Conv1_relu")
    number = 0
    for filters, first_stride, depth in _STAGES:
        for stride in (first_stride, *[1] * (depth - 1)):
            x = _block(x, make_divisible(int(filters * alpha)), stride, number)
            number += 1
    x = Conv2D(max(1280, make_divisible(1280 * alpha)), 1, use_bias=False, name="Conv_1")(x)
    x = _activated(x, "Conv_1_bn", "out_relu")
    if application.include_top:
        x = application.classified(GlobalAveragePooling2D()(x))
    else:
        x = application.pooled(x)
    start = f"{STORAGE}mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{float(alpha)}_{rows}"
    name = f"mobilenetv2_{alpha:0.2f}_{rows}" if name is None else name
    return application.model(x, name, two_files(start, ends=(".h5", "_no_top.h5")))


def _normalized(x: KerasTensor, name: str) -> KerasTensor:
    return BatchNormalization(axis=channel_axis(), epsilon=1e-3, momentum=0.999, name=name)(x)


def _activated(x: KerasTensor, norm_name: str, name: str) -> KerasTensor:
    return ReLU(6.0, name=name)(_normalized(x, norm_name))


def _block(x: KerasTensor, filters: int, stride: int, number: int) -> KerasTensor:
    """Six times as many channels, a depthwise convolution, and a projection; added to the input if shapes agree."""
    inputs, channels = x, x.shape[channel_axis()]
    prefix = f"block_{number}_" if number else "expanded_conv_"
    if number:
        x = Conv2D(6 * channels, 1, padding="same", use_bias=False, name=f"{prefix}expand")(x)
        x = _activated(x, f"{prefix}expand_BN", f"{prefix}expand_relu")
    if stride == 2:
        x = ZeroPadding2D(correct_pad(x, 3), name=f"{prefix}pad")(x)
    padding = "same" if stride == 1 else "valid"
    x = DepthwiseConv2D(3, strides=stride, padding=padding, use_bias=False, name=f"{prefix}depthwise")(x)
    x = _activated(x, f"{prefix}depthwise_BN", f"{prefix}depthwise_relu")
    x = Conv2D(filters, 1, padding="same", use_bias=False, name=f"{prefix}project")(x)
    x = _normalized(x, f"{prefix}project_BN")
    return Add(name=f"{prefix}add")([inputs, x]) if channels == filters and stride == 1 else x

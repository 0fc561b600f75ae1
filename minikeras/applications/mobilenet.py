"""The model MobileNet, and how its images are prepared."""

from collections.abc import Sequence

from ..argument_checks import bad_argument, check_int
from ..graph.keras_tensor import KerasTensor
from ..layers import (
    Activation,
    BatchNormalization,
    Conv2D,
    DepthwiseConv2D,
    Dropout,
    GlobalAveragePooling2D,
    ReLU,
    Reshape,
    ZeroPadding2D,
)
from ..models import Model
from ..tracebacks import filtered
from ..typing import ActivationLike, PathLike
from .application import Application
from .blocks import channel_axis
from .imagenet_utils import decode_predictions
from .input_shapes import rows_with_weights
from .mobile import check_alpha, default_size
from .preprocessing import scaled as preprocess_input
from .pretrained import STORAGE, two_files

__all__ = ["MobileNet", "decode_predictions", "preprocess_input"]

SIZES = (128, 160, 192, 224)
_ALPHAS = {0.25: "2_5", 0.5: "5_0", 0.75: "7_5", 1.0: "1_0"}
# Filters and strides of the blocks.
_BLOCKS = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1))


@filtered
def MobileNet(
    input_shape: Sequence[int | None] | None = None,
    alpha: float = 1.0,
    depth_multiplier: int = 1,
    dropout: float = 0.001,
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = None,
) -> Model:
    """Creates MobileNet: depthwise convolutions of 3 x 3 and pointwise ones in turn.

    Args:
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (224, 224, 3) with a classifier, and
            free sizes without one.
        alpha: The factor of the number of filters in each layer; 0.25, 0.5, 0.75 or 1 with the weights of ImageNet.
        depth_multiplier: The number of filters for each channel in depthwise convolutions; 1 with the weights of
            ImageNet.
        dropout: The dropout rate before the classifier.
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

    Source: https://arxiv.org/abs/1704.04861, https://keras.io/api/applications/mobilenet/

    Example:
        >>> MobileNet(weights=None, alpha=0.25, include_top=False).count_params()
        218544
    """
    application = Application(
        "MobileNet", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    check_alpha(application, alpha, _ALPHAS)
    check_int("MobileNet", "depth_multiplier", depth_multiplier, minimum=1)
    if application.is_imagenet and depth_multiplier != 1:
        raise bad_argument("MobileNet", "depth_multiplier", depth_multiplier, "1 for the weights of ImageNet")
    shape = application.shape(default_size(application, SIZES))
    rows = rows_with_weights("MobileNet", shape, SIZES, application.weights)
    x = application.start(shape)
    x = Conv2D(int(32 * alpha), 3, padding="same", use_bias=False, strides=2, name="conv1")(x)
    x = _activated(x, "conv1")
    for number, (filters, strides) in enumerate(_BLOCKS, 1):
        x = _block(x, int(filters * alpha), depth_multiplier, strides, number)
    x = _classified(application, x, dropout) if application.include_top else application.pooled(x)
    files = two_files(f"{STORAGE}mobilenet/mobilenet_{_ALPHAS.get(alpha)}_{rows}_tf", ends=(".h5", "_no_top.h5"))
    return application.model(x, f"mobilenet_{alpha:0.2f}_{rows}" if name is None else name, files)


def _activated(x: KerasTensor, name: str) -> KerasTensor:
    x = BatchNormalization(axis=channel_axis(), name=f"{name}_bn")(x)
    return ReLU(6.0, name=f"{name}_relu")(x)


def _block(x: KerasTensor, filters: int, depth_multiplier: int, strides: int, number: int) -> KerasTensor:
    padding = "same"
    if strides == 2:
        padding = "valid"
        x = ZeroPadding2D(((0, 1), (0, 1)), name=f"conv_pad_{number}")(x)
    x = DepthwiseConv2D(
        3,
        strides=strides,
        padding=padding,
        depth_multiplier=depth_multiplier,
        use_bias=False,
        name=f"conv_dw_{number}",
    )(x)
    x = _activated(x, f"conv_dw_{number}")
    x = Conv2D(filters, 1, padding="same", use_bias=False, name=f"conv_pw_{number}")(x)
    return _activated(x, f"conv_pw_{number}")


def _classified(application: Application, x: KerasTensor, dropout: float) -> KerasTensor:
    x = GlobalAveragePooling2D(keepdims=True)(x)
    x = Dropout(dropout, name="dropout")(x)
    x = Conv2D(application.classes, 1, padding="same", name="conv_preds")(x)
    x = Reshape((application.classes,), name="reshape_2")(x)
    return Activation(application.classifier_activation, name="predictions")(x)

"""The models of MobileNetV3, small and large."""

from collections.abc import Sequence
from typing import NamedTuple

from ..graph.keras_tensor import KerasTensor
from ..layers import (
    Activation,
    Add,
    BatchNormalization,
    Conv2D,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    Multiply,
    ReLU,
    Rescaling,
    ZeroPadding2D,
)
from ..models import Model
from ..tracebacks import filtered
from ..typing import ActivationLike, PathLike
from .application import Application
from .blocks import channel_axis, correct_pad, make_divisible
from .input_shapes import rows_with_weights
from .mobile import check_alpha
from .pretrained import STORAGE, Pretrained, two_files


class Block(NamedTuple):
    """An inverted residual block; the minimalistic models have kernels of 3, ReLU and no gates throughout.

    Args:
        expansion: How many times as many channels it has inside.
        filters: The number of channels of its output.
        kernel_size: The size of the depthwise kernel.
        stride: The stride of the depthwise convolution.
        is_gated: Whether it weights its channels by squeeze-and-excitation.
        is_swish: Whether its activation is hard swish, not ReLU.
    """

    expansion: float
    filters: int
    kernel_size: int
    stride: int
    is_gated: bool
    is_swish: bool


class Settings(NamedTuple):
    """What all blocks of a model share.

    Args:
        alpha: The factor of the number of filters.
        minimalistic: Whether the model is a minimalistic one.
        dropout_rate: The dropout rate before the classifier.
        include_preprocessing: Whether the model scales the pixels.
    """

    alpha: float
    minimalistic: bool
    dropout_rate: float
    include_preprocessing: bool


SMALL = (
    Block(1, 16, 3, 2, True, False),
    Block(72 / 16, 24, 3, 2, False, False),
    Block(88 / 24, 24, 3, 1, False, False),
    Block(4, 40, 5, 2, True, True),
    *[Block(6, 40, 5, 1, True, True)] * 2,
    *[Block(3, 48, 5, 1, True, True)] * 2,
    Block(6, 96, 5, 2, True, True),
    *[Block(6, 96, 5, 1, True, True)] * 2,
)
LARGE = (
    Block(1, 16, 3, 1, False, False),
    Block(4, 24, 3, 2, False, False),
    Block(3, 24, 3, 1, False, False),
    Block(3, 40, 5, 2, True, False),
    *[Block(3, 40, 5, 1, True, False)] * 2,
    Block(6, 80, 3, 2, False, True),
    Block(2.5, 80, 3, 1, False, True),
    *[Block(2.3, 80, 3, 1, False, True)] * 2,
    *[Block(6, 112, 3, 1, True, True)] * 2,
    Block(6, 160, 5, 2, True, True),
    *[Block(6, 160, 5, 1, True, True)] * 2,
)
_HASHES = {
    "large_224_0.75": ("765b44a33ad4005b3ac83185abf1d0eb", "40af19a13ebea4e2ee0c676887f69a2e"),
    "large_224_1.0": ("59e551e166be033d707958cf9e29a6a7", "07fb09a5933dd0c8eaafa16978110389"),
    "large_minimalistic_224_1.0": ("675e7b876c45c57e9e63e6d90a36599c", "ec5221f64a2f6d1ef965a614bdae7973"),
    "small_224_0.75": ("cb65d4e5be93758266aa0a7f2c6708b7", "ebdb5cc8e0b497cd13a7c275d475c819"),
    "small_224_1.0": ("8768d4c2e7dee89b9d02b2d03d65d862", "d3e8ec802a04aa4fc771ee12a9a9b836"),
    "small_minimalistic_224_1.0": ("99cd97fb2fcdad2bf028eb838de69e37", "cde8136e733e811080d9fcd8a252f7e4"),
}


@filtered
def MobileNetV3Small(
    input_shape: Sequence[int | None] | None = None,
    alpha: float = 1.0,
    minimalistic: bool = False,
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    classes: int = 1000,
    pooling: str | None = None,
    dropout_rate: float = 0.2,
    classifier_activation: ActivationLike = "softmax",
    include_preprocessing: bool = True,
    name: str | None = "MobileNetV3Small",
) -> Model:
    """Creates MobileNetV3Small: inverted residual blocks with squeeze-and-excitation, found by a search.

    Args:
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (224, 224, 3) with a classifier, and
            free sizes without one.
        alpha: The factor of the number of filters in each layer; 0.75 or 1, and 1 for the minimalistic one, with the
            weights of ImageNet.
        minimalistic: Whether to do without squeeze-and-excitation, hard swish and kernels of 5 x 5.
        include_top: Whether the model has a classifier.
        weights: "imagenet", None for random ones, or the path of a file.
        input_tensor: A symbolic value to use as the images; by default, the model has an input of its own.
        classes: The number of classes; 1000 with the weights of ImageNet.
        pooling: "avg" or "max", for models without classifier: how the features of all positions are pooled; None for
            not at all.
        dropout_rate: The dropout rate before the classifier.
        classifier_activation: The activation of the classifier; None or "softmax" with weights that are loaded.
        include_preprocessing: Whether the model scales the pixels itself.
        name: The name of the model.

    Returns:
        The model.

    Raises:
        ArgumentError: If an argument is invalid, or does not fit the weights.
        DownloadError: If the weights of ImageNet are not in the cache and cannot be downloaded.

    Source: https://arxiv.org/abs/1905.02244, https://keras.io/api/applications/mobilenet/

    Example:
        >>> MobileNetV3Small(weights=None, include_top=False).count_params()
        939120
    """
    application = Application(
        "MobileNetV3Small", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    settings = Settings(alpha, minimalistic, dropout_rate, include_preprocessing)
    return _mobilenet_v3(application, SMALL, 1024, settings, name, "small")


@filtered
def MobileNetV3Large(
    input_shape: Sequence[int | None] | None = None,
    alpha: float = 1.0,
    minimalistic: bool = False,
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    classes: int = 1000,
    pooling: str | None = None,
    dropout_rate: float = 0.2,
    classifier_activation: ActivationLike = "softmax",
    include_preprocessing: bool = True,
    name: str | None = "MobileNetV3Large",
) -> Model:
    """Creates MobileNetV3Large: inverted residual blocks with squeeze-and-excitation, found by a search.

    Args:
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (224, 224, 3) with a classifier, and
            free sizes without one.
        alpha: The factor of the number of filters in each layer; 0.75 or 1, and 1 for the minimalistic one, with the
            weights of ImageNet.
        minimalistic: Whether to do without squeeze-and-excitation, hard swish and kernels of 5 x 5.
        include_top: Whether the model has a classifier.
        weights: "imagenet", None for random ones, or the path of a file.
        input_tensor: A symbolic value to use as the images; by default, the model has an input of its own.
        classes: The number of classes; 1000 with the weights of ImageNet.
        pooling: "avg" or "max", for models without classifier: how the features of all positions are pooled; None for
            not at all.
        dropout_rate: The dropout rate before the classifier.
        classifier_activation: The activation of the classifier; None or "softmax" with weights that are loaded.
        include_preprocessing: Whether the model scales the pixels itself.
        name: The name of the model.

    Returns:
        The model.

    Raises:
        ArgumentError: If an argument is invalid, or does not fit the weights.
        DownloadError: If the weights of ImageNet are not in the cache and cannot be downloaded.

    Source: https://arxiv.org/abs/1905.02244, https://keras.io/api/applications/mobilenet/
    """
    application = Application(
        "MobileNetV3Large", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    settings = Settings(alpha, minimalistic, dropout_rate, include_preprocessing)
    return _mobilenet_v3(application, LARGE, 1280, settings, name, "large")


def _mobilenet_v3(
    application: Application, blocks: Sequence[Block], features: int, settings: Settings, name: str | None, kind: str
) -> Model:
    alpha = settings.alpha
    check_alpha(application, alpha, (1.0,) if settings.minimalistic else (0.75, 1.0))
    if application.asked_shape is None and application.input_tensor is not None:
        application.asked_shape = application.input_tensor.shape[1:]
    # The classifier is made of convolutions, so the sizes of the images may be free.
    shape = application.shape(224, may_be_free=True)
    rows_with_weights(application.where, shape, (224,), application.weights)
    is_swish = not settings.minimalistic
    x = application.start(shape)
    if settings.include_preprocessing:
        x = Rescaling(scale=1.0 / 127.5, offset=-1.0)(x)
    x = Conv2D(16, 3, strides=2, padding="same", use_bias=False, name="conv")(x)
    x = _activated(_normalized(x, "conv_bn"), is_swish)
    for number, block in enumerate(blocks):
        block = block._replace(filters=make_divisible(block.filters * alpha))
        if settings.minimalistic:
            block = block._replace(kernel_size=3, is_gated=False, is_swish=False)
        x = _block(x, block, number)
    x = Conv2D(make_divisible(6 * x.shape[channel_axis()]), 1, padding="same", use_bias=False, name="conv_1")(x)
    x = _activated(_normalized(x, "conv_1_bn"), is_swish)
    if application.include_top:
        features = make_divisible(features * alpha) if alpha > 1 else features
        x = _classified(application, x, features, is_swish, settings.dropout_rate)
    else:
        x = application.pooled(x, is_named=True)
    return application.model(x, name, _files(kind, settings))


def _files(kind: str, settings: Settings) -> Pretrained:
    variant = f"{kind}{'_minimalistic' if settings.minimalistic else ''}_224_{settings.alpha}"
    start = f"{STORAGE}mobilenet_v3/weights_mobilenet_v3_{variant}_float"
    return two_files(start, _HASHES.get(variant, (None, None)), (".h5", "_no_top_v2.h5"))


def _normalized(x: KerasTensor, name: str) -> KerasTensor:
    return BatchNormalization(axis=channel_axis(), epsilon=1e-3, momentum=0.999, name=name)(x)


def _activated(x: KerasTensor, is_swish: bool) -> KerasTensor:
    return (Activation("hard_swish") if is_swish else ReLU())(x)


def _block(x: KerasTensor, block: Block, number: int) -> KerasTensor:
    inputs, channels = x, x.shape[channel_axis()]
    inside = make_divisible(channels * block.expansion)
    prefix = f"expanded_conv_{number}_" if number else "expanded_conv_"
    if number:
        x = Conv2D(inside, 1, padding="same", use_bias=False, name=f"{prefix}expand")(x)
        x = _activated(_normalized(x, f"{prefix}expand_bn"), block.is_swish)
    if block.stride == 2:
        x = ZeroPadding2D(correct_pad(x, block.kernel_size), name=f"{prefix}depthwise_pad")(x)
    x = DepthwiseConv2D(
        block.kernel_size,
        strides=block.stride,
        padding="same" if block.stride == 1 else "valid",
        use_bias=False,
        name=f"{prefix}depthwise",
    )(x)
    x = _activated(_normalized(x, f"{prefix}depthwise_bn"), block.is_swish)
    if block.is_gated:
        x = _gated(x, inside, f"{prefix}squeeze_excite_")
    x = Conv2D(block.filters, 1, padding="same", use_bias=False, name=f"{prefix}project")(x)
    x = _normalized(x, f"{prefix}project_bn")
    is_residual = block.stride == 1 and channels == block.filters
    return Add(name=f"{prefix}add")([inputs, x]) if is_residual else x


def _gated(x: KerasTensor, filters: int, prefix: str) -> KerasTensor:
    """Squeeze-and-excitation with a hard sigmoid, `relu6(x + 3) / 6`."""
    gate = GlobalAveragePooling2D(keepdims=True, name=f"{prefix}avg_pool")(x)
    gate = Conv2D(make_divisible(filters * 0.25), 1, padding="same", name=f"{prefix}conv")(gate)
    gate = ReLU(name=f"{prefix}relu")(gate)
    gate = Conv2D(filters, 1, padding="same", name=f"{prefix}conv_1")(gate)
    gate = ReLU(6.0)(gate + 3.0) * (1.0 / 6.0)
    return Multiply(name=f"{prefix}mul")([x, gate])


def _classified(
    application: Application, x: KerasTensor, features: int, is_swish: bool, dropout_rate: float
) -> KerasTensor:
    x = GlobalAveragePooling2D(keepdims=True)(x)
    x = _activated(Conv2D(features, 1, padding="same", name="conv_2")(x), is_swish)
    if dropout_rate > 0:
        x = Dropout(dropout_rate)(x)
    x = Conv2D(application.classes, 1, padding="same", name="logits")(x)
    x = Flatten()(x)
    return Activation(application.classifier_activation, name="predictions")(x)

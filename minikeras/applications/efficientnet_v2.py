"""The EfficientNetV2 models; they prepare their images themselves."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from ..graph.keras_tensor import KerasTensor
from ..initializers import Constant
from ..layers import Normalization, Rescaling
from ..models import Model
from ..tracebacks import filtered
from ..typing import ActivationLike, PathLike
from .application import Application
from .blocks import channel_axis
from .efficient_blocks import Block, Style, activated, convolution, repeated, topped
from .imagenet_utils import decode_predictions
from .preprocessing import unchanged as preprocess_input
from .pretrained import STORAGE, two_files

__all__ = [
    "EfficientNetV2B0",
    "EfficientNetV2B1",
    "EfficientNetV2B2",
    "EfficientNetV2B3",
    "EfficientNetV2L",
    "EfficientNetV2M",
    "EfficientNetV2S",
    "decode_predictions",
    "preprocess_input",
]

_B = (
    Block(3, 1, 32, 16, 1, 0, 1, True),
    Block(3, 2, 16, 32, 4, 0, 2, True),
    Block(3, 2, 32, 48, 4, 0, 2, True),
    Block(3, 3, 48, 96, 4, 0.25, 2),
    Block(3, 5, 96, 112, 6, 0.25, 1),
    Block(3, 8, 112, 192, 6, 0.25, 2),
)
_S = (
    Block(3, 2, 24, 24, 1, 0, 1, True),
    Block(3, 4, 24, 48, 4, 0, 2, True),
    Block(3, 4, 48, 64, 4, 0, 2, True),
    Block(3, 6, 64, 128, 4, 0.25, 2),
    Block(3, 9, 128, 160, 6, 0.25, 1),
    Block(3, 15, 160, 256, 6, 0.25, 2),
)
_M = (
    Block(3, 3, 24, 24, 1, 0, 1, True),
    Block(3, 5, 24, 48, 4, 0, 2, True),
    Block(3, 5, 48, 80, 4, 0, 2, True),
    Block(3, 7, 80, 160, 4, 0.25, 2),
    Block(3, 14, 160, 176, 6, 0.25, 1),
    Block(3, 18, 176, 304, 6, 0.25, 2),
    Block(3, 5, 304, 512, 6, 0.25, 1),
)
_L = (
    Block(3, 4, 32, 32, 1, 0, 1, True),
    Block(3, 7, 32, 64, 4, 0, 2, True),
    Block(3, 7, 64, 96, 4, 0, 2, True),
    Block(3, 10, 96, 192, 4, 0.25, 2),
    Block(3, 19, 192, 224, 6, 0.25, 1),
    Block(3, 25, 224, 384, 6, 0.25, 2),
    Block(3, 7, 384, 640, 6, 0.25, 1),
)


class Variant(NamedTuple):
    """One of the models.

    Args:
        width: The factor of the number of filters.
        depth: The factor of the number of repeats.
        size: Height and width of the images by default, in pixels.
        blocks: The blocks.
        hashes: Those of its files of weights, with and without classifier.
    """

    width: float
    depth: float
    size: int
    blocks: tuple[Block, ...]
    hashes: tuple[str, str]


_VARIANTS = {
    "b0": Variant(1.0, 1.0, 224, _B, ("21ecbf6da12460d5c40bb2f29ceb2188", "893217f2bb855e2983157299931e43ff")),
    "b1": Variant(1.0, 1.1, 240, _B, ("069f0534ff22adf035c89e2d9547a9dc", "0e80663031ca32d657f9caa404b6ec37")),
    "b2": Variant(1.1, 1.2, 260, _B, ("424e49f28180edbde1e94797771950a7", "1dfe2e7a5d45b6632553a8961ea609eb")),
    "b3": Variant(1.2, 1.4, 300, _B, ("1f1fc43bd98a6e4fd8fdfd551e02c7a0", "f6abf7b5849ac99a89b50dd3fd532856")),
    "l": Variant(1.0, 1.0, 480, _L, ("27e6d408b53c7ebc868fefa357689935", "b0b66b5c863aef5b46e8608fe1711615")),
    "m": Variant(1.0, 1.0, 480, _M, ("a3bf6aa3276309f4fc6a34aa114c95cd", "1b8dc055df72dde80d614482840fe342")),
    "s": Variant(1.0, 1.0, 384, _S, ("e1d88a8495beba45748fedd0cecbe016", "af0682fb74e8c54910f2d4393339c070")),
}
_STYLE = Style(momentum=0.9, depthwise="dwconv2", pads=False)
# Of the pixels of ImageNet: red, green, blue in 0 to 1.
_MEAN = [0.485, 0.456, 0.406]
_VARIANCE = [0.229**2, 0.224**2, 0.225**2]


@filtered
def EfficientNetV2B0(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    include_preprocessing: bool = True,
    name: str | None = "efficientnetv2-b0",
) -> Model:
    """Creates EfficientNetV2B0: EfficientNet with fused blocks at the start, found for fast training.

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
        include_preprocessing: Whether the model scales the pixels itself.
        name: The name of the model.

    Returns:
        The model.

    Raises:
        ArgumentError: If an argument is invalid, or does not fit the weights.
        DownloadError: If the weights of ImageNet are not in the cache and cannot be downloaded.

    Source: https://arxiv.org/abs/2104.00298, https://keras.io/api/applications/efficientnet_v2/

    Example:
        >>> EfficientNetV2B0(weights=None, include_top=False).count_params()
        5919312
    """
    application = Application(
        "EfficientNetV2B0", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return _efficientnet_v2(application, include_preprocessing, name, "b0")


@filtered
def EfficientNetV2B1(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    include_preprocessing: bool = True,
    name: str | None = "efficientnetv2-b1",
) -> Model:
    """Creates EfficientNetV2B1: EfficientNet with fused blocks at the start, found for fast training.

    Args:
        include_top: Whether the model has a classifier.
        weights: "imagenet", None for random ones, or the path of a file.
        input_tensor: A symbolic value to use as the images; by default, the model has an input of its own.
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (240, 240, 3) with a classifier, and
            free sizes without one.
        pooling: "avg" or "max", for models without classifier: how the features of all positions are pooled; None for
            not at all.
        classes: The number of classes; 1000 with the weights of ImageNet.
        classifier_activation: The activation of the classifier; None or "softmax" with weights that are loaded.
        include_preprocessing: Whether the model scales the pixels itself.
        name: The name of the model.

    Returns:
        The model.

    Raises:
        ArgumentError: If an argument is invalid, or does not fit the weights.
        DownloadError: If the weights of ImageNet are not in the cache and cannot be downloaded.

    Source: https://arxiv.org/abs/2104.00298, https://keras.io/api/applications/efficientnet_v2/
    """
    application = Application(
        "EfficientNetV2B1", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return _efficientnet_v2(application, include_preprocessing, name, "b1")


@filtered
def EfficientNetV2B2(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    include_preprocessing: bool = True,
    name: str | None = "efficientnetv2-b2",
) -> Model:
    """Creates EfficientNetV2B2: EfficientNet with fused blocks at the start, found for fast training.

    Args:
        include_top: Whether the model has a classifier.
        weights: "imagenet", None for random ones, or the path of a file.
        input_tensor: A symbolic value to use as the images; by default, the model has an input of its own.
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (260, 260, 3) with a classifier, and
            free sizes without one.
        pooling: "avg" or "max", for models without classifier: how the features of all positions are pooled; None for
            not at all.
        classes: The number of classes; 1000 with the weights of ImageNet.
        classifier_activation: The activation of the classifier; None or "softmax" with weights that are loaded.
        include_preprocessing: Whether the model scales the pixels itself.
        name: The name of the model.

    Returns:
        The model.

    Raises:
        ArgumentError: If an argument is invalid, or does not fit the weights.
        DownloadError: If the weights of ImageNet are not in the cache and cannot be downloaded.

    Source: https://arxiv.org/abs/2104.00298, https://keras.io/api/applications/efficientnet_v2/
    """
    application = Application(
        "EfficientNetV2B2", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return _efficientnet_v2(application, include_preprocessing, name, "b2")


@filtered
def EfficientNetV2B3(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    include_preprocessing: bool = True,
    name: str | None = "efficientnetv2-b3",
) -> Model:
    """Creates EfficientNetV2B3: EfficientNet with fused blocks at the start, found for fast training.

    Args:
        include_top: Whether the model has a classifier.
        weights: "imagenet", None for random ones, or the path of a file.
        input_tensor: A symbolic value to use as the images; by default, the model has an input of its own.
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (300, 300, 3) with a classifier, and
            free sizes without one.
        pooling: "avg" or "max", for models without classifier: how the features of all positions are pooled; None for
            not at all.
        classes: The number of classes; 1000 with the weights of ImageNet.
        classifier_activation: The activation of the classifier; None or "softmax" with weights that are loaded.
        include_preprocessing: Whether the model scales the pixels itself.
        name: The name of the model.

    Returns:
        The model.

    Raises:
        ArgumentError: If an argument is invalid, or does not fit the weights.
        DownloadError: If the weights of ImageNet are not in the cache and cannot be downloaded.

    Source: https://arxiv.org/abs/2104.00298, https://keras.io/api/applications/efficientnet_v2/
    """
    application = Application(
        "EfficientNetV2B3", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return _efficientnet_v2(application, include_preprocessing, name, "b3")


@filtered
def EfficientNetV2L(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    include_preprocessing: bool = True,
    name: str | None = "efficientnetv2-l",
) -> Model:
    """Creates EfficientNetV2L: EfficientNet with fused blocks at the start, found for fast training.

    Args:
        include_top: Whether the model has a classifier.
        weights: "imagenet", None for random ones, or the path of a file.
        input_tensor: A symbolic value to use as the images; by default, the model has an input of its own.
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (480, 480, 3) with a classifier, and
            free sizes without one.
        pooling: "avg" or "max", for models without classifier: how the features of all positions are pooled; None for
            not at all.
        classes: The number of classes; 1000 with the weights of ImageNet.
        classifier_activation: The activation of the classifier; None or "softmax" with weights that are loaded.
        include_preprocessing: Whether the model scales the pixels itself.
        name: The name of the model.

    Returns:
        The model.

    Raises:
        ArgumentError: If an argument is invalid, or does not fit the weights.
        DownloadError: If the weights of ImageNet are not in the cache and cannot be downloaded.

    Source: https://arxiv.org/abs/2104.00298, https://keras.io/api/applications/efficientnet_v2/
    """
    application = Application(
        "EfficientNetV2L", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return _efficientnet_v2(application, include_preprocessing, name, "l")


@filtered
def EfficientNetV2M(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    include_preprocessing: bool = True,
    name: str | None = "efficientnetv2-m",
) -> Model:
    """Creates EfficientNetV2M: EfficientNet with fused blocks at the start, found for fast training.

    Args:
        include_top: Whether the model has a classifier.
        weights: "imagenet", None for random ones, or the path of a file.
        input_tensor: A symbolic value to use as the images; by default, the model has an input of its own.
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (480, 480, 3) with a classifier, and
            free sizes without one.
        pooling: "avg" or "max", for models without classifier: how the features of all positions are pooled; None for
            not at all.
        classes: The number of classes; 1000 with the weights of ImageNet.
        classifier_activation: The activation of the classifier; None or "softmax" with weights that are loaded.
        include_preprocessing: Whether the model scales the pixels itself.
        name: The name of the model.

    Returns:
        The model.

    Raises:
        ArgumentError: If an argument is invalid, or does not fit the weights.
        DownloadError: If the weights of ImageNet are not in the cache and cannot be downloaded.

    Source: https://arxiv.org/abs/2104.00298, https://keras.io/api/applications/efficientnet_v2/
    """
    application = Application(
        "EfficientNetV2M", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return _efficientnet_v2(application, include_preprocessing, name, "m")


@filtered
def EfficientNetV2S(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    include_preprocessing: bool = True,
    name: str | None = "efficientnetv2-s",
) -> Model:
    """Creates EfficientNetV2S: EfficientNet with fused blocks at the start, found for fast training.

    Args:
        include_top: Whether the model has a classifier.
        weights: "imagenet", None for random ones, or the path of a file.
        input_tensor: A symbolic value to use as the images; by default, the model has an input of its own.
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (384, 384, 3) with a classifier, and
            free sizes without one.
        pooling: "avg" or "max", for models without classifier: how the features of all positions are pooled; None for
            not at all.
        classes: The number of classes; 1000 with the weights of ImageNet.
        classifier_activation: The activation of the classifier; None or "softmax" with weights that are loaded.
        include_preprocessing: Whether the model scales the pixels itself.
        name: The name of the model.

    Returns:
        The model.

    Raises:
        ArgumentError: If an argument is invalid, or does not fit the weights.
        DownloadError: If the weights of ImageNet are not in the cache and cannot be downloaded.

    Source: https://arxiv.org/abs/2104.00298, https://keras.io/api/applications/efficientnet_v2/
    """
    application = Application(
        "EfficientNetV2S", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return _efficientnet_v2(application, include_preprocessing, name, "s")


def _efficientnet_v2(application: Application, include_preprocessing: bool, name: str | None, variant: str) -> Model:
    width, depth, size, blocks, hashes = _VARIANTS[variant]
    x = application.start(application.shape(size))
    if include_preprocessing:
        x = _prepared(application, x, variant)
    x = convolution(x, _filters(blocks[0].filters_in * width), 3, "stem_conv", strides=2)
    x = activated(x, _STYLE, "stem_bn", "stem_activation")
    scaled = [
        block._replace(
            repeats=math.ceil(depth * block.repeats),
            filters_in=_filters(block.filters_in * width),
            filters=_filters(block.filters * width),
        )
        for block in blocks
    ]
    # As in Keras, the drop rate grows over the number of blocks before they are scaled.
    x = repeated(x, scaled, sum(block.repeats for block in blocks), _STYLE)
    x = convolution(x, _filters(1280 * width), 1, "top_conv")
    x = activated(x, _STYLE, "top_bn", "top_activation")
    x = topped(application, x, 0.2, bias_initializer=Constant(0.0))
    start = f"{STORAGE}efficientnet_v2/efficientnetv2-{variant}"
    return application.model(x, name, two_files(start, hashes))


def _prepared(application: Application, image: KerasTensor, variant: str) -> KerasTensor:
    if not variant.startswith("b") or application.channels(image) != 3:
        return Rescaling(scale=1.0 / 128.0, offset=-1)(image)
    x = Rescaling(scale=1.0 / 255)(image)
    return Normalization(mean=_MEAN, variance=_VARIANCE, axis=channel_axis(3))(x)


def _filters(value: float) -> int:
    """The nearest multiple of 8."""
    return max(8, int(value + 4) // 8 * 8)

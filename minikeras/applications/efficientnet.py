"""The EfficientNet models; they prepare their images themselves."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from ..graph.keras_tensor import KerasTensor
from ..layers import Normalization, Rescaling, ZeroPadding2D
from ..models import Model
from ..tracebacks import filtered
from ..typing import ActivationLike, PathLike
from .application import Application
from .blocks import channel_axis, correct_pad, make_divisible
from .efficient_blocks import Block, Style, activated, convolution, repeated, topped
from .imagenet_utils import decode_predictions
from .preprocessing import unchanged as preprocess_input
from .pretrained import two_files

__all__ = [
    "EfficientNetB0",
    "EfficientNetB1",
    "EfficientNetB2",
    "EfficientNetB3",
    "EfficientNetB4",
    "EfficientNetB5",
    "EfficientNetB6",
    "EfficientNetB7",
    "decode_predictions",
    "preprocess_input",
]


class Variant(NamedTuple):
    """One of the models.

    Args:
        width: The factor of the number of filters.
        depth: The factor of the number of repeats.
        size: Height and width of the images by default, in pixels.
        dropout_rate: The dropout rate before the classifier.
        hashes: Those of its files of weights, with and without classifier.
    """

    width: float
    depth: float
    size: int
    dropout_rate: float
    hashes: tuple[str, str]


_VARIANTS = {
    "b0": Variant(1.0, 1.0, 224, 0.2, ("902e53a9f72be733fc0bcb005b3ebbac", "50bc09e76180e00e4465e1a485ddc09d")),
    "b1": Variant(1.0, 1.1, 240, 0.2, ("1d254153d4ab51201f1646940f018540", "74c4e6b3e1f6a1eea24c589628592432")),
    "b2": Variant(1.1, 1.2, 260, 0.3, ("b15cce36ff4dcbd00b6dd88e7857a6ad", "111f8e2ac8aa800a7a99e3239f7bfb39")),
    "b3": Variant(1.2, 1.4, 300, 0.3, ("ffd1fdc53d0ce67064dc6a9c7960ede0", "af6d107764bb5b1abb91932881670226")),
    "b4": Variant(1.4, 1.8, 380, 0.4, ("18c95ad55216b8f92d7e70b3a046e2fc", "ebc24e6d6c33eaebbd558eafbeedf1ba")),
    "b5": Variant(1.6, 2.2, 456, 0.4, ("ace28f2a6363774853a83a0b21b9421a", "38879255a25d3c92d5e44e04ae6cec6f")),
    "b6": Variant(1.8, 2.6, 528, 0.5, ("165f6e37dce68623721b423839de8be5", "9ecce42647a20130c1f39a5d4cb75743")),
    "b7": Variant(2.0, 3.1, 600, 0.5, ("8c03f828fec3ef71311cd463b6759d99", "cbcfe4450ddf6f3ad90b1b398090fe4a")),
}
_STORAGE = "https://storage.googleapis.com/keras-applications/"
_BLOCKS = (
    Block(3, 1, 32, 16, 1, 0.25, 1),
    Block(3, 2, 16, 24, 6, 0.25, 2),
    Block(5, 2, 24, 40, 6, 0.25, 2),
    Block(3, 3, 40, 80, 6, 0.25, 2),
    Block(5, 3, 80, 112, 6, 0.25, 1),
    Block(5, 4, 112, 192, 6, 0.25, 2),
    Block(3, 1, 192, 320, 6, 0.25, 1),
)
_STYLE = Style(momentum=0.99, depthwise="dwconv", pads=True)
_STDDEV = (0.229, 0.224, 0.225)  # of the pixels of ImageNet: red, green, blue in 0 to 1


@filtered
def EfficientNetB0(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "efficientnetb0",
) -> Model:
    """Creates EfficientNetB0: depth, width and size of the images scaled together, here by 1.

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

    Source: https://arxiv.org/abs/1905.11946, https://keras.io/api/applications/efficientnet/

    Example:
        >>> EfficientNetB0(weights=None, include_top=False).count_params()
        4049571
    """
    application = Application(
        "EfficientNetB0", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return _efficientnet(application, name, "b0")


@filtered
def EfficientNetB1(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "efficientnetb1",
) -> Model:
    """Creates EfficientNetB1: depth, width and size of the images scaled together.

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
        name: The name of the model.

    Returns:
        The model.

    Raises:
        ArgumentError: If an argument is invalid, or does not fit the weights.
        DownloadError: If the weights of ImageNet are not in the cache and cannot be downloaded.

    Source: https://arxiv.org/abs/1905.11946, https://keras.io/api/applications/efficientnet/
    """
    application = Application(
        "EfficientNetB1", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return _efficientnet(application, name, "b1")


@filtered
def EfficientNetB2(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "efficientnetb2",
) -> Model:
    """Creates EfficientNetB2: depth, width and size of the images scaled together.

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
        name: The name of the model.

    Returns:
        The model.

    Raises:
        ArgumentError: If an argument is invalid, or does not fit the weights.
        DownloadError: If the weights of ImageNet are not in the cache and cannot be downloaded.

    Source: https://arxiv.org/abs/1905.11946, https://keras.io/api/applications/efficientnet/
    """
    application = Application(
        "EfficientNetB2", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return _efficientnet(application, name, "b2")


@filtered
def EfficientNetB3(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "efficientnetb3",
) -> Model:
    """Creates EfficientNetB3: depth, width and size of the images scaled together.

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
        name: The name of the model.

    Returns:
        The model.

    Raises:
        ArgumentError: If an argument is invalid, or does not fit the weights.
        DownloadError: If the weights of ImageNet are not in the cache and cannot be downloaded.

    Source: https://arxiv.org/abs/1905.11946, https://keras.io/api/applications/efficientnet/
    """
    application = Application(
        "EfficientNetB3", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return _efficientnet(application, name, "b3")


@filtered
def EfficientNetB4(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "efficientnetb4",
) -> Model:
    """Creates EfficientNetB4: depth, width and size of the images scaled together.

    Args:
        include_top: Whether the model has a classifier.
        weights: "imagenet", None for random ones, or the path of a file.
        input_tensor: A symbolic value to use as the images; by default, the model has an input of its own.
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (380, 380, 3) with a classifier, and
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

    Source: https://arxiv.org/abs/1905.11946, https://keras.io/api/applications/efficientnet/
    """
    application = Application(
        "EfficientNetB4", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return _efficientnet(application, name, "b4")


@filtered
def EfficientNetB5(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "efficientnetb5",
) -> Model:
    """Creates EfficientNetB5: depth, width and size of the images scaled together.

    Args:
        include_top: Whether the model has a classifier.
        weights: "imagenet", None for random ones, or the path of a file.
        input_tensor: A symbolic value to use as the images; by default, the model has an input of its own.
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (456, 456, 3) with a classifier, and
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

    Source: https://arxiv.org/abs/1905.11946, https://keras.io/api/applications/efficientnet/
    """
    application = Application(
        "EfficientNetB5", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return _efficientnet(application, name, "b5")


@filtered
def EfficientNetB6(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "efficientnetb6",
) -> Model:
    """Creates EfficientNetB6: depth, width and size of the images scaled together.

    Args:
        include_top: Whether the model has a classifier.
        weights: "imagenet", None for random ones, or the path of a file.
        input_tensor: A symbolic value to use as the images; by default, the model has an input of its own.
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (528, 528, 3) with a classifier, and
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

    Source: https://arxiv.org/abs/1905.11946, https://keras.io/api/applications/efficientnet/
    """
    application = Application(
        "EfficientNetB6", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return _efficientnet(application, name, "b6")


@filtered
def EfficientNetB7(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "efficientnetb7",
) -> Model:
    """Creates EfficientNetB7: depth, width and size of the images scaled together.

    Args:
        include_top: Whether the model has a classifier.
        weights: "imagenet", None for random ones, or the path of a file.
        input_tensor: A symbolic value to use as the images; by default, the model has an input of its own.
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (600, 600, 3) with a classifier, and
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

    Source: https://arxiv.org/abs/1905.11946, https://keras.io/api/applications/efficientnet/
    """
    application = Application(
        "EfficientNetB7", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    return _efficientnet(application, name, "b7")


def _efficientnet(application: Application, name: str | None, variant: str) -> Model:
    width, depth, size, dropout_rate, hashes = _VARIANTS[variant]
    x = Rescaling(1.0 / 255.0)(application.start(application.shape(size)))
    x = Normalization(axis=channel_axis(3))(x)
    if application.is_imagenet:
        # The weights are for images divided by the variance, and those of the layer divide by its root alone.
        x = Rescaling([1.0 / math.sqrt(stddev) for stddev in _STDDEV])(x)
    x = ZeroPadding2D(correct_pad(x, 3), name="stem_conv_pad")(x)
    x = convolution(x, make_divisible(32 * width), 3, "stem_conv", strides=2, padding="valid")
    x = activated(x, _STYLE, "stem_bn", "stem_activation")
    blocks = [
        block._replace(
            repeats=math.ceil(depth * block.repeats),
            filters_in=make_divisible(block.filters_in * width),
            filters=make_divisible(block.filters * width),
        )
        for block in _BLOCKS
    ]
    x = repeated(x, blocks, sum(block.repeats for block in blocks), _STYLE)
    x = convolution(x, make_divisible(1280 * width), 1, "top_conv")
    x = activated(x, _STYLE, "top_bn", "top_activation")
    x = topped(application, x, dropout_rate)
    return application.model(x, name, two_files(f"{_STORAGE}efficientnet{variant}", hashes))

"""The model InceptionV3, and how its images are prepared."""

from collections.abc import Sequence

from ..graph.keras_tensor import KerasTensor
from ..layers import MaxPooling2D
from ..models import Model
from ..tracebacks import filtered
from ..typing import ActivationLike, PathLike
from .application import Application
from .imagenet_utils import decode_predictions
from .inception import averaged, branch, conv, joined, stem
from .preprocessing import scaled as preprocess_input
from .pretrained import kernels

__all__ = ["InceptionV3", "decode_predictions", "preprocess_input"]

_FILES = kernels(
    "inception_v3", "inception_v3", ("9a0d58056eeedaa3f26cb7ebd46da564", "bcbd6486424b2319ff4ef7d526e38f63")
)


@filtered
def InceptionV3(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "inception_v3",
) -> Model:
    """Creates InceptionV3: eleven modules of convolutions side by side, the larger ones factorized.

    Args:
        include_top: Whether the model has a classifier.
        weights: "imagenet", None for random ones, or the path of a file.
        input_tensor: A symbolic value to use as the images; by default, the model has an input of its own.
        input_shape: The shape of an image, of at least 75 x 75 pixels; by default (299, 299, 3) with a classifier, and
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

    Source: https://arxiv.org/abs/1512.00567, https://keras.io/api/applications/inceptionv3/

    Example:
        >>> InceptionV3(weights=None, include_top=False).count_params()
        21802784
    """
    application = Application(
        "InceptionV3", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    x = stem(application.start(application.shape(299, 75)))
    for number, filters in enumerate((32, 64, 64)):
        x = _module_35(x, filters, f"mixed{number}")
    x = joined(
        [
            conv(x, 384, 3, 2, "valid"),
            branch(x, (64,), (96, 3), (96, 3, 2, "valid")),
            MaxPooling2D(3, strides=2)(x),
        ],
        "mixed3",
    )
    for number, filters in enumerate((128, 160, 160, 192), 4):
        x = _module_17(x, filters, f"mixed{number}")
    x = joined(
        [
            branch(x, (192,), (320, 3, 2, "valid")),
            branch(x, (192,), (192, (1, 7)), (192, (7, 1)), (192, 3, 2, "valid")),
            MaxPooling2D(3, strides=2)(x),
        ],
        "mixed8",
    )
    for number in (0, 1):
        x = _module_8(x, f"mixed9_{number}", f"mixed{9 + number}")
    return application.model(application.topped(x), name, _FILES)


def _module_35(x: KerasTensor, pool_filters: int, name: str) -> KerasTensor:
    """At 35 x 35 positions: two convolutions of 3 x 3 stand for one of 5 x 5."""
    branches = [conv(x, 64), branch(x, (48,), (64, 5)), branch(x, (64,), (96, 3), (96, 3)), averaged(x, pool_filters)]
    return joined(branches, name)


def _module_17(x: KerasTensor, filters: int, name: str) -> KerasTensor:
    """At 17 x 17 positions: pairs of 1 x 7 and 7 x 1 stand for 7 x 7."""
    row, column = (1, 7), (7, 1)
    branches = [
        conv(x, 192),
        branch(x, (filters,), (filters, row), (192, column)),
        branch(x, (filters,), (filters, column), (filters, row), (filters, column), (192, row)),
        averaged(x, 192),
    ]
    return joined(branches, name)


def _module_8(x: KerasTensor, inner_name: str, name: str) -> KerasTensor:
    """At 8 x 8 positions: branches that divide into 1 x 3 and 3 x 1."""
    first = conv(x, 320)
    second = conv(x, 384)
    second = joined([conv(second, 384, (1, 3)), conv(second, 384, (3, 1))], inner_name)
    third = branch(x, (448,), (384, 3))
    third = joined([conv(third, 384, (1, 3)), conv(third, 384, (3, 1))])
    return joined([first, second, third, averaged(x, 192)], name)

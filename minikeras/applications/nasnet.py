"""The NASNet models, and how their images are prepared."""

from collections.abc import Sequence
from typing import NamedTuple

from ..argument_checks import bad_argument
from ..errors import ShapeError
from ..graph.keras_tensor import KerasTensor
from ..layers import Activation, BatchNormalization, Conv2D, GlobalAveragePooling2D
from ..models import Model
from ..tracebacks import filtered
from ..typing import ActivationLike, PathLike
from .application import Application
from .blocks import channel_axis
from .imagenet_utils import decode_predictions
from .nasnet_cells import normal_cell, reduction_cell
from .preprocessing import scaled as preprocess_input
from .pretrained import STORAGE, Pretrained, Weights

__all__ = ["NASNetLarge", "NASNetMobile", "decode_predictions", "preprocess_input"]


class Variant(NamedTuple):
    """One of the models.

    Args:
        size: Height and width of the images by default, in pixels.
        depth: The number of normal cells in each of the three stacks.
        stem_filters: The number of filters of the first convolution.
        filters: That of the cells of the first stack; each of the others has twice as many.
        skips_reduction: Whether the first normal cell after a reduction also takes what the cell before that returned.
        kind: Its name in the names of its files.
        hashes: Those of its files of weights, with and without classifier.
    """

    size: int
    depth: int
    stem_filters: int
    filters: int
    skips_reduction: bool
    kind: str
    hashes: tuple[str, str]


_LARGE = Variant(
    331, 6, 96, 168, True, "large", ("11577c9a518f0070763c2b964a382f17", "d81d89dc07e6e56530c4e77faddd61b5")
)
_MOBILE = Variant(
    224, 4, 32, 44, False, "mobile", ("020fb642bf7360b370c678b08e0adf61", "1ed92395b5b598bdda52abe5c0dbfd63")
)


@filtered
def NASNetMobile(
    input_shape: Sequence[int | None] | None = None,
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "nasnet_mobile",
) -> Model:
    """Creates NASNetMobile: cells found by a search, twelve of them normal.

    Args:
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (224, 224, 3) with a classifier, and
            free sizes without one.
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

    Source: https://arxiv.org/abs/1707.07012, https://keras.io/api/applications/nasnet/

    Example:
        >>> NASNetMobile(weights=None, include_top=False).count_params()
        4269716
    """
    application = Application(
        "NASNetMobile",
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        any_layout=False,
    )
    if application.asked_shape is None and not application.include_top:
        application.asked_shape = (224, 224, 3)  # as in Keras, not free
    return _nasnet(application, name, _MOBILE)


@filtered
def NASNetLarge(
    input_shape: Sequence[int | None] | None = None,
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "nasnet_large",
) -> Model:
    """Creates NASNetLarge: cells found by a search, 18 of them normal.

    Args:
        input_shape: The shape of an image, of at least 32 x 32 pixels; by default (331, 331, 3) with a classifier, and
            free sizes without one.
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

    Source: https://arxiv.org/abs/1707.07012, https://keras.io/api/applications/nasnet/
    """
    application = Application(
        "NASNetLarge",
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        any_layout=False,
    )
    return _nasnet(application, name, _LARGE)


def _nasnet(application: Application, name: str | None, variant: Variant) -> Model:
    if application.is_imagenet and application.asked_shape is not None and None in application.asked_shape:
        expected = "without None for the weights of ImageNet"
        raise bad_argument(application.where, "input_shape", application.asked_shape, expected, ShapeError)
    filters, depth = variant.filters, variant.depth
    x = application.start(application.shape(variant.size))
    x = Conv2D(variant.stem_filters, 3, strides=2, use_bias=False, name="stem_conv1", kernel_initializer="he_normal")(x)
    x = BatchNormalization(axis=channel_axis(), momentum=0.9997, epsilon=1e-3, name="stem_bn1")(x)
    before = None  # what the cell before the last one returned
    x, before = reduction_cell(x, before, filters // 4, "stem_1")
    x, before = reduction_cell(x, before, filters // 2, "stem_2")
    for stack in range(3):
        first = stack * depth + min(stack, 1)  # Keras numbers the cells so: 0 to 5, 7 to 12, 13 to 18
        if stack:
            x, skipped = reduction_cell(x, before, filters << stack, f"reduce_{stack * depth}")
            before = before if variant.skips_reduction else skipped
        for number in range(first, first + depth):
            x, before = normal_cell(x, before, filters << stack, str(number))
    x = Activation("relu")(x)
    x = application.classified(GlobalAveragePooling2D()(x)) if application.include_top else application.pooled(x)
    return application.model(x, name, _files(variant))


def _files(variant: Variant) -> Pretrained:
    """The files have other names in the cache than in the storage."""
    url, fname = f"{STORAGE}nasnet/NASNet-{variant.kind}", f"nasnet_{variant.kind}"
    return Pretrained(
        Weights(f"{url}.h5", variant.hashes[0], f"{fname}.h5"),
        Weights(f"{url}-no-top.h5", variant.hashes[1], f"{fname}_no_top.h5"),
    )

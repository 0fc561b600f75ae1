"""The model InceptionResNetV2, and how its images are prepared."""

from collections.abc import Sequence

from ..graph.keras_tensor import KerasTensor
from ..layers import Activation, Conv2D, MaxPooling2D
from ..models import Model
from ..tracebacks import filtered
from ..typing import ActivationLike, PathLike
from .application import Application
from .blocks import channel_axis
from .imagenet_utils import decode_predictions
from .inception import averaged, branch, conv, joined, stem
from .preprocessing import scaled as preprocess_input
from .pretrained import kernels
from .scale_layer import CustomScaleLayer

__all__ = ["InceptionResNetV2", "decode_predictions", "preprocess_input"]

_FILES = kernels(
    "inception_resnet_v2",
    "inception_resnet_v2",
    ("e693bd0210a403b3192acc6073ad2e96", "d19885ff4a710c122648d3b5c3b684e4"),
)
# The branches of the residual blocks.
_BLOCKS = {
    "block35": [[(32,)], [(32,), (32, 3)], [(32,), (48, 3), (64, 3)]],
    "block17": [[(192,)], [(128,), (160, (1, 7)), (192, (7, 1))]],
    "block8": [[(192,)], [(192,), (224, (1, 3)), (256, (3, 1))]],
}


@filtered
def InceptionResNetV2(
    include_top: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "inception_resnet_v2",
) -> Model:
    """Creates InceptionResNetV2: 40 residual blocks, whose residuals are Inception modules.

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

    Source: https://arxiv.org/abs/1602.07261, https://keras.io/api/applications/inceptionresnetv2/
    """
    application = Application(
        "InceptionResNetV2", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    x = stem(application.start(application.shape(299, 75)))
    branches = [conv(x, 96), branch(x, (48,), (64, 5)), branch(x, (64,), (96, 3), (96, 3)), averaged(x, 64)]
    x = joined(branches, "mixed_5b")
    for number in range(1, 11):
        x = _block(x, 0.17, "block35", number)
    branches = [conv(x, 384, 3, 2, "valid"), branch(x, (256,), (256, 3), (384, 3, 2, "valid"))]
    x = joined([*branches, MaxPooling2D(3, strides=2)(x)], "mixed_6a")
    for number in range(1, 21):
        x = _block(x, 0.1, "block17", number)
    branches = [
        branch(x, (256,), (384, 3, 2, "valid")),
        branch(x, (256,), (288, 3, 2, "valid")),
        branch(x, (256,), (288, 3), (320, 3, 2, "valid")),
    ]
    x = joined([*branches, MaxPooling2D(3, strides=2)(x)], "mixed_7a")
    for number in range(1, 10):
        x = _block(x, 0.2, "block8", number)
    x = _block(x, 1.0, "block8", 10, is_activated=False)
    x = conv(x, 1536, name="conv_7b")
    return application.model(application.topped(x), name, _FILES)


def _block(x: KerasTensor, scale: float, kind: str, number: int, is_activated: bool = True) -> KerasTensor:
    """Adds a fraction of an Inception module to its input."""
    name = f"{kind}_{number}"
    mixed = joined([branch(x, *convs) for convs in _BLOCKS[kind]], f"{name}_mixed")
    residual = Conv2D(x.shape[channel_axis(3)], 1, padding="same", name=f"{name}_conv")(mixed)
    x = CustomScaleLayer(scale)([x, residual])
    return Activation("relu", name=f"{name}_ac")(x) if is_activated else x

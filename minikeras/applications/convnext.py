"""The ConvNeXt models; they prepare their images themselves."""

from collections.abc import Sequence
from typing import NamedTuple

from ..graph.keras_tensor import KerasTensor
from ..layers import Activation, Conv2D, Dense, GlobalAveragePooling2D, LayerNormalization, Normalization
from ..models import Model, Sequential
from ..tracebacks import filtered
from ..typing import ActivationLike, PathLike
from .application import Application
from .imagenet_utils import decode_predictions
from .preprocessing import unchanged as preprocess_input
from .pretrained import STORAGE, two_files
from .scale_layer import LayerScale

__all__ = [
    "ConvNeXtBase",
    "ConvNeXtLarge",
    "ConvNeXtSmall",
    "ConvNeXtTiny",
    "ConvNeXtXLarge",
    "decode_predictions",
    "preprocess_input",
]


class Variant(NamedTuple):
    """One of the models.

    Args:
        depths: The number of blocks in each stage.
        filters: The number of channels of the first stage; each of the others has twice as many.
        hashes: Those of its files of weights, with and without classifier.
    """

    depths: tuple[int, ...]
    filters: int
    hashes: tuple[str, str]


_VARIANTS = {
    "base": Variant(
        (3, 3, 27, 3),
        128,
        (
            "52cbb006d3dadd03f6e095a8ca1aca47aecdd75acb4bc74bce1f5c695d0086e6",
            "40a20c5548a5e9202f69735ecc06c990e6b7c9d2de39f0361e27baeb24cb7c45",
        ),
    ),
    "large": Variant(
        (3, 3, 27, 3),
        192,
        (
            "070c5ed9ed289581e477741d3b34beffa920db8cf590899d6d2c67fba2a198a6",
            "96f02b6f0753d4f543261bc9d09bed650f24dd6bc02ddde3066135b63d23a1cd",
        ),
    ),
    "small": Variant(
        (3, 3, 27, 3),
        96,
        (
            "ce1277d8f1ee5a0ef0e171469089c18f5233860ceaf9b168049cb9263fd7483c",
            "6fc8009faa2f00c1c1dfce59feea9b0745eb260a7dd11bee65c8e20843da6eab",
        ),
    ),
    "tiny": Variant(
        (3, 3, 9, 3),
        96,
        (
            "8ae6e78ce2933352b1ef4008e6dd2f17bc40771563877d156bc6426c7cf503ff",
            "d547c096cabd03329d7be5562c5e14798aa39ed24b474157cef5e85ab9e49ef1",
        ),
    ),
    "xlarge": Variant(
        (3, 3, 27, 3),
        256,
        (
            "c1f5ccab661354fc3a79a10fa99af82f0fbf10ec65cb894a3ae0815f17a889ee",
            "de3f8a54174130e0cecdc71583354753d557fcf1f4487331558e2a16ba0cfe05",
        ),
    ),
}
_EPSILON = 1e-6
# Of the pixels of ImageNet: red, green, blue in 0 to 255.
_MEAN = [0.485 * 255, 0.456 * 255, 0.406 * 255]
_VARIANCE = [(0.229 * 255) ** 2, (0.224 * 255) ** 2, (0.225 * 255) ** 2]


@filtered
def ConvNeXtBase(
    include_top: bool = True,
    include_preprocessing: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "convnext_base",
) -> Model:
    """Creates ConvNeXtBase: a residual network of depthwise convolutions of 7 x 7 and dense layers.

    Args:
        include_top: Whether the model has a classifier.
        include_preprocessing: Whether the model scales the pixels itself.
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

    Source: https://arxiv.org/abs/2201.03545, https://keras.io/api/applications/convnext/
    """
    application = Application(
        "ConvNeXtBase",
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        any_layout=False,
    )
    return _convnext(application, include_preprocessing, name, "base")


@filtered
def ConvNeXtLarge(
    include_top: bool = True,
    include_preprocessing: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "convnext_large",
) -> Model:
    """Creates ConvNeXtLarge: a residual network of depthwise convolutions of 7 x 7 and dense layers.

    Args:
        include_top: Whether the model has a classifier.
        include_preprocessing: Whether the model scales the pixels itself.
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

    Source: https://arxiv.org/abs/2201.03545, https://keras.io/api/applications/convnext/
    """
    application = Application(
        "ConvNeXtLarge",
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        any_layout=False,
    )
    return _convnext(application, include_preprocessing, name, "large")


@filtered
def ConvNeXtSmall(
    include_top: bool = True,
    include_preprocessing: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "convnext_small",
) -> Model:
    """Creates ConvNeXtSmall: a residual network of depthwise convolutions of 7 x 7 and dense layers.

    Args:
        include_top: Whether the model has a classifier.
        include_preprocessing: Whether the model scales the pixels itself.
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

    Source: https://arxiv.org/abs/2201.03545, https://keras.io/api/applications/convnext/
    """
    application = Application(
        "ConvNeXtSmall",
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        any_layout=False,
    )
    return _convnext(application, include_preprocessing, name, "small")


@filtered
def ConvNeXtTiny(
    include_top: bool = True,
    include_preprocessing: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "convnext_tiny",
) -> Model:
    """Creates ConvNeXtTiny: a residual network of depthwise convolutions of 7 x 7 and dense layers.

    Args:
        include_top: Whether the model has a classifier.
        include_preprocessing: Whether the model scales the pixels itself.
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

    Source: https://arxiv.org/abs/2201.03545, https://keras.io/api/applications/convnext/

    Example:
        >>> ConvNeXtTiny(weights=None, include_top=False).count_params()
        27820128
    """
    application = Application(
        "ConvNeXtTiny",
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        any_layout=False,
    )
    return _convnext(application, include_preprocessing, name, "tiny")


@filtered
def ConvNeXtXLarge(
    include_top: bool = True,
    include_preprocessing: bool = True,
    weights: PathLike | None = "imagenet",
    input_tensor: KerasTensor | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: ActivationLike = "softmax",
    name: str | None = "convnext_xlarge",
) -> Model:
    """Creates ConvNeXtXLarge: a residual network of depthwise convolutions of 7 x 7 and dense layers.

    Args:
        include_top: Whether the model has a classifier.
        include_preprocessing: Whether the model scales the pixels itself.
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

    Source: https://arxiv.org/abs/2201.03545, https://keras.io/api/applications/convnext/
    """
    application = Application(
        "ConvNeXtXLarge",
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        any_layout=False,
    )
    return _convnext(application, include_preprocessing, name, "xlarge")


def _convnext(application: Application, include_preprocessing: bool, name: str | None, variant: str) -> Model:
    depths, filters, hashes = _VARIANTS[variant]
    prefix = f"convnext_{variant}" if name is None else name
    x = application.start(application.shape(224))
    if include_preprocessing and application.channels(x) == 3:
        x = Normalization(mean=_MEAN, variance=_VARIANCE, name=f"{prefix}_prestem_normalization")(x)
    for stage, depth in enumerate(depths):
        x = _downsampling(filters << stage, stage, prefix)(x)
        for number in range(depth):
            x = _block(x, filters << stage, f"{prefix}_stage_{stage}_block_{number}")
    if application.include_top:
        x = GlobalAveragePooling2D(name=f"{prefix}_head_gap")(x)
        x = LayerNormalization(epsilon=_EPSILON, name=f"{prefix}_head_layernorm")(x)
        x = application.classified(x, name=f"{prefix}_head_dense")
    else:
        x = LayerNormalization(epsilon=_EPSILON)(application.pooled(x))
    if application.input_tensor is not None:
        (application.inputs,) = application.inputs  # as in Keras, for these models alone
    return application.model(x, name, two_files(f"{STORAGE}convnext/convnext_{variant}", hashes))


def _downsampling(filters: int, stage: int, prefix: str) -> Sequential:
    """The layers before a stage: a fourth of height and width before the first one, half before the others."""
    if stage == 0:
        conv = Conv2D(filters, 4, strides=4, name=f"{prefix}_stem_conv")
        norm = LayerNormalization(epsilon=_EPSILON, name=f"{prefix}_stem_layernorm")
        return Sequential([conv, norm], name=f"{prefix}_stem")
    number = stage - 1
    norm = LayerNormalization(epsilon=_EPSILON, name=f"{prefix}_downsampling_layernorm_{number}")
    conv = Conv2D(filters, 2, strides=2, name=f"{prefix}_downsampling_conv_{number}")
    return Sequential([norm, conv], name=f"{prefix}_downsampling_block_{number}")


def _block(inputs: KerasTensor, filters: int, name: str) -> KerasTensor:
    x = Conv2D(filters, 7, padding="same", groups=filters, name=f"{name}_depthwise_conv")(inputs)
    x = LayerNormalization(epsilon=_EPSILON, name=f"{name}_layernorm")(x)
    x = Dense(4 * filters, name=f"{name}_pointwise_conv_1")(x)
    x = Activation("gelu", name=f"{name}_gelu")(x)
    x = Dense(filters, name=f"{name}_pointwise_conv_2")(x)
    x = LayerScale(1e-6, filters, name=f"{name}_layer_scale")(x)
    return inputs + Activation("linear", name=f"{name}_identity")(x)

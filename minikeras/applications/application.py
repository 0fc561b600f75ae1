"""What all models of this package share: their arguments, the checks of these, the input, the top and the weights."""

import os
from typing import Any

from .. import activations
from ..argument_checks import as_bool, bad_argument, check_int
from ..config import image_data_format
from ..errors import ArgumentError, FileMissingError, ShapeError
from ..graph.keras_tensor import KerasTensor
from ..layers import Dense, GlobalAveragePooling2D, GlobalMaxPooling2D, Input
from ..models import Model
from ..utils.source_inputs import get_source_inputs
from .input_shapes import IMAGENET, checked_shape, obtain_input_shape, split_shape
from .pretrained import Pretrained

CLASSES = 1000  # of ImageNet


class Application:
    """The arguments of one call of a model function, checked.

    A function calls `start`, adds its layers to the image, then calls `classified` or `pooled`, and `model`.

    Args:
        where: The name of the function, for messages.
        include_top: Whether the model has a classifier.
        weights: None for random ones, "imagenet", or the path of a file.
        input_tensor: A symbolic value to use as the image; None for a new input.
        input_shape: The shape of an image; None for the default.
        pooling: "avg", "max" or None: how the features of a model without classifier are pooled.
        classes: The number of classes of the classifier.
        classifier_activation: The activation of the classifier.
        any_layout: Whether the model can be made for channels-first images.

    Raises:
        ArgumentError: If an argument is invalid, or they contradict each other.
    """

    def __init__(
        self,
        where: str,
        include_top: Any,
        weights: Any,
        input_tensor: Any,
        input_shape: Any,
        pooling: Any,
        classes: Any,
        classifier_activation: Any,
        any_layout: bool = True,
    ):
        if not any_layout and image_data_format() == "channels_first":
            raise ArgumentError(
                f"{where} is for images whose channels come last. Call "
                "`config.set_image_data_format('channels_last')`. Received: image_data_format()='channels_first'"
            )
        self.where = where
        self.include_top = as_bool(where, "include_top", include_top)
        self.weights = _checked_weights(where, weights)
        if pooling not in (None, "avg", "max"):
            raise bad_argument(where, "pooling", pooling, 'None, "avg" or "max"')
        self.pooling = pooling
        self.classes = check_int(where, "classes", classes, minimum=1)
        if self.is_imagenet and self.include_top and self.classes != CLASSES:
            expected = f'{CLASSES} with `weights="imagenet"` and `include_top=True`'
            raise bad_argument(where, "classes", classes, expected)
        self.classifier_activation = classifier_activation
        if self.include_top and self.weights is not None:
            _check_activation(where, classifier_activation)
        self.asked_shape = checked_shape(where, input_shape)
        self.input_tensor = input_tensor
        if input_tensor is not None:
            _check_tensor(where, input_tensor, self.asked_shape)

    @property
    def is_imagenet(self) -> bool:
        """Whether the weights are those of ImageNet."""
        return self.weights == IMAGENET

    def shape(self, default_size: int, min_size: int = 32, may_be_free: bool = False) -> tuple[int | None, ...]:
        """Returns the shape of the images, without the batch axis.

        Args:
            default_size: Height and width in pixels by default.
            min_size: The smallest height and width in pixels.
            may_be_free: Whether the sizes may be free although there is a classifier.

        Raises:
            ShapeError: If what the caller asked for is too small or does not fit the other arguments.
        """
        is_fixed = self.include_top and not may_be_free
        return obtain_input_shape(self.where, self.asked_shape, default_size, min_size, is_fixed, self.weights)

    def start(self, shape: tuple[int | None, ...]) -> KerasTensor:
        """Returns the image: a new input, or the symbolic value that was given.

        Args:
            shape: The shape of a new input, without the batch axis.
        """
        if self.input_tensor is None:
            self.inputs: Any = Input(shape=shape)
            return self.inputs
        self.inputs = get_source_inputs(self.input_tensor)
        return self.input_tensor

    def channels(self, image: KerasTensor) -> int | None:
        """Returns the number of channels of the image."""
        return split_shape(image.shape[1:])[2]

    def classified(self, x: KerasTensor, **settings: Any) -> KerasTensor:
        """Returns the outputs of the dense classifier.

        Args:
            x: The features, (batch, features).
            **settings: Further arguments of the layer.
        """
        settings = {"name": "predictions", **settings}
        return Dense(self.classes, activation=self.classifier_activation, **settings)(x)

    def pooled(self, x: KerasTensor, is_named: bool = False) -> KerasTensor:
        """Returns the features of a model without classifier, pooled as the caller asked for.

        Args:
            x: The features of all positions.
            is_named: Whether the layer has the name "avg_pool" or "max_pool".
        """
        if self.pooling is None:
            return x
        layer = GlobalAveragePooling2D if self.pooling == "avg" else GlobalMaxPooling2D
        return layer(name=f"{self.pooling}_pool" if is_named else None)(x)

    def topped(self, x: KerasTensor, is_named: bool = False) -> KerasTensor:
        """Returns the outputs of the model: pooled features, and classes if there is a classifier.

        Args:
            x: The features of all positions.
            is_named: Whether a layer that pools for a model without classifier has a name.
        """
        if not self.include_top:
            return self.pooled(x, is_named)
        return self.classified(GlobalAveragePooling2D(name="avg_pool")(x))

    def model(self, x: KerasTensor, name: str | None, pretrained: Pretrained) -> Model:
        """Returns the model that computes `x`, with the weights that the caller asked for.

        Args:
            x: Its output.
            name: Its name.
            pretrained: The files of the weights of ImageNet.

        Raises:
            DownloadError: If they cannot be downloaded.
            ModelFileError: If a file of weights is damaged or is not one of this model.
        """
        model = Model(self.inputs, x, name=name)
        if self.is_imagenet:
            model.load_weights((pretrained.top if self.include_top else pretrained.features).fetch())
        elif self.weights is not None:
            model.load_weights(self.weights)
        return model


def _checked_weights(where: str, weights: Any) -> Any:
    if weights is None or weights == IMAGENET:
        return weights
    expected = 'None for random ones, "imagenet", or the path of a file'
    if not isinstance(weights, (str, os.PathLike)):
        raise bad_argument(where, "weights", weights, expected)
    if not os.path.exists(weights):
        raise bad_argument(where, "weights", weights, f"{expected} that exists", FileMissingError)
    return weights


def _check_activation(where: str, activation: Any) -> None:
    if activations.get(activation) not in (activations.get("softmax"), activations.get(None)):
        expected = 'None or "softmax" for weights that are loaded, with `include_top=True`'
        raise bad_argument(where, "classifier_activation", activation, expected)


def _check_tensor(where: str, tensor: Any, shape: tuple[int | None, ...] | None) -> None:
    if not isinstance(tensor, KerasTensor) or len(tensor.shape) != 4:
        raise bad_argument(where, "input_tensor", tensor, "a symbolic batch of images, such as `Input` returns")
    differ = shape is not None and any(
        None not in pair and pair[0] != pair[1] for pair in zip(shape, tensor.shape[1:], strict=True)
    )
    if differ:
        raise ShapeError(
            f"{where}: `input_shape` must be that of `input_tensor`; one of them is enough. "
            f"Received: input_shape={shape}, input_tensor of shape {tensor.shape}"
        )

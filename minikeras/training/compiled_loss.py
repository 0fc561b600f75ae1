"""The loss of a compiled model, checked when compiling and against the data before training."""

import numpy as np

from .. import losses, ops
from ..engine import tree
from ..errors import ArgumentError, DataError, NotSupportedError
from ..losses import Loss
from ..losses.wrapper import LossFunctionWrapper


class CompiledLoss:
    """A loss given to `compile` by name, function or object.

    Args:
        loss: What the user gave; a list or dict with one entry is that entry.
        weight: What the loss is multiplied with; None for 1.

    Attributes:
        trials: The shapes of outputs with which the loss was tried, by what they were tried for.

    Raises:
        UnknownNameError: If a name is not known.
        NotSupportedError: For several losses; models have one output so far.
    """

    def __init__(self, loss: object, weight: object = None):
        loss, weight = _only("loss", loss), _only("loss_weights", weight)
        if weight is not None and (isinstance(weight, bool) or not isinstance(weight, (int, float))):
            raise ArgumentError(f"`loss_weights` must be a number for each output. Received: {weight!r}")
        self.weight = weight
        self.loss = _as_loss(loss)
        self.trials: dict = {}

    def __call__(self, y_true: object, y_pred: object, sample_weight: object = None) -> object:
        """Returns the weighted loss of a batch, one number."""
        value = self.loss(tree.single(y_true), y_pred, tree.single(sample_weight))
        return value if self.weight is None else ops.multiply(value, self.weight)

    def check_labels(self, y: object, output_shape: object) -> None:
        """Refuses labels that do not go with the loss and the model, before anything is trained.

        Args:
            y: The labels.
            output_shape: The shape of the model's output, None for a free size.

        Raises:
            DataError: If they do not fit together.
        """
        y, name = tree.single(y), getattr(getattr(self.loss, "fn", None), "__name__", "")
        if not isinstance(y, np.ndarray) or not isinstance(output_shape, tuple):
            return
        if name == "sparse_categorical_crossentropy":
            self._check_class_numbers(y, output_shape)
        elif name == "categorical_crossentropy":
            _check_one_hot(y, output_shape)
        elif name == "binary_crossentropy":
            _check_probabilities(y)

    def _check_class_numbers(self, y: np.ndarray, output_shape: tuple) -> None:
        classes = output_shape[-1]
        if y.shape[1:] not in (output_shape[1:-1], (*output_shape[1:-1], 1)) and None not in output_shape[1:]:
            raise DataError(
                "Loss 'sparse_categorical_crossentropy' expects one class number per example: labels of shape "
                f"{('batch', *output_shape[1:-1])}. Received: y of shape {y.shape}. "
                "For one-hot labels use 'categorical_crossentropy', or `y.argmax(-1)`."
            )
        settings = getattr(self.loss, "get_config", dict)()
        if settings.get("axis", -1) != -1 or classes is None:
            return
        found = y[y != settings["ignore_class"]] if settings.get("ignore_class") is not None else y
        low, high = (found.min(), found.max()) if found.size else (0, 0)
        if not (0 <= low and high < classes):
            raise DataError(
                f"Loss 'sparse_categorical_crossentropy' expects class numbers from 0 to {classes - 1}, as the model "
                f"has {classes} outputs. Received: labels from {low} to {high}."
            )


def _as_loss(loss: object) -> object:
    if loss is None or isinstance(loss, Loss):
        return loss
    found = losses.get(loss)
    return found if isinstance(found, Loss) else LossFunctionWrapper(found, name=getattr(found, "__name__", None))


def _only(argument: str, value: object) -> object:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        if len(value) != 1:
            raise NotSupportedError(
                f"`{argument}` has {len(value)} entries, but models have one output in minikeras so far. "
                f"Received: {argument}={value!r}"
            )
        return _only(argument, value[0])
    return value


def _check_one_hot(y: np.ndarray, output_shape: tuple) -> None:
    expected = output_shape[1:]
    if len(y.shape) != len(output_shape) or any(a not in (b, None) for a, b in zip(expected, y.shape[1:], strict=True)):
        raise DataError(
            f"Loss 'categorical_crossentropy' expects one-hot labels of shape {('batch', *expected)}. Received: y of "
            f"shape {y.shape}. For class numbers use 'sparse_categorical_crossentropy', or "
            f"`minikeras.utils.to_categorical(y, {expected[-1]})`."
        )


def _check_probabilities(y: np.ndarray) -> None:
    if y.dtype.kind in "iu" and y.size and (y.min() < 0 or y.max() > 1):
        raise DataError(
            f"Loss 'binary_crossentropy' expects labels 0 and 1. Received: whole numbers from {y.min()} to {y.max()}."
        )

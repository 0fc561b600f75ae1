"""Whether a layer computes each example of a batch alone, so that batches may be merged or split."""

from typing import Any

from ...random import SeedGenerator
from ...serialization.configs import is_own
from ..base import Layer

# The packages of layers and models that do so, but for what `_is_alone` finds.
_PACKAGES = (
    *("activations", "attention", "convolution", "core", "merging", "normalization", "pooling"),
    *("recurrent", "regularization", "reshaping", "wrappers"),
)
_RATES = ("rate", "stddev", "dropout", "recurrent_dropout")  # if all that a layer has are 0, it draws no numbers
_CHANGED_BY_TRAINING = ("BatchNormalization", "SpectralNormalization")


def computes_examples_alone(layer: Any, training: bool | None) -> bool:
    """Tells whether the output for an example is known to depend on nothing else in its batch, and to change no state.

    Args:
        layer: The layer, built.
        training: Whether it is called in training.
    """
    parts = list(layer._walk())
    return all(_is_alone(part, bool(training)) for part in parts) and not any(
        part.activity_regularizer for part in parts[1:]
    )


def _is_alone(layer: Any, training: bool) -> bool:
    if not is_own(type(layer)) or not _is_known(layer) or getattr(layer, "stateful", False):
        return False
    if training and (type(layer).__name__ in _CHANGED_BY_TRAINING or _is_random(layer)):
        return False
    functions = [value for name, value in vars(layer).items() if name.endswith("activation")]
    return _leaves_batch_axis(layer) and all(is_own(each) for each in functions if hasattr(each, "__name__"))


def _is_known(layer: Any) -> bool:
    _, package, *rest = type(layer).__module__.split(".")
    if package == "models":  # an op between the layers of a graph may compute anything
        return all(isinstance(each, Layer) for each in getattr(layer, "operations", ()))
    return package == "layers" and rest[0] in _PACKAGES and type(layer).__name__ != "Lambda"


def _is_random(layer: Any) -> bool:
    rates = [getattr(layer, name) for name in _RATES if hasattr(layer, name)]
    return bool(layer._tracker.held(SeedGenerator)) and (not rates or any(rates))


def _leaves_batch_axis(layer: Any) -> bool:
    """Tells whether no axis that a layer computes over can be that of the batch."""
    axes = [getattr(layer, name) for name in ("axis", "axes") if getattr(layer, name, None) is not None]
    flat = [axis for each in axes for axis in (each if isinstance(each, (list, tuple)) else [each])]
    if type(layer).__name__ == "EinsumDense":
        inputs, _, rest = layer.equation.partition(",")
        kernel, _, outputs = rest.partition("->")
        if inputs[0] != outputs[0] or inputs[0] in kernel.replace(".", ""):
            return False
    return all(axis == -1 or axis > 0 for axis in flat)

"""Losses by name, function, object or config."""

from typing import Any

from ..serialization.lookup import Lookup
from ..tracebacks import filtered
from ..typing import TensorLike
from .configs import describe, restore, with_custom
from .crossentropy import (
    BinaryCrossentropy,
    BinaryFocalCrossentropy,
    CategoricalCrossentropy,
    CategoricalFocalCrossentropy,
    CategoricalGeneralizedCrossEntropy,
    SparseCategoricalCrossentropy,
)
from .functions import FUNCTIONS
from .legacy import NAMES
from .loss import Loss
from .margins import CategoricalHinge, Hinge, SquaredHinge
from .probabilistic import KLDivergence, Poisson
from .regression import (
    CosineSimilarity,
    Huber,
    LogCosh,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
)
from .segmentation import Dice, Tversky
from .sequence import CTC
from .similarity import Circle
from .wrapper import LossFunctionWrapper

_CLASSES = (
    BinaryCrossentropy,
    BinaryFocalCrossentropy,
    CTC,
    CategoricalCrossentropy,
    CategoricalFocalCrossentropy,
    CategoricalGeneralizedCrossEntropy,
    CategoricalHinge,
    Circle,
    CosineSimilarity,
    Dice,
    Hinge,
    Huber,
    KLDivergence,
    LogCosh,
    Loss,
    LossFunctionWrapper,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    Poisson,
    SparseCategoricalCrossentropy,
    SquaredHinge,
    Tversky,
)
_ALIASES = {
    "BCE": "binary_crossentropy",
    "KLD": "kl_divergence",
    "MAE": "mean_absolute_error",
    "MAPE": "mean_absolute_percentage_error",
    "MSE": "mean_squared_error",
    "MSLE": "mean_squared_logarithmic_error",
    "bce": "binary_crossentropy",
    "kld": "kl_divergence",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "mse": "mean_squared_error",
    "msle": "mean_squared_logarithmic_error",
}
_NAMES = {"kind": "loss", "module": "keras.losses"}
_losses = Lookup(**_NAMES, classes=_CLASSES, functions=FUNCTIONS, aliases=_ALIASES, legacy=NAMES)


@filtered
def get(identifier: Any) -> Any:
    """Returns the loss an identifier stands for.

    Args:
        identifier: The name of a function (such as "mse") or of a class, a config, a function, a class or an
            object; None gives None.

    Raises:
        UnknownNameError: If a name is not known; it tells the nearest one.
        ArgumentTypeError: If the identifier is something else.

    Source: https://keras.io/api/losses/

    Example:
        >>> get("mse").__name__
        'mean_squared_error'
        >>> get({"class_name": "BinaryCrossentropy", "config": {"from_logits": True}}).from_logits
        True
    """
    return deserialize(identifier) if isinstance(identifier, dict) else _losses.get(identifier)


@filtered
def serialize(loss: TensorLike) -> Any:
    """Returns the config of a loss object or function.

    Args:
        loss: A `Loss` or a function.

    Source: https://keras.io/api/losses/

    Example:
        >>> serialize(MeanSquaredError())["class_name"]
        'MeanSquaredError'
    """
    return describe(loss, "keras.losses")


@filtered
def deserialize(name: TensorLike, custom_objects: dict | None = None) -> Any:
    """Makes the loss that `serialize` described.

    Args:
        name: A config or a name.
        custom_objects: The user's own classes and functions, by the name used in the config.

    Raises:
        UnknownNameError: If a name is not known.
        ArgumentError: If the config has not the needed parts.

    Source: https://keras.io/api/losses/

    Example:
        >>> deserialize(serialize(MeanSquaredError(reduction="sum"))).reduction
        'sum'
    """
    losses = with_custom(custom_objects, _CLASSES, FUNCTIONS, _ALIASES, **_NAMES) if custom_objects else _losses
    return restore(name, losses, losses)

"""Names of losses in Keras 2, accepted with a warning: as strings, and as attributes of the namespace."""

from typing import Any

from ..errors import warn_legacy
from . import functions

# Strings that Keras 3 no longer accepts, with their present names.
NAMES = {
    "cosine": "cosine_similarity",
    "cosine_proximity": "cosine_similarity",
    "huber_loss": "huber",
    "kullback_leibler_divergence": "kl_divergence",
    "logcosh": "log_cosh",
}
# Short names: strings in Keras 3, too, but attributes in Keras 2 only.
ALIASES = {
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
_ATTRIBUTES = NAMES | ALIASES


class Reduction:
    """The reductions of Keras 2 as constants; now they are strings."""

    AUTO = "auto"
    NONE = "none"
    SUM = "sum"
    SUM_OVER_BATCH_SIZE = "sum_over_batch_size"


def attribute(name: str) -> Any:
    """Returns the loss function of a name in `keras.losses` of Keras 2, with a warning.

    Args:
        name: The name, such as "MSE".

    Raises:
        AttributeError: If Keras 2 had no such name either.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     attribute("MSLE").__name__
        'mean_squared_logarithmic_error'
    """
    if name == "Reduction":
        warn_legacy("`losses.Reduction`", "a string, such as 'sum_over_batch_size'")
        return Reduction
    if name not in _ATTRIBUTES:
        raise AttributeError(f"module 'minikeras.losses' has no attribute {name!r}")
    warn_legacy(f"`losses.{name}`", f"`losses.{_ATTRIBUTES[name]}`")
    return getattr(functions, _ATTRIBUTES[name])

"""Names of metrics in Keras 2, accepted with a warning: as strings, and as attributes of the namespace."""

from typing import Any

from .. import losses
from ..errors import warn_legacy

# Strings that Keras 3 no longer accepts, with their present names.
NAMES = {
    "ACC": "accuracy",
    "KLD": "kl_divergence",
    "acc": "accuracy",
    "cosine": "cosine_similarity",
    "cosine_proximity": "cosine_similarity",
    "kld": "kl_divergence",
    "kullback_leibler_divergence": "kl_divergence",
    "log_cosh": "log_cosh_error",
    "logcosh": "log_cosh_error",
}
_ATTRIBUTES = {
    "KLD": "kl_divergence",
    "MAE": "mean_absolute_error",
    "MAPE": "mean_absolute_percentage_error",
    "MSE": "mean_squared_error",
    "MSLE": "mean_squared_logarithmic_error",
    "kld": "kl_divergence",
    "kullback_leibler_divergence": "kl_divergence",
    "logcosh": "log_cosh",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "mse": "mean_squared_error",
    "msle": "mean_squared_logarithmic_error",
}


def attribute(name: str) -> Any:
    """Returns the function of a name in `keras.metrics` of Keras 2, with a warning.

    Args:
        name: The name, such as "MSE".

    Raises:
        AttributeError: If Keras 2 had no such name either.

    Example:
        >>> attribute("MSLE")
        Traceback (most recent call last):
        ...
        minikeras.errors.LegacyWarning: `metrics.MSLE` is ... write `metrics.mean_squared_logarithmic_error`.
    """
    if name not in _ATTRIBUTES:
        raise AttributeError(f"module 'minikeras.metrics' has no attribute {name!r}")
    warn_legacy(f"`metrics.{name}`", f"`metrics.{_ATTRIBUTES[name]}`")
    return getattr(losses, _ATTRIBUTES[name])

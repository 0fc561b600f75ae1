"""The logs that callbacks receive: dicts of Python floats.

The training loop passes them as a function, since computing them takes time and often no callback reads them.
"""

from collections.abc import Callable, Container, Mapping
from typing import Any

import numpy as np

from ..errors import warn_legacy

Logs = Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None


# The names of logs in Keras 2, and the names they may have now: those under which metrics were given.
_NAMES = {
    "acc": ("accuracy", "ACC"),
    "cosine_proximity": ("cosine_similarity", "cosine"),
    "kullback_leibler_divergence": ("kl_divergence", "kld", "KLD"),
    "lr": ("learning_rate",),
    "mean_absolute_error": ("mae", "MAE"),
    "mean_absolute_percentage_error": ("mape", "MAPE"),
    "mean_squared_error": ("mse", "MSE"),
    "mean_squared_logarithmic_error": ("msle", "MSLE"),
}


def name_of_today(name: object, known: Container[str]) -> str | None:
    """Returns the present name of a log entry, given its name in Keras 2; None if there is none.

    Args:
        name: The old name; it may start with "val_" and the name of an output.
        known: The existing names.

    Example:
        >>> name_of_today("val_acc", ["loss", "val_accuracy"])
        'val_accuracy'
    """
    for old, names in _NAMES.items():
        if isinstance(name, str) and (name == old or name.endswith(f"_{old}")):
            found = (name.removesuffix(old) + new for new in names)
            return next((new for new in found if new in known), None)
    return None


class LogDict(dict):
    """A dict in which entries are also found under their names in Keras 2, with a warning.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     logs = LogDict(accuracy=0.5)
        ...     logs["acc"], logs.get("acc"), logs.get("val_acc"), "acc" in logs
        (0.5, 0.5, None, False)
    """

    def __missing__(self, name: str) -> Any:
        today = name_of_today(name, self)
        if today is None:
            raise KeyError(name)
        warn_legacy(f"the name {name!r} in the logs", repr(today))
        return self[today]

    def get(self, name: str, default: Any = None) -> Any:
        """Returns the value of a name, or the default."""
        try:
            return self[name]
        except KeyError:
            return default

    def copy(self) -> "LogDict":
        """Returns a copy."""
        return LogDict(self)

    def __reduce__(self) -> tuple:
        return dict, (dict(self),)  # pickles can be read without minikeras


def python_logs(logs: Logs) -> LogDict:
    """Returns logs as a new flat dict, sorted by name, with numbers as Python floats.

    Args:
        logs: A dict, a function without arguments that returns one, or `None`. Nested dicts
            are merged into it. Values that are not scalars, such as the outputs of `predict`, stay as
            they are.

    Returns:
        The dict; empty for `None`.

    Example:
        >>> python_logs(lambda: {"loss": np.float32(0.5), "accuracy": 1})
        {'accuracy': 1.0, 'loss': 0.5}
    """
    if callable(logs):
        logs = logs()
    result = LogDict()
    for name, value in sorted((logs or {}).items()):
        if isinstance(value, dict):
            result.update(python_logs(value))
        else:
            result[name] = _python_number(value)
    return result


def _python_number(value: Any) -> Any:
    # An array of one element stays an array: predicting a single example must not change the type.
    if isinstance(value, np.ndarray) and value.ndim > 0:
        return np.asarray(value)  # a plain array: under `minikeras run` it may be an imitation of a TensorFlow tensor
    try:
        return float(value)
    except (TypeError, ValueError):
        return value

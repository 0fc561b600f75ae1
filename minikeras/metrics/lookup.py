"""Metrics by name, function, object or config."""

from collections.abc import Mapping
from typing import Any

from ..losses.configs import describe, restore, with_custom
from ..serialization.public import class_paths, function_paths
from ..tracebacks import filtered
from .legacy import NAMES
from .metric import Metric

_CLASSES = class_paths("metrics")
_ALIASES = {
    "BCE": "BinaryCrossentropy",
    "MAE": "MeanAbsoluteError",
    "MAPE": "MeanAbsolutePercentageError",
    "MSE": "MeanSquaredError",
    "MSLE": "MeanSquaredLogarithmicError",
    "bce": "BinaryCrossentropy",
    "mae": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "mse": "MeanSquaredError",
    "msle": "MeanSquaredLogarithmicError",
}
_ALL_FUNCTIONS = (*function_paths("losses"), *function_paths("metrics"), "metrics.accuracy.accuracy")
_METRICS = {"kind": "metric", "module": "keras.metrics", "legacy": NAMES}
_FUNCTIONS = {"kind": "metric function", "module": "keras.metrics"}
# By name Keras always gives the class; functions are only named in configs.
_metrics = with_custom(None, _CLASSES, (), _ALIASES, **_METRICS)
_functions = with_custom(None, (), _ALL_FUNCTIONS, {}, **_FUNCTIONS)


@filtered
def get(identifier: Any) -> Any:
    """Returns the metric that an identifier refers to.

    Args:
        identifier: The name of a class, as it is or in snake case (such as "mse"), a config, a function, a class
            or an object; None gives None.

    Raises:
        UnknownNameError: If a name is not known; the error suggests the closest one.
        ArgumentTypeError: If the identifier is something else.

    Source: https://keras.io/api/metrics/

    Example:
        >>> get("mse")
        <MeanSquaredError name=mean_squared_error>
    """
    return deserialize(identifier) if isinstance(identifier, dict) else _metrics.get(identifier)


@filtered
def serialize(metric: Any) -> Any:
    """Returns the config of a metric object or function.

    Args:
        metric: A `Metric` or a function.

    Source: https://keras.io/api/metrics/

    Example:
        >>> from minikeras.metrics import Mean
        >>> serialize(Mean())["class_name"]
        'Mean'
    """
    return describe(metric, "keras" if type(metric) is Metric else "keras.metrics")  # where Keras has them


@filtered
def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """Creates a metric from its config or name.

    Args:
        config: A config or a name.
        custom_objects: The user's own classes and functions, by the name used in the config.

    Raises:
        UnknownNameError: If a name is not known.
        ArgumentError: If the config is incomplete.

    Source: https://keras.io/api/metrics/

    Example:
        >>> from minikeras.metrics import BinaryAccuracy
        >>> deserialize(serialize(BinaryAccuracy(threshold=0.2))).threshold
        0.2
    """
    if not custom_objects:
        return restore(config, _metrics, _functions)
    metrics = with_custom(custom_objects, _CLASSES, (), _ALIASES, **_METRICS)
    functions = with_custom(custom_objects, (), _ALL_FUNCTIONS, {}, **_FUNCTIONS)
    return restore(config, metrics, functions)

"""Serialization of schedules, as part of the configs of optimizers."""

from typing import Any

from ...serialization.lookup import Lookup
from ...serialization.public import class_paths
from ...tracebacks import filtered
from .learning_rate_schedule import LearningRateSchedule

_LOOKUP = Lookup(
    "learning rate schedule",
    "keras.optimizers.schedules",
    classes=class_paths("optimizers.schedules", left_out=["LearningRateSchedule"]),
)


@filtered
def serialize(learning_rate_schedule: LearningRateSchedule) -> dict[str, Any]:
    """Returns the class name and config of a schedule.

    Source: https://keras.io/api/optimizers/learning_rate_schedules/

    Example:
        >>> from minikeras.optimizers.schedules import ExponentialDecay
        >>> serialize(ExponentialDecay(0.1, 10, 0.5))["class_name"]
        'ExponentialDecay'
    """
    return _LOOKUP.serialize(learning_rate_schedule)


@filtered
def deserialize(config: dict[str, Any], custom_objects: dict[str, type] | None = None) -> LearningRateSchedule:
    """Creates the schedule that `serialize` described.

    Args:
        config: A dictionary with `class_name` and `config`.
        custom_objects: Custom classes, by name.

    Raises:
        UnknownNameError: If the class is unknown.

    Source: https://keras.io/api/optimizers/learning_rate_schedules/

    Example:
        >>> schedule = deserialize({"class_name": "PolynomialDecay", "config": {
        ...     "initial_learning_rate": 0.5, "decay_steps": 10, "end_learning_rate": 0.0}})
        >>> print(schedule(5))
        0.25
    """
    return _LOOKUP.deserialize(config, custom_objects)

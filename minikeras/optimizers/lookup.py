"""Optimizers by name, and to and from configs."""

import inspect
from collections.abc import Mapping
from typing import Any

from ..errors import ArgumentTypeError, brief
from ..serialization.lookup import Lookup
from ..tracebacks import filtered
from .adadelta import Adadelta
from .adafactor import Adafactor
from .adagrad import Adagrad
from .adam import Adam
from .adamax import Adamax
from .adamw import AdamW
from .ftrl import Ftrl
from .lamb import Lamb
from .lion import Lion
from .loss_scale_optimizer import LossScaleOptimizer
from .multi_optimizer import MultiOptimizer
from .muon import Muon
from .nadam import Nadam
from .optimizer import Optimizer
from .optimizer_map import OptimizerMap
from .rmsprop import RMSprop
from .schedule_free_adamw import ScheduleFreeAdamW
from .sgd import SGD

_CLASSES = (
    Adadelta,
    Adafactor,
    Adagrad,
    Adam,
    AdamW,
    Adamax,
    Ftrl,
    Lamb,
    Lion,
    LossScaleOptimizer,
    MultiOptimizer,
    Muon,
    Nadam,
    OptimizerMap,
    RMSprop,
    SGD,
    ScheduleFreeAdamW,
)
_LOOKUP = Lookup("optimizer", "keras.optimizers", classes=_CLASSES)
_BY_LOWER_CASE = {cls.__name__.lower(): cls.__name__ for cls in _CLASSES}


@filtered
def get(identifier: Any) -> Optimizer | None:
    """Returns the optimizer that an identifier stands for.

    Args:
        identifier: A name (upper and lower case are the same), a class, a config, or an optimizer, which is
            returned as it is; None gives None.

    Raises:
        UnknownNameError: If the name is not known.
        ArgumentTypeError: If the identifier is something else.

    Source: https://keras.io/api/optimizers/

    Example:
        >>> type(get("sgd")).__name__
        'SGD'
    """
    if identifier is None or isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return deserialize({"class_name": identifier, "config": {}})
    if inspect.isclass(identifier) and issubclass(identifier, Optimizer):
        return identifier()
    raise ArgumentTypeError(
        "Expected the name, the class or the config of an optimizer, or an optimizer of minikeras. "
        f"Received: {brief(identifier)} of type {type(identifier).__name__}"
    )


@filtered
def serialize(optimizer: Optimizer) -> dict[str, Any]:
    """Returns the class and the config of an optimizer, without its state.

    Raises:
        ArgumentTypeError: If it is not an optimizer.

    Source: https://keras.io/api/optimizers/

    Example:
        >>> serialize(SGD(momentum=0.5))["config"]["momentum"]
        0.5
    """
    if not isinstance(optimizer, Optimizer):
        raise ArgumentTypeError(
            f"Expected an optimizer. Received: {brief(optimizer)} of type {type(optimizer).__name__}"
        )
    return _LOOKUP.serialize(optimizer)


@filtered
def deserialize(config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Optimizer:
    """Makes the optimizer that `serialize` described.

    Args:
        config: A dictionary with `class_name` and `config`.
        custom_objects: Further classes of optimizers and schedules, by name.

    Raises:
        UnknownNameError: If the class is not known.

    Source: https://keras.io/api/optimizers/

    Example:
        >>> deserialize({"class_name": "SGD", "config": {"momentum": 0.5}}).momentum
        0.5
    """
    if not isinstance(config, dict):
        raise ArgumentTypeError(
            f"Expected a config of an optimizer. Received: {brief(config)} of type {type(config).__name__}"
        )
    name = config.get("class_name")
    if isinstance(name, str):
        config = {**config, "class_name": _BY_LOWER_CASE.get(name.lower(), name)}
    return _LOOKUP.deserialize(config, custom_objects)

"""Optimizers by name, and to and from configs."""

import inspect
from typing import Any

from ..engine.lookup import Lookup
from ..errors import ArgumentTypeError, NotSupportedError, unknown_name
from .adam import Adam
from .optimizer import Optimizer
from .sgd import SGD

_CLASSES = (Adam, SGD)
_LOOKUP = Lookup("optimizer", "keras.optimizers", classes=_CLASSES)
_BY_LOWER_CASE = {cls.__name__.lower(): cls.__name__ for cls in _CLASSES}

# What Keras has besides; a name leaves this list when its optimizer is there.
_MISSING = (
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "AdamW",
    "Adamax",
    "Ftrl",
    "Lamb",
    "Lion",
    "LossScaleOptimizer",
    "MultiOptimizer",
    "Muon",
    "Nadam",
    "OptimizerMap",
    "RMSprop",
    "ScheduleFreeAdamW",
)
_MISSING_BY_LOWER_CASE = {name.lower(): name for name in _MISSING}


def get(identifier: object) -> Optimizer | None:
    """Returns the optimizer that an identifier stands for.

    Args:
        identifier: A name (upper and lower case are the same), a class, a config, or an optimizer, which is
            returned as it is; None gives None.

    Raises:
        UnknownNameError: If the name is not known.
        NotSupportedError: If Keras has it, but minikeras does not yet.
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
        return _LOOKUP.get(_known_name(identifier))
    if inspect.isclass(identifier) and issubclass(identifier, Optimizer):
        return _LOOKUP.get(identifier)
    raise ArgumentTypeError(
        "Expected the name, the class or the config of an optimizer, or an optimizer of minikeras. "
        f"Received: {identifier!r} of type {type(identifier).__name__}"
    )


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
        raise ArgumentTypeError(f"Expected an optimizer. Received: {optimizer!r} of type {type(optimizer).__name__}")
    return _LOOKUP.serialize(optimizer)


def deserialize(config: dict[str, Any], custom_objects: dict[str, type] | None = None) -> Optimizer:
    """Makes the optimizer that `serialize` described.

    Args:
        config: A dictionary with `class_name` and `config`.
        custom_objects: Further classes of optimizers and schedules, by name.

    Raises:
        UnknownNameError: If the class is not known.
        NotSupportedError: If Keras has it, but minikeras does not yet.

    Source: https://keras.io/api/optimizers/

    Example:
        >>> deserialize({"class_name": "SGD", "config": {"momentum": 0.5}}).momentum
        0.5
    """
    if not isinstance(config, dict):
        raise ArgumentTypeError(
            f"Expected a config of an optimizer. Received: {config!r} of type {type(config).__name__}"
        )
    name, settings = config.get("class_name"), config.get("config", {})
    if isinstance(name, str):
        cls = (custom_objects or {}).get(name) or _LOOKUP.find(_known_name(name))
        # A class may override `from_config` with the config as its only argument.
        return cls.from_config(settings, custom_objects) if custom_objects else cls.from_config(settings)
    return _LOOKUP.deserialize(config)


def _known_name(name: str) -> str:
    """The name as minikeras writes it; raises if it has no such optimizer."""
    lower = name.lower()
    if lower in _MISSING_BY_LOWER_CASE:
        raise NotSupportedError(
            f"The optimizer {_MISSING_BY_LOWER_CASE[lower]} is not in minikeras yet. "
            f"What is: {', '.join(_BY_LOWER_CASE.values())}. Received: {name!r}"
        )
    if lower not in _BY_LOWER_CASE:
        raise unknown_name("optimizer", name, _BY_LOWER_CASE)
    return _BY_LOWER_CASE[lower]

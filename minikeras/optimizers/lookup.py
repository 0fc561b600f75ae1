"""Lookup of optimizers by name, and their conversion to and from configs."""

import inspect
from collections.abc import Mapping
from typing import Any

from ..errors import ArgumentTypeError, brief
from ..serialization.lookup import Lookup
from ..serialization.public import class_paths
from ..tracebacks import filtered
from .optimizer import Optimizer

_CLASSES = class_paths("optimizers", left_out=["Optimizer"])
_LOOKUP = Lookup("optimizer", "keras.optimizers", classes=_CLASSES)
_BY_LOWER_CASE = {name.lower(): name for name in (path.rpartition(".")[2] for path in _CLASSES)}


@filtered
def get(identifier: Any) -> Optimizer | None:
    """Retrieves an optimizer from an identifier.

    Args:
        identifier: A name (case-insensitive), a class, a config, or an optimizer, which is returned unchanged; None
            returns None.

    Raises:
        UnknownNameError: If the name is unknown.
        ArgumentTypeError: If the identifier has another type.

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
        "Expected the name, class or config of an optimizer, or a minikeras optimizer. "
        f"Received: {brief(identifier)} of type {type(identifier).__name__}"
    )


@filtered
def serialize(optimizer: Optimizer) -> dict[str, Any]:
    """Returns the class name and config of an optimizer, without its state.

    Raises:
        ArgumentTypeError: If it is not an optimizer.

    Source: https://keras.io/api/optimizers/

    Example:
        >>> from minikeras.optimizers import SGD
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
    """Creates the optimizer that `serialize` described.

    Args:
        config: A dictionary with `class_name` and `config`.
        custom_objects: Custom classes of optimizers and schedules, by name.

    Raises:
        UnknownNameError: If the class is unknown.

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

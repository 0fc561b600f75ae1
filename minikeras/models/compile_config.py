"""The arguments of `compile` as a config, and back."""

from collections.abc import Callable
from typing import Any

from .. import losses, metrics, optimizers
from ..losses import Loss
from ..metrics import Metric

_ROOMS = {"loss": losses, "metrics": metrics, "weighted_metrics": metrics}


def described(arguments: dict, optimizer: Any) -> dict:
    """Returns the arguments of `compile` with configs in the places of objects.

    Args:
        arguments: What `compile` was called with.
        optimizer: The optimizer as it is now.
    """
    config = {
        **arguments,
        "optimizer": None if optimizer is None else optimizers.serialize(optimizer),
        # Steps are always replayed, so there is nothing to choose; real Keras gets what it has on such a machine.
        "jit_compile": False,
    }
    for name in _ROOMS:
        config[name] = _map(_described, arguments[name])
    return config


def revived(config: dict) -> dict:
    """Returns the arguments of `compile` that `described` wrote."""
    arguments = dict(config)
    if isinstance(arguments.get("optimizer"), dict):
        arguments["optimizer"] = optimizers.deserialize(arguments["optimizer"])
    for name, room in _ROOMS.items():
        arguments[name] = _map(lambda value, room=room: _revived(value, room), arguments.get(name))
    return arguments


def _map(function: Callable, value: Any) -> Any:
    if isinstance(value, dict) and "class_name" not in value:
        return {key: _map(function, part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_map(function, part) for part in value]
    return function(value)


def _described(value: Any) -> Any:
    if isinstance(value, Metric):
        return metrics.serialize(value)
    if isinstance(value, Loss):
        return losses.serialize(value)
    if callable(value):
        name = getattr(value, "__name__", type(value).__name__)
        return {"module": "builtins", "class_name": "function", "config": name, "registered_name": "function"}
    return value


def _revived(value: Any, room: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return room.get(value["config"]) if value["class_name"] == "function" else room.deserialize(value)

"""Looking up constraints by name, config, function or object."""

from collections.abc import Callable, Mapping
from typing import Any

from ..serialization.lookup import Lookup
from ..serialization.public import class_paths
from ..tracebacks import filtered

_LOOKUP = Lookup(
    "constraint",
    "keras.constraints",
    classes=class_paths("constraints"),
    legacy={"maxnorm": "max_norm", "nonneg": "non_neg", "unitnorm": "unit_norm"},
)


@filtered
def get(identifier: Any) -> Callable[..., Any] | Any:
    """Returns the constraint for an identifier.

    Args:
        identifier: A name (`"non_neg"`), a config, a class, an object, or a function of the weight. None gives None.

    Raises:
        UnknownNameError: If a name is unknown.
        ArgumentTypeError: If the identifier is of another type.

    Source: https://keras.io/api/layers/constraints/

    Example:
        >>> get("max_norm").max_value
        2
    """
    return _LOOKUP.get(identifier)


@filtered
def serialize(constraint: Any) -> Any:
    """Returns the config of a constraint.

    Source: https://keras.io/api/layers/constraints/

    Example:
        >>> from minikeras.constraints import UnitNorm
        >>> serialize(UnitNorm())["config"]
        {'axis': 0}
    """
    return _LOOKUP.serialize(constraint)


@filtered
def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """Creates a constraint from its config.

    Args:
        config: The config, or a name.
        custom_objects: Custom classes and functions, by their name in the config.

    Raises:
        UnknownNameError: If the class is unknown.

    Source: https://keras.io/api/layers/constraints/

    Example:
        >>> from minikeras.constraints import MaxNorm
        >>> deserialize(serialize(MaxNorm(3))).max_value
        3
    """
    return _LOOKUP.deserialize(config, custom_objects)

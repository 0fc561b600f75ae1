"""Looking up constraints by name, config, function or object."""

from collections.abc import Callable

from ..serialization.lookup import Lookup
from ..tracebacks import filtered
from .constraint import Constraint
from .non_neg import NonNeg
from .norms import MaxNorm, MinMaxNorm, UnitNorm

_LOOKUP = Lookup(
    "constraint",
    "keras.constraints",
    classes=[Constraint, MaxNorm, MinMaxNorm, NonNeg, UnitNorm],
    legacy={"maxnorm": "max_norm", "nonneg": "non_neg", "unitnorm": "unit_norm"},
)


@filtered
def get(identifier: object) -> Callable | None:
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
def serialize(constraint: object) -> object:
    """Returns the config of a constraint.

    Source: https://keras.io/api/layers/constraints/

    Example:
        >>> serialize(UnitNorm())["config"]
        {'axis': 0}
    """
    return _LOOKUP.serialize(constraint)


@filtered
def deserialize(config: object, custom_objects: dict | None = None) -> object:
    """Creates a constraint from its config.

    Args:
        config: The config, or a name.
        custom_objects: Custom classes and functions, by their name in the config.

    Raises:
        UnknownNameError: If the class is unknown.

    Source: https://keras.io/api/layers/constraints/

    Example:
        >>> deserialize(serialize(MaxNorm(3))).max_value
        3
    """
    return _LOOKUP.deserialize(config, custom_objects)

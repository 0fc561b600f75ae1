"""Looking up regularizers by name, config, function or object."""

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import warn_legacy
from ..serialization.lookup import Lookup
from ..serialization.public import class_paths
from ..tracebacks import filtered
from .norms import L1L2

_LOOKUP = Lookup("regularizer", "keras.regularizers", classes=class_paths("regularizers"))


@filtered
def get(identifier: Any) -> Callable[..., Any] | Any:
    """Returns the regularizer for an identifier.

    Args:
        identifier: A name (`"l2"`), a config, a class, an object, or a function of the value. None gives None.

    Raises:
        UnknownNameError: If a name is unknown.
        ArgumentTypeError: If the identifier is of another type.

    Source: https://keras.io/api/layers/regularizers/

    Example:
        >>> get("l2").l2
        0.01
    """
    if isinstance(identifier, str) and identifier == "l1_l2":
        # In Keras 2 both penalties; "l1l2" of Keras 3 has none by default.
        warn_legacy("regularizer 'l1_l2'", "L1L2(l1=0.01, l2=0.01)")
        return L1L2(0.01, 0.01)
    return _LOOKUP.get(identifier)


@filtered
def serialize(regularizer: Any) -> Any:
    """Returns the config of a regularizer.

    Source: https://keras.io/api/layers/regularizers/

    Example:
        >>> from minikeras.regularizers import L2
        >>> serialize(L2(0.5))["config"]
        {'l2': 0.5}
    """
    return _LOOKUP.serialize(regularizer)


@filtered
def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """Creates a regularizer from its config.

    Args:
        config: The config, or a name.
        custom_objects: Custom classes and functions, by their name in the config.

    Raises:
        UnknownNameError: If the class is unknown.

    Source: https://keras.io/api/layers/regularizers/

    Example:
        >>> from minikeras.regularizers import L2
        >>> deserialize(serialize(L2(0.5))).l2
        0.5
    """
    return _LOOKUP.deserialize(config, custom_objects)

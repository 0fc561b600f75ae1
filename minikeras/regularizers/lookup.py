"""Finding a regularizer by what a user writes: a name, a config, a function or an object."""

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
    """Returns the regularizer an identifier stands for.

    Args:
        identifier: A name (`"l2"`), a config, a class, an object, or a function of the value. None gives None.

    Raises:
        UnknownNameError: If a name is not known.
        ArgumentTypeError: If the identifier is something else.

    Source: https://keras.io/api/layers/regularizers/

    Example:
        >>> get("l2").l2
        0.01
    """
    if isinstance(identifier, str) and identifier == "l1_l2":
        # Keras 2 took this name for both penalties; today's "l1l2" means none, by the defaults of the class.
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
    """Makes the regularizer that `serialize` described.

    Args:
        config: The config; also a name.
        custom_objects: The user's own classes and functions, by the name used in the config.

    Raises:
        UnknownNameError: If the class is not known.

    Source: https://keras.io/api/layers/regularizers/

    Example:
        >>> from minikeras.regularizers import L2
        >>> deserialize(serialize(L2(0.5))).l2
        0.5
    """
    return _LOOKUP.deserialize(config, custom_objects)

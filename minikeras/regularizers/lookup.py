"""Looking up regularizers by name, config, function or object."""

from collections.abc import Callable

from ..errors import warn_legacy
from ..serialization.lookup import Lookup
from ..tracebacks import filtered
from .norms import L1, L1L2, L2
from .orthogonal import OrthogonalRegularizer
from .regularizer import Regularizer

_LOOKUP = Lookup("regularizer", "keras.regularizers", classes=[L1, L1L2, L2, OrthogonalRegularizer, Regularizer])


@filtered
def get(identifier: object) -> Callable | None:
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
def serialize(regularizer: object) -> object:
    """Returns the config of a regularizer.

    Source: https://keras.io/api/layers/regularizers/

    Example:
        >>> serialize(L2(0.5))["config"]
        {'l2': 0.5}
    """
    return _LOOKUP.serialize(regularizer)


@filtered
def deserialize(config: object, custom_objects: dict | None = None) -> object:
    """Creates a regularizer from its config.

    Args:
        config: The config, or a name.
        custom_objects: Custom classes and functions, by their name in the config.

    Raises:
        UnknownNameError: If the class is unknown.

    Source: https://keras.io/api/layers/regularizers/

    Example:
        >>> deserialize(serialize(L2(0.5))).l2
        0.5
    """
    return _LOOKUP.deserialize(config, custom_objects)

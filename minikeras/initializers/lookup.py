"""Looking up initializers by name, config, array, function or object."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..engine.dtypes import standardize_dtype
from ..errors import ShapeError
from ..serialization.lookup import Lookup
from ..serialization.public import class_paths
from ..tracebacks import filtered

_ALIASES = {
    "IdentityInitializer": "Identity",
    "OrthogonalInitializer": "Orthogonal",
    "STFTInitializer": "STFT",
    "normal": "RandomNormal",
    "one": "Ones",
    "uniform": "RandomUniform",
    "zero": "Zeros",
}
_LOOKUP = Lookup(
    "initializer",
    "keras.initializers",
    classes=class_paths("initializers", left_out=_ALIASES),
    aliases=_ALIASES,
)


@filtered
def get(identifier: Any) -> Callable[..., Any] | Any:
    """Returns the initializer for an identifier.

    Args:
        identifier: A name (`"glorot_uniform"`), a config, a class, an object, a function
            `(shape, dtype=None)`, or an array of the shape of the weight. None gives None.

    Raises:
        UnknownNameError: If a name is unknown.
        ArgumentTypeError: If the identifier is of another type.

    Source: https://keras.io/api/layers/initializers/

    Example:
        >>> get("zeros")((2,))
        array([0., 0.], dtype=float32)
    """
    if isinstance(identifier, (np.ndarray, np.generic)):
        return _given(np.array(identifier))
    return _LOOKUP.get(identifier)


@filtered
def serialize(initializer: Any) -> Any:
    """Returns the config of an initializer.

    Source: https://keras.io/api/layers/initializers/

    Example:
        >>> from minikeras.initializers import Zeros
        >>> serialize(Zeros())["class_name"]
        'Zeros'
    """
    return _LOOKUP.serialize(initializer)


@filtered
def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """Creates an initializer from its config.

    Args:
        config: The config, or a name.
        custom_objects: Custom classes and functions, by their name in the config.

    Raises:
        UnknownNameError: If the class is unknown.

    Source: https://keras.io/api/layers/initializers/

    Example:
        >>> from minikeras.initializers import Constant
        >>> deserialize(serialize(Constant(2.0))).value
        2.0
    """
    return _LOOKUP.deserialize(config, custom_objects)


def _given(values: np.ndarray) -> Callable:
    def given_values(shape: tuple[int, ...], dtype: object = None) -> np.ndarray:
        if tuple(shape) != values.shape:
            raise ShapeError(
                f"The initializer is an array of shape {values.shape}; the weight has the shape {tuple(shape)}."
            )
        return values.astype(standardize_dtype(dtype))

    return given_values

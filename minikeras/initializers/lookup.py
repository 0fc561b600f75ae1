"""Looking up initializers by name, config, array, function or object."""

from collections.abc import Callable

import numpy as np

from ..engine.dtypes import standardize_dtype
from ..engine.variable import initializers_are_found_by
from ..errors import ShapeError
from ..serialization.lookup import Lookup
from ..tracebacks import filtered
from .constants import Constant, Ones, Zeros
from .distributions import RandomNormal, RandomUniform, TruncatedNormal
from .initializer import Initializer
from .matrices import Identity, Orthogonal
from .scaling import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    VarianceScaling,
)
from .stft import STFT

_LOOKUP = Lookup(
    "initializer",
    "keras.initializers",
    classes=[
        Constant,
        GlorotNormal,
        GlorotUniform,
        HeNormal,
        HeUniform,
        Identity,
        Initializer,
        LecunNormal,
        LecunUniform,
        Ones,
        Orthogonal,
        RandomNormal,
        RandomUniform,
        STFT,
        TruncatedNormal,
        VarianceScaling,
        Zeros,
    ],
    aliases={
        "IdentityInitializer": "Identity",
        "OrthogonalInitializer": "Orthogonal",
        "STFTInitializer": "STFT",
        "normal": "RandomNormal",
        "one": "Ones",
        "uniform": "RandomUniform",
        "zero": "Zeros",
    },
)


@filtered
def get(identifier: object) -> Callable | None:
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
def serialize(initializer: object) -> object:
    """Returns the config of an initializer.

    Source: https://keras.io/api/layers/initializers/

    Example:
        >>> serialize(Zeros())["class_name"]
        'Zeros'
    """
    return _LOOKUP.serialize(initializer)


@filtered
def deserialize(config: object, custom_objects: dict | None = None) -> object:
    """Creates an initializer from its config.

    Args:
        config: The config, or a name.
        custom_objects: Custom classes and functions, by their name in the config.

    Raises:
        UnknownNameError: If the class is unknown.

    Source: https://keras.io/api/layers/initializers/

    Example:
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


initializers_are_found_by(get)

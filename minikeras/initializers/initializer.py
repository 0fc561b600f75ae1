"""What every initializer is: a function of shape and dtype that can describe and copy itself."""

import inspect
from typing import Any, Self

import numpy as np

from ..errors import NotSupportedError, warn_legacy
from ..random import SeedGenerator
from ..random.seed_generator import check_seed, make_default_seed
from ..serialization import lookup
from ..serialization.configs import is_own
from ..tracebacks import Filtered
from ..typing import ShapeLike

_SEED_GENERATORS = lookup.Lookup("seed generator", "keras.random", classes=[SeedGenerator])


class Initializer(Filtered):
    """The base of all initializers; a subclass defines `__call__`, and `get_config` if it has arguments.

    Source: https://keras.io/api/layers/initializers/

    Example:
        >>> class Sevens(Initializer):
        ...     def __call__(self, shape, dtype=None):
        ...         return np.full(shape, 7, dtype)
        >>> Sevens().clone()((2,), "int32")
        array([7, 7], dtype=int32)
    """

    def __call__(self, shape: ShapeLike, dtype: Any = None) -> np.ndarray:
        """Returns initial values.

        Args:
            shape: The shape of the weight.
            dtype: The type of the weight; `floatx` by default.
        """
        raise NotSupportedError(f"{type(self).__name__} does not define `__call__(shape, dtype=None)`.")

    def can_wait(self, shape: ShapeLike) -> bool:
        """Returns whether a call gives the same values whenever it comes, and surely no error.

        Args:
            shape: The shape that it is going to be called with.
        """
        return False

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments that make an equal initializer."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Makes an initializer from what `get_config` returned."""
        if "dtype" in config and "dtype" not in inspect.signature(cls).parameters:
            # Keras 2 kept the type of the weight here; today it comes with the call.
            warn_legacy(f"`dtype` in a config of {cls.__name__}", "a config without it")
            config = {name: value for name, value in config.items() if name != "dtype"}
        return cls(**config)

    def clone(self) -> "Initializer":
        """Makes an initializer with the same arguments; one without a seed gets another seed."""
        return type(self).from_config(self.get_config())


class RandomInitializer(Initializer):
    """The base of the initializers that draw; it keeps the seed.

    Args:
        seed: An integer, so that each call gives the same values; a `SeedGenerator`, so that each call
            gives others; the config of one; or None, for an integer drawn from Python's `random`.

    Raises:
        ArgumentError: If the seed is something else.
    """

    def __init__(self, seed: "int | SeedGenerator | dict | None" = None):
        self._init_seed = seed
        if seed is None:
            self.seed = make_default_seed()
        elif isinstance(seed, dict):
            self.seed = _SEED_GENERATORS.deserialize(seed)
        elif isinstance(seed, SeedGenerator):
            self.seed = seed
        else:
            self.seed = check_seed(seed, type(self).__name__)

    def can_wait(self, shape: ShapeLike) -> bool:
        """Returns whether a call gives the same values whenever it comes: not if a generator is asked for a seed."""
        return is_own(type(self)) and isinstance(self.seed, int)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments that make an equal initializer."""
        if isinstance(self._init_seed, SeedGenerator):
            return {"seed": lookup.serialize(self._init_seed, "keras.random")}
        return {"seed": self._init_seed}

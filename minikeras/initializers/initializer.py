"""The base classes of initializers."""

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
    """The base class of initializers; a subclass defines `__call__`, and `get_config` if it has arguments.

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
            dtype: The dtype of the weight; `floatx` by default.
        """
        raise NotSupportedError(f"{type(self).__name__} does not define `__call__(shape, dtype=None)`.")

    def can_wait(self, shape: ShapeLike) -> bool:
        """Returns whether the values do not depend on when it is called, and the call cannot fail.

        Args:
            shape: The shape of the weight.
        """
        return False

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates an initializer from its config."""
        if "dtype" in config and "dtype" not in inspect.signature(cls).parameters:
            # In Keras 2 an argument of the constructor, in Keras 3 of the call.
            warn_legacy(f"`dtype` in a config of {cls.__name__}", "a config without it")
            config = {name: value for name, value in config.items() if name != "dtype"}
        return cls(**config)

    def clone(self) -> "Initializer":
        """Creates an initializer with the same arguments; without a seed, it draws a new one."""
        return type(self).from_config(self.get_config())


class RandomInitializer(Initializer):
    """The base class of random initializers.

    Args:
        seed: An integer, for the same values in each call; a `SeedGenerator`, or the config of one, for different
            values in each call; or None, for an integer drawn from Python's `random`.

    Raises:
        ArgumentError: If the seed is invalid.
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
        """Returns whether the values do not depend on when it is called: not if the seed is a `SeedGenerator`."""
        return is_own(type(self)) and isinstance(self.seed, int)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        if isinstance(self._init_seed, SeedGenerator):
            return {"seed": lookup.serialize(self._init_seed, "keras.random")}
        return {"seed": self._init_seed}

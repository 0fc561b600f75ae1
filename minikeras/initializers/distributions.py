"""Initializers that draw from a given distribution."""

from typing import Any

import numpy as np

from ..argument_checks import check_number
from ..errors import ArgumentError
from ..random import SeedGenerator, normal, truncated_normal, uniform
from ..typing import DTypeLike, ShapeLike
from .initializer import RandomInitializer


class _Normal(RandomInitializer):
    """The base of the two normal distributions."""

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: "int | SeedGenerator | None" = None):
        self.mean = check_number(type(self).__name__, "mean", mean, finite=False, error=ArgumentError)
        self.stddev = check_number(type(self).__name__, "stddev", stddev, finite=False, error=ArgumentError)
        super().__init__(seed)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "mean": self.mean, "stddev": self.stddev}


class RandomNormal(_Normal):
    """Draws from a normal distribution.

    Args:
        mean: The mean.
        stddev: The standard deviation.
        seed: An integer, a `SeedGenerator`, or None for a new seed.

    Source: https://keras.io/api/layers/initializers/

    Example:
        >>> RandomNormal(stddev=1.0, seed=1)((2,))
        array([0.34558418, 0.82161814], dtype=float32)
    """

    def __call__(self, shape: ShapeLike, dtype: DTypeLike | None = None) -> np.ndarray:
        return normal(shape, self.mean, self.stddev, dtype, self.seed)


class TruncatedNormal(_Normal):
    """Draws from a normal distribution truncated at two standard deviations.

    Args:
        mean: The mean.
        stddev: The standard deviation before truncation.
        seed: An integer, a `SeedGenerator`, or None for a new seed.

    Source: https://keras.io/api/layers/initializers/

    Example:
        >>> float(abs(TruncatedNormal(seed=1)((1000,))).max()) <= 0.1
        True
    """

    def __call__(self, shape: ShapeLike, dtype: DTypeLike | None = None) -> np.ndarray:
        return truncated_normal(shape, self.mean, self.stddev, dtype, self.seed)


class RandomUniform(RandomInitializer):
    """Draws from a uniform distribution over [minval, maxval).

    Args:
        minval: The lower bound.
        maxval: The upper bound.
        seed: An integer, a `SeedGenerator`, or None for a new seed.

    Source: https://keras.io/api/layers/initializers/

    Example:
        >>> RandomUniform(0, 1, seed=1)((2,))
        array([0.5118216, 0.9504637], dtype=float32)
    """

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed: "int | SeedGenerator | None" = None):
        self.minval = check_number(type(self).__name__, "minval", minval, finite=False, error=ArgumentError)
        self.maxval = check_number(type(self).__name__, "maxval", maxval, finite=False, error=ArgumentError)
        super().__init__(seed)

    def __call__(self, shape: ShapeLike, dtype: DTypeLike | None = None) -> np.ndarray:
        return uniform(shape, self.minval, self.maxval, dtype, self.seed)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "minval": self.minval, "maxval": self.maxval}

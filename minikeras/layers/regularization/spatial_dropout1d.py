"""Dropout of whole channels of sequences."""

from ...activations.legacy import renamed
from ...typing import DTypePolicyLike
from .spatial_dropout import SpatialDropout


class SpatialDropout1D(SpatialDropout):
    """Drops whole channels of sequences at random while training, and scales the others up by `1 / (1 - rate)`.

    Args:
        rate: The share of channels to drop, from 0 to 1.
        seed: A whole number for repeatable draws.
        name: The layer's name.
        dtype: The type the layer computes in, or a dtype policy.

    Raises:
        ArgumentError: If an argument has a value that cannot work.

    Source: https://keras.io/api/layers/regularization_layers/spatial_dropout1d/

    Example:
        >>> from minikeras import ops
        >>> SpatialDropout1D(0.5)(ops.ones((2, 3, 4))).shape  # (batch, steps, channels)
        (2, 3, 4)
    """

    rank = 1

    @renamed(p="rate")
    def __init__(self, rate: float, seed: int | None = None, name: str | None = None, dtype: DTypePolicyLike = None):
        super().__init__(rate, seed=seed, name=name, dtype=dtype)

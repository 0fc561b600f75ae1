"""The `SpatialDropout1D` layer."""

from ...activations.legacy import renamed
from ...typing import DTypePolicyLike
from .spatial_dropout import SpatialDropout


class SpatialDropout1D(SpatialDropout):
    """Drops whole channels of sequences at random in training, and scales the others by `1 / (1 - rate)`.

    Args:
        rate: The fraction of channels to drop, in [0, 1].
        seed: An integer, for reproducible draws.
        name: The layer's name.
        dtype: The dtype of the computations and weights, or a dtype policy.

    Raises:
        ArgumentError: If an argument is invalid.

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

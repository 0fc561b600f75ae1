"""The `Cropping3D` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ...typing import LayerArguments
from ..legacy import takes_dim_ordering
from .cropping import Cropping


class Cropping3D(Cropping):
    """Crops the three spatial axes of volumes.

    Args:
        cropping: Three pairs (start, end) of integers >= 0; one integer for both ends of an axis, or for all.
        data_format: "channels_last" or "channels_first"; by default `config.image_data_format()`.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/reshaping_layers/cropping3d/

    Example:
        >>> from minikeras import ops
        >>> Cropping3D(1)(ops.ones((1, 4, 3, 3, 2))).shape
        (1, 2, 1, 1, 2)
    """

    rank = 3

    @takes_dim_ordering
    def __init__(
        self,
        cropping: int | Sequence[Any] = ((1, 1), (1, 1), (1, 1)),
        data_format: str | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(cropping, data_format, **kwargs)

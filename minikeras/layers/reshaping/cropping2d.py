"""The `Cropping2D` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ...typing import LayerArguments
from ..legacy import takes_dim_ordering
from .cropping import Cropping


class Cropping2D(Cropping):
    """Crops the height and width of images.

    Args:
        cropping: ((top, bottom), (left, right)), integers >= 0; one integer for both ends of an axis, or for all.
        data_format: "channels_last" or "channels_first"; by default `config.image_data_format()`.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/reshaping_layers/cropping2d/

    Example:
        >>> from minikeras import ops
        >>> Cropping2D(((1, 0), (0, 1)))(ops.reshape([1.0, 2.0, 3.0, 4.0], (1, 2, 2, 1))).shape
        (1, 1, 1, 1)
    """

    rank = 2

    @takes_dim_ordering
    def __init__(
        self,
        cropping: int | Sequence[Any] = ((0, 0), (0, 0)),
        data_format: str | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(cropping, data_format, **kwargs)

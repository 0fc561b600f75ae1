"""The `ZeroPadding2D` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ...typing import LayerArguments
from ..legacy import takes_dim_ordering
from .zero_padding import ZeroPadding


class ZeroPadding2D(ZeroPadding):
    """Pads the height and width of images with zeros.

    Args:
        padding: ((top, bottom), (left, right)), integers >= 0; one integer for both ends of an axis, or for all.
        data_format: "channels_last" or "channels_first"; by default `config.image_data_format()`.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/reshaping_layers/zero_padding2d/

    Example:
        >>> from minikeras import ops
        >>> ZeroPadding2D((0, 1))(ops.ones((1, 1, 1, 1)))[0, :, :, 0]
        array([[0., 1., 0.]], dtype=float32)
    """

    rank = 2

    @takes_dim_ordering
    def __init__(
        self,
        padding: int | Sequence[Any] = (1, 1),
        data_format: str | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(padding, data_format, **kwargs)

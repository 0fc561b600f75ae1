"""The `MaxPooling2D` layer."""

from collections.abc import Sequence
from typing import Unpack

from ... import ops
from ...typing import LayerArguments
from .base import WindowPooling, takes_old_arguments


class MaxPooling2D(WindowPooling):
    """Maximum of each window over images.

    `y[b, i, j, c] = max x[b, i * stride + k, j * stride + l, c]` over k, l.
    The gradient flows to the first of equal maxima of a window.

    Args:
        pool_size: The size of a window (rows, columns), or one integer for both.
        strides: The distance of neighbouring windows, likewise; `pool_size` if None.
        padding: "valid": no padding; "same": windows may exceed the images, such that the spatial sizes become
            ceil(size / strides).
        data_format: "channels_last", shape (batch, rows, columns, channels), or "channels_first", (batch, channels,
            rows, columns); by default `config.image_data_format()`.
        name: The name of the layer.
        **kwargs: Arguments of every layer, such as `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/pooling_layers/max_pooling2d/

    Example:
        >>> MaxPooling2D()([[[[1.0], [2.0]], [[4.0], [3.0]]]])
        array([[[[4.]]]], dtype=float32)
    """

    rank = 2
    pool = staticmethod(ops.max_pool)

    @takes_old_arguments
    def __init__(
        self,
        pool_size: int | Sequence[int] = (2, 2),
        strides: int | Sequence[int] | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)

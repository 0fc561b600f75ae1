"""The `MaxPooling3D` layer."""

from collections.abc import Sequence
from typing import Unpack

from ... import ops
from ...typing import LayerArguments
from .base import WindowPooling, takes_old_arguments


class MaxPooling3D(WindowPooling):
    """Maximum of each window over volumes.

    `y[b, h, i, j, c] = max x[b, h * stride + k, i * stride + l, j * stride + m, c]` over k, l, m.
    The gradient flows to the first of equal maxima of a window.

    Args:
        pool_size: The size of a window (depth, rows, columns), or one integer for all.
        strides: The distance of neighbouring windows, likewise; `pool_size` if None.
        padding: "valid": no padding; "same": windows may exceed the volumes, such that the spatial sizes become
            ceil(size / strides).
        data_format: "channels_last", shape (batch, depth, rows, columns, channels), or "channels_first", (batch,
            channels, depth, rows, columns); by default `config.image_data_format()`.
        name: The name of the layer.
        **kwargs: Arguments of every layer, such as `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/pooling_layers/max_pooling3d/

    Example:
        >>> MaxPooling3D()([[[[[1.0], [2.0]], [[4.0], [3.0]]]] * 2])
        array([[[[[4.]]]]], dtype=float32)
    """

    rank = 3
    pool = staticmethod(ops.max_pool)

    @takes_old_arguments
    def __init__(
        self,
        pool_size: int | Sequence[int] = (2, 2, 2),
        strides: int | Sequence[int] | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)

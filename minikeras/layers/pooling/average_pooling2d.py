"""The `AveragePooling2D` layer."""

from ... import ops
from .base import WindowPooling


class AveragePooling2D(WindowPooling):
    """Mean of each window over images.

    `y[b, i, j, c] = mean x[b, i * stride + k, j * stride + l, c]` over k, l.
    Padding does not count.

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

    Source: https://keras.io/api/layers/pooling_layers/average_pooling2d/

    Example:
        >>> AveragePooling2D(2)([[[[1.0], [2.0]], [[4.0], [3.0]]]])
        array([[[[2.5]]]], dtype=float32)
    """

    rank = 2
    pool = staticmethod(ops.average_pool)

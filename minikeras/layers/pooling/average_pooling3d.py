"""The `AveragePooling3D` layer."""

from ... import ops
from .base import WindowPooling


class AveragePooling3D(WindowPooling):
    """Mean of each window over volumes.

    `y[b, h, i, j, c] = mean x[b, h * stride + k, i * stride + l, j * stride + m, c]` over k, l, m.
    Padding does not count.

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

    Source: https://keras.io/api/layers/pooling_layers/average_pooling3d/

    Example:
        >>> AveragePooling3D((1, 2, 2))([[[[[1.0], [2.0]], [[4.0], [3.0]]]]])
        array([[[[[2.5]]]]], dtype=float32)
    """

    rank = 3
    pool = staticmethod(ops.average_pool)

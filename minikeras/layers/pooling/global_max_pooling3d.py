"""The `GlobalMaxPooling3D` layer."""

from ... import ops
from .base import GlobalPooling


class GlobalMaxPooling3D(GlobalPooling):
    """Maximum over all voxels of volumes.

    `y[b, c] = max x[b, h, i, j, c]` over h, i, j

    Args:
        data_format: "channels_last", shape (batch, depth, rows, columns, channels), or "channels_first", (batch,
            channels, depth, rows, columns); by default `config.image_data_format()`.
        keepdims: Whether to keep the spatial axes, with size 1.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/pooling_layers/global_max_pooling3d/

    Example:
        >>> GlobalMaxPooling3D()([[[[[1.0], [2.0]], [[4.0], [3.0]]]]])
        array([[4.]], dtype=float32)
    """

    rank = 3
    reduce = staticmethod(ops.max)

"""The `GlobalMaxPooling1D` layer."""

from ... import ops
from .base import GlobalPooling


class GlobalMaxPooling1D(GlobalPooling):
    """Maximum over all steps of sequences.

    `y[b, c] = max x[b, i, c]` over i

    Args:
        data_format: "channels_last", shape (batch, steps, channels), or "channels_first", (batch, channels, steps); by
            default `config.image_data_format()`.
        keepdims: Whether to keep the axis of the steps, with size 1.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/pooling_layers/global_max_pooling1d/

    Example:
        >>> GlobalMaxPooling1D()([[[1.0], [3.0]]])
        array([[3.]], dtype=float32)
    """

    rank = 1
    reduce = staticmethod(ops.max)

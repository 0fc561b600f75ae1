"""The `GlobalAveragePooling1D` layer."""

from ... import ops
from ...engine.dtypes import dtype_of
from ...errors import ShapeError
from ...typing import Tensor, TensorLike
from .base import GlobalPooling


class GlobalAveragePooling1D(GlobalPooling):
    """Mean over all steps of sequences.

    `y[b, c] = mean x[b, i, c]` over i

    Masked steps do not count; the mean of none is NaN.

    Args:
        data_format: "channels_last", shape (batch, steps, channels), or "channels_first", (batch, channels, steps); by
            default `config.image_data_format()`.
        keepdims: Whether to keep the axis of the steps, with size 1.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/pooling_layers/global_average_pooling1d/

    Example:
        >>> GlobalAveragePooling1D()([[[1.0], [3.0]]])
        array([[2.]], dtype=float32)
    """

    rank = 1
    reduce = staticmethod(ops.mean)

    def call(self, inputs: TensorLike, mask: TensorLike | None = None) -> Tensor:
        """Returns the means over the steps that are not masked.

        Args:
            inputs: The sequences.
            mask: True for steps that count, shape (batch, steps).

        Raises:
            ShapeError: If the mask has other axes.
        """
        if mask is None:
            return super().call(inputs)
        if len(mask.shape) != 2:
            raise ShapeError(
                f"{self._where()} expects a mask of shape (batch, steps). Received: a mask of shape "
                f"{tuple(mask.shape)} and inputs of shape {tuple(inputs.shape)}"
            )
        counts = ops.cast(ops.expand_dims(mask, 2 if self.data_format == "channels_last" else 1), "bool")
        total = ops.sum(ops.where(counts, inputs, 0), self._axes, self.keepdims)
        return ops.divide(total, ops.sum(ops.cast(counts, dtype_of(inputs)), self._axes, self.keepdims))

    def compute_mask(self, inputs: TensorLike, mask: TensorLike | None = None) -> None:
        """Returns None: the output has no steps."""

"""The `Masking` layer."""

from typing import Any, Unpack

from ... import ops
from ...engine.masks import set_mask
from ...typing import LayerArguments, Tensor, TensorLike
from ..same_shape import SameShape


class Masking(SameShape):
    """Masks the time steps of which all features equal `mask_value`, and sets them to 0.

    `mask[b, t] = any_f x[b, t, f] != mask_value`

    Args:
        mask_value: The value of the features of masked steps.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Source: https://keras.io/api/layers/core_layers/masking/

    Example:
        >>> Masking(-1.0)([[[1.0], [-1.0]]])
        array([[[1.],
                [0.]]], dtype=float32)
    """

    def __init__(self, mask_value: float = 0.0, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.mask_value = mask_value

    def compute_mask(self, inputs: TensorLike, mask: TensorLike | None = None) -> Tensor | None:
        """Returns the mask, which has the input's shape without the last axis."""
        return ops.any(ops.not_equal(inputs, self.mask_value), axis=-1)

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the inputs, with masked steps set to 0."""
        counts = ops.any(ops.not_equal(inputs, self.mask_value), axis=-1, keepdims=True)
        outputs = ops.where(counts, inputs, 0)
        set_mask(outputs, ops.squeeze(counts, axis=-1))
        return outputs

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "mask_value": self.mask_value}

"""The `ELU` layer."""

from typing import Unpack

from ... import activations
from ...typing import LayerArguments, Tensor, TensorLike
from ..same_shape import SameShape


class ELU(SameShape):
    """Exponential linear unit.

    `x` for `x > 0`, else `alpha * (exp(x) - 1)`

    Args:
        alpha: The scale of the negative part, which saturates at `-alpha`.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Source: https://keras.io/api/layers/activation_layers/elu/, Clevert et al. 2015, https://arxiv.org/abs/1511.07289

    Example:
        >>> ELU(2.0)([[-1000.0, 0.0, 3.0]])
        array([[-2.,  0.,  3.]], dtype=float32)
    """

    def __init__(self, alpha: float = 1.0, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.alpha = alpha

    def call(self, inputs: TensorLike) -> Tensor:
        """Applies the activation element-wise."""
        return activations.elu(inputs, alpha=self.alpha)

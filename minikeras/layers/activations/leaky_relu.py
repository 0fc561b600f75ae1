"""The `LeakyReLU` layer."""

from typing import Any, Unpack

from ... import activations
from ...argument_checks import check_number
from ...errors import ArgumentError, warn_legacy
from ...typing import LayerArguments, Tensor, TensorLike
from ..same_shape import SameShape


class LeakyReLU(SameShape):
    """Leaky rectified linear unit.

    `x` for `x > 0`, else `negative_slope * x`

    Args:
        negative_slope: The slope for negative inputs, >= 0.
        **kwargs: Arguments of every layer, such as `name` and `dtype`; Keras 2's `alpha`.

    Raises:
        ArgumentError: If the slope is negative or not a number.

    Source: https://keras.io/api/layers/activation_layers/leaky_relu/

    Example:
        >>> LeakyReLU(0.5)([[-1.0, 0.0, 3.0]])
        array([[-0.5,  0. ,  3. ]], dtype=float32)
    """

    def __init__(self, negative_slope: float = 0.3, **kwargs: Unpack[LayerArguments]):
        if "alpha" in kwargs:
            negative_slope = kwargs.pop("alpha")
            warn_legacy(f"LeakyReLU(alpha={negative_slope!r})", f"LeakyReLU(negative_slope={negative_slope!r})")
        super().__init__(**kwargs)
        check_number("LeakyReLU", "negative_slope", negative_slope, minimum=0, finite=False, error=ArgumentError)
        self.negative_slope = negative_slope

    def call(self, inputs: TensorLike) -> Tensor:
        """Applies the activation element-wise."""
        return activations.leaky_relu(inputs, negative_slope=self.negative_slope)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "negative_slope": self.negative_slope}

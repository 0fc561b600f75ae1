"""The `ReLU` layer."""

from typing import Any, Unpack

from ... import activations
from ...argument_checks import check_number
from ...errors import ArgumentError
from ...typing import LayerArguments, Tensor, TensorLike
from ..same_shape import SameShape


class ReLU(SameShape):
    """Rectified linear unit.

    `x` for `threshold < x < max_value`, `max_value` above, `negative_slope * (x - threshold)` below.

    Args:
        max_value: The maximum output; None for no limit.
        negative_slope: The slope below the threshold, >= 0.
        threshold: The threshold, >= 0.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is negative, or None where that is not allowed.

    Source: https://keras.io/api/layers/activation_layers/relu/

    Example:
        >>> ReLU(max_value=1.5)([[-1.0, 1.0, 2.0]])
        array([[0. , 1. , 1.5]], dtype=float32)
    """

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(**kwargs)
        for name, value in (("max_value", max_value), ("negative_slope", negative_slope), ("threshold", threshold)):
            if value is not None or name != "max_value":
                check_number("ReLU", name, value, minimum=0, finite=False, error=ArgumentError)
        self.max_value = max_value
        self.negative_slope = negative_slope
        self.threshold = threshold

    def call(self, inputs: TensorLike) -> Tensor:
        """Applies the activation element-wise."""
        return activations.relu(
            inputs, negative_slope=self.negative_slope, max_value=self.max_value, threshold=self.threshold
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            "max_value": self.max_value,
            "negative_slope": self.negative_slope,
            "threshold": self.threshold,
        }

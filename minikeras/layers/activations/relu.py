"""The rectifier as a layer, with a leak, a ceiling and a threshold."""

from typing import Any, Unpack

from ... import activations
from ...argument_checks import check_number
from ...errors import ArgumentError
from ...typing import LayerArguments, Tensor, TensorLike
from ..same_shape import SameShape


class ReLU(SameShape):
    """Lets positive elements pass.

    `x` for `threshold < x < max_value`, `max_value` above, `negative_slope * (x - threshold)` below.

    Args:
        max_value: The largest output; None for no limit.
        negative_slope: The slope below the threshold, >= 0.
        threshold: Where the slope changes, >= 0.
        **kwargs: `name`, `dtype`, ... of every layer.

    Raises:
        ArgumentError: If a value is negative or None where it may not be.

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
        """Returns the rectified inputs."""
        return activations.relu(
            inputs, negative_slope=self.negative_slope, max_value=self.max_value, threshold=self.threshold
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments that make the same layer again."""
        return {
            **super().get_config(),
            "max_value": self.max_value,
            "negative_slope": self.negative_slope,
            "threshold": self.threshold,
        }

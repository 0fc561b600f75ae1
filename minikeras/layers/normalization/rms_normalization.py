"""The `RMSNormalization` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops
from ...argument_checks import check_axes
from ...errors import ArgumentTypeError
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer
from .affine import checked_axes, in_full, known_sizes


class RMSNormalization(Layer):
    """Divides each example by its root mean square along axes, then scales it.

    `y = x / (mean(x^2) + epsilon)^(1/2) * scale`

    Args:
        axis: The axis or axes to normalize over.
        epsilon: Small constant added to the variance to avoid division by zero.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If the input has no such axis, or its size is unknown.

    Source: https://keras.io/api/layers/normalization_layers/rms_normalization/,
        Zhang and Sennrich 2019, https://arxiv.org/abs/1910.07467

    Example:
        >>> RMSNormalization(epsilon=0.0)([[2.0, -2.0]])
        array([[ 1., -1.]], dtype=float32)
    """

    def __init__(self, axis: int | Sequence[int] = -1, epsilon: float = 1e-6, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.axis = check_axes("RMSNormalization", "axis", axis, error=ArgumentTypeError)
        self.epsilon = epsilon

    def build(self, input_shape: Shape) -> None:
        """Creates the scale, which has the sizes of the axes."""
        self.axis = sorted(self.axis) if isinstance(self.axis, list) else [self.axis]
        axes = checked_axes(self._where(), self.axis, input_shape)
        self.scale = self.add_weight(known_sizes(self._where(), axes, input_shape), "ones", name="scale")

    def call(self, x: TensorLike) -> Tensor:
        """Returns the normalized inputs."""
        axes = checked_axes(self._where(), self.axis, x.shape)
        shape = tuple(size if axis in axes else 1 for axis, size in enumerate(x.shape))
        scale = ops.reshape(self.scale, shape)
        return ops.cast(ops.rms_normalization(in_full(x), scale, axes, self.epsilon), self.compute_dtype)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape."""
        checked_axes(self._where(), self.axis, input_shape)
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "axis": self.axis, "epsilon": self.epsilon}

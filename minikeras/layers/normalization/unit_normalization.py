"""The `UnitNormalization` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops
from ...argument_checks import check_axes
from ...errors import ArgumentTypeError
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..same_shape import SameShape
from .affine import checked_axes


class UnitNormalization(SameShape):
    """Divides each example by its L2 norm along axes.

    `y = x / (sum x^2)^(1/2)`

    Args:
        axis: The axis or axes to normalize over.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If the input has no such axis.

    Source: https://keras.io/api/layers/normalization_layers/unit_normalization/

    Example:
        >>> UnitNormalization()([[3.0, 4.0]])
        array([[0.6, 0.8]], dtype=float32)
    """

    def __init__(self, axis: int | Sequence[int] = -1, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.axis = check_axes("UnitNormalization", "axis", axis, error=ArgumentTypeError)

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the inputs with norm 1; zeros stay zeros."""
        axes = checked_axes(self._where(), self.axis, inputs.shape)
        return ops.normalize(inputs, axis=axes, order=2, epsilon=1e-12)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape."""
        checked_axes(self._where(), self.axis, input_shape)
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "axis": self.axis}

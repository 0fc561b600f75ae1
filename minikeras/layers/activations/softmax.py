"""The `Softmax` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops
from ...argument_checks import check_axes
from ...engine.dtypes import dtype_of
from ...errors import ShapeError
from ...ops.common.arguments import static_shape
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..same_shape import SameShape


class Softmax(SameShape):
    """Softmax: turns logits along an axis into probabilities.

    Args:
        axis: The axis or axes along which the probabilities sum to 1.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If the axis is invalid.

    Source: https://keras.io/api/layers/activation_layers/softmax/

    Example:
        >>> Softmax()([[0.0, 0.0]])
        array([[0.5, 0.5]], dtype=float32)
    """

    def __init__(self, axis: int | Sequence[int] = -1, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.axis = check_axes("Softmax", "axis", axis)

    def call(self, inputs: TensorLike, mask: TensorLike | None = None) -> Tensor:
        """Returns the probabilities, which are 0 where the mask is False.

        Args:
            inputs: The logits.
            mask: Broadcasts to them; of a mask of numbers, those above 0.5 are True.

        Raises:
            ShapeError: If the mask does not broadcast to the logits.
        """
        axis = tuple(self.axis) if isinstance(self.axis, (tuple, list)) else self.axis
        if mask is None:
            return ops.softmax(inputs, axis=axis)
        dtype = dtype_of(inputs)
        mask = ops.convert_to_tensor(mask)
        self._check_mask(static_shape(mask), static_shape(inputs))
        mask = mask if dtype_of(mask) == "bool" else ops.greater(mask, 0.5)
        # Not added, since infinities and NaN would stay. The exponential of it is 0, in float16, too.
        lowest = ops.cast(-3e4 if dtype == "float16" else -1e9, dtype)
        probabilities = ops.softmax(ops.where(mask, inputs, lowest), axis=axis)
        return ops.where(mask, probabilities, ops.cast(0, dtype))

    def _check_mask(self, mask: Shape, shape: Shape) -> None:
        pairs = zip(mask[::-1], shape[::-1], strict=False)
        if len(mask) > len(shape) or any(None not in pair and pair[0] not in (1, pair[1]) for pair in pairs):
            raise ShapeError(
                f"{self._where()}: `mask` must broadcast to the inputs, of shape {tuple(shape)}. "
                f"Received: a mask of shape {tuple(mask)}"
            )

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "axis": self.axis}

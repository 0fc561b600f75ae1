"""The `Concatenate` layer and the function `concatenate`."""

from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops
from ...argument_checks import check_int
from ...errors import ShapeError
from ...tracebacks import filtered
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from .merge import Merge


class Concatenate(Merge):
    """Concatenates its inputs along an axis.

    Args:
        axis: The axis to concatenate along.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If the axis is not an integer.

    Source: https://keras.io/api/layers/merging_layers/concatenate/

    Example:
        >>> Concatenate()([np.array([[1.0, 2.0]]), np.array([[3.0]])])
        array([[1., 2., 3.]], dtype=float32)
    """

    def __init__(self, axis: int = -1, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.axis = check_int("Concatenate", "axis", axis)

    def call(self, inputs: Any) -> Tensor:
        """Returns the concatenated inputs."""
        return ops.concatenate(inputs, axis=self.axis)

    def compute_output_shape(self, input_shape: Any) -> Shape:
        """Returns the shape of the inputs, with the sum of their sizes along the axis.

        Raises:
            ShapeError: If the sizes along other axes differ.
        """
        self._check_count(input_shape)
        rank, axis = len(input_shape[0]), self.axis % max(len(input_shape[0]), 1)
        sizes = list(zip(*input_shape, strict=False))
        others = [{size for size in column if size is not None} for column in sizes]
        if any(len(shape) != rank for shape in input_shape) or any(
            len(found) > 1 for index, found in enumerate(others) if index != axis
        ):
            raise ShapeError(
                f"{self._where()}: the inputs must have the same shape except along axis {self.axis}. "
                f"Received: shapes {list(input_shape)}"
            )
        joined = None if None in sizes[axis] else sum(sizes[axis])
        return tuple(joined if index == axis else size for index, size in enumerate(input_shape[0]))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Tensor | None:
        """Returns the concatenated masks; an input without one counts everywhere. None if no input has a mask."""
        if mask is None or all(part is None for part in mask):
            return None
        masks = []
        for x, part in zip(inputs, mask, strict=True):
            if part is None:
                part = ops.ones_like(x, dtype="bool")
            elif len(part.shape) < len(x.shape):
                part = ops.logical_or(ops.expand_dims(part, axis=-1), ops.zeros_like(x, dtype="bool"))
            masks.append(part)
        return ops.any(ops.concatenate(masks, axis=self.axis), axis=-1)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "axis": self.axis}


@filtered
def concatenate(inputs: Sequence[TensorLike], axis: int = -1, **kwargs: Unpack[LayerArguments]) -> Tensor:
    """Concatenates its inputs along an axis, by calling a new `Concatenate` layer.

    Args:
        inputs: A list of arrays.
        axis: The axis to concatenate along.
        **kwargs: Arguments of the layer, such as `name` and `dtype`.

    Source: https://keras.io/api/layers/merging_layers/concatenate/

    Example:
        >>> concatenate([np.array([[1.0, 2.0]]), np.array([[3.0]])])
        array([[1., 2., 3.]], dtype=float32)
    """
    return Concatenate(axis=axis, **kwargs)(inputs)

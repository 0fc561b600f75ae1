"""The `Reshape` layer."""

import math
from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops
from ...activations.legacy import renamed
from ...argument_checks import is_int
from ...errors import ArgumentError, ShapeError, brief
from ...graph.keras_tensor import KerasTensor
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer


class Reshape(Layer):
    """Reshapes each example.

    Args:
        target_shape: The shape without the batch axis; one size may be -1, and is inferred.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If it is not a tuple of sizes, or has more than one -1.

    Source: https://keras.io/api/layers/reshaping_layers/reshape/

    Example:
        >>> Reshape((2, -1))([[1.0, 2.0, 3.0, 4.0]])
        array([[[1., 2.],
                [3., 4.]]], dtype=float32)
    """

    @renamed(dims="target_shape")
    def __init__(self, target_shape: Sequence[int | None], **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        sizes = tuple(target_shape) if isinstance(target_shape, (list, tuple)) else (None,)
        whole = all(is_int(size, minimum=-1) for size in sizes)
        if not whole or sizes.count(-1) > 1:
            raise ArgumentError(
                "Reshape: `target_shape` must be a tuple of sizes, one of which may be -1. "
                f"Received: target_shape={brief(target_shape)}"
            )
        self.target_shape = sizes
        self.built = True

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the batch size of the input, followed by the target shape.

        Raises:
            ShapeError: If the number of elements differs.
        """
        sizes, target = tuple(input_shape[1:]), self.target_shape
        if None in sizes:
            return (input_shape[0], *(None if size == -1 else size for size in target))
        total, known = math.prod(sizes), math.prod(size for size in target if size != -1)
        if (-1 not in target and total != known) or (-1 in target and (known == 0 or total % known)):
            raise ShapeError(
                f"{self._where()}: the {total} elements of an example of shape {sizes} do not fit into shape {target}."
            )
        return (input_shape[0], *(total // known if size == -1 else size for size in target))

    def compute_output_spec(self, inputs: KerasTensor) -> KerasTensor:
        """Returns the symbolic output, with the dtype of the input."""
        return KerasTensor(self.compute_output_shape(inputs.shape), inputs.dtype)

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the reshaped inputs."""
        return ops.reshape(inputs, self.compute_output_shape(tuple(inputs.shape)))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "target_shape": self.target_shape}

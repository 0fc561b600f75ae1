"""The `Permute` layer."""

from collections.abc import Sequence
from typing import Any, Unpack

import numpy as np

from ... import ops
from ...errors import ArgumentError, brief
from ...graph.keras_tensor import KerasTensor
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer
from ..input_spec import InputSpec


class Permute(Layer):
    """Permutes the axes of each example.

    Args:
        dims: The permutation, counted from 1; the batch axis, 0, is not included.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If it is not a permutation of 1, 2, ...

    Source: https://keras.io/api/layers/reshaping_layers/permute/

    Example:
        >>> Permute((2, 1))([[[1.0, 2.0, 3.0]]]).shape
        (1, 3, 1)
    """

    def __init__(self, dims: Sequence[int], **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.dims = tuple(dims) if isinstance(dims, (list, tuple)) else ()
        whole = all(isinstance(axis, (int, np.integer)) for axis in self.dims)
        if not whole or not isinstance(dims, (list, tuple)) or sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ArgumentError(
                f"Permute: `dims` must be the numbers 1, 2, ... in some order, each once. Received: dims={brief(dims)}"
            )
        self.input_spec = InputSpec(ndim=len(self.dims) + 1)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape, permuted."""
        return (input_shape[0], *(input_shape[axis] for axis in self.dims))

    def compute_output_spec(self, inputs: KerasTensor) -> KerasTensor:
        """Returns the symbolic output, with the dtype of the input."""
        return KerasTensor(self.compute_output_shape(inputs.shape), inputs.dtype)

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the permuted inputs."""
        return ops.transpose(inputs, (0, *self.dims))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "dims": self.dims}

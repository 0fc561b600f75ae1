"""The `Dot` layer and the function `dot`."""

import math
from collections.abc import Sequence
from typing import Any, Unpack

from ... import ops
from ...argument_checks import as_bool, check_axes
from ...errors import ArgumentError, ShapeError
from ...tracebacks import filtered
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from .merge import Merge

_SMALLEST_NORM = 1e-12


class Dot(Merge):
    """Dot product of two inputs along an axis of each, for each example of the batch.

    `y[b, i, j] = sum_k x_1[b, i, k] * x_2[b, j, k]`

    Args:
        axes: The axis to sum over, or a pair with one for each input; not the batch axis, 0.
        normalize: Whether to normalize both inputs along the axis first, which gives the cosine similarity.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If the axes are invalid.

    Source: https://keras.io/api/layers/merging_layers/dot/

    Example:
        >>> Dot(axes=1)([np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]])])
        array([[11.]], dtype=float32)
    """

    count = 2

    def __init__(self, axes: int | Sequence[int], normalize: bool = False, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.axes = check_axes("Dot", "axes", axes, count=2)
        self.normalize = as_bool("Dot", "normalize", normalize)

    def _axes_of(self, ranks: tuple[int, int]) -> list[int]:
        """Returns the axis of each input, counted from the start."""
        axes = self.axes if isinstance(self.axes, (list, tuple)) else (self.axes, self.axes)
        found = [axis % rank if -rank <= axis < rank else rank for axis, rank in zip(axes, ranks, strict=True)]
        if any(axis in (0, rank) for axis, rank in zip(found, ranks, strict=True)):
            raise ArgumentError(
                f"{self._where()}: there are no axes {self.axes} to sum over in inputs of {ranks} axes. "
                "Axis 0 is the batch."
            )
        return found

    def call(self, inputs: Any) -> Tensor:
        """Returns the dot products."""
        axes = self._axes_of(tuple(len(x.shape) for x in inputs))
        first, second = (self._matrix(x, axis) for x, axis in zip(inputs, axes, strict=True))
        rest = [size for x, axis in zip(inputs, axes, strict=True) for size in _without(x.shape, axis)]
        product = ops.matmul(first, ops.swapaxes(second, 1, 2))
        return ops.reshape(product, (inputs[0].shape[0], *(rest or [1])))

    def _matrix(self, x: object, axis: int) -> object:
        """Returns an input as (batch, rest, axis): the given axis last, all others flattened."""
        if self.normalize:
            length = ops.sqrt(ops.sum(ops.square(x), axis=axis, keepdims=True))
            x = x / ops.maximum(length, _SMALLEST_NORM)
        shape = x.shape
        return ops.reshape(ops.moveaxis(x, axis, -1), (shape[0], math.prod(_without(shape, axis)), shape[axis]))

    def compute_output_shape(self, input_shape: Any) -> Shape:
        """Returns the shapes of both inputs, concatenated, without the axes that are summed over.

        Raises:
            ShapeError: If the sizes of those axes differ.
        """
        self._check_count(input_shape)
        first, second = (tuple(shape) for shape in input_shape)
        axes = self._axes_of((len(first), len(second)))
        sizes = first[axes[0]], second[axes[1]]
        if None not in sizes and sizes[0] != sizes[1]:
            raise ShapeError(
                f"{self._where()}: the inputs must have the same size at axes {axes}. Received: shapes "
                f"{list(input_shape)}"
            )
        return (first[0], *((*_without(first, axes[0]), *_without(second, axes[1])) or (1,)))

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """Returns None: the output has no mask."""

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "axes": self.axes, "normalize": self.normalize}


def _without(shape: tuple, axis: int) -> tuple:
    """Returns a shape without the batch and one other axis."""
    return tuple(size for index, size in enumerate(shape) if index not in (0, axis))


@filtered
def dot(inputs: Sequence[TensorLike], axes: int | Sequence[int] = -1, **kwargs: Unpack[LayerArguments]) -> Tensor:
    """Returns the dot product of two inputs along an axis of each, by calling a new `Dot` layer.

    Args:
        inputs: A list of two arrays.
        axes: The axis to sum over, or a pair with one for each input.
        **kwargs: Arguments of the layer, such as `normalize`, `name` and `dtype`.

    Source: https://keras.io/api/layers/merging_layers/dot/

    Example:
        >>> dot([np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]])])
        array([[11.]], dtype=float32)
    """
    return Dot(axes=axes, **kwargs)(inputs)

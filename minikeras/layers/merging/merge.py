"""The base of merging layers: checks of the inputs, broadcasting to one rank, merging of masks."""

from collections.abc import Callable, Sequence
from typing import Any, Unpack

from ... import ops
from ...engine.masks import get_mask, set_mask
from ...engine.primitive import broadcast_shapes
from ...errors import ArgumentError, ShapeError, reason
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer


class Merge(Layer):
    """The base of layers that merge a list of inputs element-wise; a subclass defines `merge`.

    Inputs with fewer axes than the others get axes of size 1 after the batch axis.

    Args:
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Source: https://keras.io/api/layers/merging_layers/

    Example:
        >>> class Hypotenuse(Merge):
        ...     def merge(self, inputs):
        ...         return ops.sqrt(inputs[0] ** 2 + inputs[1] ** 2)
        >>> Hypotenuse()([np.array([[3.0]]), np.array([[4.0]])])
        array([[5.]], dtype=float32)
    """

    count: int | None = None  # the required number of inputs

    def __init__(self, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Checks the shapes of the inputs."""
        self._check_count(input_shape)
        self.compute_output_shape(input_shape)

    def _check_count(self, input_shape: Any) -> None:
        is_list = isinstance(input_shape, (tuple, list)) and len(input_shape) > 0
        if not is_list or not all(isinstance(shape, (tuple, list)) for shape in input_shape):
            raise ArgumentError(
                f"{self._where()}: expected a list of inputs. Received: one, or none, of shape {input_shape}"
            )
        if self.count is not None and len(input_shape) != self.count:
            raise ArgumentError(
                f"{self._where()}: expected exactly {self.count} inputs. Received: {len(input_shape)} of shapes "
                f"{list(input_shape)}"
            )

    def call(self, inputs: Any) -> Tensor:
        """Returns the merged inputs."""
        rank = max(len(x.shape) for x in inputs)
        return self.merge([self._of_rank(x, rank) for x in inputs])

    def _of_rank(self, x: object, rank: int) -> object:
        missing = rank - len(x.shape)
        return ops.expand_dims(x, tuple(range(1, 1 + missing))) if missing else x

    def merge(self, inputs: Sequence[TensorLike]) -> Tensor:
        """Merges inputs of equal rank; defined by subclasses."""
        raise NotImplementedError(f"{self._where()} has no method `merge`.")

    def compute_output_shape(self, input_shape: Any) -> Shape:
        """Returns the shape that the inputs broadcast to.

        Raises:
            ShapeError: If they do not broadcast.
        """
        self._check_count(input_shape)
        batches = [shape[0] for shape in input_shape if shape and shape[0] is not None]
        try:
            if any(size != batches[0] for size in batches):
                raise ShapeError("the batch sizes differ")
            sizes = broadcast_shapes(*[tuple(shape[1:]) for shape in input_shape])
        except ShapeError as error:
            raise ShapeError(
                f"{self._where()}: the inputs do not fit together, {reason(error)}. "
                f"Received: shapes {list(input_shape)}"
            ) from None
        return (batches[0] if batches else None, *sizes)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Tensor | None:
        """Returns the logical or of the masks; None if an input has no mask."""
        if mask is None or any(part is None for part in mask):
            return None
        merged = mask[0]
        for part in mask[1:]:
            merged = ops.logical_or(merged, part)
        return merged

    def merge_where_masked(self, function: Callable, inputs: Sequence[TensorLike]) -> Tensor:
        """Merges two inputs at a time; where one is masked, the result is the other.

        Args:
            function: Merges two arrays.
            inputs: The arrays.
        """
        output, output_mask = None, None
        for x in inputs:
            mask = get_mask(x)
            if mask is not None:
                mask = ops.broadcast_to(ops.expand_dims(mask, -1), ops.shape(x))
            if output is None:
                output, output_mask = x, mask
                continue
            if mask is not None:
                x = ops.where(mask, x, output)
            if output_mask is not None:
                output = ops.where(output_mask, output, x)
            both = mask is not None and output_mask is not None
            output_mask = ops.logical_or(output_mask, mask) if both else None
            output = function(output, x)
        if output_mask is not None:
            set_mask(output, ops.any(output_mask, axis=-1))
        return output

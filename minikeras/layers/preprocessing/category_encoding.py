"""The `CategoryEncoding` layer."""

from typing import Any, Unpack

from ... import ops
from ...argument_checks import as_bool, check_int
from ...errors import ArgumentError, NotSupportedError, ShapeError, brief
from ...graph.keras_tensor import KerasTensor
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer
from .encoding import check_output_mode, encoded, encoded_shape
from .values import as_integers

_MODES = ("count", "one_hot", "multi_hot")


class CategoryEncoding(Layer):
    """Encodes category indices as vectors; it has no vocabulary, and needs no `adapt`.

    Args:
        num_tokens: The number of categories: indices are from 0 to `num_tokens - 1`, others are left out.
        output_mode: "one_hot": each index as a vector. For each row, "multi_hot": which categories occur; "count":
            how often, or the sum of their weights.
        sparse: Only False: minikeras has no sparse tensors.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/categorical/category_encoding/

    Example:
        >>> CategoryEncoding(num_tokens=4)([[0, 1], [2, 2]])
        array([[1., 1., 0., 0.],
               [0., 0., 1., 0.]], dtype=float32)
    """

    _converts_inputs = False

    def __init__(
        self,
        num_tokens: int | None = None,
        output_mode: str = "multi_hot",
        sparse: bool = False,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(**kwargs)
        where = "CategoryEncoding"
        self.output_mode = check_output_mode(where, output_mode, _MODES)
        if num_tokens is None:
            raise ArgumentError(
                f"{where}: `num_tokens` must be given. If it is not known, use `IntegerLookup`. Received: None"
            )
        self.num_tokens = check_int(where, "num_tokens", num_tokens, minimum=1)
        self.sparse = as_bool(where, "sparse", sparse)
        if self.sparse:
            raise NotSupportedError(f"{where}: minikeras has no sparse tensors. Expected sparse=False. Received: True")

    def call(self, inputs: TensorLike, count_weights: TensorLike | None = None) -> Tensor:
        """Returns the vectors.

        Args:
            inputs: Integers, or floats that are integers.
            count_weights: In the output mode "count", what each index counts, in the shape of the inputs.

        Raises:
            ArgumentError: If there are weights in another output mode.
            ShapeError: If weights and inputs have different shapes.
        """
        indices = ops.cast(as_integers(inputs, self._where()), "int64")
        if count_weights is None:
            return encoded(indices, self.output_mode, self.num_tokens, self.dtype)
        if self.output_mode != "count":
            raise ArgumentError(
                f"{self._where()}: `count_weights` is for the output mode 'count'. Received: "
                f"output_mode={self.output_mode!r}, count_weights={brief(count_weights)}"
            )
        weights = ops.convert_to_tensor(count_weights, dtype=self.dtype)
        if tuple(weights.shape) != tuple(indices.shape):
            raise ShapeError(
                f"{self._where()}: `count_weights` must have the shape of the inputs, {tuple(indices.shape)}. "
                f"Received: {tuple(weights.shape)}"
            )
        rows = ops.one_hot(indices, self.num_tokens, dtype=self.dtype) * ops.expand_dims(weights, -1)
        return ops.sum(rows, axis=1 if len(indices.shape) > 1 else 0) if len(indices.shape) else rows

    def compute_output_shape(self, input_shape: Shape, **others: Any) -> Shape:
        """Returns the shape with `num_tokens` as last size."""
        return encoded_shape(input_shape, self.output_mode, self.num_tokens)

    def compute_output_spec(self, inputs: Any, count_weights: Any = None) -> KerasTensor:
        """Returns the symbolic output."""
        return KerasTensor(self.compute_output_shape(tuple(inputs.shape)), self.dtype)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "num_tokens": self.num_tokens, "output_mode": self.output_mode}

"""The `ReversibleEmbedding` layer."""

from typing import Any, Unpack

from ... import ops
from ...argument_checks import as_bool, check_optional_number
from ...engine.dtypes import is_float, standardize_dtype
from ...engine.masks import set_mask
from ...errors import ArgumentError, ShapeError, brief
from ...graph.keras_tensor import KerasTensor
from ...typing import (
    ConstraintLike,
    DTypeLike,
    InitializerLike,
    LoRALayerArguments,
    RegularizerLike,
    Shape,
    Tensor,
    TensorLike,
)
from .embedding import Embedding
from .quantization.reverse import QuantizedReverse


class ReversibleEmbedding(QuantizedReverse, Embedding):
    """Maps ids to vectors and, called with `reverse=True`, vectors to logits over the ids.

    `logits = x @ transpose(embeddings)`, and with a soft cap `c`: `c * tanh(logits / c)`

    Args:
        input_dim: The size of the vocabulary: ids are from 0 to `input_dim - 1`.
        output_dim: The size of the vectors.
        tie_weights: Whether the logits are computed with the embeddings themselves, or with a weight of their own of
            shape (output_dim, input_dim).
        embeddings_initializer: Initializer of the embeddings, shape (input_dim, output_dim), and of that weight.
        embeddings_regularizer: Regularizer of the embeddings; its penalty is added to the loss.
        embeddings_constraint: Constraint applied to the embeddings after each update.
        mask_zero: Whether to treat index 0 as padding and mask it.
        reverse_dtype: The dtype in which the logits are computed; by default the layer's compute dtype.
        logit_soft_cap: The bound of the logits' magnitude; None: they are unbounded.
        **kwargs: Arguments of `Embedding`, such as `lora_rank`, `name`, `trainable` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/core_layers/reversible_embedding/,
        Press and Wolf 2016, https://arxiv.org/abs/1608.05859

    Example:
        >>> layer = ReversibleEmbedding(3, 2, embeddings_initializer="ones")
        >>> layer(layer([[0, 2]]), reverse=True)
        array([[[2., 2., 2.],
                [2., 2., 2.]]], dtype=float32)
    """

    _has_quantize = True

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        tie_weights: bool = True,
        embeddings_initializer: InitializerLike = "uniform",
        embeddings_regularizer: RegularizerLike = None,
        embeddings_constraint: ConstraintLike = None,
        mask_zero: bool = False,
        reverse_dtype: DTypeLike | None = None,
        logit_soft_cap: float | None = None,
        **kwargs: Unpack[LoRALayerArguments],
    ):
        where = type(self).__name__
        tie_weights = as_bool(where, "tie_weights", tie_weights)
        if reverse_dtype is not None:
            reverse_dtype = standardize_dtype(reverse_dtype)
            if not is_float(reverse_dtype):
                raise ArgumentError(
                    f"{where}: `reverse_dtype` must be a floating-point dtype. Received: {brief(reverse_dtype)}"
                )
        self.tie_weights, self.reverse_dtype = tie_weights, reverse_dtype
        self.logit_soft_cap = check_optional_number(where, "logit_soft_cap", logit_soft_cap, above=0)
        super().__init__(
            input_dim,
            output_dim,
            embeddings_initializer,
            embeddings_regularizer,
            embeddings_constraint,
            mask_zero,
            **kwargs,
        )

    def build(self, input_shape: Any = None) -> None:
        """Creates the embeddings, shape (input_dim, output_dim), and the weight of the logits if it is another one."""
        if self.built:
            return
        super().build(input_shape)
        if not self.tie_weights and self.quantization_mode is None:
            shape = self.output_dim, self.input_dim
            self.reverse_embeddings = self.add_weight(shape, self.embeddings_initializer, name="reverse_embeddings")

    def call(self, inputs: TensorLike, reverse: bool = False) -> Tensor:
        """Returns the vectors of ids, shape (..., output_dim); in reverse the logits of vectors, (..., input_dim).

        Raises:
            DataError: If an id is not an integer from 0 to `input_dim - 1`.
            ShapeError: If vectors are not of size `output_dim`.
        """
        return self._logits(inputs) if reverse else self._masked(super().call(inputs), inputs)

    def _masked(self, outputs: Tensor, inputs: TensorLike) -> Tensor:
        mask = super().compute_mask(inputs)
        if mask is not None:
            set_mask(outputs, mask)
        return outputs

    def _logits(self, inputs: TensorLike) -> Tensor:
        self._check_vectors(inputs.shape)
        kernel = ops.transpose(self.embeddings) if self.tie_weights else self.reverse_embeddings
        if self.reverse_dtype is not None:
            inputs, kernel = ops.cast(inputs, self.reverse_dtype), ops.cast(kernel, self.reverse_dtype)
        return self._capped(ops.matmul(inputs, kernel))

    def _capped(self, logits: Tensor) -> Tensor:
        cap = self.logit_soft_cap
        return logits if cap is None else ops.tanh(logits / cap) * cap

    def _check_vectors(self, shape: Shape) -> None:
        if not shape or shape[-1] not in (self.output_dim, None):
            raise ShapeError(
                f"{self._where()}: with `reverse=True`, expected vectors of size {self.output_dim} on the last axis. "
                f"Received input of shape {tuple(shape)}."
            )

    def compute_mask(self, inputs: TensorLike, mask: TensorLike | None = None) -> None:
        """Returns None: `call` sets the mask of vectors, and logits have none."""

    def compute_output_shape(self, input_shape: Shape, reverse: bool = False) -> Shape:
        """Returns the input shape with `output_dim` appended; in reverse with `input_dim` as its last size."""
        if not reverse:
            return super().compute_output_shape(input_shape)
        self._check_vectors(input_shape)
        return (*input_shape[:-1], self.input_dim)

    def compute_output_spec(self, inputs: Any, reverse: bool = False) -> KerasTensor:
        """Returns the symbolic output."""
        dtype = self.reverse_dtype if reverse and self.reverse_dtype else self.compute_dtype
        return KerasTensor(self.compute_output_shape(tuple(inputs.shape), reverse), dtype)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            "tie_weights": self.tie_weights,
            "reverse_dtype": self.reverse_dtype,
            "logit_soft_cap": self.logit_soft_cap,
        }

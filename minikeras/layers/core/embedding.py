"""The `Embedding` layer."""

from typing import Any, Unpack

import numpy as np

from ... import ops, regularizers
from ...activations.legacy import renamed
from ...argument_checks import as_bool, check_int
from ...engine.variable import Variable
from ...errors import NotSupportedError, brief
from ...ops.common.checked_integers import check_ids, checked_ids
from ...typing import ConstraintLike, InitializerLike, LayerArguments, RegularizerLike, Shape, Tensor, TensorLike
from .quantization.embeddings import QuantizedEmbeddings


class Embedding(QuantizedEmbeddings):
    """Maps integer ids, such as those of words, to trainable vectors.

    `output[b, t] = embeddings[x[b, t]]`

    Args:
        input_dim: The size of the vocabulary: ids are from 0 to `input_dim - 1`.
        output_dim: The size of the vectors.
        embeddings_initializer: Initializer of the embeddings, shape (input_dim, output_dim).
        embeddings_regularizer: Regularizer of the embeddings; its penalty is added to the loss.
        embeddings_constraint: Constraint applied to the embeddings after each update.
        mask_zero: Whether to treat index 0 as padding and mask it.
        weights: The initial values of the embeddings.
        lora_rank: If given, the embeddings are frozen, and a low-rank update of this rank is trained instead.
        lora_alpha: The scale of the update, divided by the rank; the rank by default.
        quantization_config: How the embeddings are quantized if `dtype` is a policy of quantized layers, such as
            "int8_from_float32"; None: as the defaults of `quantize` say.
        **kwargs: Arguments of every layer, such as `name`, `trainable` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/core_layers/embedding/

    Example:
        >>> Embedding(3, 2, embeddings_initializer="ones")(np.array([[0, 2]]))
        array([[[1., 1.],
                [1., 1.]]], dtype=float32)
    """

    _has_quantize = True

    @renamed(
        init="embeddings_initializer",
        W_regularizer="embeddings_regularizer",
        W_constraint="embeddings_constraint",
    )
    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: InitializerLike = "uniform",
        embeddings_regularizer: RegularizerLike = None,
        embeddings_constraint: ConstraintLike = None,
        mask_zero: bool = False,
        weights: Any = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        quantization_config: Any = None,
        **kwargs: Unpack[LayerArguments],
    ):
        dropout = kwargs.pop("dropout", None)
        if dropout:
            raise NotSupportedError(
                "Embedding: `dropout` of Keras 1 dropped whole ids, which no layer of Keras 3 does. Write "
                f"`SpatialDropout1D(rate)` after the layer, which drops channels. Received: dropout={brief(dropout)}"
            )
        super().__init__(**kwargs)
        self.input_dim = check_int("Embedding", "input_dim", input_dim, minimum=1)
        self.output_dim = check_int("Embedding", "output_dim", output_dim, minimum=1)
        self._set_quantization(quantization_config)
        self._declare_weight("embeddings", embeddings_initializer, embeddings_regularizer, embeddings_constraint)
        self.mask_zero = as_bool("Embedding", "mask_zero", mask_zero)
        self.supports_masking = self.mask_zero
        self.autocast = False  # ids may be floats, and must not be rounded to another dtype
        self._set_lora(lora_rank, lora_alpha)
        if weights is not None:
            self.build()
            self.set_weights(weights if isinstance(weights, list) and len(weights) == 1 else [weights])

    def build(self, input_shape: Any = None) -> None:
        """Creates the embeddings, shape (input_dim, output_dim)."""
        if self.built:
            return
        self._build_weight((self.input_dim, self.output_dim))
        self.built = True
        self._apply_lora()

    @property
    def embeddings(self) -> Variable | Any:
        """The embeddings, with the low-rank update if LoRA is enabled."""
        return self._adapted()

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the vectors of the ids, shape (..., output_dim).

        Raises:
            DataError: If an id is not an integer from 0 to `input_dim - 1`.
        """
        return ops.cast(ops.take(self.embeddings, self._ids(inputs), axis=0), self.compute_dtype)

    def _ids(self, inputs: TensorLike) -> Tensor:
        return checked_ids(inputs, self.input_dim, self._where())

    def check_data(self, inputs: np.ndarray) -> None:
        """Raises the errors of `call`, before anything is computed."""
        check_ids(inputs, self.input_dim, self._where())

    def compute_mask(self, inputs: TensorLike, mask: TensorLike | None = None) -> Tensor | None:
        """Returns the mask of the ids that are not 0, if `mask_zero` is set; else None."""
        return ops.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape with `output_dim` appended."""
        return (*input_shape, self.output_dim)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        activity = {"activity_regularizer": regularizers.serialize(self.activity_regularizer)}
        return {
            **super().get_config(),
            "input_dim": self.input_dim,
            "output_dim": self.output_dim,
            **self._weight_config("embeddings", before_constraints=activity),
            "mask_zero": self.mask_zero,
            **self._quantization_config(),
            **self._lora_config(),
        }

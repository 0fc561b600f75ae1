"""A table of vectors, one for each whole number."""

from typing import Any, Unpack

import numpy as np

from ... import constraints, initializers, ops, regularizers
from ...activations.legacy import renamed
from ...engine.trace import paused_tracing
from ...engine.variable import Variable
from ...errors import ArgumentError, NotSupportedError, StateError, brief
from ...ops.common.checked_integers import check_ids, checked_ids
from ...typing import (
    ConstraintLike,
    InitializerLike,
    LayerArguments,
    RegularizerLike,
    Shape,
    Tensor,
    TensorLike,
)
from ..arguments import checked_as
from ..base import Layer


class Embedding(Layer):
    """Replaces whole numbers, such as those of words, by vectors that are trained.

    `output[b, t] = embeddings[x[b, t]]`

    Args:
        input_dim: How many numbers there are: they go from 0 to `input_dim - 1`.
        output_dim: The size of a vector.
        embeddings_initializer: First values of the table, shape (input_dim, output_dim).
        embeddings_regularizer: A penalty on the table that is added to the loss.
        embeddings_constraint: What the table is put through after each update.
        mask_zero: Whether the number 0 stands for nothing: the steps that have it are masked.
        weights: The first values of the table themselves.
        lora_rank: If given, the table is frozen and two matrices of this rank are trained instead.
        lora_alpha: Scale of their product, divided by the rank; the rank by default.
        quantization_config: Only None: minikeras has no quantized layers.
        **kwargs: `name`, `trainable`, `dtype`, ... of every layer.

    Raises:
        ArgumentError: If an argument has a value that cannot work.

    Source: https://keras.io/api/layers/core_layers/embedding/

    Example:
        >>> Embedding(3, 2, embeddings_initializer="ones")(np.array([[0, 2]]))
        array([[[1., 1.],
                [1., 1.]]], dtype=float32)
    """

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
        quantization_config: None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        dropout = kwargs.pop("dropout", None)
        if dropout:
            raise NotSupportedError(
                "Embedding: `dropout` of Keras 1 left out whole ids, which no layer does today. Write "
                f"`SpatialDropout1D(rate)` after the layer: it leaves out channels. Received: dropout={brief(dropout)}"
            )
        super().__init__(**kwargs)
        self.input_dim = _positive_int("input_dim", input_dim)
        self.output_dim = _positive_int("output_dim", output_dim)
        self.refuse("quantization_config", quantization_config)
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = checked_as(bool, "Embedding", "mask_zero", mask_zero)
        self.supports_masking = self.mask_zero
        self.autocast = False  # the numbers may be floats, and must not be rounded to another type
        self.lora_rank = None if lora_rank is None else _positive_int("lora_rank", lora_rank)
        self.lora_alpha = self.lora_rank if lora_alpha is None else lora_alpha
        self.lora_enabled = False
        if weights is not None:
            self.build()
            self.set_weights(weights if isinstance(weights, list) and len(weights) == 1 else [weights])

    def build(self, input_shape: Any = None) -> None:
        """Makes the table of shape (input_dim, output_dim)."""
        if self.built:
            return
        self._embeddings = self.add_weight(
            (self.input_dim, self.output_dim),
            self.embeddings_initializer,
            regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
            name="embeddings",
        )
        self.built = True
        if self.lora_rank:
            self.enable_lora(self.lora_rank, lora_alpha=self.lora_alpha)

    @property
    def embeddings(self) -> Variable | Any:
        """The table that `call` uses: the weight, plus the low-rank update if there is one."""
        if not self.built:
            raise AttributeError(f"{self._where()} has no table before it is built.")
        if self.lora_enabled:
            update = ops.matmul(self.lora_embeddings_a, self.lora_embeddings_b)
            return self._embeddings + (self.lora_alpha / self.lora_rank) * update
        return self._embeddings

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the vectors, of shape (..., output_dim).

        Raises:
            DataError: If an id is not from 0 to `input_dim - 1`, or no integer.
        """
        ids = checked_ids(inputs, self.input_dim, self._where())
        return ops.cast(ops.take(self.embeddings, ids, axis=0), self.compute_dtype)

    def check_data(self, inputs: np.ndarray) -> None:
        """Raises what `call` would raise, before anything is computed."""
        check_ids(inputs, self.input_dim, self._where())

    def compute_mask(self, inputs: TensorLike, mask: TensorLike | None = None) -> Tensor | None:
        """Returns where the numbers are not 0, if 0 stands for nothing; else None."""
        return ops.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the input shape with the size of a vector behind it."""
        return (*input_shape, self.output_dim)

    def enable_lora(
        self,
        rank: int,
        lora_alpha: float | None = None,
        a_initializer: InitializerLike = "he_uniform",
        b_initializer: InitializerLike = "zeros",
    ) -> None:
        """Freezes the table and trains a low-rank update of it instead.

        `embeddings + lora_alpha / rank * a @ b`

        Args:
            rank: The inner size of `a` and `b`.
            lora_alpha: Scale of the update; the rank by default.
            a_initializer: First values of `a`, shape (input_dim, rank).
            b_initializer: First values of `b`, shape (rank, output_dim).

        Raises:
            StateError: If the layer is not built, or has such an update already.
            ArgumentError: If the table has a constraint, which would not hold for the sum.

        Source: Hu et al. 2021, https://arxiv.org/abs/2106.09685
        """
        if self.embeddings_constraint is not None:
            raise ArgumentError(f"{self._where()}: `enable_lora` is not possible with an `embeddings_constraint`.")
        if not self.built:
            raise StateError(f"{self._where()}: build the layer before `enable_lora`.")
        if self.lora_enabled:
            raise StateError(f"{self._where()}: `enable_lora` was called before; a layer has one update.")
        rank = _positive_int("rank", rank)
        locked, self._tracker.locked = self._tracker.locked, False
        with paused_tracing():
            self.lora_embeddings_a = self._lora_weight("a", (self.input_dim, rank), a_initializer)
            self.lora_embeddings_b = self._lora_weight("b", (rank, self.output_dim), b_initializer)
        self._tracker.locked = locked
        self._embeddings.trainable = False
        self.lora_enabled, self.lora_rank = True, rank
        self.lora_alpha = rank if lora_alpha is None else lora_alpha

    def _lora_weight(self, which: str, shape: tuple, initializer: object) -> Variable:
        # In float32 whatever the layer's type, so that small updates are not lost.
        return self.add_weight(
            shape,
            initializers.get(initializer),
            "float32",
            regularizer=self.embeddings_regularizer,
            name=f"lora_embeddings_{which}",
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments that make the same layer again."""
        config = {
            **super().get_config(),
            "input_dim": self.input_dim,
            "output_dim": self.output_dim,
            "embeddings_initializer": initializers.serialize(self.embeddings_initializer),
            "embeddings_regularizer": regularizers.serialize(self.embeddings_regularizer),
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
            "embeddings_constraint": constraints.serialize(self.embeddings_constraint),
            "mask_zero": self.mask_zero,
            "quantization_config": None,
        }
        if self.lora_rank:
            config |= {"lora_rank": self.lora_rank, "lora_alpha": self.lora_alpha}
        return config


def _positive_int(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value <= 0:
        raise ArgumentError(f"Embedding: `{name}` must be a positive whole number. Received: {name}={brief(value)}")
    return int(value)

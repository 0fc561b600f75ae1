"""The `GroupQueryAttention` layer."""

from typing import Any, Unpack

from ... import ops, regularizers
from ...argument_checks import check_int
from ...errors import ArgumentError, ShapeError
from ...typing import ConstraintLike, InitializerLike, PlainLayerArguments, RegularizerLike, Shape, Tensor
from .base import HeadedAttention


class GroupQueryAttention(HeadedAttention):
    """Grouped-query attention: several heads of the query share one head of key and value.

    With one head of key and value it is multi-query attention; with as many as the query has, multi-head attention.

    Args:
        head_dim: The depth of the heads.
        num_query_heads: The number of heads of the query, a multiple of the next.
        num_key_value_heads: The number of heads of key and value.
        dropout: The fraction of the attention weights to drop in training.
        use_bias: Whether the projections have a bias.
        sliding_window: Queries attend to keys less than this far away; None for all keys.
        flash_attention: Whether the attention is computed block by block, without the whole matrix of scores: True,
            False, or None and "auto" for long sequences only. With True, neither dropout nor scores are possible.
        kernel_initializer: Initializer of the kernels of the projections.
        bias_initializer: Initializer of their biases.
        kernel_regularizer: Regularizer of the kernels; the penalties are added to the loss.
        bias_regularizer: Regularizer of the biases.
        activity_regularizer: Regularizer of the output of each projection, and of the layer.
        kernel_constraint: Constraint applied to the kernels after each update.
        bias_constraint: Constraint applied to the biases after each update.
        use_gate: Whether the heads are multiplied by a gate, a projection of the query with a sigmoid.
        seed: An integer, for reproducible dropout.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid, or the heads do not divide.

    Source: https://keras.io/api/layers/attention_layers/group_query_attention/,
        Ainslie et al. 2023, https://arxiv.org/abs/2305.13245

    Example:
        >>> layer = GroupQueryAttention(head_dim=3, num_query_heads=4, num_key_value_heads=2)
        >>> layer(ops.ones((1, 4, 5)), ops.ones((1, 6, 5))).shape
        (1, 4, 5)
    """

    def __init__(
        self,
        head_dim: int,
        num_query_heads: int,
        num_key_value_heads: int,
        dropout: float = 0.0,
        use_bias: bool = True,
        sliding_window: int | None = None,
        flash_attention: bool | str | None = None,
        kernel_initializer: InitializerLike = "glorot_uniform",
        bias_initializer: InitializerLike = "zeros",
        kernel_regularizer: RegularizerLike = None,
        bias_regularizer: RegularizerLike = None,
        activity_regularizer: RegularizerLike = None,
        kernel_constraint: ConstraintLike = None,
        bias_constraint: ConstraintLike = None,
        use_gate: bool = False,
        seed: int | None = None,
        **kwargs: Unpack[PlainLayerArguments],
    ):
        declared = {
            "kernel": (kernel_initializer, kernel_regularizer, kernel_constraint),
            "bias": (bias_initializer, bias_regularizer, bias_constraint),
        }
        activity = regularizers.get(activity_regularizer)
        super().__init__(
            dropout, use_bias, sliding_window, flash_attention, use_gate, seed, declared, activity, **kwargs
        )
        self.activity_regularizer = activity
        where = type(self).__name__
        self.head_dim = check_int(where, "head_dim", head_dim, minimum=1)
        self.num_query_heads = check_int(where, "num_query_heads", num_query_heads, minimum=1)
        self.num_key_value_heads = check_int(where, "num_key_value_heads", num_key_value_heads, minimum=1)
        if num_query_heads % num_key_value_heads:
            raise ArgumentError(
                f"{where}: `num_query_heads` must be a multiple of `num_key_value_heads`. "
                f"Received: num_query_heads={num_query_heads} and num_key_value_heads={num_key_value_heads}"
            )
        self.num_repeats = self.num_query_heads // self.num_key_value_heads
        self.dropout, self.use_bias, self.use_gate = self._dropout, self._use_bias, self._use_gate
        self.sliding_window = self._sliding_window

    @property
    def stem(self) -> str:
        """What automatic names begin with: the class of Keras is `GroupedQueryAttention`, and only its path is not."""
        return "grouped_query_attention"

    def _heads(self) -> tuple[int, int]:
        return self.num_query_heads, self.head_dim

    def build(self, query_shape: Shape, value_shape: Shape, key_shape: Shape | None = None) -> None:
        """Creates the projections."""
        key_shape = value_shape if key_shape is None else key_shape
        self._check_shapes(tuple(query_shape), tuple(value_shape), tuple(key_shape))
        self.feature_dim = query_shape[-1]
        heads, shared = (self.num_query_heads, self.head_dim), (self.num_key_value_heads, self.head_dim)
        self._query_dense = self._projection("query", query_shape, "bqm,muh->bquh", heads)
        self._key_dense = self._projection("key", key_shape, "bkm,mvh->bkvh", shared)
        if self._use_gate:
            self._gate_dense = self._projection("gate", query_shape, "bqm,muh->bquh", heads, "sigmoid")
        self._value_dense = self._projection("value", value_shape, "bkm,mvh->bkvh", shared)
        self._build_weights(-1)
        back = (None, None, *heads)
        self._output_dense = self._projection("attention_output", back, "bquh,uhm->bqm", (self.feature_dim,))

    def _shared(self, x: Tensor) -> Tensor:
        return ops.repeat(x, self.num_repeats, axis=2) if self.num_repeats > 1 else x

    def _check_shapes(self, query: tuple, value: tuple, key: tuple) -> None:
        super()._check_shapes(query, value, key)
        if len(query) != 3:
            raise ShapeError(f"{self._where()} expects inputs of shape (batch, length, features). Received: {query}")

    def compute_output_shape(self, query_shape: Shape, value_shape: Shape, key_shape: Shape | None = None) -> Shape:
        """Returns the shape of the output, without that of the attention weights.

        Raises:
            ShapeError: If query and value have different numbers of features, or key and value different lengths.
        """
        query, value = tuple(query_shape), tuple(value_shape)
        self._check_shapes(query, value, value if key_shape is None else tuple(key_shape))
        if query[-1] != value[-1]:
            raise ShapeError(
                f"{self._where()}: query and value must have the same number of features. "
                f"Received: query {query}, value {value}"
            )
        return query

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        activity = {"activity_regularizer": regularizers.serialize(self.activity_regularizer)}
        return {
            **super().get_config(),
            "head_dim": self.head_dim,
            "num_query_heads": self.num_query_heads,
            "num_key_value_heads": self.num_key_value_heads,
            "use_bias": self.use_bias,
            "use_gate": self.use_gate,
            "sliding_window": self.sliding_window,
            "dropout": self.dropout,
            **self._weight_config("kernel", "bias", before_constraints=activity),
            "seed": self.seed,
        }

"""The `MultiHeadAttention` layer."""

import string
from collections.abc import Sequence
from typing import Any, Unpack

from ... import regularizers
from ...argument_checks import check_axes, check_int, check_optional_int, is_int
from ...errors import ArgumentError, brief
from ...typing import ConstraintLike, InitializerLike, PlainLayerArguments, RegularizerLike, Shape
from ..core.einsum_dense import EinsumDense
from .base import HeadedAttention


class MultiHeadAttention(HeadedAttention):
    """Multi-head attention of queries to keys, which returns projected weighted means of projected values.

    `output = concat(head_1, ..., head_n) W_o` with `head_i = softmax(q_i k_i^T / key_dim^(1/2)) v_i` and
    `q_i = query W_qi`, likewise `k_i` and `v_i`

    Args:
        num_heads: The number of heads.
        key_dim: The depth of the heads of query and key.
        value_dim: The depth of the heads of the value; `key_dim` by default.
        dropout: The fraction of the attention weights to drop in training.
        use_bias: Whether the projections have a bias.
        output_shape: The sizes of the last axes of the output; by default the features of the query.
        attention_axes: The axes that the attention is over; by default all but batch and features.
        sliding_window: Queries attend to keys less than this far away; None for all keys.
        flash_attention: Whether the attention is computed block by block, without the whole matrix of scores: True,
            False, or None and "auto" for long sequences only. With True, neither dropout nor scores are possible.
        kernel_initializer: Initializer of the kernels of the projections.
        bias_initializer: Initializer of their biases.
        kernel_regularizer: Regularizer of the kernels; the penalties are added to the loss.
        bias_regularizer: Regularizer of the biases.
        activity_regularizer: Regularizer of the output of each projection.
        kernel_constraint: Constraint applied to the kernels after each update.
        bias_constraint: Constraint applied to the biases after each update.
        use_gate: Whether the heads are multiplied by a gate, a projection of the query with a sigmoid.
        seed: An integer, for reproducible dropout.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/attention_layers/multi_head_attention/,
        Vaswani et al. 2017, https://arxiv.org/abs/1706.03762

    Example:
        >>> layer = MultiHeadAttention(num_heads=2, key_dim=3)
        >>> output, weights = layer(np.ones((1, 4, 5)), np.ones((1, 6, 7)), return_attention_scores=True)
        >>> output.shape, weights.shape
        ((1, 4, 5), (1, 2, 4, 6))
    """

    def __init__(
        self,
        num_heads: int,
        key_dim: int,
        value_dim: int | None = None,
        dropout: float = 0.0,
        use_bias: bool = True,
        output_shape: int | Sequence[int] | None = None,
        attention_axes: int | Sequence[int] | None = None,
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
        where = type(self).__name__
        self._num_heads = check_int(where, "num_heads", num_heads, minimum=1)
        self._key_dim = check_int(where, "key_dim", key_dim, minimum=1)
        self._value_dim = check_optional_int(where, "value_dim", value_dim, minimum=1) or self._key_dim
        self._output_shape = _sizes(where, output_shape)
        axes = check_axes(where, "attention_axes", attention_axes, optional=True)
        self._attention_axes = axes if axes is None or isinstance(axes, (list, tuple)) else (axes,)

    @property
    def num_heads(self) -> int:
        """The number of heads."""
        return self._num_heads

    @property
    def key_dim(self) -> int:
        """The depth of the heads of query and key."""
        return self._key_dim

    @property
    def value_dim(self) -> int:
        """The depth of the heads of the value."""
        return self._value_dim

    @property
    def dropout(self) -> float:
        """The fraction of the attention weights to drop in training."""
        return self._dropout

    @property
    def use_bias(self) -> bool:
        """Whether the projections have a bias."""
        return self._use_bias

    @property
    def attention_axes(self) -> tuple[int, ...] | None:
        """The axes that the attention is over; None before the layer is built, for all of them."""
        return self._attention_axes

    @property
    def query_dense(self) -> EinsumDense:
        """The projection of the query."""
        return self._query_dense

    @property
    def key_dense(self) -> EinsumDense:
        """The projection of the key."""
        return self._key_dense

    @property
    def value_dense(self) -> EinsumDense:
        """The projection of the value."""
        return self._value_dense

    @property
    def output_dense(self) -> EinsumDense:
        """The projection of the heads."""
        return self._output_dense

    def _heads(self) -> tuple[int, int]:
        return self._num_heads, self._key_dim

    def build(self, query_shape: Shape, value_shape: Shape, key_shape: Shape | None = None) -> None:
        """Creates the projections."""
        key_shape = value_shape if key_shape is None else key_shape
        self._check_shapes(tuple(query_shape), tuple(value_shape), tuple(key_shape))
        rank = len(query_shape)
        self._attention_axes = self._resolved_axes(rank)
        letters = string.ascii_lowercase[:rank]
        heads = f"{letters},{letters[-1]}xy->{letters[:-1]}xy"
        depths = (self._num_heads, self._key_dim), (self._num_heads, self._value_dim)
        self._query_dense = self._projection("query", query_shape, heads, depths[0])
        self._key_dense = self._projection("key", key_shape, heads, depths[0])
        if self._use_gate:
            self._gate_dense = self._projection("gate", query_shape, heads, depths[1], "sigmoid")
        self._value_dense = self._projection("value", value_shape, heads, depths[1])
        self._equations = self._attention_equations(rank)
        count = len(self._attention_axes)
        self._build_weights(tuple(range(rank, rank + count)))
        sizes = self._output_shape or (query_shape[-1],)
        out = string.ascii_uppercase[: len(sizes)]
        back = f"{letters[:-1]}xy,xy{out}->{letters[:-1]}{out}"
        self._output_dense = self._projection("attention_output", (*query_shape[:-1], *depths[1]), back, sizes)

    def _resolved_axes(self, rank: int) -> tuple[int, ...]:
        """Returns the attention axes of inputs with so many axes, counted from the start.

        As in Keras, negative axes are counted with the heads, so that -1 is the axis of the features, and refused.
        """
        given = tuple(range(1, rank - 1)) if self._attention_axes is None else tuple(self._attention_axes)
        axes = tuple(axis + rank if axis < 0 else axis for axis in given)
        if not axes or len(set(axes)) < len(axes) or not all(0 < axis < rank - 1 for axis in axes):
            raise ArgumentError(
                f"{self._where()}: `attention_axes` must be different axes of the inputs, which have {rank}, and "
                f"neither the batch nor the features. Received: attention_axes={brief(self._attention_axes)}"
            )
        return axes

    def _attention_equations(self, rank: int) -> tuple[str, str]:
        """Returns the einsum equations of the scores, of key and query, and of the weighted means of the values."""
        target = string.ascii_lowercase[:rank] + "x"
        source = "".join(
            letter.upper() if axis in self._attention_axes else letter for axis, letter in enumerate(target)
        )
        batch = "".join(letter for axis, letter in enumerate(target[:rank]) if axis not in (*self._attention_axes,))
        axes = "".join(target[axis] for axis in self._attention_axes)
        scores = batch + axes + axes.upper()
        return f"{source},{target}->{scores}", f"{scores},{source}->{target}"

    def compute_output_shape(self, query_shape: Shape, value_shape: Shape, key_shape: Shape | None = None) -> Shape:
        """Returns the shape of the output, without that of the attention weights."""
        query, value = tuple(query_shape), tuple(value_shape)
        self._check_shapes(query, value, value if key_shape is None else tuple(key_shape))
        return (*query[:-1], *self._output_shape) if self._output_shape else query

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        activity = {"activity_regularizer": regularizers.serialize(self._projections_regularizer)}
        return {
            **super().get_config(),
            "num_heads": self._num_heads,
            "key_dim": self._key_dim,
            "value_dim": self._value_dim,
            "dropout": self._dropout,
            "use_bias": self._use_bias,
            "use_gate": self._use_gate,
            "output_shape": self._output_shape,
            "attention_axes": self._attention_axes,
            "sliding_window": self._sliding_window,
            **self._weight_config("kernel", "bias", before_constraints=activity),
            "seed": self.seed,
        }


def _sizes(where: str, value: object) -> tuple[int, ...] | None:
    if value is None:
        return None
    sizes = (value,) if is_int(value) else value
    if not isinstance(sizes, (list, tuple)) or not all(is_int(size, minimum=1) for size in sizes):
        raise ArgumentError(
            f"{where}: `output_shape` must be a positive integer, or a list or tuple of them. "
            f"Received: output_shape={brief(value)}"
        )
    return tuple(map(int, sizes)) or None

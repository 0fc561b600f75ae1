"""The base of attention layers with several heads: projections, masks, the attention itself."""

import math
from collections.abc import Mapping
from typing import Any, Unpack

from ... import config, ops
from ...argument_checks import as_bool, check_number, check_optional_int
from ...errors import ArgumentError, ShapeError, brief
from ...graph.keras_tensor import KerasTensor
from ...ops.attention import attend
from ...typing import PlainLayerArguments, RegularizerLike, Tensor, TensorLike
from ..activations.softmax import Softmax
from ..arguments import signature_of
from ..base import Layer
from ..core.einsum_dense import EinsumDense
from ..regularization.dropout import Dropout
from .masks import causal_mask, check_fits, padding_mask, window_mask, with_heads


class HeadedAttention(Layer):
    """The base of layers that project query, key and value to several heads, attend, and project back.

    `output = project(softmax(query key^T / depth^(1/2)) value)`

    A subclass defines `build`, which makes `_query_dense`, `_key_dense`, `_gate_dense`, `_value_dense`, the parts of
    the attention and `_output_dense` in this order; and `_heads`, the heads and the depth of the query.

    Args:
        dropout: The fraction of the attention weights to drop in training.
        use_bias: Whether the projections have a bias.
        sliding_window: Queries attend to keys less than this far away; None for all keys.
        flash_attention: Whether the attention is computed block by block, without the whole matrix of scores: True,
            False, or None and "auto" for long sequences only, and not at all after `config.disable_flash_attention`.
        use_gate: Whether the heads are multiplied by a gate, a projection of the query with a sigmoid.
        seed: An integer, for reproducible dropout.
        declared: Initializer, regularizer and constraint of kernels and biases, by the prefix of these arguments.
        projections_regularizer: The `activity_regularizer` of the projections.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid, or dropout is combined with `flash_attention=True`.

    Source: https://keras.io/api/layers/attention_layers/
    """

    _attention_axes: tuple[int, ...] | None = (1,)
    _equations = "bkuh,bquh->buqk", "buqk,bkuh->bquh"  # of the scores, and of the weighted means

    def __init__(
        self,
        dropout: float,
        use_bias: bool,
        sliding_window: int | None,
        flash_attention: bool | str | None,
        use_gate: bool,
        seed: int | None,
        declared: Mapping[str, tuple],
        projections_regularizer: RegularizerLike,
        **kwargs: Unpack[PlainLayerArguments],
    ):
        super().__init__(**kwargs)
        where = type(self).__name__
        self.supports_masking = True
        self._dropout = check_number(where, "dropout", dropout, minimum=0, maximum=1, error=ArgumentError)
        self._use_bias = as_bool(where, "use_bias", use_bias)
        self._use_gate = as_bool(where, "use_gate", use_gate)
        self._sliding_window = check_optional_int(where, "sliding_window", sliding_window, minimum=1)
        self._flash_attention = _checked_flash(where, flash_attention)
        self.seed = seed
        for prefix, settings in declared.items():
            self._declare_weight(prefix, *settings)
        self._projections_regularizer = projections_regularizer
        if self._flash_attention and self._dropout > 0:
            raise ArgumentError(
                f"{where}: flash attention is not possible with dropout. Expected: dropout=0, or flash_attention=None. "
                f"Received: dropout={dropout} and flash_attention=True"
            )

    def _heads(self) -> tuple[int, int]:
        """Returns the number of heads of the query, and their depth."""
        raise NotImplementedError(f"{self._where()} has no method `_heads`.")

    def _projection(
        self, name: str, input_shape: tuple, equation: str, sizes: tuple, activation: str | None = None
    ) -> EinsumDense:
        """Returns a new projection, built; its bias has the last axes of the output, `sizes`, of known sizes."""
        outputs = equation.rpartition(">")[2]
        common: dict[str, Any] = {}
        for prefix in ("kernel", "bias"):
            initializer = getattr(self, f"{prefix}_initializer")
            # A clone, so that projections of the same shape do not start with the same values.
            common[f"{prefix}_initializer"] = type(initializer).from_config(initializer.get_config())
            for kind in ("regularizer", "constraint"):
                common[f"{prefix}_{kind}"] = getattr(self, f"{prefix}_{kind}")
        layer = EinsumDense(
            equation,
            (None,) * (len(outputs) - 1 - len(sizes)) + tuple(sizes),
            activation=activation,
            bias_axes=outputs[len(outputs) - len(sizes) :] if self._use_bias else None,
            activity_regularizer=self._projections_regularizer,
            dtype=self.dtype_policy,
            name=name,
            **common,
        )
        layer.supports_masking = True  # the masks of inputs are taken account of here
        layer.build(input_shape)
        return layer

    def _build_weights(self, softmax_axis: tuple[int, ...]) -> None:
        """Creates the layers that turn scores into attention weights; several axes may be one, of a single key."""
        self._softmax = Softmax(axis=softmax_axis, dtype=self.dtype_policy)
        self._dropout_layer = Dropout(self._dropout, dtype=self.dtype_policy, seed=self.seed)

    def call(
        self,
        query: TensorLike,
        value: TensorLike,
        key: TensorLike | None = None,
        query_mask: TensorLike | None = None,
        value_mask: TensorLike | None = None,
        key_mask: TensorLike | None = None,
        attention_mask: TensorLike | None = None,
        return_attention_scores: bool = False,
        training: bool | None = None,
        use_causal_mask: bool = False,
    ) -> Any:
        """Returns what the queries attend to.

        Args:
            query: Shape (batch, queries, features).
            value: Shape (batch, keys, features).
            key: Shape (batch, keys, features); the value if None.
            query_mask: Shape (batch, queries): False for padding.
            value_mask: Shape (batch, keys), likewise.
            key_mask: Shape (batch, keys), likewise.
            attention_mask: True where a query may attend to a key, shape (batch, queries, keys), (batch, heads,
                queries, keys) or (queries, keys).
            return_attention_scores: Whether to return the attention weights, too.
            training: Whether to apply dropout.
            use_causal_mask: Whether query i may only attend to keys 0 to i.

        Returns:
            Shape (batch, queries, features of the output); and the weights, shape (batch, heads, queries, keys), if
            requested. The weights of a query that may attend to no key are 0; if they are not requested, there is no
            dropout and inputs have 3 axes, it attends to all keys equally, as in Keras.
        """
        key = value if key is None else key
        self._check_shapes(*(tuple(x.shape) for x in (query, value, key)))
        masks = {"query_mask": query_mask, "value_mask": value_mask, "key_mask": key_mask}
        mask = self._merged_mask(query, value, masks, attention_mask)
        heads = self._query_dense(query), self._key_dense(key), self._value_dense(value)
        options: dict[str, Any] = {}
        if use_causal_mask and type(self)._compute_attention is HeadedAttention._compute_attention:
            options["use_causal_mask"] = True
        elif use_causal_mask:  # a user's own method may have no such argument
            mask = self._with_causal(mask, query, value)
        output, scores = self._compute_attention(*heads, mask, training, return_attention_scores, **options)
        if self._use_gate:
            output = ops.multiply(output, self._gate_dense(query))
        output = self._output_dense(output)
        return (output, scores) if return_attention_scores else output

    def _compute_attention(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        attention_mask: Tensor | None = None,
        training: bool | None = None,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """Attends with projected heads; subclasses may override it.

        Args:
            query: Shape (batch, queries, heads, depth).
            key: Shape (batch, keys, key heads, depth).
            value: Shape (batch, keys, key heads, depth of values).
            attention_mask: Broadcasts to (batch, heads, queries, keys); None for no mask.
            training: Whether to apply dropout.
            return_attention_scores: Whether the attention weights are needed.
            use_causal_mask: Whether query i may only attend to keys 0 to i.

        Returns:
            Shape (batch, queries, heads, depth of values), and the attention weights or None.
        """
        self._check_scores(return_attention_scores)
        scale = 1.0 / math.sqrt(self._heads()[1])
        if not (self._dropout > 0 or return_attention_scores or len(query.shape) != 4):
            return attend(
                query,
                key,
                value,
                mask=attention_mask,
                scale=scale,
                is_causal=use_causal_mask,
                in_blocks=self._flash_attention,
            ), None
        key, value = (self._shared(x) for x in (key, value))
        mask = self._with_causal(attention_mask, query, key) if use_causal_mask else attention_mask
        to_scores, to_means = self._equations
        scores = ops.einsum(to_scores, key, ops.multiply(query, ops.cast(scale, query.dtype)))
        weights = self._masked_softmax(scores, mask)
        kept = self._dropout_layer(weights, training=training) if self._dropout > 0 else weights
        return ops.einsum(to_means, kept, value), weights

    def _masked_softmax(self, attention_scores: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """Returns the attention weights: 0 where the mask is False."""
        return self._softmax(attention_scores, mask=attention_mask)

    def _shared(self, x: Tensor) -> Tensor:
        """Returns keys or values with one head for each of the query."""
        return x

    def _lengths(self, option: str, query: Any, value: Any) -> tuple:
        """Returns the numbers of queries and keys.

        Args:
            option: What is only possible if there is one attention axis, for the message.
            query: The input for the queries, or its heads.
            value: That for the keys, or its heads.

        Raises:
            ArgumentError: If there are several.
        """
        if len(self._attention_axes) > 1:
            raise ArgumentError(
                f"{self._where()}: `{option}` needs one attention axis, along which one query comes before another. "
                f"Received: attention_axes={self._attention_axes}"
            )
        return tuple(ops.shape(x)[self._attention_axes[0]] for x in (query, value))

    def _scores_shape(self, query: Any, value: Any) -> tuple:
        """Returns the shape of the scores, with None for free sizes."""
        axes = self._attention_axes
        rest = tuple(size for axis, size in enumerate(query.shape[:-1]) if axis not in axes)
        lengths = tuple(x.shape[axis] for x in (query, value) for axis in axes)
        return (*rest, self._heads()[0], *lengths)

    def _with_causal(self, mask: Tensor | None, query: Any, value: Any) -> Tensor:
        """Returns a mask that is causal, too."""
        causal = causal_mask(*self._lengths("use_causal_mask", query, value))
        return causal if mask is None else ops.logical_and(mask, causal)

    def _merged_mask(self, query: Any, value: Any, masks: dict, attention_mask: Any) -> Tensor | None:
        """Returns the logical and of all masks, which broadcasts to the scores; None if there are none."""
        where, shape = self._where(), self._scores_shape(query, value)
        count, found = len(self._attention_axes), []
        for name, each in masks.items():
            if each is None:
                continue
            of_queries = name == "query_mask"
            check_fits(where, name, each, tuple((query if of_queries else value).shape[:-1]), "(batch, length)")
            found.append(padding_mask(each, self._attention_axes, of_queries))
        if self._sliding_window is not None:
            found.append(window_mask(*self._lengths("sliding_window", query, value), self._sliding_window))
        if attention_mask is not None:
            if not 2 * count <= len(attention_mask.shape) <= len(shape):
                raise ShapeError(
                    f"{where}: `attention_mask` must have from {2 * count} to {len(shape)} axes, the last of (batch, "
                    f"heads, queries, keys) = {shape}. Received: a mask of shape {tuple(attention_mask.shape)}"
                )
            attention_mask = with_heads(attention_mask, len(shape), count)
            check_fits(where, "attention_mask", attention_mask, shape, "(batch, heads, queries, keys)")
            found.append(attention_mask)
        merged = None
        for each in found:
            merged = each if merged is None else ops.logical_and(merged, each)
        return merged

    def _check_shapes(self, query: tuple, value: tuple, key: tuple) -> None:
        """Raises a ShapeError if query, value and key do not fit together."""
        received = f"Received: query {query}, value {value}, key {key}"
        if len({len(query), len(value), len(key)}) > 1 or len(query) < 3:
            raise ShapeError(f"{self._where()} expects inputs of shape (batch, length, features). {received}")
        if any(None not in pair and pair[0] != pair[1] for pair in zip(value[1:-1], key[1:-1], strict=True)):
            raise ShapeError(f"{self._where()}: the lengths of key and value must be equal. {received}")
        if len({shape[0] for shape in (query, value, key)} - {None}) > 1:
            raise ShapeError(f"{self._where()}: the batch sizes of query, value and key must be equal. {received}")

    def _check_scores(self, return_attention_scores: bool) -> None:
        if self._flash_attention and return_attention_scores:
            raise ArgumentError(
                f"{self._where()}: flash attention never has all scores, so it cannot return them. Expected: "
                "return_attention_scores=False, or a layer with flash_attention=None."
            )

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Returns the symbolic output, and the symbolic attention weights if requested."""
        given = signature_of(type(self).call).bind(*args, **kwargs).arguments
        query, value, key = given["query"], given["value"], given.get("key")
        with_scores = bool(given.get("return_attention_scores"))
        shapes = [None if x is None else tuple(x.shape) for x in (query, value, key)]
        output = KerasTensor(self.compute_output_shape(*shapes), self.compute_dtype)
        self._check_scores(with_scores)
        masks = {name: given.get(name) for name in ("query_mask", "value_mask", "key_mask")}
        self._merged_mask(query, value, masks, given.get("attention_mask"))
        return (output, KerasTensor(self._scores_shape(query, value), self.compute_dtype)) if with_scores else output


def _checked_flash(where: str, value: object) -> bool | None:
    if value is None or isinstance(value, bool) or (isinstance(value, str) and value == "auto"):
        return config.is_flash_attention_enabled() if value is None or value == "auto" else value
    raise ArgumentError(
        f"{where}: `flash_attention` must be True, False, None or 'auto'. Received: flash_attention={brief(value)}"
    )

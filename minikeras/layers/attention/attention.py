"""The `Attention` layer."""

from typing import Any, Unpack

from ... import ops, random
from ...argument_checks import as_bool, check_number, is_int
from ...engine.dtypes import dtype_of
from ...errors import ArgumentError, ShapeError, brief
from ...graph.operation import Operation
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer
from .masks import causal_mask, check_fits


class Attention(Layer):
    """Dot-product attention of queries to keys, which returns a weighted mean of values (Luong-style attention).

    `output = softmax(scores) value` with `scores = scale query key^T`

    The scores are not divided by the square root of the features.

    It is called on a list `[query, value]` or `[query, value, key]` of shapes (batch, queries, features), (batch, keys,
    features of values) and (batch, keys, features). Without a key, the value serves as both.

    Args:
        use_scale: Whether the scores are multiplied by a trained scalar.
        score_mode: "dot", or "concat": the scores are `weight sum(tanh(scale (query + key)))` over the features, with a
            trained weight.
        dropout: The fraction of the attention weights to drop in training.
        seed: An integer, for reproducible dropout.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/attention_layers/attention/,
        Luong et al. 2015, https://arxiv.org/abs/1508.04025

    Example:
        >>> query, value = np.array([[[0.0]]]), np.array([[[1.0], [3.0]]])
        >>> Attention()([query, value])  # both keys have the same score
        array([[[2.]]], dtype=float32)
    """

    def __init__(
        self,
        use_scale: bool = False,
        score_mode: str = "dot",
        dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(**kwargs)
        where = type(self).__name__
        if not isinstance(score_mode, str) or score_mode not in ("dot", "concat"):
            raise ArgumentError(
                f"{where}: `score_mode` must be 'dot' or 'concat'. Received: score_mode={brief(score_mode)}"
            )
        self.use_scale = as_bool(where, "use_scale", use_scale)
        self.score_mode = score_mode
        self.dropout = check_number(where, "dropout", dropout, minimum=0, maximum=1, error=ArgumentError)
        self.seed = seed
        if self.dropout > 0:
            self.seed_generator = random.SeedGenerator(seed)

    def build(self, input_shape: Any) -> None:
        """Creates the trained scale and weight of the scores."""
        self._check_shapes(input_shape)
        self.scale = self._add_scale(input_shape) if self.use_scale else None
        self.concat_score_weight = None
        if self.score_mode == "concat":
            self.concat_score_weight = self.add_weight((), "ones", name="concat_score_weight")

    def _add_scale(self, input_shape: Any) -> Any:
        return self.add_weight((), "ones", name="scale")

    def _calculate_scores(self, query: Tensor, key: Tensor) -> Tensor:
        """Returns the scores of shape (batch, queries, keys), before masks."""
        if self.score_mode == "dot":
            scores = ops.matmul(query, ops.swapaxes(key, -2, -1))
            return scores if self.scale is None else ops.multiply(scores, self.scale)
        pairs = ops.add(ops.expand_dims(query, -2), ops.expand_dims(key, -3))
        pairs = pairs if self.scale is None else ops.multiply(self.scale, pairs)
        return ops.multiply(self.concat_score_weight, ops.sum(ops.tanh(pairs), axis=-1))

    def call(
        self,
        inputs: Any,
        mask: Any = None,
        training: bool = False,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
    ) -> Any:
        """Returns the weighted means of the values.

        Args:
            inputs: The query, the value and, if it differs from the value, the key.
            mask: The masks of query and value, of shapes (batch, queries) and (batch, keys). Masked queries get zeros,
                masked values are left out.
            training: Whether to apply dropout.
            return_attention_scores: Whether to return the attention weights, too.
            use_causal_mask: Whether query i may only attend to keys 0 to i.

        Returns:
            Shape (batch, queries, features of values); and the weights, shape (batch, queries, keys), if requested.
        """
        self._check_shapes([tuple(x.shape) for x in self._listed(inputs)])
        query, value, key = *inputs[:2], inputs[-1] if len(inputs) == 3 else inputs[1]
        query_mask, value_mask = self._masks(mask, query, value)
        scores = self._masked(self._calculate_scores(query, key), value_mask, use_causal_mask)
        weights = ops.softmax(scores, axis=(-1,))  # which does not warn of an axis of size 1, a single key
        if training and self.dropout > 0:
            weights = random.dropout(weights, self.dropout, seed=self.seed_generator)
        outputs = ops.matmul(weights, value)
        if query_mask is not None:
            kept = ops.expand_dims(ops.cast(query_mask, "bool"), -1)
            outputs = ops.where(kept, outputs, ops.cast(0, dtype_of(outputs)))
        return (outputs, weights) if return_attention_scores else outputs

    def _masked(self, scores: Tensor, value_mask: TensorLike | None, use_causal_mask: bool) -> Tensor:
        """Lowers the scores of keys that queries may not attend to, so far that their weights are 0."""
        allowed = None if value_mask is None else ops.expand_dims(ops.cast(value_mask, "bool"), -2)
        if use_causal_mask:
            causal = causal_mask(*ops.shape(scores)[-2:])
            allowed = causal if allowed is None else ops.logical_and(allowed, causal)
        if allowed is None:
            return scores
        lowest = 65504.0 if dtype_of(scores) == "float16" else 1e9
        return ops.where(allowed, scores, ops.subtract(scores, lowest))

    def _masks(self, mask: Any, query: Tensor, value: Tensor) -> list:
        """Returns the masks of query and value, each of which may be None."""
        if mask is None:
            return [None, None]
        if not isinstance(mask, (list, tuple)) or len(mask) not in (2, 3):
            raise ArgumentError(
                f"{self._where()}: `mask` must be a list [query_mask, value_mask]. Received: mask={brief(mask)}"
            )
        for name, each, x in zip(("query_mask", "value_mask"), mask, (query, value), strict=False):
            if each is not None:
                check_fits(self._where(), name, each, tuple(x.shape[:-1]), f"(batch, {_LENGTHS[name]})")
        return list(mask[:2])

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Returns the mask of the query."""
        self._listed(inputs)
        of_query = None if mask is None else self._masks(mask, *inputs[:2])[0]
        return None if of_query is None else ops.convert_to_tensor(of_query)  # an operation of the graph, as in Keras

    def compute_output_shape(self, input_shape: Any) -> Shape:
        """Returns the shape of the outputs: that of the query, with the features of the value."""
        self._check_shapes(input_shape)
        return (*input_shape[0][:-1], input_shape[1][-1])

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Returns the symbolic outputs, and the symbolic attention weights if requested."""
        return Operation.compute_output_spec(self, *args, **kwargs)

    def _listed(self, inputs: Any) -> Any:
        is_list = isinstance(inputs, (list, tuple)) and not any(each is None or is_int(each) for each in inputs)
        if not is_list or len(inputs) not in (2, 3):
            received = f"a list of {len(inputs)}" if is_list else brief(inputs)
            raise ArgumentError(
                f"{self._where()} must be called on a list [query, value] or [query, value, key]. Received: {received}"
            )
        return inputs

    def _check_shapes(self, shapes: Any) -> None:
        """Raises a ShapeError if query, value and key do not fit together."""
        query, value, key = *self._listed(shapes)[:2], shapes[-1]
        received = f"Received: query {tuple(query)}, value {tuple(value)}, key {tuple(key)}"
        if any(len(shape) < 2 for shape in shapes) or len({len(shape) for shape in shapes}) > 1:
            raise ShapeError(f"{self._where()} expects inputs of shape (batch, length, features). {received}")
        for what, sizes in (
            ("the lengths of key and value", (key[-2], value[-2])),
            ("the features of query and key", (query[-1], key[-1])),
        ):
            if None not in sizes and sizes[0] != sizes[1]:
                raise ShapeError(f"{self._where()}: {what} must be equal. {received}")

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            "use_scale": self.use_scale,
            "score_mode": self.score_mode,
            "dropout": self.dropout,
            "seed": self.seed,
        }


_LENGTHS = {"query_mask": "queries", "value_mask": "keys"}

"""The `AdditiveAttention` layer."""

from typing import Any, Unpack

from ... import ops
from ...errors import ArgumentError
from ...typing import LayerArguments, Tensor
from .attention import Attention


class AdditiveAttention(Attention):
    """Additive attention of queries to keys, which returns a weighted mean of values (Bahdanau-style attention).

    `output = softmax(scores) value` with `scores = sum(scale tanh(query + key))` over the features

    It is called on a list `[query, value]` or `[query, value, key]`, as `Attention` is.

    Args:
        use_scale: Whether to multiply by a trained scale, one number for each feature.
        dropout: The fraction of the attention weights to drop in training.
        **kwargs: `seed`, for reproducible dropout, and arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/attention_layers/additive_attention/,
        Bahdanau et al. 2014, https://arxiv.org/abs/1409.0473

    Example:
        >>> query, value = np.array([[[0.0]]]), np.array([[[1.0], [1.0]]])
        >>> AdditiveAttention(use_scale=False)([query, value])
        array([[[1.]]], dtype=float32)
    """

    def __init__(self, use_scale: bool = True, dropout: float = 0.0, **kwargs: Unpack[LayerArguments]):
        if "score_mode" in kwargs:
            raise ArgumentError(f"{type(self).__name__} has no `score_mode`. Use Attention(score_mode=...).")
        super().__init__(use_scale=use_scale, dropout=dropout, **kwargs)

    def _add_scale(self, input_shape: Any) -> Any:
        return self.add_weight((input_shape[0][-1],), "glorot_uniform", name="scale")

    def _calculate_scores(self, query: Tensor, key: Tensor) -> Tensor:
        """Returns the scores of shape (batch, queries, keys), before masks."""
        pairs = ops.tanh(ops.add(ops.expand_dims(query, -2), ops.expand_dims(key, -3)))
        return ops.sum(pairs if self.scale is None else ops.multiply(self.scale, pairs), axis=-1)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        config = super().get_config()
        del config["score_mode"]
        return config

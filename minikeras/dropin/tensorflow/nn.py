"""`tf.nn`, as far as Keras scripts use it."""

from typing import Any

from ... import activations, ops
from ... import random as random_module
from ...errors import NotSupportedError, brief
from .math import in_top_k, l2_normalize, log_softmax, sigmoid, softmax, softplus, softsign, tanh, top_k
from .tensors import as_in_tensorflow

__all__ = [
    "bias_add",
    "crelu",
    "dropout",
    "elu",
    "embedding_lookup",
    "gelu",
    "in_top_k",
    "l2_loss",
    "l2_normalize",
    "leaky_relu",
    "log_softmax",
    "moments",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "sigmoid_cross_entropy_with_logits",
    "silu",
    "softmax",
    "softmax_cross_entropy_with_logits",
    "softplus",
    "softsign",
    "sparse_softmax_cross_entropy_with_logits",
    "swish",
    "tanh",
    "top_k",
]

relu = as_in_tensorflow(ops.relu, features="x")
relu6 = as_in_tensorflow(ops.relu6, features="x")
elu = as_in_tensorflow(ops.elu, features="x")
selu = as_in_tensorflow(ops.selu, features="x")
silu = swish = as_in_tensorflow(ops.silu, features="x")


def leaky_relu(features: Any, alpha: float = 0.2, name: str | None = None) -> Any:
    """Leaky rectified linear unit: negative values are multiplied by `alpha`."""
    return ops.leaky_relu(features, alpha)


def gelu(features: Any, approximate: bool = False, name: str | None = None) -> Any:
    """Gaussian error linear unit."""
    return activations.gelu(features, approximate=approximate)


def crelu(features: Any, axis: int = -1, name: str | None = None) -> Any:
    """Concatenated rectified linear unit: `relu(x)` and `relu(-x)` along an axis."""
    return ops.relu(ops.concatenate([features, ops.negative(features)], axis=axis))


def bias_add(value: Any, bias: Any, data_format: str | None = None, name: str | None = None) -> Any:
    """Adds a bias along the channel axis, which is the last one, or the second one for "NC..." formats."""
    if data_format is not None and data_format.startswith("NC"):
        bias = ops.reshape(bias, (-1, *(1,) * (len(ops.shape(value)) - 2)))
    return ops.add(value, bias)


def dropout(x: Any, rate: float, noise_shape: Any = None, seed: Any = None, name: str | None = None) -> Any:
    """Sets the fraction `rate` of the elements to 0 and scales up the others."""
    return random_module.dropout(x, rate, noise_shape, seed)


def embedding_lookup(params: Any, ids: Any, max_norm: None = None, name: str | None = None) -> Any:
    """Looks up rows of a matrix by index."""
    if max_norm is not None:
        raise NotSupportedError(f"tf.nn.embedding_lookup: expected max_norm=None. Received: max_norm={brief(max_norm)}")
    return ops.take(params, ids, axis=0)


def l2_loss(t: Any, name: str | None = None) -> Any:
    """Half the sum of squares."""
    return ops.sum(ops.square(t)) / 2


def moments(x: Any, axes: Any, shift: None = None, keepdims: bool = False, name: str | None = None) -> tuple:
    """Mean and variance over axes."""
    return ops.moments(x, tuple(axes), keepdims)


def softmax_cross_entropy_with_logits(labels: Any, logits: Any, axis: int = -1, name: str | None = None) -> Any:
    """Cross-entropy of each example between logits and label probabilities."""
    return ops.categorical_crossentropy(labels, logits, from_logits=True, axis=axis)


def sparse_softmax_cross_entropy_with_logits(labels: Any, logits: Any, name: str | None = None) -> Any:
    """Cross-entropy of each example between logits and integer labels."""
    return ops.sparse_categorical_crossentropy(labels, logits, from_logits=True)


def sigmoid_cross_entropy_with_logits(labels: Any = None, logits: Any = None, name: str | None = None) -> Any:
    """Binary cross-entropy of each element between logits and label probabilities."""
    return ops.binary_crossentropy(labels, logits, from_logits=True)

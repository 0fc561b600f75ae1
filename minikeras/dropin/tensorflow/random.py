"""`tf.random`, as far as Keras scripts use it."""

from typing import Any

import numpy as np

from ... import ops
from ... import random as random_module
from ...engine.dtypes import is_float
from ...random.seed_generator import seed_defaults
from .tensors import _sizes, float32, int64

__all__ = ["categorical", "gamma", "normal", "set_seed", "shuffle", "truncated_normal", "uniform"]


def set_seed(seed: int) -> None:
    """Sets the global seed, from which initializers, dropout and ops without an explicit seed derive theirs.

    The generators of Python and numpy are unaffected; `fit` shuffles with numpy's.
    """
    seed_defaults(int(seed))


def normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = float32,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Samples from a normal distribution."""
    return random_module.normal(_sizes(shape), mean, stddev, dtype, seed)


def truncated_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = float32,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Samples from a normal distribution truncated at two standard deviations from the mean."""
    return random_module.truncated_normal(_sizes(shape), mean, stddev, dtype, seed)


def uniform(
    shape: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = float32,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Samples from a uniform distribution over [minval, maxval); integers for an integer dtype."""
    if not is_float(dtype):
        return random_module.randint(_sizes(shape), minval, maxval, dtype, seed)
    return random_module.uniform(_sizes(shape), minval, 1.0 if maxval is None else maxval, dtype, seed)


def gamma(shape: Any, alpha: Any, beta: Any = 1.0, dtype: Any = float32, seed: int | None = None) -> Any:
    """Samples from gamma distributions; the result has shape `shape` + the shape of the parameters."""
    size = (*_sizes(shape), *np.broadcast_shapes(np.shape(alpha), np.shape(beta)))
    return random_module.gamma(size, alpha, dtype, seed) / beta


def categorical(
    logits: Any, num_samples: int, dtype: Any = int64, seed: int | None = None, name: str | None = None
) -> Any:
    """Samples class indices from the softmax of logits."""
    return ops.cast(random_module.categorical(logits, num_samples, "int32", seed), dtype)


def shuffle(value: Any, seed: int | None = None, name: str | None = None) -> Any:
    """Shuffles a tensor along its first axis."""
    return random_module.shuffle(value, axis=0, seed=seed)

"""What `tf.random` has of what Keras scripts use."""

from typing import Any

import numpy as np

from ... import ops
from ... import random as random_module
from ...engine.dtypes import is_float
from ...random.seed_generator import seed_defaults
from .tensors import _sizes, float32, int64

__all__ = ["categorical", "gamma", "normal", "set_seed", "shuffle", "truncated_normal", "uniform"]


def set_seed(seed: int) -> None:
    """Makes what is drawn without a seed of its own, initial weights and dropout, the same in each run.

    Python's and numpy's own generators stay as they are; the order in which `fit` takes the examples is numpy's.
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
    """Returns normally distributed numbers."""
    return random_module.normal(_sizes(shape), mean, stddev, dtype, seed)


def truncated_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = float32,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Returns normally distributed numbers no more than two deviations from the mean."""
    return random_module.truncated_normal(_sizes(shape), mean, stddev, dtype, seed)


def uniform(
    shape: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = float32,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Returns evenly distributed numbers from `minval` up to, not including, `maxval`; whole ones if asked for."""
    if not is_float(dtype):
        return random_module.randint(_sizes(shape), minval, maxval, dtype, seed)
    return random_module.uniform(_sizes(shape), minval, 1.0 if maxval is None else maxval, dtype, seed)


def gamma(shape: Any, alpha: Any, beta: Any = 1.0, dtype: Any = float32, seed: int | None = None) -> Any:
    """Returns numbers of the gamma distribution; the shape comes before that of the parameters."""
    size = (*_sizes(shape), *np.broadcast_shapes(np.shape(alpha), np.shape(beta)))
    return random_module.gamma(size, alpha, dtype, seed) / beta


def categorical(
    logits: Any, num_samples: int, dtype: Any = int64, seed: int | None = None, name: str | None = None
) -> Any:
    """Returns class numbers, drawn by the softmax of scores."""
    return ops.cast(random_module.categorical(logits, num_samples, "int32", seed), dtype)


def shuffle(value: Any, seed: int | None = None, name: str | None = None) -> Any:
    """Returns a value with its rows in another order."""
    return random_module.shuffle(value, axis=0, seed=seed)

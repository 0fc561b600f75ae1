"""Samplers of continuous distributions: normal, truncated normal, uniform, gamma and beta."""

import math

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.registry import op
from ..ops import cast
from ..ops.common.broadcasting import unbroadcast
from ..typing import DTypeLike, Seed, ShapeLike, Tensor, TensorLike
from .sampler import check, float_type, no_gradient, parameter, sampler, size_of
from .seed_generator import draw_seed

_FINITE = (np.isfinite, "to be finite")
_SCALE = (lambda x: np.isfinite(x) & (x >= 0), "to be finite and at least 0")
_POSITIVE = (lambda x: np.isfinite(x) & (x > 0), "to be finite and positive")


def _some_truncated(rng: "np.random.Generator", mean: np.ndarray, stddev: np.ndarray, count: int) -> np.ndarray:
    """Those of `count` samples of a normal distribution that are within two standard deviations."""
    if not (np.isfinite(mean) and np.isfinite(stddev) and stddev >= 0):
        return np.full(count, np.nan)  # rejection sampling would never end
    numbers = rng.normal(mean, stddev, count)
    return numbers[(numbers >= mean - 2 * stddev) & (numbers <= mean + 2 * stddev)]


def _truncated(rng: "np.random.Generator", mean: np.ndarray, stddev: np.ndarray, shape: tuple) -> np.ndarray:
    count = math.prod(shape)
    numbers = np.empty(0)
    while numbers.size < count:
        numbers = np.append(numbers, _some_truncated(rng, mean, stddev, count))
    return numbers[:count].reshape(shape)


def _gradient_to_mean(g, y, seed, mean, stddev, **params):
    return cast(unbroadcast(g, mean), dtype_of(mean))


def _gradient_to_stddev(g, y, seed, mean, stddev, **params):
    mean, scale = (cast(value, dtype_of(y)) for value in (mean, stddev))
    return cast(unbroadcast(g * (y - mean) / scale, stddev), dtype_of(stddev))


def _gradient_to_minval(g, y, seed, minval, maxval, **params):
    low, high = (cast(value, dtype_of(y)) for value in (minval, maxval))
    return cast(unbroadcast(g * (high - y) / (high - low), minval), dtype_of(minval))


def _gradient_to_maxval(g, y, seed, minval, maxval, **params):
    low, high = (cast(value, dtype_of(y)) for value in (minval, maxval))
    return cast(unbroadcast(g * (y - low) / (high - low), maxval), dtype_of(maxval))


_NORMAL = sampler(
    "normal",
    lambda rng, mean, stddev, shape: rng.normal(mean, stddev, shape),
    (None, _gradient_to_mean, _gradient_to_stddev),
    in_sequence=lambda rng, mean, stddev, count: rng.normal(mean, stddev, count),
)
_TRUNCATED_NORMAL = sampler(
    "truncated_normal", _truncated, (None, _gradient_to_mean, _gradient_to_stddev), in_sequence=_some_truncated
)
_UNIFORM = sampler(
    "uniform",
    lambda rng, minval, maxval, shape: rng.uniform(minval, maxval, shape),
    (None, _gradient_to_minval, _gradient_to_maxval),
    in_sequence=lambda rng, minval, maxval, count: rng.uniform(minval, maxval, count),
)
_GAMMA = sampler(
    "gamma",
    lambda rng, alpha, shape: rng.gamma(alpha, 1.0, shape),
    (None, no_gradient("gamma")),
)
_BETA = sampler(
    "beta",
    lambda rng, alpha, beta, shape: rng.beta(alpha, beta, shape),
    (None, no_gradient("beta"), no_gradient("beta")),
)


@op("minikeras.Normal", settings="shape dtype seed")
def normal(
    shape: ShapeLike,
    mean: TensorLike = 0.0,
    stddev: TensorLike = 1.0,
    dtype: DTypeLike | None = None,
    seed: Seed = None,
) -> Tensor:
    """Draws samples from a normal distribution.

    Args:
        shape: The shape of the result.
        mean: The mean; a number, or a tensor that broadcasts to `shape`.
        stddev: The standard deviation, at least 0; likewise.
        dtype: A floating-point dtype; `floatx` by default.
        seed: An integer (deterministic), a `SeedGenerator`, or None for the global generator.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/random/random_ops/

    Example:
        >>> normal((2,), seed=1)
        array([0.34558418, 0.82161814], dtype=float32)
    """
    shape, dtype = size_of(shape, "random.normal"), float_type(dtype, "random.normal")
    check("random.normal", shape, mean=(mean, *_FINITE), stddev=(stddev, *_SCALE))
    seed = draw_seed(seed, "random.normal")
    return apply(_NORMAL, seed, parameter(mean), parameter(stddev), shape=shape, dtype=dtype)


@op("minikeras.TruncatedNormal", settings="shape mean stddev dtype seed")
def truncated_normal(
    shape: ShapeLike, mean: float = 0.0, stddev: float = 1.0, dtype: DTypeLike | None = None, seed: Seed = None
) -> Tensor:
    """Draws samples from a normal distribution, truncated at two standard deviations from the mean.

    Args:
        shape: The shape of the result.
        mean: The mean of the untruncated distribution; a number.
        stddev: The standard deviation of the untruncated distribution, at least 0; a number. That of the result is
            0.8796 times as large.
        dtype: A floating-point dtype; `floatx` by default.
        seed: An integer (deterministic), a `SeedGenerator`, or None for the global generator.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/random/random_ops/

    Example:
        >>> float(abs(truncated_normal((100,), seed=1)).max()) <= 2
        True
    """
    shape, dtype = size_of(shape, "random.truncated_normal"), float_type(dtype, "random.truncated_normal")
    check("random.truncated_normal", (), mean=(mean, *_FINITE), stddev=(stddev, *_SCALE))
    seed = draw_seed(seed, "random.truncated_normal")
    return apply(_TRUNCATED_NORMAL, seed, parameter(mean), parameter(stddev), shape=shape, dtype=dtype)


@op("minikeras.Uniform", settings="shape dtype seed")
def uniform(
    shape: ShapeLike,
    minval: TensorLike = 0.0,
    maxval: TensorLike = 1.0,
    dtype: DTypeLike | None = None,
    seed: Seed = None,
) -> Tensor:
    """Draws samples from a uniform distribution over [minval, maxval).

    Args:
        shape: The shape of the result.
        minval: The lower bound; a number, or a tensor that broadcasts to `shape`.
        maxval: The upper bound, at least `minval`; likewise.
        dtype: A floating-point dtype; `floatx` by default.
        seed: An integer (deterministic), a `SeedGenerator`, or None for the global generator.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/random/random_ops/

    Example:
        >>> uniform((2,), seed=1)
        array([0.5118216, 0.9504637], dtype=float32)
    """
    shape, dtype = size_of(shape, "random.uniform"), float_type(dtype, "random.uniform")
    known = np.isscalar(minval) or isinstance(minval, np.ndarray)
    is_above = (lambda x: np.isfinite(x) & (x >= minval)) if known else np.isfinite
    check(
        "random.uniform", shape, minval=(minval, *_FINITE), maxval=(maxval, is_above, f"of at least minval={minval!r}")
    )
    seed = draw_seed(seed, "random.uniform")
    return apply(_UNIFORM, seed, parameter(minval), parameter(maxval), shape=shape, dtype=dtype)


@op("minikeras.Gamma", settings="shape dtype seed")
def gamma(shape: ShapeLike, alpha: TensorLike, dtype: DTypeLike | None = None, seed: Seed = None) -> Tensor:
    """Draws samples from a gamma distribution with scale 1.

    Args:
        shape: The shape of the result.
        alpha: The shape parameter, positive; a number, or a tensor that broadcasts to `shape`.
        dtype: A floating-point dtype; `floatx` by default.
        seed: An integer (deterministic), a `SeedGenerator`, or None for the global generator.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/random/random_ops/

    Example:
        >>> bool((gamma((9,), 2.0, seed=1) > 0).all())
        True
    """
    shape, dtype = size_of(shape, "random.gamma"), float_type(dtype, "random.gamma")
    check("random.gamma", shape, alpha=(alpha, *_POSITIVE))
    return apply(_GAMMA, draw_seed(seed, "random.gamma"), parameter(alpha), shape=shape, dtype=dtype)


@op("minikeras.Beta", settings="shape dtype seed")
def beta(
    shape: ShapeLike, alpha: TensorLike, beta: TensorLike, dtype: DTypeLike | None = None, seed: Seed = None
) -> Tensor:
    """Draws samples from a beta distribution, over [0, 1] with mean `alpha / (alpha + beta)`.

    Args:
        shape: The shape of the result.
        alpha: The first parameter, positive; a number, or a tensor that broadcasts to `shape`.
        beta: The second parameter; likewise.
        dtype: A floating-point dtype; `floatx` by default.
        seed: An integer (deterministic), a `SeedGenerator`, or None for the global generator.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/random/random_ops/

    Example:
        >>> bool((beta((9,), 2.0, 3.0, seed=1) < 1).all())
        True
    """
    shape, dtype = size_of(shape, "random.beta"), float_type(dtype, "random.beta")
    check("random.beta", shape, alpha=(alpha, *_POSITIVE), beta=(beta, *_POSITIVE))
    seed = draw_seed(seed, "random.beta")
    return apply(_BETA, seed, parameter(alpha), parameter(beta), shape=shape, dtype=dtype)

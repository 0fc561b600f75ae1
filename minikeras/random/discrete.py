"""Samplers of discrete distributions: uniform integers, categorical and binomial."""

import numpy as np

from ..argument_checks import check_int
from ..engine.dispatch import apply
from ..engine.dtypes import INTEGERS, dtype_of_numbers, standardize_dtype
from ..engine.primitive import Primitive
from ..engine.registry import op
from ..errors import ArgumentError, ShapeError, brief
from ..ops.common.arguments import static_shape
from ..typing import DTypeLike, Seed, ShapeLike, Tensor, TensorLike
from .sampler import check, parameter, sampler, size_of
from .seed_generator import draw_seed


def _whole(x: np.ndarray) -> np.ndarray:
    return (x == np.floor(x)) & np.isfinite(x)


def _categorical_kernel(logits: np.ndarray, seed: np.ndarray, num_samples: int, dtype: str) -> np.ndarray:
    rng = np.random.default_rng(seed)
    weights = np.exp(logits - logits.max(-1, keepdims=True))
    samples = np.empty((len(logits), num_samples), "int64")
    for row, weight in zip(samples, weights, strict=True):
        row[:] = rng.choice(len(weight), num_samples, p=weight / weight.sum())
    return samples.astype(dtype)


_RANDINT = Primitive(
    "randint",
    lambda seed, low, high, shape, dtype: np.random.default_rng(seed).integers(low, high, shape, dtype),
    shape=lambda *inputs, shape, dtype: (shape, dtype),
)
_CATEGORICAL = Primitive(
    "categorical",
    _categorical_kernel,
    shape=lambda logits, seed, num_samples, dtype: ((logits.shape[0], num_samples), dtype),
)
_BINOMIAL = sampler(
    "binomial",
    lambda rng, counts, probabilities, shape: rng.binomial(counts.astype("int64"), probabilities, shape),
)


@op("minikeras.Randint", settings="shape dtype seed")
def randint(
    shape: ShapeLike, minval: TensorLike, maxval: TensorLike, dtype: DTypeLike = "int32", seed: Seed = None
) -> Tensor:
    """Draws uniformly distributed integers from [minval, maxval).

    Args:
        shape: The shape of the result.
        minval: Inclusive lower bound; an integer, or a tensor that broadcasts to `shape`.
        maxval: Exclusive upper bound; likewise.
        dtype: An integer dtype.
        seed: An integer (deterministic), a `SeedGenerator`, or None for the global generator.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/random/random_ops/

    Example:
        >>> randint((3,), 0, 10, seed=1)
        array([4, 5, 7], dtype=int32)
    """
    shape, dtype = size_of(shape, "random.randint"), standardize_dtype(dtype)
    if dtype not in INTEGERS:
        raise ArgumentError(f"`random.randint` draws integers. Received: dtype={brief(dtype)}")
    limits = np.iinfo(dtype)
    known = np.isscalar(minval) or isinstance(minval, np.ndarray)
    check(
        "random.randint",
        shape,
        minval=(minval, lambda x: _whole(x) & (x >= limits.min), f"to be an integer that fits {dtype}"),
        maxval=(
            maxval,
            lambda x: _whole(x) & (x - 1 <= limits.max) & (x > minval if known else True),
            f"to be an integer above minval={minval!r} that fits {dtype}",
        ),
    )
    seed = draw_seed(seed, "random.randint")
    return apply(_RANDINT, seed, parameter(minval, "int64"), parameter(maxval, "int64"), shape=shape, dtype=dtype)


@op("minikeras.Categorical", settings="num_samples dtype seed")
def categorical(logits: TensorLike, num_samples: int, dtype: DTypeLike = "int32", seed: Seed = None) -> Tensor:
    """Draws samples from categorical distributions, given their logits.

    Args:
        logits: Unnormalized log probabilities, shape (batch, classes).
        num_samples: Number of samples per row.
        dtype: The dtype of the result.
        seed: An integer (deterministic), a `SeedGenerator`, or None for the global generator.

    Returns:
        Class indices of shape (batch, num_samples).

    Raises:
        ShapeError: If `logits` does not have two axes.
        ArgumentError: If another argument is invalid.

    Source: https://keras.io/api/random/random_ops/

    Example:
        >>> categorical([[0.0, 100.0]], 3, seed=1)
        array([[1, 1, 1]], dtype=int32)
    """
    if len(static_shape(logits)) != 2:
        raise ShapeError(
            "`random.categorical` expects `logits` of shape (batch, classes). "
            f"Received: logits.shape={static_shape(logits)}"
        )
    num_samples = check_int("`random.categorical`", "num_samples", num_samples, minimum=0)
    dtype = dtype_of_numbers(dtype, "random.categorical")
    seed = draw_seed(seed, "random.categorical")
    return apply(_CATEGORICAL, logits, seed, num_samples=num_samples, dtype=dtype)


@op("minikeras.Binomial", settings="shape dtype seed")
def binomial(
    shape: ShapeLike, counts: TensorLike, probabilities: TensorLike, dtype: DTypeLike | None = None, seed: Seed = None
) -> Tensor:
    """Draws samples from a binomial distribution: numbers of successes in `counts` trials.

    Args:
        shape: The shape of the result.
        counts: The number of trials, a non-negative integer; or a tensor that broadcasts to `shape`.
        probabilities: The probability of success in each trial; likewise.
        dtype: The dtype of the result; `floatx` by default.
        seed: An integer (deterministic), a `SeedGenerator`, or None for the global generator.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/random/random_ops/

    Example:
        >>> binomial((2,), 5, 1.0, seed=1)
        array([5., 5.], dtype=float32)
    """
    shape, dtype = size_of(shape, "random.binomial"), dtype_of_numbers(dtype, "random.binomial")
    check(
        "random.binomial",
        shape,
        counts=(counts, lambda x: _whole(x) & (x >= 0), "to be non-negative integers"),
        probabilities=(probabilities, lambda x: (x >= 0) & (x <= 1), "to be in [0, 1]"),
    )
    seed = draw_seed(seed, "random.binomial")
    return apply(_BINOMIAL, seed, parameter(counts), parameter(probabilities), shape=shape, dtype=dtype)

import tracemalloc

import numpy as np
import pytest

from minikeras.compiler.step import Step
from minikeras.errors import ArgumentError, ShapeError
from minikeras.random import (
    SeedGenerator,
    beta,
    binomial,
    categorical,
    dropout,
    gamma,
    normal,
    randint,
    shuffle,
    truncated_normal,
    uniform,
)
from minikeras.random.sampler import broadcasts, size_of

DRAWS = {
    "normal": lambda seed: normal((4, 3), 1.0, 2.0, seed=seed),
    "truncated_normal": lambda seed: truncated_normal((4, 3), 1.0, 2.0, seed=seed),
    "uniform": lambda seed: uniform((4, 3), -1.0, 2.0, seed=seed),
    "gamma": lambda seed: gamma((4, 3), 2.0, seed=seed),
    "beta": lambda seed: beta((4, 3), 2.0, 3.0, seed=seed),
    "binomial": lambda seed: binomial((4, 3), 9, 0.4, seed=seed),
    "randint": lambda seed: randint((4, 3), 0, 1000, seed=seed),
    "categorical": lambda seed: categorical(np.zeros((4, 50), "float32"), 3, seed=seed),
    "dropout": lambda seed: dropout(np.ones((4, 3), "float32"), 0.5, seed=seed),
    "shuffle": lambda seed: shuffle(np.arange(12, dtype="float32").reshape(4, 3), seed=seed),
}
all_draws = pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)


@all_draws
def test_same_seed_same_bits(draw):
    np.testing.assert_array_equal(draw(5), draw(5))
    assert (draw(5) != draw(6)).any()


@all_draws
def test_a_generator_gives_other_numbers_each_time(draw):
    generator = SeedGenerator(5)
    first, second = draw(generator), draw(generator)
    np.testing.assert_array_equal(first, draw(5))  # an integer stands for its first draw
    assert (first != second).any()


@all_draws
def test_shape_and_dtype(draw):
    result = draw(1)
    assert type(result) is np.ndarray
    assert result.shape == (4, 3)
    assert result.dtype in ("float32", "int32")


@all_draws
def test_replayed_traced_and_eager_draws_are_equal(draw):
    replayed, retraced, eager = SeedGenerator(5), SeedGenerator(5), SeedGenerator(5)
    steps = Step(lambda x: draw(replayed) + x, "replayed"), Step(lambda x: draw(retraced) + x, "retraced", False)
    zero = np.zeros((), "int32")
    seen = set()
    for _ in range(3):
        expected = draw(eager)
        for step in steps:
            result = step(zero)
            assert result.dtype == expected.dtype
            np.testing.assert_array_equal(result, expected)
        seen.add(expected.tobytes())
    assert len(seen) == 3


SHAPED = [
    lambda shape, **options: normal(shape, **options),
    lambda shape, **options: truncated_normal(shape, **options),
    lambda shape, **options: uniform(shape, **options),
    lambda shape, **options: gamma(shape, 2.0, **options),
    lambda shape, **options: beta(shape, 2.0, 3.0, **options),
    lambda shape, **options: binomial(shape, 9, 0.4, **options),
    lambda shape, **options: randint(shape, 0, 9, **options),
]


@pytest.mark.parametrize("draw", SHAPED)
@pytest.mark.parametrize(
    ("shape", "expected"), [((), ()), ((0, 2), (0, 2)), (3, (3,)), ([2, 1], (2, 1)), (np.array([2, 3]), (2, 3))]
)
def test_shapes(draw, shape, expected):
    assert draw(shape, seed=1).shape == expected


@pytest.mark.parametrize("draw", SHAPED)
@pytest.mark.parametrize("shape", [(-1,), (None, 2), (2.5,), "ab", None])
def test_bad_shapes(draw, shape):
    with pytest.raises(ShapeError, match="`random.*expects `shape`"):
        draw(shape, seed=1)


@pytest.mark.parametrize("draw", SHAPED[:6])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_float_types(draw, dtype):
    assert draw((2,), dtype=dtype, seed=1).dtype == dtype


@pytest.mark.parametrize("draw", SHAPED[:5])
def test_other_types_are_refused(draw):
    with pytest.raises(ArgumentError, match="int32"):
        draw((2,), dtype="int32", seed=1)


def test_a_refused_draw_leaves_the_generator():
    generator = SeedGenerator(1)
    for bad in (
        lambda: normal((2,), stddev=-1.0, seed=generator),
        lambda: dropout(np.ones(2), 2.0, seed=generator),
        lambda: categorical(np.ones(2), 2, seed=generator),
        lambda: shuffle(np.ones(2), axis=1, seed=generator),
    ):
        with pytest.raises(ArgumentError):
            bad()
    assert generator.state.numpy().tolist() == [1, 0]


@pytest.mark.parametrize(
    ("shape", "target", "expected"),
    [((), (2,), True), ((2,), (), False), ((1,), (2,), True), ((2,), (1,), False), ((2, 1), (3, 2, 4), True)],
)
def test_broadcasts(shape, target, expected):
    assert broadcasts(shape, target) is expected


def test_size_of():
    assert size_of(3, "f") == (3,)
    assert size_of((np.int64(2), 3), "f") == (2, 3)


@pytest.mark.parametrize("shape", [(65536,), (65537,), (3, 70000)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_large_draws_are_those_of_numpy(shape, dtype):
    """They are drawn piece by piece, and are what one call gives."""
    rng = np.random.default_rng
    np.testing.assert_array_equal(uniform(shape, -1, 3, dtype, seed=7), rng(7).uniform(-1, 3, shape).astype(dtype))
    np.testing.assert_array_equal(normal(shape, 1, 2, dtype, seed=7), rng(7).normal(1, 2, shape).astype(dtype))
    drawn = rng(7).normal(1, 2, 2 * int(np.prod(shape)))  # 95 % of them are in the bounds
    kept = drawn[(drawn >= -3) & (drawn <= 5)][: int(np.prod(shape))].reshape(shape)
    np.testing.assert_array_equal(truncated_normal(shape, 1, 2, dtype, seed=7), kept.astype(dtype))


def test_large_draws_with_a_parameter_for_each_column():
    y = uniform((40000, 2), np.float32([0, 10]), np.float32([1, 20]), seed=3)
    assert 0 <= y[:, 0].min() < y[:, 0].max() < 1 and 10 <= y[:, 1].min() < y[:, 1].max() < 20


def test_large_draws_take_no_memory_beside_the_result():
    uniform((2, 2), seed=1)
    tracemalloc.start()
    try:
        y = truncated_normal((2_000_000,), seed=1)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < y.nbytes + 4e6  # numpy draws in float64, 65,536 at a time

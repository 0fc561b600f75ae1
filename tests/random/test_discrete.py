"""Frequencies of 40,000 draws lie within five standard errors, `sqrt(p (1 - p) / n)`, of the true ones."""

import math

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ShapeError
from minikeras.random import binomial, categorical, randint

N = 40_000


def check_frequencies(numbers, probabilities):
    for number, p in probabilities.items():
        assert abs((numbers == number).mean() - p) < 5 * math.sqrt(p * (1 - p) / N)
    assert set(numbers.ravel().tolist()) <= set(probabilities)


def test_randint():
    check_frequencies(randint((N,), -1, 3, seed=1), dict.fromkeys([-1, 0, 1, 2], 0.25))


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int64", "uint32"])
def test_randint_types(dtype):
    assert randint((3,), 0, 100, dtype=dtype, seed=1).dtype == dtype


def test_randint_up_to_the_limit_of_its_type():
    assert set(randint((200,), 254, 256, dtype="uint8", seed=1).tolist()) == {254, 255}


@pytest.mark.parametrize(
    "draw",
    [
        lambda: randint((2,), 0, 5, dtype="float32"),
        lambda: randint((2,), 5, 5),
        lambda: randint((2,), 5, 0),
        lambda: randint((2,), 0, 2.5),
        lambda: randint((2,), -1, 5, dtype="uint8"),
        lambda: randint((2,), 0, 257, dtype="uint8"),
        lambda: randint((2,), 0, np.array([1, 0])),
        lambda: binomial((2,), -1, 0.5),
        lambda: binomial((2,), 2.5, 0.5),
        lambda: binomial((2,), 2, 1.5),
        lambda: binomial((2,), 2, math.nan),
        lambda: categorical([[1.0]], -1),
        lambda: categorical([[1.0]], 1.5),
    ],
)
def test_bad_parameters(draw):
    with pytest.raises(ArgumentError, match=r"`random\.\w+`.*Received"):
        draw()


def test_categorical():
    logits = np.log(np.float32([[0.1, 0.2, 0.7], [0.5, 0.5, 1e-30]]))
    numbers = categorical(logits, N, seed=1)
    assert numbers.shape == (2, N)
    check_frequencies(numbers[0], {0: 0.1, 1: 0.2, 2: 0.7})
    check_frequencies(numbers[1], {0: 0.5, 1: 0.5})


def test_categorical_with_large_scores():
    assert categorical([[1e9, 0.0], [-1e9, 0.0]], 2, seed=1).tolist() == [[0, 0], [1, 1]]


def test_categorical_of_no_rows():
    assert categorical(np.zeros((0, 3), "float32"), 2, seed=1).shape == (0, 2)


@pytest.mark.parametrize("shape", [(3,), (2, 3, 4), ()])
def test_categorical_with_other_shapes(shape):
    with pytest.raises(ShapeError, match="batch, classes"):
        categorical(np.zeros(shape), 2)


def test_binomial():
    numbers = binomial((N,), 2, 0.3, seed=1)
    check_frequencies(numbers, {0: 0.49, 1: 0.42, 2: 0.09})


def test_binomial_with_arrays():
    numbers = binomial((50, 2), np.array([3, 7]), [0.0, 1.0], seed=1)
    assert (numbers == [0, 7]).all()

import numpy as np
import pytest

from minikeras.errors import ArgumentError
from minikeras.initializers import RandomNormal, RandomUniform, TruncatedNormal
from minikeras.random import normal, truncated_normal, uniform


def test_they_are_the_samplers():
    np.testing.assert_array_equal(RandomNormal(1.0, 2.0, seed=3)((4, 5)), normal((4, 5), 1.0, 2.0, seed=3))
    np.testing.assert_array_equal(TruncatedNormal(1.0, 2.0, seed=3)((4, 5)), truncated_normal((4, 5), 1.0, 2.0, seed=3))
    np.testing.assert_array_equal(RandomUniform(1.0, 2.0, seed=3)((4, 5)), uniform((4, 5), 1.0, 2.0, seed=3))


def test_defaults():
    np.testing.assert_array_equal(RandomNormal(seed=3)((9,)), normal((9,), 0.0, 0.05, seed=3))
    np.testing.assert_array_equal(TruncatedNormal(seed=3)((9,)), truncated_normal((9,), 0.0, 0.05, seed=3))
    np.testing.assert_array_equal(RandomUniform(seed=3)((9,)), uniform((9,), -0.05, 0.05, seed=3))


@pytest.mark.parametrize(
    "initializer", [RandomNormal(stddev=-1.0), TruncatedNormal(stddev=-1.0), RandomUniform(minval=1.0, maxval=0.0)]
)
def test_bad_parameters(initializer):
    with pytest.raises(ArgumentError, match="random"):
        initializer((2,))

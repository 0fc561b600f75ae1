"""Means and variances of 40,000 draws lie within five standard errors of the true ones.

The standard error of a mean is `sigma / sqrt(n)`; that of a variance is `sigma^2 sqrt((kurtosis - 1) / n)`.
"""

import math

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, NotSupportedError, ShapeError
from minikeras.random import beta, gamma, normal, truncated_normal, uniform

N = 40_000


def check_moments(numbers, mean, variance, kurtosis):
    numbers = numbers.astype("float64")
    assert abs(numbers.mean() - mean) < 5 * math.sqrt(variance / N)
    assert abs(numbers.var() - variance) < 5 * variance * math.sqrt((kurtosis - 1) / N)


def test_normal():
    check_moments(normal((N,), 3.0, 2.0, seed=1), 3.0, 4.0, kurtosis=3.0)


def test_normal_of_scale_0():
    assert normal((2,), 3.0, 0.0, seed=1).tolist() == [3, 3]


def test_normal_with_arrays():
    together = normal((2, 3), np.float32([0, 10, 20]), np.float32([[1], [2]]), seed=1)
    plain = normal((2, 3), seed=1)
    np.testing.assert_allclose(together, [0, 10, 20] + plain * [[1], [2]], rtol=1e-5)


def test_truncated_normal():
    numbers = truncated_normal((N,), 1.0, 2.0, seed=1)
    assert numbers.min() >= 1 - 2 * 2 and numbers.max() <= 1 + 2 * 2
    # 0.06 % lie within 0.01 standard deviations of either bound: 23 of them, none with probability e^-23.
    assert numbers.min() < 1 - 1.99 * 2 and numbers.max() > 1 + 1.99 * 2
    # Cut off at two standard deviations, the variance falls to 1 - 4 phi(2) / (2 Phi(2) - 1) = 0.77374 of it.
    phi, mass = math.exp(-2) / math.sqrt(2 * math.pi), math.erf(2 / math.sqrt(2))
    check_moments(numbers, 1.0, 4 * (1 - 4 * phi / mass), kurtosis=3.0)


def test_truncated_normal_of_scale_0():
    assert truncated_normal((2,), 3.0, 0.0, seed=1).tolist() == [3, 3]


def test_uniform():
    numbers = uniform((N,), -1.0, 3.0, seed=1)
    assert numbers.min() >= -1 and numbers.max() <= 3
    check_moments(numbers, 1.0, 16 / 12, kurtosis=1.8)


def test_gamma():
    numbers = gamma((N,), 4.0, seed=1)
    assert (numbers > 0).all()
    check_moments(numbers, 4.0, 4.0, kurtosis=3 + 6 / 4)


def test_beta():
    numbers = beta((N,), 2.0, 2.0, seed=1)
    assert (numbers >= 0).all() and (numbers <= 1).all()
    check_moments(numbers, 0.5, 4 / (16 * 5), kurtosis=3 - 6 / 7)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: normal((2,), mean=math.nan),
        lambda: normal((2,), stddev=-1),
        lambda: normal((2,), stddev=np.array([1.0, -1.0])),
        lambda: truncated_normal((2,), stddev=math.nan),
        lambda: truncated_normal((2,), stddev=-1),
        lambda: uniform((2,), 1.0, 0.0),
        lambda: uniform((2,), 0.0, math.inf),
        lambda: gamma((2,), 0.0),
        lambda: beta((2,), -1.0, 1.0),
        lambda: beta((2,), 1.0, 0.0),
    ],
)
def test_bad_parameters(draw):
    with pytest.raises(ArgumentError, match=r"`random\.\w+` expects `\w+`.*Received"):
        draw()


@pytest.mark.parametrize(
    "draw", [lambda: normal((2,), np.zeros(3)), lambda: truncated_normal((2,), np.zeros(2)), lambda: gamma((), [1.0])]
)
def test_parameters_of_wrong_shape(draw):
    with pytest.raises(ShapeError, match="broadcast"):
        draw()


def gradient(function, *values):
    """The gradients of the weighted sum of a draw, at double precision."""
    with Trace() as trace:
        tensors = [Tensor(np.asarray(value, "float64"), trace) for value in values]
        result = function(*tensors)
        weights = np.arange(1.0, result.size + 1).reshape(result.shape)
        grads = gradients(ops.sum(result * weights), tensors)
    return [np.asarray(grad) for grad in grads]


@pytest.mark.parametrize(
    ("sampler", "values"),
    [(normal, (1.0, 2.0)), (truncated_normal, (1.0, 2.0)), (uniform, (-1.0, 2.0)), (normal, ([1.0, 2.0, 3.0], 2.0))],
)
def test_gradients(sampler, values):
    def total(*values):
        draw = sampler((2, 3), *values, dtype="float64", seed=3)
        return (draw * np.arange(1.0, 7).reshape(2, 3)).sum()

    grads = gradient(lambda *tensors: sampler((2, 3), *tensors, dtype="float64", seed=3), *values)
    step = 1e-4  # exact but for rounding, since the draw is linear in its parameters
    for index, grad in enumerate(grads):
        value = np.asarray(values[index], "float64")
        expected = np.zeros_like(value)
        for place in np.ndindex(value.shape):
            shift = np.zeros_like(value)
            shift[place] = step
            up, down = (list(values), list(values))
            up[index], down[index] = value + shift, value - shift
            expected[place] = (total(*up) - total(*down)) / (2 * step)
        assert grad.shape == value.shape
        np.testing.assert_allclose(grad, expected, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize(("sampler", "values"), [(gamma, (2.0,)), (beta, (2.0, 3.0))])
def test_missing_gradients_are_refused(sampler, values):
    with pytest.raises(NotSupportedError, match=f"no gradient of `random.{sampler.__name__}`"):
        gradient(lambda *tensors: sampler((2, 3), *tensors, dtype="float64", seed=3), *values)

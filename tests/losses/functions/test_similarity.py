import math

import numpy as np
import pytest

from minikeras import losses
from minikeras.errors import ShapeError

VECTORS = np.float32([[1, 0], [0.6, 0.8], [0, 1]])
# Cosine distances: 0.4 (first and second), 0.2 (second and third), 1 (first and third).


def pull(distance, gamma=1.0, margin=0.4):
    return gamma * (margin + distance) * (distance - margin)


def push(distance, gamma=1.0, margin=0.4):
    return gamma * (1 + margin - distance) * (1 - margin - distance)


def softplus(x):
    return math.log1p(math.exp(x))


def test_values():
    expected = [softplus(pull(0.4) + push(1)), softplus(pull(0.4) + push(0.2)), 0]
    np.testing.assert_allclose(losses.circle([0, 0, 1], VECTORS, gamma=1.0), expected, rtol=1e-6)
    np.testing.assert_allclose(losses.circle([[0], [0], [1]], VECTORS, gamma=1.0), expected, rtol=1e-6)
    expected = [softplus(pull(0.4, 2, 0.1) + push(1, 2, 0.1)), softplus(pull(0.4, 2, 0.1) + push(0.2, 2, 0.1)), 0]
    np.testing.assert_allclose(losses.circle([0, 0, 1], VECTORS, gamma=2.0, margin=0.1), expected, rtol=1e-6)


def test_several_to_compare_with():
    others = math.log(math.exp(push(0.4)) + math.exp(push(1)))
    assert losses.circle([0, 1, 1], VECTORS, gamma=1.0)[0] == 0  # nothing of the same class
    result = losses.circle([0, 1, 1], VECTORS, gamma=1.0, remove_diagonal=False)
    np.testing.assert_allclose(result[0], softplus(pull(0) + others), rtol=1e-6)


def test_references():
    result = losses.circle([0, 1], VECTORS[:2], [1, 0, 0], VECTORS, remove_diagonal=False, gamma=1.0)
    same = math.log(math.exp(pull(0.4)) + math.exp(pull(1)))
    other = math.log(math.exp(push(0)) + math.exp(push(0.2)))
    expected = [softplus(same + push(0)), softplus(pull(0.4) + other)]
    np.testing.assert_allclose(result, expected, rtol=1e-6)


def test_large_exponents():
    result = losses.circle([0, 0, 1], VECTORS, gamma=1e4)
    np.testing.assert_allclose(result, [0, 1e4 * (pull(0.4) + push(0.2)), 0], rtol=1e-5)


@pytest.mark.parametrize("labels", [[0], [0, 0], [0, 1]])
def test_nothing_to_compare(labels):
    assert not losses.circle(labels, np.ones((len(labels), 2), "float32")).any()


@pytest.mark.parametrize(
    "arguments",
    [
        ([0, 1], VECTORS),
        ([[0, 1, 2]], VECTORS),
        ([0, 1, 2], VECTORS[0]),
        ([0, 1, 2], VECTORS, [0, 1], VECTORS),
        ([0, 1, 2], VECTORS, [0, 1, 2], VECTORS[:, :1]),
    ],
)
def test_wrong_shapes(arguments):
    with pytest.raises(ShapeError, match=r"`circle` expects y_true of shape \(batch,\)"):
        losses.circle(*arguments)

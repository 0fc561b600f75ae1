import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from tests.helpers import check_grads


def test_values():
    # One score in the support: the threshold is 3 - 1.
    assert ops.sparsemax([3.0, 0.0, -1.0]).tolist() == [1, 0, 0]
    # Two in it: (0.75 + (0.75 + 0.5) - 1) / 2 = 0.5
    assert ops.sparsemax([0.5, -1.0, 0.75]).tolist() == [0, 0, 0.25]
    # All of them: (0 + 0 + 0 - 1) / 4
    assert ops.sparsemax(np.zeros(4)).tolist() == [0.25] * 4
    assert ops.sparsemax([1e4, 0.0, -1e4]).tolist() == [1, 0, 0]


def test_axis():
    x = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")
    result = ops.sparsemax(x, axis=1)
    for i in range(2):
        for j in range(4):
            np.testing.assert_array_equal(result[i, :, j], ops.sparsemax(x[i, :, j]))


@pytest.mark.parametrize("x", [[3.0, 0.0, -1.0], [0.4, -1.0, 0.75], [0.1, 0.2, 0.3], [[0.6, 0.5], [2.0, -2.0]]])
def test_gradients(x):
    check_grads(ops.sparsemax, x)


def test_gradient_of_ties():
    # The first of equal scores comes first in the order; all three results are 0 at their corner, where they count.
    with Trace() as trace:
        x = Tensor(np.float32([1, 1]), trace)
        y = ops.sparsemax(x)
        (grad,) = gradients(ops.sum(y * np.float32([1, 0])), [x])
    assert y.array.tolist() == [0, 0]
    np.testing.assert_allclose(grad.array, [1 - 2 / 2, -1 / 2])

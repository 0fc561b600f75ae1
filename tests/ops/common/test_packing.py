"""Several outputs of one primitive: their values, shapes and gradients, eagerly and replayed."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.common.packing import Packed
from tests.helpers import check_grads, run_step_test

X = np.float32([[1, 2, 3], [4, 5, 6]])


def shapes(x):
    return x, (*x[:-1], 2), ()


SEVERAL = Packed(
    "several",
    lambda x: (x * x, 3 * x[..., :2], x.sum()),
    shapes,
    lambda grads, outputs, x: [grads[0] * 2 * x + ops.pad(grads[1] * 3, ((0, 0), (0, 1))) + grads[2]],
)


def test_outputs():
    square, triple, total = SEVERAL(X)
    np.testing.assert_array_equal(square, X * X)
    np.testing.assert_array_equal(triple, 3 * X[:, :2])
    assert total == 21 and total.shape == () and all(each.dtype == "float32" for each in (square, triple, total))
    assert [each.shape for each in SEVERAL(X[:0])] == [(0, 3), (0, 2), ()]


def test_one_kernel_computes_all_outputs_of_a_replayed_step():
    counted = []
    packed = Packed("counted", lambda x: (counted.append(1), (x + 1, x - 1))[1], lambda x: (x, x))
    run_step_test(lambda x: [each * 2 for each in packed(x)], X, X + 1)
    assert len(counted) < 10


def test_free_sizes():
    assert [each.shape for each in SEVERAL(KerasTensor((None, 3)))] == [(None, 3), (None, 2), ()]
    assert [each.shape for each in SEVERAL(KerasTensor((None, None)))] == [(None, None), (None, 2), ()]


@pytest.mark.parametrize("used", [[0], [1], [2], [0, 1], [0, 1, 2]], ids=str)
def test_gradients_of_some_outputs(used):
    check_grads(lambda x: [ops.sin(SEVERAL(x)[index]) for index in used], X)


def test_without_a_gradient_rule():
    packed = Packed("constant", lambda x: (x, x), lambda x: (x, x))
    check_grads(lambda x: x * ops.stop_gradient(packed(x)[0]) - x * packed(x)[1] + x, X, order=1)

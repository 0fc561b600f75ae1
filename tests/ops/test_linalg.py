"""Products of matrices."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, NotSupportedError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, run_step_test

SHAPES = [
    ((2, 3), (3, 4)),
    ((3,), (3,)),
    ((3,), (3, 4)),
    ((2, 3), (3,)),
    ((5, 2, 3), (3, 4)),
    ((5, 2, 3), (5, 3, 4)),
    ((5, 1, 2, 3), (6, 3, 4)),
    ((2, 3), (5, 3, 4)),
    ((5, 2, 3), (3,)),
    ((3,), (5, 3, 4)),
    ((1, 3), (3, 1)),
    ((0, 3), (3, 4)),
    ((2, 0), (0, 4)),
    ((0, 2, 3), (3, 4)),
]


def pair(shapes, dtype="float64"):
    rng = np.random.default_rng(0)
    return [rng.uniform(-2, 2, shape).astype(dtype) for shape in shapes]


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
def test_shapes(shapes):
    a, b = pair(shapes)
    result = ops.matmul(a, b)
    np.testing.assert_allclose(result, np.matmul(a, b), rtol=1e-12)
    symbolic = ops.matmul(KerasTensor(shapes[0], "float64"), KerasTensor(shapes[1], "float64"))
    assert symbolic.shape == result.shape and symbolic.dtype == "float64"


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
def test_gradients(shapes):
    check_grads(ops.matmul, *pair(shapes))


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
def test_replay(shapes):
    a, b = pair(shapes, "float32")
    run_step_test(lambda data: ops.matmul(data[0], data[1]) * 2, (a, b), (a + 1, b * 2), (-a, b))


def test_transposed_operands():
    a = pair([(3, 3)], "float32")[0]
    run_step_test(lambda x: [ops.matmul(ops.transpose(x), x), ops.matmul(x, ops.transpose(x)), x @ x[::-1]], a, a + 1)


def test_by_hand():
    assert ops.matmul([[1, 2], [3, 4]], [[5], [6]]).tolist() == [[17], [39]]
    assert ops.matmul([1.0, 2.0], [3.0, 4.0]).shape == ()


def test_types():
    a = np.ones((1, 1), "int32")
    assert ops.matmul(a, a).dtype == "int32" and ops.matmul(a, a.astype("float16")).dtype == "float16"
    assert ops.matmul(a.astype("float32"), a).dtype == "float32"


def test_symbols_with_a_free_batch():
    assert ops.matmul(KerasTensor((None, 3)), np.ones((3, 4), "float32")).shape == (None, 4)
    assert ops.matmul(KerasTensor((None, 5, 3)), KerasTensor((None, 3, 2))).shape == (None, 5, 2)


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (((2, 3), (4, 5)), r"inner sizes 3 and 4 of \(2, 3\) and \(4, 5\)"),
        (((3,), (2,)), "inner sizes 3 and 2"),
        (((), (2,)), "at least one axis"),
        (((2, 2, 3), (5, 3, 4)), "do not fit together"),
    ],
)
def test_bad_shapes(shapes, message):
    with pytest.raises(ShapeError, match=message):
        ops.matmul(*pair(shapes))
    with pytest.raises(ShapeError, match=message):
        ops.matmul(*map(KerasTensor, shapes))


def test_normalize():
    x = np.float32([[3, 4], [0, 0]])
    np.testing.assert_allclose(ops.normalize(x), [[0.6, 0.8], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(ops.normalize(x, order=1), [[3 / 7, 4 / 7], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(ops.normalize(x, axis=0), [[1, 1], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(ops.normalize(x, axis=None), [[0.6, 0.8], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(ops.normalize(x, epsilon=10), [[0.3, 0.4], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(ops.normalize([3, 4], order=3), np.array([3, 4]) / 91 ** (1 / 3), rtol=1e-6)
    np.testing.assert_array_equal(ops.normalize(-2.0), [-1])


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_normalize_zeros(order, dtype):
    """A vector of zeros, on which the norm has no slope, is divided by epsilon."""
    with Trace() as trace:
        x = Tensor(np.zeros((1, 2), dtype), trace)
        y = ops.normalize(x, order=order)
        (grad,) = gradients(y, [x])
    np.testing.assert_array_equal(y.array, [[0, 0]])
    expected = np.inf if dtype == "float16" else 1e7  # more than float16 holds
    np.testing.assert_allclose(grad.array, np.full((1, 2), expected), rtol=1e-6)


@pytest.mark.parametrize("order", [0, 1.5, float("inf"), True])
def test_normalize_by_a_wrong_order(order):
    with pytest.raises(ArgumentError, match="whole number of at least 1 as `order`"):
        ops.normalize(np.ones(2), order=order)


def test_normalize_by_a_norm_of_matrices():
    with pytest.raises(NotSupportedError, match=r"axis=\(0, 1\), order=1"):
        ops.normalize(np.ones((2, 2)), axis=(0, 1), order=1)

"""Products of matrices."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.keras_tensor import KerasTensor
from minikeras.errors import ShapeError
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

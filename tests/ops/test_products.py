"""Products of vectors, matrices and tensors: against numpy, which has the same rules, and what is refused."""

import numpy as np
import pytest

from minikeras import ops
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
        (((2, 2, 3), (5, 3, 4)), "cannot be broadcast together"),
    ],
)
def test_bad_shapes(shapes, message):
    with pytest.raises(ShapeError, match=message):
        ops.matmul(*pair(shapes))
    with pytest.raises(ShapeError, match=message):
        ops.matmul(*map(KerasTensor, shapes))


RNG = np.random.default_rng(0)
A, B, C = (RNG.normal(size=size) for size in [(4, 3), (3, 5), (2, 3, 4)])


def test_dot():
    assert float(ops.dot([1.0, 2.0], [3.0, 4.0])) == 11 and ops.dot(2, [1, 2]).tolist() == [2, 4]
    for first, second in [(A, B), (A, B[:, 0]), (A.T[0], A), (C, A), (C, C[0].T), (A[:, 0], C[0].T), (A, 2.0)]:
        np.testing.assert_allclose(ops.dot(first, second), np.dot(first, second))
    with pytest.raises(ShapeError, match="do not fit together"):
        ops.dot(A, A)


def test_tensordot():
    for axes in (1, ((1,), (0,)), (1, 0), ([-1], [-2])):
        np.testing.assert_allclose(ops.tensordot(A, B, axes), A @ B)
    np.testing.assert_allclose(ops.tensordot(C, C, axes=[[0, 2], [0, 2]]), np.tensordot(C, C, axes=[[0, 2], [0, 2]]))
    assert ops.tensordot(A, B, 0).shape == (4, 3, 3, 5)
    assert ops.tensordot(KerasTensor((None, 3)), B, 1).shape == (None, 5)
    assert ops.tensordot(KerasTensor((None, 3, None)), B, ((1,), (0,))).shape == (None, None, 5)
    for axes in (2, 3, -1, ((1,), (1,)), ((0, 1), (0,))):
        with pytest.raises(ShapeError, match="`tensordot`"):
            ops.tensordot(A, B, axes)


EINSUMS = {
    "ij,jk->ik": (A, B),
    "ij,jk->ki": (A, B),
    " ij , jk ": (A, B),
    "ij->": (A,),
    "ij->ji": (A,),
    "ij": (A,),
    "ji": (A,),
    "ba,bc": (A, C[0].T),
    "abc,cb->a": (C, A),
    "abc,abc->ac": (C, C),
    "abc,abd->acd": (C, C),
    "ij,kl->ijkl": (A, B),
    "ij,kl->": (A, B),
    "ii->i": (C[:, :2, 0],),
    "ii": (C[:, :2, 0],),
    "iji->j": (RNG.normal(size=(3, 2, 3)),),
    "iii->i": (RNG.normal(size=(3, 3, 3)),),
    "ii,ij->j": (A[:3], A[:3]),
    "...j,jk->...k": (C.swapaxes(1, 2), B),
    "...ij,...jk->...ik": (C, C.swapaxes(1, 2)),
    "...->...": (C,),
    "...i->i...": (C,),
    "i...": (C,),
    "...,...": (C, C),
    "ij,jk,kl->il": (A, B, RNG.normal(size=(5, 2))),
    "ij,ij,ik->jk": (A, A, RNG.normal(size=(4, 2))),
    "i,i,i": (A[0], A[1], A[2]),
    "a,b,c->cab": (A[0], B[0], A[1]),
    "ab,->ab": (A, np.float64(3)),
}


@pytest.mark.parametrize("subscripts", EINSUMS)
def test_einsum(subscripts):
    operands = EINSUMS[subscripts]
    np.testing.assert_allclose(ops.einsum(subscripts, *operands), np.einsum(subscripts, *operands), atol=1e-12)


BAD_EINSUMS = {
    "too few operands": (lambda: ops.einsum("ij,jk", A), ArgumentError, "has 2 operands. Received: 1"),
    "too many axes": (lambda: ops.einsum("ijk->i", A), ArgumentError, "'ijk' do not match an operand with 2 axes"),
    "too few axes": (lambda: ops.einsum("i->i", A), ArgumentError, "'i' do not match an operand with 2 axes"),
    "points": (lambda: ops.einsum("i..->i", A), ArgumentError, "do not match an operand"),
    "unknown letter": (lambda: ops.einsum("ij->ik", A), ArgumentError, "must be distinct labels of operands"),
    "letter twice": (lambda: ops.einsum("ij->ii", A), ArgumentError, "must be distinct labels of operands"),
    "sizes": (lambda: ops.einsum("ij,ij->i", A, B), ShapeError, "axis 'i' has size 4 in one operand and 3 in another"),
    "options": (lambda: ops.einsum("ij", A, optimize=True), NotSupportedError, "has no options. Received: optimize"),
}


@pytest.mark.parametrize("name", BAD_EINSUMS)
def test_bad_einsums(name):
    function, error, message = BAD_EINSUMS[name]
    with pytest.raises(error, match=message):
        function()


def test_einsum_of_free_sizes():
    query, key = KerasTensor((None, None, 2, 3)), KerasTensor((None, 7, 2, 3))
    assert ops.einsum("bqhd,bkhd->bhqk", query, key).shape == (None, 2, None, 7)
    assert ops.einsum("b...->...b", query).shape == (None, 2, 3, None)


def test_outer_inner_vdot():
    assert ops.outer([1, 2], [[3], [4]]).tolist() == [[3, 4], [6, 8]]
    assert int(ops.inner([1, 2], [3, 4])) == 11 and ops.inner(2.0, [1.0, 2.0]).tolist() == [2, 4]
    assert float(ops.vdot([[1.0, 2.0]], [[3.0], [4.0]])) == 11


def test_gradients_of_products_of_nothing():
    check_grads(lambda x, y: ops.matmul(x, y), np.zeros((4, 2, 0)), np.zeros((0, 2)))


def test_products_of_transposed_matrices_are_the_same_inside_of_steps():
    data = [np.random.default_rng(seed).normal(size=(2, 9, 9)).astype("float32") for seed in range(4)]
    results = run_step_test(lambda x: ops.matmul(x[0][:1], ops.transpose(x[1])), *data)
    assert [ops.matmul(x[0][:1], ops.transpose(x[1])).tobytes() for x in data] == [each.tobytes() for each in results]

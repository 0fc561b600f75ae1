"""Traced values look like arrays, and numpy's functions work on them or refuse."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import NotSupportedError


@pytest.fixture
def x():
    with Trace() as trace:
        yield Tensor(np.float32([[1, 2, 3], [4, 5, 6]]), trace)


def test_properties(x):
    assert (x.shape, x.ndim, x.size, x.dtype, len(x), x.T.shape) == ((2, 3), 2, 6, np.float32, 2, (3, 2))
    assert [row.array.tolist() for row in x] == [[1, 2, 3], [4, 5, 6]]
    assert repr(x[0, :1]) == "<Tensor shape=(1,), dtype=float32, value=[1.]>"
    assert x.trace.replay_blocker is None


def test_a_scalar_has_no_length(x):
    with pytest.raises(TypeError, match="len"):
        len(ops.sum(x))


def test_values_are_compared_by_element_and_hashed_by_identity(x):
    assert (x == x).array.all() and (x != x + 1).array.all()
    assert {x: "found"}[x] == "found" and len({x, x + 0}) == 2


NUMPY = {
    "tanh": np.tanh,
    "add": lambda x: np.add(x, 1),
    "array on the left": lambda x: np.ones((2, 3), "float32") - x,
    "scalar on the left": lambda x: np.float32(2) * x,
    "divide": lambda x: np.divide(1, x),
    "sum": lambda x: np.sum(x, axis=1),
    "mean": np.mean,
    "max": lambda x: np.max(x, axis=0, keepdims=True),
    "where": lambda x: np.where(x > 2, x, 0),
    "clip": lambda x: np.clip(x, 2, 5),
    "concatenate": lambda x: np.concatenate([x, x], axis=1),
    "matmul": lambda x: np.matmul(x, np.ones(3, "float32")),
    "reshape": lambda x: np.reshape(x, (3, 2)),
    "transpose": np.transpose,
    "expand_dims": lambda x: np.expand_dims(x, -1),
    "maximum": lambda x: np.maximum(x, 3),
    "power": lambda x: np.power(x, 2),
    "take": lambda x: np.take(x, [0, 0], axis=1),
}


@pytest.mark.parametrize("name", NUMPY)
def test_numpy_functions_are_traced(name, x):
    result = NUMPY[name](x)
    assert isinstance(result, Tensor) and result.dtype == np.float32 and x.trace.replay_blocker is None
    np.testing.assert_allclose(result.array, NUMPY[name](x.array), rtol=1e-6)
    assert gradients(ops.sum(result), [x])[0] is not None


@pytest.mark.parametrize(
    ("function", "called"),
    [
        (lambda x: np.subtract.reduce(x), r"np\.subtract\.reduce"),
        (lambda x: np.add(x, 1, out=np.zeros((2, 3))), r"np\.add with out="),
        (lambda x: np.add(x, 1, where=np.ones((2, 3), bool)), r"np\.add with where="),
        (lambda x: np.frexp(x), r"np\.frexp"),
        (lambda x: np.unwrap(x), r"np\.unwrap"),
        (lambda x: np.copyto(np.zeros((2, 3)), x), r"np\.copyto"),
    ],
)
def test_numpy_functions_without_a_rule_are_refused(function, called, x):
    with pytest.raises(NotSupportedError, match=called):
        function(x)


def test_writing_is_refused(x):
    with pytest.raises(TypeError):
        x[0] = 1


def test_copies_are_handed_out(x):
    for value in (x.numpy(), np.asarray(x), np.array(x, dtype="float64")):
        value[...] = 0
    assert x.array.sum() == 21 and x.trace.replay_blocker.startswith("`.numpy()` was called")

"""Moving elements: shapes, views, indices and their gradients."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.keras_tensor import KerasTensor
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from tests.helpers import check_grads

X = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: ops.reshape(x, (3, -1)), [[0, 1], [2, 3], [4, 5]]),
        (lambda x: ops.reshape(x, 6), [0, 1, 2, 3, 4, 5]),
        (ops.ravel, [0, 1, 2, 3, 4, 5]),
        (ops.transpose, [[0, 3], [1, 4], [2, 5]]),
        (lambda x: ops.transpose(x, (-1, 0)), [[0, 3], [1, 4], [2, 5]]),
        (lambda x: ops.swapaxes(x, -1, 0), [[0, 3], [1, 4], [2, 5]]),
        (lambda x: ops.moveaxis(x, 0, -1), [[0, 3], [1, 4], [2, 5]]),
        (lambda x: ops.expand_dims(x, 1), [[[0, 1, 2]], [[3, 4, 5]]]),
        (lambda x: ops.squeeze(x[:1]), [0, 1, 2]),
        (lambda x: ops.broadcast_to(x[0], (2, 3)), [[0, 1, 2], [0, 1, 2]]),
        (lambda x: ops.concatenate([x, x[:1]]), [[0, 1, 2], [3, 4, 5], [0, 1, 2]]),
        (lambda x: ops.concatenate([x, x[:, :1]], axis=-1), [[0, 1, 2, 0], [3, 4, 5, 3]]),
        (lambda x: ops.stack([x[0], x[1]], axis=-1), [[0, 3], [1, 4], [2, 5]]),
        (lambda x: ops.take(x, [5, 0, -1]), [5, 0, 5]),
        (lambda x: ops.take(x, [[2], [0]], axis=1), [[[2], [0]], [[5], [3]]]),
        (lambda x: ops.take(x, 1, axis=0), [3, 4, 5]),
        (lambda x: ops.take_along_axis(x, [[2, 0], [-1, 1]], axis=1), [[2, 0], [5, 4]]),
        (lambda x: ops.take_along_axis(x, [[1, 0, 1]], axis=-2), [[3, 1, 5]]),
        (lambda x: ops.take_along_axis(x, [[0, 0]], axis=1), [[0, 0], [3, 3]]),
        (lambda x: ops.take_along_axis(x, [5, 0]), [5, 0]),
        (lambda x: ops.get_item(x, (0, slice(None, None, -1))), [2, 1, 0]),
        (lambda x: ops.get_item(x, [1, 0]), [[3, 4, 5], [0, 1, 2]]),
        (lambda x: ops.get_item(x, (Ellipsis, None, 2)), [[2], [5]]),
    ],
)
def test_by_hand(function, expected):
    assert function(X).tolist() == expected
    with Trace() as trace:
        result = function(Tensor(X, trace))
        assert result.array.tolist() == expected
    check_grads(lambda x: ops.square(function(x)), X + 1)


@pytest.mark.parametrize(
    ("source", "destination"), [(0, 3), (3, 0), (-1, 1), (1, -2), ((0, 1), (-1, -2)), ([3, 0], [0, 1]), ((), ())]
)
def test_moveaxis(source, destination):
    x = np.zeros((2, 3, 4, 5))
    assert ops.moveaxis(x, source, destination).shape == np.moveaxis(x, source, destination).shape
    symbolic = ops.moveaxis(KerasTensor((2, 3, 4, 5)), source, destination)
    assert symbolic.shape == np.moveaxis(x, source, destination).shape


@pytest.mark.parametrize(
    ("old", "new", "result"),
    [
        ((None, 2, 3), (-1,), (None,)),
        ((None, 2, 3), (-1, 6), (None, 6)),
        ((None, 2, 3), (-1, 3), (None, 3)),
        ((None, 6), (-1, 2, 3), (None, 2, 3)),
        ((4, 6), (-1, 8), (3, 8)),
        ((0, 6), (-1, 3), (0, 3)),
    ],
)
def test_reshaping_symbols(old, new, result):
    assert ops.reshape(KerasTensor(old), new).shape == result


def test_most_are_views():
    with Trace() as trace:
        x = Tensor(X, trace)
        for view in (
            ops.reshape(x, (6,)),
            ops.transpose(x),
            ops.expand_dims(x, 0),
            ops.squeeze(x),
            ops.broadcast_to(x, (2, 2, 3)),
            x[0],
            x[:, ::-1],
            x[..., None],
        ):
            assert np.shares_memory(view.array, X)


def test_the_gradient_of_elements_taken_twice_adds_up():
    with Trace() as trace:
        x = Tensor(np.float32([1, 2, 3]), trace)
        (grad,) = gradients(ops.take(x, np.array([0, 0, -1])) * np.float32([1, 10, 100]), [x])
        assert np.asarray(getattr(grad, "array", grad)).tolist() == [11, 0, 100]


def test_types_meet():
    assert ops.concatenate([np.int32([1]), np.float32([2])]).dtype == "float32"
    assert ops.stack([1, 2.5]).dtype == "float32" and ops.stack([True, 2]).dtype == "int32"


def test_traced_indices():
    with Trace() as trace:
        x, place = Tensor(X, trace), Tensor(np.int32(1), trace)
        assert x[place].array.tolist() == [3, 4, 5] and trace.obstacle is None


BAD = {
    "reshape": (lambda x: ops.reshape(x, (4, 2)), "6 elements"),
    "reshape with a rest": (lambda x: ops.reshape(x, (4, -1)), "6 elements"),
    "two free sizes": (lambda x: ops.reshape(x, (-1, -1)), "6 elements"),
    "squeeze": (lambda x: ops.squeeze(x, 0), "size 1"),
    "squeeze an axis that is not there": (lambda x: ops.squeeze(x, 2), "2 axes"),
    "transpose twice": (lambda x: ops.transpose(x, (0, 0)), "once"),
    "transpose too few": (lambda x: ops.transpose(x, (0,)), "once"),
    "transpose too far": (lambda x: ops.transpose(x, (0, 2)), "2 axes"),
    "swapaxes": (lambda x: ops.swapaxes(x, 0, 2), "2 axes"),
    "moveaxis": (lambda x: ops.moveaxis(x, 0, -3), "2 axes"),
    "moveaxis unevenly": (lambda x: ops.moveaxis(x, (0, 1), 0), "as many places"),
    "moveaxis twice": (lambda x: ops.moveaxis(x, (0, 0), (0, 1)), "once"),
    "expand_dims": (lambda x: ops.expand_dims(x, 3), "3 axes"),
    "broadcast_to": (lambda x: ops.broadcast_to(x, (2, 4)), r"\(2, 3\)"),
    "broadcast_to less": (lambda x: ops.broadcast_to(x, (3,)), r"\(2, 3\)"),
    "broadcast_to smaller": (lambda x: ops.broadcast_to(x, (1, 3)), r"\(2, 3\)"),
    "concatenate": (lambda x: ops.concatenate([x, np.ones((2, 2))]), "all other sizes"),
    "concatenate ranks": (lambda x: ops.concatenate([x, np.ones(3)]), "all other sizes"),
    "concatenate axis": (lambda x: ops.concatenate([x, x], axis=2), "2 axes"),
    "stack": (lambda x: ops.stack([x, x[:1]]), "all other sizes"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("symbolic", [False, True])
def test_bad_input(name, symbolic):
    function, message = BAD[name]
    with pytest.raises(ArgumentError, match=message):
        function(KerasTensor((2, 3)) if symbolic else X)


def test_bad_indices():
    with pytest.raises(IndexError):
        ops.get_item(X, 5)
    with pytest.raises(IndexError):
        ops.take(X, [3], axis=1)
    with pytest.raises(IndexError):
        ops.get_item(X, ([0], [3]))
    with pytest.raises(ArgumentTypeError, match="Indices are integers. Received: an index of dtype float32"):
        ops.get_item(X, (0, [1.0]))
    assert ShapeError.__mro__[1] is ArgumentError


def test_indices_along_an_axis_that_do_not_fit():
    with pytest.raises(ShapeError, match=r"as many axes as the value. Received: x of shape \(2, 3\)"):
        ops.take_along_axis(X, [1], axis=1)
    with pytest.raises(ArgumentError, match=r"along axis 1 of shape \(2, 3\): index 3 is out of bounds"):
        ops.take_along_axis(X, [[3]], axis=1)
    assert ops.take_along_axis(KerasTensor((None, 3)), KerasTensor((None, 2), "int32"), axis=1).shape == (None, 2)

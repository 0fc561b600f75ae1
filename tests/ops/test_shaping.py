"""Changes of shape and of the order of axes: values, views and gradients."""

import numpy as np
import pytest

from minikeras import Input, Model, Variable, ops
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

X = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: ops.reshape(x, (3, -1)), [[0, 1], [2, 3], [4, 5]]),
        (lambda x: ops.reshape(x, 6), [0, 1, 2, 3, 4, 5]),
        (lambda x: ops.reshape(x, np.int64(-1)), [0, 1, 2, 3, 4, 5]),
        (ops.ravel, [0, 1, 2, 3, 4, 5]),
        (ops.transpose, [[0, 3], [1, 4], [2, 5]]),
        (lambda x: ops.transpose(x, (-1, 0)), [[0, 3], [1, 4], [2, 5]]),
        (lambda x: ops.swapaxes(x, -1, 0), [[0, 3], [1, 4], [2, 5]]),
        (lambda x: ops.moveaxis(x, 0, -1), [[0, 3], [1, 4], [2, 5]]),
        (lambda x: ops.expand_dims(x, 1), [[[0, 1, 2]], [[3, 4, 5]]]),
        (lambda x: ops.squeeze(x[:1]), [0, 1, 2]),
        (lambda x: ops.broadcast_to(x[0], (2, 3)), [[0, 1, 2], [0, 1, 2]]),
    ],
)
def test_by_hand(function, expected):
    assert function(X).tolist() == expected
    with Trace() as trace:
        result = function(Tensor(X, trace))
        assert result.array.tolist() == expected
    check_grads(lambda x: ops.square(function(x)), X + 1)


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
    "moveaxis unevenly": (lambda x: ops.moveaxis(x, (0, 1), 0), "as many positions"),
    "moveaxis twice": (lambda x: ops.moveaxis(x, (0, 0), (0, 1)), "once"),
    "expand_dims": (lambda x: ops.expand_dims(x, 3), "3 axes"),
    "broadcast_to": (lambda x: ops.broadcast_to(x, (2, 4)), r"\(2, 3\)"),
    "broadcast_to less": (lambda x: ops.broadcast_to(x, (3,)), r"\(2, 3\)"),
    "broadcast_to smaller": (lambda x: ops.broadcast_to(x, (1, 3)), r"\(2, 3\)"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("symbolic", [False, True])
def test_bad_input(name, symbolic):
    function, message = BAD[name]
    with pytest.raises(ArgumentError, match=message):
        function(KerasTensor((2, 3)) if symbolic else X)


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


def test_shape():
    assert ops.shape([[1, 2, 3]]) == (1, 3) and ops.shape(1.0) == ()
    assert ops.shape(KerasTensor((None, 3))) == (None, 3)


def test_numbers_of_axes_and_elements():
    for x, axes, elements in (
        ([[1, 2, 3]], 2, 3),
        (2.5, 0, 1),
        (np.zeros((3, 0)), 2, 0),
        (Variable([[1.0], [2.0]]), 2, 2),
    ):
        assert ops.ndim(x) == axes and ops.size(x) == elements
    assert ops.ndim(KerasTensor((None, 3))) == 2
    size = ops.size(KerasTensor((None, 3)))
    assert size.shape == () and size.dtype == "int32"
    assert ops.reshape(KerasTensor((2, 3)), (ops.size(KerasTensor((2, 3))),)).shape == (6,)


def test_the_number_of_elements_in_a_model():
    x = Input((3,))
    model = Model(x, ops.sum(x) / ops.size(x))
    for batch in (2, 5):
        assert float(model(np.ones((batch, 3), "float32"))) == 1


def test_no_size_is_inferred_beside_0():
    for x in (np.zeros((0, 3)), KerasTensor((0, 3))):
        with pytest.raises(ShapeError, match="cannot infer the size -1 beside a size of 0"):
            ops.reshape(x, (-1, 0))

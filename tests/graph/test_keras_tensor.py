"""Symbolic values have a shape, and refuse to be numbers."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.variable import Variable
from minikeras.errors import ArgumentTypeError, StateError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor


def test_attributes():
    x = KerasTensor([None, 3], dtype=np.float16, name="x")
    assert (x.shape, x.ndim, x.dtype, x.name) == ((None, 3), 2, "float16", "x")
    assert repr(x) == "<KerasTensor shape=(None, 3), dtype=float16, sparse=False, ragged=False, name=x>"
    assert KerasTensor((1,)).name != KerasTensor((1,)).name


def test_an_unknown_dtype():
    with pytest.raises(UnknownNameError):
        KerasTensor((1,), dtype="flaot32")


OPERATORS = {
    "number": (lambda x: 2 * x + 1, (None, 3)),
    "array": (lambda x: np.ones((4, 1, 3), "float32") - x, (4, None, 3)),
    "variable": (lambda x: x / Variable([1.0, 2.0, 3.0]), (None, 3)),
    "product": (lambda x: x @ np.ones((3, 5), "float32"), (None, 5)),
    "column": (lambda x: x[:, 0], (None,)),
    "columns": (lambda x: x[:, 1:], (None, 2)),
    "every other row": (lambda x: x[::2], (None, 3)),
    "new axis": (lambda x: x[None], (1, None, 3)),
    "self": (lambda x: +x, (None, 3)),
    "negative": (lambda x: -abs(x), (None, 3)),
}


@pytest.mark.parametrize("name", OPERATORS)
def test_operators(name):
    function, shape = OPERATORS[name]
    result = function(KerasTensor((None, 3)))
    assert isinstance(result, KerasTensor) and result.shape == shape and result.dtype == "float32"


@pytest.mark.parametrize(
    "use",
    [bool, np.asarray, iter, lambda x: Variable([1.0]).assign(x), lambda x: Variable(x), ops.convert_to_numpy],
)
def test_it_has_no_numbers(use):
    with pytest.raises((StateError, TypeError), match="symbolic"):
        use(KerasTensor((1,)))


def test_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match="cannot be broadcast together"):
        KerasTensor((None, 3)) + KerasTensor((None, 4))


def test_equality_asks_which_value_it_is():
    a, b = KerasTensor((2,)), KerasTensor((2,))
    assert a == a and not a == b
    assert b in [a, b] and [a, b].index(b) == 1 and {a: 1, b: 2}[b] == 2 and len({a, b, a}) == 2
    assert (a == None) is (a == 2.0) is (2.0 == a) is False  # noqa: E711
    assert isinstance(a != b, KerasTensor) and isinstance(a != 2.0, KerasTensor)
    assert isinstance(ops.equal(a, b), KerasTensor) and isinstance(ops.not_equal(a, 1), KerasTensor)
    assert isinstance(a < b, KerasTensor) and isinstance(a >= 1, KerasTensor)


@pytest.mark.parametrize(
    "use",
    [
        float,
        int,
        lambda size: ops.leaky_relu(KerasTensor((None, 3)), size),
        lambda size: ops.elu(KerasTensor((None, 3)), alpha=size),
        lambda size: ops.hard_shrink(KerasTensor((None, 3)), size),
    ],
)
def test_no_settings(use):
    with pytest.raises(TypeError, match="is symbolic: it has no value yet") as caught:
        use(KerasTensor((), "int32"))
    assert isinstance(caught.value, ArgumentTypeError)


def test_it_is_no_ragged_tensor():
    value = KerasTensor((None, 3))
    assert (value.ragged, value.ragged_rank, value.row_splits_dtype) == (False, None, None)  # as in Keras 3.15.1

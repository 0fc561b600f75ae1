"""Operators on the arrays in the bodies of eager loops have the results of those on tensors."""

import operator

import numpy as np
import pytest

import minikeras
from minikeras import Variable, ops
from minikeras.compiler.step import Step
from minikeras.engine.immutable_arrays import read_only
from minikeras.engine.promoting_arrays import PromotingArray, as_body_input
from minikeras.errors import DTypeError

DTYPES = ("bool", "uint8", "int32", "int64", "float16", "float32", "float64", "complex64")
OTHERS = {
    **{dtype: np.array([1, 1, 1]).astype(dtype) for dtype in DTYPES},
    **{f"a scalar of {dtype}": np.dtype(dtype).type(1) for dtype in DTYPES},
    **{str(number): number for number in (True, 2, 2.0, 2j)},
    "a list": [1, 2, 3],
}
OPERATORS = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "lt", "ge", "eq", "ne")


def outcome(function, *args):
    """The result of an operator as an array, or None if it is refused."""
    try:
        return np.asarray(function(*args))
    except Exception:
        return None


@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_operators_have_the_results_of_tensors(dtype, name):
    function, x = getattr(operator, name), np.array([1, 1, 1]).astype(dtype)
    mine = read_only(x, PromotingArray)
    for other in OTHERS.values():
        for swapped in (False, True):

            def call(x, other=other, swapped=swapped):
                return function(other, x) if swapped else function(x, other)

            expected = outcome(Step(call, "step"), x)
            if expected is not None:
                found = call(mine)
                assert np.asarray(found).dtype == expected.dtype, (other, swapped)
                np.testing.assert_array_equal(found, expected)


def test_two_of_them_keep_float64():
    x, y = (np.ones(2, dtype).view(PromotingArray) for dtype in ("float32", "float64"))
    assert (x * y).dtype == (y * x).dtype == "float64"
    assert (x * np.ones(2)).dtype == (x * np.sqrt(2.0)).dtype == (np.sqrt(2.0) * x).dtype == "float32"
    assert (np.ones(2) * x).dtype == "float64"


def test_results_promote_too():
    x = np.int32([1, 2]).view(PromotingArray)
    for result in (x + 1, x * np.float32(2), x == 1, np.exp(x), x.sum(), np.add.outer(x, x), *np.divmod(x, 2)):
        assert type(result) is PromotingArray
    assert ((x + 1) * np.float32(0.5)).dtype == "float32"


def test_elements_promote_too():
    x, y = (np.ones((2, 3), dtype).view(PromotingArray) for dtype in ("int32", "float32"))
    assert (x[0, 1] * y[0, 1]).dtype == (x[0] * y[1]).dtype == "float32"
    assert [(a * b).dtype for a, b in zip(x[0], y[0], strict=True)] == ["float32"] * 3
    with pytest.raises(TypeError):
        list(x[0, 0])


def test_numpy_functions_compute_as_ever():
    x = np.int32([1, 2]).view(PromotingArray)
    assert np.exp(x).dtype == "float64" and x.mean() == 1.5 and x.sum() == 3 and bool(x.sum() == 3)
    out = np.zeros(2, "int32")
    assert np.add(x, 1, out=out) is out and out.tolist() == [2, 3]
    out = np.zeros(2, "int32").view(PromotingArray)
    assert np.add(x, 1, out=out) is out and out.tolist() == [2, 3]
    y = np.float32([1, 2])
    y += x
    assert type(y) is np.ndarray and y.tolist() == [2, 4]
    text = np.array(["a"]).view(PromotingArray)
    assert (text == np.array(["a"])).tolist() == [True]
    with pytest.raises(DTypeError, match="`multiply` is not defined for str"):
        text * text


def test_tensors_and_variables_apply_their_ops():
    x, v = np.int32([1, 2]).view(PromotingArray), Variable(np.float32([1, 2]))
    for result in (x * v, v * x):
        assert result.dtype == "float32" and result.tolist() == [1, 4]
    assert (x * minikeras.KerasTensor((2,))).dtype == "float32"


def test_in_place_operators_make_new_arrays():
    source = np.float32([1, 2])
    x = as_body_input(source)
    assert type(x) is PromotingArray and not x.flags.writeable
    x += 1
    assert x.tolist() == [2, 3] and source.tolist() == [1, 2]
    assert as_body_input("text") == "text" and as_body_input(np.int32(3)).shape == ()
    assert type(ops.tanh(x)) is np.ndarray

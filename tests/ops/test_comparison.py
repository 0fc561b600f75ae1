"""Comparisons, logic and selection."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, NotSupportedError, ShapeError
from tests.helpers import run_step_test

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("equal", [False, True, False, False]),
        ("not_equal", [True, False, True, True]),
        ("less", [True, False, False, False]),
        ("less_equal", [True, True, False, False]),
        ("greater", [False, False, True, False]),
        ("greater_equal", [False, True, True, False]),
    ],
)
def test_comparisons(name, expected):
    result = getattr(ops, name)([1.0, 2.0, 3.0, NAN], 2)
    assert result.tolist() == expected and result.dtype == "bool"


def test_types_are_made_common_first():
    assert ops.equal(np.uint8([255]), np.int8([-1])).tolist() == [False]
    assert ops.less(np.int32([2]), 2.5).tolist() == [True]


@pytest.mark.parametrize(
    ("name", "expected"), [("logical_and", [1, 0, 0, 0]), ("logical_or", [1, 1, 1, 0]), ("logical_xor", [0, 1, 1, 0])]
)
def test_logic(name, expected):
    result = getattr(ops, name)([1.5, 2.0, 0.0, 0.0], [True, False, True, False])
    assert result.tolist() == expected and result.dtype == "bool"


def test_unary_logic():
    assert ops.logical_not([0, 1, 2]).tolist() == [True, False, False]
    assert ops.isnan([NAN, INF, 1.0]).tolist() == [True, False, False]
    assert ops.isfinite([NAN, INF, -INF, 1.0]).tolist() == [False, False, False, True]
    assert ops.isinf([NAN, INF, -INF, 1.0]).tolist() == [False, True, True, False]
    assert ops.isfinite([1, 2]).tolist() == [True, True]


def test_where():
    assert ops.where([True, False], [1, 2], 3.5).tolist() == [1, 3.5]
    assert ops.where([[1], [0]], [1.0, 2.0], [[5.0], [6.0]]).tolist() == [[1, 2], [6, 6]]
    assert ops.where(np.float32([NAN, 0]), 1, 2).tolist() == [1, 2]


def test_where_hides_the_gradient_of_what_was_not_taken():
    with Trace() as trace:
        x = Tensor(np.float32([0, 4]), trace)
        y = ops.where(x > 0, ops.sqrt(ops.where(x > 0, x, 1.0)), 0.0)
        assert gradients(ops.sum(y), [x])[0].array.tolist() == [0, 0.25]


def test_where_broadcasts_its_gradients():
    with Trace() as trace:
        a, b = Tensor(np.float32([[1], [2]]), trace), Tensor(np.float32(3), trace)
        y = ops.where(np.array([True, False, True]), a, b)
        found = gradients(y, [a, b])
        assert [np.asarray(getattr(grad, "array", grad)).tolist() for grad in found] == [[[2], [2]], 2]


def test_where_in_a_step_follows_the_data():
    run_step_test(
        lambda x: ops.where(x > 0, x, ops.transpose(x)), np.float32([[1, -2], [3, 4]]), np.float32([[-1, 2], [0, -4]])
    )


def test_where_needs_values():
    for arguments in [([True],), ([True], 1.0)]:
        with pytest.raises(NotSupportedError, match="depend on the data"):
            ops.where(*arguments)


@pytest.mark.parametrize("name", ["equal", "less", "logical_or"])
def test_shapes_that_do_not_fit(name):
    with pytest.raises(ShapeError, match=r"\(2,\) and \(3,\)"):
        getattr(ops, name)(np.ones(2), np.ones(3))


def test_nearly_equal():
    first, second = [1.0, 1.0, NAN, INF, INF, 1.0], [1.0 + 1e-6, 1.1, NAN, INF, -INF, INF]
    assert ops.isclose(first, second).tolist() == [True, False, False, True, False, False]
    assert ops.isclose(first, second, equal_nan=True).tolist() == [True, False, True, True, False, False]
    assert ops.isclose([1.0, 2.0], [1.5, 2.5], rtol=0.0, atol=0.5).tolist() == [True, True]
    assert bool(ops.allclose([1.0], [1.0 + 1e-6])) and not bool(ops.allclose([1.0, 2.0], [1.0, 3.0]))


def test_select():
    x = np.float32([-2, -1, 0, 1, 2])
    assert ops.select([x < -1, x < 1], [x * 10, x + 5], 7).tolist() == [-20, 4, 5, 7, 7]
    for wrong in (([], []), ([x < 0], [x, x])):
        with pytest.raises(ArgumentError, match="`select` expects a value for each condition"):
            ops.select(*wrong)

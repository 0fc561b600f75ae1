"""Choice by a condition."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError
from tests.helpers import check_grads, run_step_test

NAN, INF = float("nan"), float("inf")


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


def test_where_needs_both_values_or_neither():
    (found,) = ops.where([True, False, True])
    assert found.tolist() == [0, 2] and found.dtype == "int32"
    for arguments in [([True], 1.0), ([True], None, 1.0)]:
        with pytest.raises(ArgumentError, match="both `x1` and `x2`, or neither. Received: x1="):
            ops.where(*arguments)


def test_select():
    x = np.float32([-2, -1, 0, 1, 2])
    assert ops.select([x < -1, x < 1], [x * 10, x + 5], 7).tolist() == [-20, 4, 5, 7, 7]
    for wrong in (([], []), ([x < 0], [x, x])):
        with pytest.raises(ArgumentError, match="`select` expects a choice for each condition"):
            ops.select(*wrong)
    for wrong in ((x < 0, [x]), ([x < 0], x)):
        with pytest.raises(ArgumentError, match="lists of tensors. Received: (condlist|choicelist)="):
            ops.select(*wrong)


def test_nan_to_num():
    largest = float(np.finfo("float32").max)
    assert ops.nan_to_num([NAN, INF, -INF, 2.0]).tolist() == [0, largest, -largest, 2]
    assert ops.nan_to_num([NAN, INF, -INF], 1, 2, 3).tolist() == [1, 2, 3]
    assert ops.nan_to_num(np.float16([INF])).dtype == np.float16 and ops.nan_to_num([1, 2]).dtype == np.int32


def test_replacements_have_gradients():
    x = np.array([NAN, INF, -INF, 2.0, NAN])
    check_grads(lambda *values: ops.nan_to_num(x, *values), 1.0, 2.0, 3.0)
    assert run_step_test(lambda nan: ops.nan_to_num(x, nan), np.array(1.0), np.array(4.0))[1].tolist()[::4] == [4, 4]


def test_heaviside():
    assert ops.heaviside([-2, 0, 2], 0.5).tolist() == [0, 0.5, 1]

"""Running one of several branches."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.control_flow.branches import Branches
from minikeras.compiler.control_flow.regions import run
from minikeras.engine.body_trace import record_body

X = np.float32([1, 2, 3])


def branches():
    functions = [lambda values: [values[0] * 2, values[0]], lambda values: [ops.exp(values[0]), values[0] - 1]]
    return Branches([record_body("`test`", each, [X]).body for each in functions], [[1], [2]])


@pytest.mark.parametrize(("index", "expected"), [(-1, 0), (0, 0), (1, 1), (5, 1)])
def test_the_number_chooses(index, expected):
    first, second = run(branches(), [np.int32(index), X, X * 2], [0, 1])
    results = [(X * 2, X), (np.exp(X * 2), X * 2 - 1)][expected]
    np.testing.assert_array_equal(first, results[0])
    np.testing.assert_array_equal(second, results[1])


def test_only_what_is_wanted_is_computed():
    runner = branches().runner([1])
    assert [[each.primitive.name for each in plan.unbound] for plan, _ in runner._plans] == [["copy"], ["subtract"]]
    assert runner.operands == [0, 1, 2] and len(runner.regions) == 1


def test_operands_of_any_strides():
    x = np.arange(12.0).reshape(3, 4).T
    body = record_body("`test`", lambda values: values[0][1:] * 2, [x]).body
    (result,) = run(Branches([body], [[1]]), [np.int32(0), x], [0])
    np.testing.assert_array_equal(result, x[1:] * 2)

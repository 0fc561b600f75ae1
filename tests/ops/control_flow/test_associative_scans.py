"""`associative_scan`: all prefixes."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentTypeError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, run_step_test


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("size", range(10))
def test_sums(size, reverse):
    x = np.arange(1, size + 1)
    result = ops.associative_scan(lambda a, b: a + b, x, reverse=reverse)
    expected = np.cumsum(x[::-1])[::-1] if reverse else np.cumsum(x)
    assert result.tolist() == expected.tolist() and result.dtype == x.dtype


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_a_function_that_does_not_commute(axis):
    x = np.random.default_rng(0).normal(size=(5, 6))

    def combine(first, second):
        return first[0] * second[0], first[1] * second[0] + second[1]

    factors, values = ops.associative_scan(combine, (x, x), axis=axis)
    expected, rows = [], np.moveaxis(x, axis, 0)
    for row in rows:
        expected.append(row if not expected else expected[-1] * row + row)
    np.testing.assert_allclose(values, np.moveaxis(np.array(expected), 0, axis))
    np.testing.assert_allclose(factors, np.cumprod(x, axis=axis))


def test_gradients_and_replay():
    def run(x):
        return ops.associative_scan(lambda a, b: {"p": a["p"] * b["p"]}, {"p": x}, axis=1)["p"]

    data = [np.random.default_rng(seed).normal(size=(2, 5)) for seed in range(3)]
    run_step_test(run, *data)
    check_grads(run, data[0])


def test_symbolic():
    assert ops.associative_scan(lambda a, b: a + b, KerasTensor((None, 5)), axis=1).shape == (None, 5)


def test_a_single_element_is_its_own_prefix():
    pairs = ops.associative_scan(lambda a, b: [x + y for x, y in zip(a, b, strict=True)], [np.int32([[1, 2]])] * 2)
    assert [each.tolist() for each in pairs] == [[[1, 2]], [[1, 2]]]


def test_what_is_refused():
    with pytest.raises(ShapeError, match="one size along axis 0"):
        ops.associative_scan(lambda a, b: a, [np.zeros(2), np.zeros(3)])
    with pytest.raises(ArgumentTypeError, match="should be a callable"):
        ops.associative_scan(1, np.zeros(2))


@pytest.mark.parametrize("value", [np.zeros(5), KerasTensor((5,)), KerasTensor((None,))])
def test_a_function_that_loses_the_axis_is_refused(value):
    with pytest.raises(ShapeError, match="values of the shapes that it is given"):
        ops.associative_scan(lambda a, b: ops.sum(a), value)
    with pytest.raises(ShapeError, match="values of the shapes that it is given"):
        ops.associative_scan(lambda a, b: a[0], (value, value))

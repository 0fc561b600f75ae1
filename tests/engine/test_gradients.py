"""The reverse pass: known derivatives, sources of every kind, and gradients of gradients."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.engine.variable import Variable
from minikeras.errors import TraceError
from tests.helpers import check_grads


@pytest.fixture
def trace():
    with Trace() as trace:
        yield trace


def values(grads):
    return [None if grad is None else np.asarray(getattr(grad, "array", grad)).tolist() for grad in grads]


def test_a_polynomial(trace):
    x = Tensor(np.float32([1, 2]), trace)
    assert values(gradients(ops.sum(x * x * x - x * 2), [x])) == [[1, 10]]


def test_elements_of_the_target_are_summed(trace):
    x = Tensor(np.float32([1, 2]), trace)
    assert values(gradients(x * x, [x])) == [[2, 4]]


def test_an_output_gradient_weighs_them(trace):
    x = Tensor(np.float32([1, 2]), trace)
    assert values(gradients(x * x, [x], output_gradient=np.float32([10, 100]))) == [[20, 400]]


def test_a_value_used_several_times(trace):
    x = Tensor(np.float32([3]), trace)
    y = x * x
    assert values(gradients(y * y + y + x, [x, y])) == [[4 * 27 + 6 + 1], [19]]


def test_the_target_itself(trace):
    x = Tensor(np.float32([3, 4]), trace)
    assert values(gradients(x, [x])) == [[1, 1]]


def test_a_source_between_target_and_another_source(trace):
    x = Tensor(np.float32([1, 2]), trace)
    hidden = ops.exp(x)
    inner = hidden * 2
    found = values(gradients(ops.sum(inner * inner), [hidden, x, inner]))
    h = np.exp(np.float32([1, 2]))
    np.testing.assert_allclose(found[0], 8 * h, rtol=1e-6)
    np.testing.assert_allclose(found[1], 8 * h * h, rtol=1e-6)
    np.testing.assert_allclose(found[2], 4 * h, rtol=1e-6)


def test_no_dependence_gives_none(trace):
    x, y = Tensor(np.float32([1]), trace), Tensor(np.float32([1]), trace)
    v = Variable([1.0])
    assert values(gradients(x * 2, [y, v, x])) == [None, None, [2]]


def test_stopped(trace):
    x = Tensor(np.float32([3]), trace)
    assert values(gradients(x * ops.stop_gradient(x), [x])) == [[3]]
    assert values(gradients(ops.stop_gradient(x) * 2, [x])) == [None]


def test_no_gradient_through_integers(trace):
    x = Tensor(np.float32([3.5]), trace)
    assert values(gradients(ops.cast(ops.cast(x, "int32"), "float32") * x, [x])) == [[3]]


def test_variables_used_directly_and_through_views(trace):
    v = Variable([[1.0, 2.0], [3.0, 4.0]])
    y = ops.sum(ops.transpose(v) * v[0]) + ops.sum(v * v)
    # d/dv of sum_ij v_ji v_0j: each v_ji gets v_0j, and each v_0j gets sum_i v_ji, that is the sum of row j
    assert values(gradients(y, [v])) == [[[2 + 1 + 3, 4 + 1 + 7], [6 + 2, 8 + 2]]]


def test_every_value_of_a_variable_counts(trace):
    v = Variable([3.0])
    first = v * v
    v.assign(v + 1)
    assert values(gradients(first + v * 10, [v])) == [[16]]


def test_values_before_and_after_an_assignment(trace):
    v = Variable([3.0])
    old = v.value
    view = v[:]
    first = old * old + view * 5
    v.assign([100.0])
    assert values(gradients(first + old * 10, [old, view, v])) == [[21], [5], [21]]


def test_the_target_was_assigned_over(trace):
    v = Variable([[3.0]])
    target = ops.transpose(v)
    v.assign([[5.0]])
    assert values(gradients(target, [target, v])) == [[[1]], [[1]]]


def test_gradients_do_not_flow_through_assignments(trace):
    x, v = Tensor(np.float32([2]), trace), Variable([0.0])
    v.assign(x * x)
    assert values(gradients(v * x, [x, v])) == [[4], [2]]


@pytest.mark.parametrize("target", [np.ones(1), 1.0, None, Variable([1.0])])
def test_a_target_that_is_not_traced(target):
    with pytest.raises(TraceError, match="inside a trace"):
        gradients(target, [])


def test_a_target_of_a_closed_trace():
    with Trace() as trace:
        x = Tensor(np.ones(1), trace)
        y = x * 2
    with pytest.raises(TraceError, match="inside a trace"):
        gradients(y, [x])


def test_float32_stays(trace):
    x, v = Tensor(np.ones((2, 3), "float32"), trace), Variable(np.ones((3, 2), "float32"))
    y = ops.softmax(ops.matmul(x, v) / 3 + 1) ** 2
    y = ops.mean(ops.sqrt(ops.absolute(y)) * 0.5 - ops.max(y)) * np.float32(2)
    for grad in gradients(y, [x, v]):
        assert grad.dtype == np.float32


def test_a_long_chain_does_not_recurse(trace):
    x = Tensor(np.float32([1]), trace)
    y = x
    for _ in range(5000):
        y = y + 0.5
    assert values(gradients(y, [x])) == [[1]]


def test_higher_orders(trace):
    x = Tensor(np.float64([2]), trace)
    found = []
    y = x**5
    for _ in range(5):
        (y,) = gradients(y, [x])
        found.append(float(np.asarray(getattr(y, "array", y))[0]))
    assert found == [5 * 16, 20 * 8, 60 * 4, 120 * 2, 120]


def test_a_network_numerically():
    rng = np.random.default_rng(0)
    x, first, bias, second = (rng.normal(size=size) for size in [(4, 3), (3, 5), (5,), (5, 2)])
    labels = np.eye(2)[[0, 1, 1, 0]]

    def loss(x, first, bias, second):
        hidden = ops.tanh(ops.matmul(x, first) + bias)
        return ops.mean(ops.categorical_crossentropy(labels, ops.softmax(ops.matmul(hidden, second))))

    check_grads(loss, x, first, bias, second)

"""What a plan may leave out of a trace, and what not."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.simplify import simplify
from minikeras.engine.dispatch import apply
from minikeras.engine.primitive import Primitive
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.engine.variable import Variable

ADD = Primitive("add", np.add, shape=None)
SCALE = Primitive("scale", lambda x, factor: x * factor, shape=None)


def remaining(function):
    with Trace() as trace:
        outputs = function(Tensor(np.float64([1, 2]), trace))
    entries, delivered = simplify(trace, [outputs] if isinstance(outputs, Tensor) else outputs)
    made = [entry.output for entry in entries if entry.output is not None]
    assert all(any(output is tensor for tensor in made) for output in delivered)
    return [entry.primitive.name for entry in entries]


def test_equal_calls_are_merged_through_and_through():
    assert remaining(lambda x: [ops.exp(x + 1), ops.exp(x + 1)]) == ["add", "exp"]


def test_the_order_of_inputs_counts():
    assert remaining(lambda x: [x - ops.exp(x), ops.exp(x) - x]) == ["exp", "subtract", "subtract"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (np.float32(1), np.float32(1).view(np.int32)),
        (np.zeros((1, 2)), np.zeros(2)),
        (np.float64(0.0), np.float64(-0.0)),
        (np.zeros(1000), np.zeros(1000)),  # long constants are not compared by value
    ],
)
def test_different_constants_are_not_merged(first, second):
    assert remaining(lambda x: [apply(ADD, x[:1], first), apply(ADD, x[:1], second)]) == ["get_item", "add", "add"]


def test_equal_constants_are_merged():
    constant = np.ones(1000)
    assert remaining(lambda x: [x[:1] + constant, x[:1] + constant, x[:1] + 1, x[:1] + 1]) == ["get_item", "add", "add"]


@pytest.mark.parametrize(("first", "second"), [(1, 1.0), (1, True), (0.0, -0.0), ("a", ("a",)), (None, "None")])
def test_different_parameters_are_not_merged(first, second):
    keep = Primitive("keep", lambda x, parameter: x * 1, shape=None)
    assert remaining(lambda x: [apply(keep, x, parameter=first), apply(keep, x, parameter=second)]) == ["keep"] * 2


def test_equal_parameters_are_merged():
    assert remaining(lambda x: [apply(SCALE, x, factor=2.0), apply(SCALE, x, factor=2.0)]) == ["scale"]


def test_unused_calls_are_dropped():
    assert remaining(lambda x: (ops.exp(ops.tanh(x)), ops.square(x))[1]) == ["square"]


def test_assignments_stay():
    v = Variable(np.zeros(2))
    assert remaining(lambda x: (v.assign(x * 2), v.assign(x * 2), [])[-1]) == ["multiply", "assign", "assign"]


def test_copies_of_old_values_nobody_needs_are_dropped():
    v = Variable(np.zeros(2))
    assert remaining(lambda x: (v.assign_add(x), v.assign_add(x), [])[-1]) == ["add", "assign", "add", "assign"]
    assert "copy" in remaining(lambda x: (old := v.value, v.assign_add(x), [old + 1])[-1])


@pytest.mark.parametrize("number", [1.0, 32.0, 2.0**20])
def test_a_division_that_is_undone_is_left_out(number):
    """Divisions by powers of two lose nothing."""
    number = np.array(number)

    def mean_times_count(x):
        mean = ops.divide(ops.exp(x), number)
        return ops.multiply(ops.stop_gradient(mean), number)

    assert remaining(mean_times_count) == ["exp"]


@pytest.mark.parametrize(("divisor", "factor"), [(3.0, 3.0), (2.0, 4.0), (0.5, 0.5), (-2.0, -2.0), (2.0**21, 2.0**21)])
def test_a_division_that_loses_something_is_kept(divisor, factor):
    def back_and_forth(x):
        return ops.multiply(ops.divide(x, np.array(divisor)), np.array(factor))

    assert remaining(back_and_forth) == ["true_divide", "multiply"]


def test_a_division_of_another_shape_is_kept():
    two = np.array([[2.0]])
    assert remaining(lambda x: ops.multiply(ops.divide(x, np.array(2.0)), two)) == ["true_divide", "multiply"]

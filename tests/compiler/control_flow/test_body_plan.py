"""The plan of a body: bound to other memory for each turn."""

import gc

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.control_flow.body_plan import BodyPlan, Parts
from minikeras.engine.body_trace import record_body
from minikeras.engine.primitive import in_sequence


def planned(function, *arrays, **kwargs):
    body = record_body("`test`", function, arrays).body
    return BodyPlan(body, {("out", index): tensor for index, tensor in enumerate(body.outputs)}, **kwargs)


def run(calls):
    in_sequence(calls)()


def test_each_turn_has_memory_of_its_own():
    plan = planned(lambda values: [values[0] * 2 + values[1], values[0] - values[1]], np.zeros(3), np.zeros(3))
    x, y = np.arange(6.0).reshape(2, 3), np.ones(3)
    first, second = np.empty((2, 3)), np.empty((2, 3))
    run(plan.bind({0: list(x), 1: y, ("out", 0): list(first), ("out", 1): list(second)}, 2))
    assert first.tolist() == (x * 2 + 1).tolist() and second.tolist() == (x - 1).tolist()


def test_results_are_computed_where_they_are_kept():
    plan = planned(lambda values: ops.exp(ops.sin(values[0]) * 2), np.zeros(3))
    assert [each.primitive.name for each in plan.unbound] == ["sin", "multiply", "exp"]
    assert plan.unbound[-1].out.slot == ("out", 0)
    assert plan.unbound[0].out.array is plan.unbound[1].out.array  # in place


@pytest.mark.parametrize("kind", [list, Parts])
@pytest.mark.parametrize("order", [slice(2), slice(None, 1, -1), slice(1, None, 2)], ids=["forward", "back", "strided"])
def test_views_follow_their_slot(order, kind):
    def function(values):
        (x,) = values
        return [x[1:] + x[:-1], ops.transpose(x)[::2], ops.reshape(x, (6,))]

    plan = planned(function, np.zeros((2, 3)))
    assert plan.viewed == {0}
    x = np.arange(24.0).reshape(4, 2, 3)[order]
    outs = [np.empty((2, 1, 3)), np.empty((2, 2, 2)), np.empty((2, 6))]
    run(plan.bind({0: kind(x), **{("out", number): list(out) for number, out in enumerate(outs)}}, 2))
    for turn in range(2):
        assert outs[0][turn].tolist() == [(x[turn, 0] + x[turn, 1]).tolist()]
        assert outs[1][turn].tolist() == x[turn].T[::2].tolist() and outs[2][turn].tolist() == x[turn].ravel().tolist()
    assert plan.needs_copy(0, x[0].T) and not plan.needs_copy(0, x[0])


def test_what_is_not_needed():
    plan = planned(lambda values: [values[2] * 1.5, np.float32(7)], *[np.zeros((), "float32")] * 3)
    assert plan.operands == [2]
    assert planned(lambda values: values[2] * 2, *[np.zeros(1)] * 3, keep=[0]).operands == [0, 2]
    out, constant = np.empty(2, "float32"), np.empty(2, "float32")
    run(plan.bind({2: np.float32([3]).reshape(()), ("out", 0): Parts(out), ("out", 1): Parts(constant)}, 2))
    assert out.tolist() == [4.5, 4.5] and constant.tolist() == [7, 7]


def test_one_value_in_several_slots():
    plan = planned(lambda values: [values[0], (doubled := values[0] * 2), doubled], np.zeros(2))
    outs = [np.empty(2) for _ in range(3)]
    run(plan.bind({0: np.float64([1, 2]), **{("out", number): out for number, out in enumerate(outs)}}, 1))
    assert [out.tolist() for out in outs] == [[1, 2], [2, 4], [2, 4]]


def test_parts_are_views():
    for array in (np.zeros(3), np.zeros((3, 2)), np.zeros((0, 2))):
        found = Parts(array)
        assert len(found) == len(array) and all(np.shares_memory(each, array) for each in found)
        assert all(each.shape == array.shape[1:] for each in found)


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_as_before(enabled):
    plan = planned(lambda values: values[0] * 2, np.zeros(2))
    try:
        gc.enable() if enabled else gc.disable()
        plan.bind({0: np.zeros(2), ("out", 0): np.zeros(2)}, 1)
        assert gc.isenabled() == enabled
        with pytest.raises(KeyError):
            plan.bind({}, 1)
        assert gc.isenabled() == enabled
    finally:
        gc.enable()

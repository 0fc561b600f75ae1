"""Running a loop with a fixed number of turns."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.control_flow import for_loops as loops
from minikeras.compiler.control_flow.for_loops import LAST, STACKED, Loop
from minikeras.compiler.control_flow.regions import run
from minikeras.engine.body_trace import record_body

X = np.float64([1, 2, 3, 4])


def loop_of(function, *arrays, reverse=False, carried=1):
    body = record_body(
        "`test`", function, [array if index < carried else array[0] for index, array in enumerate(arrays)]
    )
    return Loop(body.body, carried, len(arrays) - carried, len(arrays[-1]), reverse)


def run_bound(loop, arrays, wanted):
    """Runs a loop as a plan does, twice from the same memory."""
    runner = loop.runner(wanted)
    out = np.empty(runner.nbytes, np.uint8)
    for _ in range(2):
        runner.bind([arrays[index] for index in runner.operands], out)()
    return [region.of(out) for region in runner.regions]


@pytest.mark.parametrize("run", [run, run_bound], ids=["once", "bound"])
@pytest.mark.parametrize("most_calls", [200_000, 0])
@pytest.mark.parametrize("reverse", [False, True])
def test_all_that_can_be_taken(monkeypatch, most_calls, reverse, run):
    monkeypatch.setattr(loops, "_MOST_CALLS", most_calls)
    loop = loop_of(lambda values: values[0] * 2 + values[1], np.float64(0), X, reverse=reverse)
    (before, x), (after,), product = loop.body.parameters, loop.body.outputs, loop.body.entries[0].output
    turns = X[::-1] if reverse else X
    states = [0.0]
    for value in turns:
        states.append(states[-1] * 2 + value)
    expected = {
        (before, LAST): states[-1],
        (before, STACKED): states[:-1],
        (after, STACKED): states[1:],
        (product, STACKED): np.multiply(states[:-1], 2),
        (x, STACKED): turns,
    }
    for wanted in (list(expected), *([key] for key in expected), [(after, STACKED), (before, LAST)]):
        for key, value in zip(wanted, run(loop, [np.float64(0), X], wanted), strict=True):
            in_time = np.flip(expected[key]) if reverse and key[1] == STACKED else expected[key]
            np.testing.assert_array_equal(value, in_time)


@pytest.mark.parametrize("length", [0, 1, 2])
def test_short_loops(length):
    x = np.arange(1.0, 3.0)
    loop = loop_of(lambda values: ops.sin(values[0]) + values[1], np.float64(0.5), x)
    loop.length = length
    (before, _), (after,) = loop.body.parameters, loop.body.outputs
    state, states = 0.5, []
    for value in x[:length]:
        state = np.sin(state) + value
        states.append(state)
    last, stack = run(loop, [np.float64(0.5), x[:length]], [(before, LAST), (after, STACKED)])
    assert float(last) == state and stack.tolist() == states


def test_what_is_carried_in_vain_is_not_computed():
    def function(values):
        first, second, x = values
        return [first + x, ops.exp(second) * first]

    loop = loop_of(function, np.float64(0), np.float64(0), X, carried=2)
    runner = loop.runner([(loop.carry[0], LAST)])
    assert runner.carried == [0] and runner.operands == [0, 2]
    assert [each.primitive.name for each in runner.plan.unbound] == ["add"]
    assert loop.runner([(loop.carry[1], LAST)]).carried == [0, 1]


def test_operands_of_any_strides():
    x = np.random.default_rng(0).normal(size=(3, 2, 4)).transpose(2, 0, 1)
    start = np.random.default_rng(1).normal(size=(2, 3)).T
    loop = loop_of(lambda values: values[0] + ops.transpose(ops.transpose(values[1])[::-1]), start, x)
    (last,) = run(loop, [start, x], [(loop.carry[0], LAST)])
    np.testing.assert_allclose(last, start + x[:, :, ::-1].sum(0))

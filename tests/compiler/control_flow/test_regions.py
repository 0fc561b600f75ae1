"""Loops and branches in traces and plans: what nobody takes is not computed, and operands may move."""

import numpy as np

from minikeras import ops
from minikeras.compiler.control_flow.regions import PROJECT, ControlFlow, Layout, Region, lower_control_flow
from minikeras.compiler.passes.common_subexpressions import eliminate_common_subexpressions
from minikeras.compiler.passes.dead_code import eliminate_dead_code
from minikeras.compiler.plan import Plan
from minikeras.compiler.program import Program
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace

X = np.random.default_rng(0).normal(size=(5, 2, 3)).astype("float32")
W = np.random.default_rng(1).normal(size=(3, 3)).astype("float32")


def recorded(function, *arrays):
    with Trace() as trace:
        inputs = [Tensor(array, trace) for array in arrays]
        outputs = function(*inputs)
    return trace, inputs, list(outputs)


def loop(x, w):
    return ops.scan(lambda c, row: (ops.tanh(c @ w + row), (c * c, ops.exp(c))), x[0], x)


def names(program):
    return [entry.primitive.name for entry in program.entries]


def test_a_trace_holds_a_loop_as_one_entry_and_one_for_each_value_taken():
    trace, _, _ = recorded(lambda x, w: [loop(x, w)[0]], X, W)
    found = [entry for entry in trace.entries if isinstance(entry.params.get("op"), ControlFlow)]
    assert [entry.primitive.name for entry in found] == ["scan"]
    assert [entry.primitive for entry in trace.entries].count(PROJECT) == 3


def test_what_nobody_takes_is_not_kept():
    trace, inputs, (carry,) = recorded(lambda x, w: [loop(x, w)[0]], X, W)
    program = lower_control_flow(eliminate_dead_code(Program.of(trace, inputs, [carry])))
    assert names(program).count("scan") == 1 and names(program).count("unpack") == 1
    (entry,) = [each for each in program.entries if each.primitive.name == "scan"]
    runner = entry.params["runner"]
    assert runner.nbytes == 64 and len(runner.regions) == 1  # 2 x 3 numbers, up to the next cache line
    assert [each.primitive.name for each in runner.plan.unbound] == ["matmul", "add", "tanh"]


def test_the_runs_that_gradients_ask_for_are_merged():
    def step(x, w):
        (h, _), (x, w) = loop(x, w), (x, w)
        return gradients(ops.sum(h), [x, w])

    trace, inputs, outputs = recorded(step, X, W)
    assert names(Program.of(trace, inputs, outputs)).count("scan") == 3  # the second one keeps what gradients need
    program = eliminate_common_subexpressions(Program.of(trace, inputs, outputs))
    assert names(lower_control_flow(eliminate_dead_code(program))).count("scan") == 2


def test_operands_that_lie_elsewhere():
    trace, inputs, outputs = recorded(lambda x, w: [*loop(x, w)[1], loop(x, w)[0]], X, W)
    plan = Plan(trace, inputs, outputs)
    blocks = [[X * 2, W.copy()], [-X, W * 2], [np.zeros_like(X), W * 3]]
    for _ in range(2):
        for x, w in blocks:
            plan.bind_to([x, w])()
            second = [np.array(output) for output in plan.outputs]
            plan.run_on([x, w])
            _, (squares, powers) = loop(x, w)
            for ours, again, theirs in zip(plan.outputs, second, (squares, powers), strict=False):
                np.testing.assert_array_equal(ours, again)
                np.testing.assert_allclose(ours, theirs, rtol=1e-6)


def test_regions():
    layout = Layout()
    tensor = Tensor(np.zeros((2, 3), "float32"), None)
    first, second = layout.reserve(tensor), layout.reserve(tensor, 4)
    assert (first.start, second.start, second.nbytes, layout.nbytes) == (0, 64, 96, 192)
    packed = np.zeros(layout.nbytes, np.uint8)
    second.of(packed)[1:] = np.arange(18).reshape(3, 2, 3)
    assert second.part(1, (2,)) == Region(88, (2, 2, 3), np.dtype("float32"), 24)
    assert second.part(1, (2,)).of(packed).ravel().tolist() == list(range(12))
    assert second.part(3, ()).of(packed).tolist() == [[12, 13, 14], [15, 16, 17]]

"""Control flow as entries of a trace."""

import numpy as np

from minikeras import ops
from minikeras.compiler.control_flow.for_loops import LAST, STACKED, Loop
from minikeras.compiler.control_flow.regions import PROJECT
from minikeras.engine.body_trace import record_body
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.ops.control_flow.recording import closed, run_recorded, subset

X = np.float32([1, 2, 3])


def running_sum():
    body = record_body("`test`", lambda values: values[0] + values[1], [np.float32(0), np.float32(1)]).body
    return Loop(body, carried=1, scanned=1, length=3), [(body.parameters[0], LAST), (body.outputs[0], STACKED)]


def test_constants_are_computed():
    loop, wanted = running_sum()
    with Trace() as trace:
        last, sums = run_recorded(loop, [np.float32(0), X], wanted, None)
    assert float(last) == 6 and sums.tolist() == [1, 3, 6] and not trace.entries


def test_traced_values_are_recorded():
    loop, wanted = running_sum()
    asked = []
    with Trace() as trace:
        x = Tensor(X, trace)
        last, sums = run_recorded(loop, [np.float32(0), x], wanted, lambda *given: asked.append(given) or [None, None])
        assert [entry.primitive for entry in trace.entries] == [loop.primitive, PROJECT, PROJECT]
        assert (float(last.array), sums.array.tolist()) == (6, [1, 3, 6])
        ((index, rule),) = trace.custom_vjps.items()
        assert index == 2 and rule.takes_none and rule.outputs == (last, sums) and rule.inputs[1] is x


def test_a_closed_body_has_no_sources():
    with Trace() as trace:
        x, y = Tensor(X, trace), Tensor(X, trace)
        body = record_body("`test`", lambda values: values[0] * x + y, [X]).body
        inner = {outer: tensor for tensor, outer in body.sources().items()}
        found, operands = closed(body, {inner[y]: X * 5})
        assert found.parameters == [*body.parameters, inner[y], inner[x]] and not found.sources()
        assert operands[0].tolist() == [5, 10, 15] and operands[1] is x


def test_a_subset_keeps_the_rules_of_what_it_makes():
    with Trace() as trace:
        x = Tensor(X, trace)
        y = ops.softmax(x) + 1
        ops.exp(y)
    rules = trace.custom_vjps.values()
    entries, found = subset(trace.entries, rules)
    assert found == trace.custom_vjps and entries == trace.entries
    assert subset(trace.entries[-1:], rules) == (trace.entries[-1:], {})

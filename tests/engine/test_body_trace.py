"""Bodies: recorded once, closed over what they use from outside."""

import numpy as np
import pytest

from minikeras import Variable, ops
from minikeras.engine.body_trace import as_tensor, record_body
from minikeras.engine.scopes import StatelessScope
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import BodyTrace, Trace, current_trace
from minikeras.errors import TraceError

X = np.float32([1, 2])


def record(function, *arrays):
    return record_body("`test`", function, arrays)


def test_a_body_is_recorded_outside_of_the_trace_around_it():
    with Trace() as trace:
        x = Tensor(X, trace)
        recorded = record(lambda values: values[0] * x, X)
        assert current_trace() is trace and not trace.entries
    (entry,) = recorded.body.entries
    assert entry.primitive.name == "multiply" and entry.output is recorded.body.outputs[0]
    assert list(recorded.body.sources().values()) == [x]
    np.testing.assert_array_equal(recorded.leaves[0].array, X * X)


def test_variables_are_sources():
    variable = Variable(X)
    with Trace():
        body = record(lambda values: values[0] + variable, X).body
    assert list(body.sources().values()) == [variable]


def test_what_is_not_used_is_no_source():
    with Trace() as trace:
        x, y = Tensor(X, trace), Tensor(X, trace)
        body = record(lambda values: (y * 2, values[0] * x)[1], X).body
        assert set(body.sources().values()) == {x, y}  # entries that nothing needs are dropped when it is planned


def test_assigning_to_a_variable_changes_nothing_and_is_an_output():
    variable = Variable(X)
    with Trace() as trace:
        recorded = record(lambda values: variable.assign_add(values[0]).value * 2, X)
        assert not trace.entries
    assert variable.numpy().tolist() == [1, 2] and recorded.variables == [variable]
    assert [tensor.array.tolist() for tensor in recorded.body.outputs] == [[4, 8], [2, 4]]
    assert recorded.start_of(variable) in recorded.body.sources()


def test_values_of_a_stateless_scope_are_those_of_the_body():
    variable = Variable(X)
    with StatelessScope([(variable, X * 10)]) as scope, Trace():
        recorded = record(lambda values: variable + values[0], X)
        assert recorded.leaves[0].array.tolist() == [11, 22] and not recorded.variables
        recorded = record(lambda values: (variable.assign(values[0]), variable + 1)[1], X)
        assert recorded.leaves[0].array.tolist() == [2, 3] and recorded.variables == [variable]
        assert scope.get_current_value(variable).tolist() == [10, 20]


@pytest.mark.parametrize("look", [bool, float, int, lambda x: x.numpy(), lambda x: x.tolist(), np.asarray])
def test_python_cannot_look_at_values(look):
    with Trace(), pytest.raises(TraceError, match="`test`: the function is traced once.*test_body_trace.py"):
        record(lambda values: (look(values[0]), values[0])[1], np.float32(1))
    assert current_trace() is None


def test_a_value_does_not_leave_its_body():
    kept = []
    with Trace():
        record(lambda values: kept.append(values[0] * 2) or values[0], X)
        with pytest.raises(TraceError, match="earlier step"):
            ops.add(kept[0], 1)


def test_a_body_is_extended():
    with Trace():
        recorded = record(lambda values: values[0] * 2, X)
        with recorded.body.extended() as trace:
            assert isinstance(trace, BodyTrace) and current_trace() is trace
            more = as_tensor(trace, recorded.leaves[0] + 1)
        assert [entry.primitive.name for entry in trace.entries] == ["multiply", "add"]
    assert len(recorded.body.entries) == 1 and more.array.tolist() == [3, 5]


def test_bodies_in_bodies():
    with Trace() as trace:
        x = Tensor(X, trace)
        inner = []

        def outer(values):
            inner.append(record(lambda own: own[0] * x + values[0], X))
            return values[0] * x

        body = record(outer, X).body
        assert list(body.sources().values()) == [x]
    # The inner one reads what stands in the outer one for what is outside of both.
    assert set(inner[0].body.sources().values()) <= {x, body.trace.captures[x], body.parameters[0]}
    assert body.parameters[0] in set(inner[0].body.sources().values())

"""Traces: what they record, and that they close."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.naming import name_scope
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace, current_trace, paused_tracing
from minikeras.engine.variable import Variable
from minikeras.errors import TraceError


def names(trace):
    return [entry.primitive.name for entry in trace.entries]


def test_only_traced_values_are_recorded():
    with Trace() as trace:
        ops.exp(np.ones(2)) + 1  # constants are computed at once
        x = Tensor(np.ones(2, "float32"), trace)
        result = ops.exp(x) + ops.exp(np.float32(1))
    assert names(trace) == ["exp", "add"]
    assert trace.entries[1].output is result and trace.entries[0].inputs == (x,)
    assert np.allclose(result.array, 2 * np.e)


def test_variables_are_read_once_per_value():
    v = Variable([1.0])
    with Trace():
        assert v.value is v.value
        first = v.value
        v.assign([2.0])
        assert v.value is not first and first.numpy() == 1 and v.value.numpy() == 2
    assert isinstance(v.value, np.ndarray)


def test_tracing_ends_with_the_block():
    assert current_trace() is None
    with Trace() as trace:
        assert current_trace() is trace and trace.active
        x = Tensor(np.ones(1), trace)
    assert current_trace() is None and not trace.active
    assert isinstance(ops.exp(x), np.ndarray) and trace.entries == []


def test_tracing_ends_on_an_error():
    with pytest.raises(KeyError), Trace() as trace:
        raise KeyError
    assert current_trace() is None and not trace.active


def test_no_trace_inside_of_another():
    with Trace() as trace:
        with pytest.raises(TraceError, match="inside another"), Trace():
            pass
        assert current_trace() is trace
    assert current_trace() is None


def test_pausing():
    v = Variable([1.0])
    with Trace() as trace:
        with paused_tracing():
            assert isinstance(ops.exp(v), np.ndarray)
            v.assign([3.0])
            with paused_tracing():
                pass
            assert current_trace() is None
        assert current_trace() is trace
    assert trace.entries == [] and trace.replay_blocker is None and v.numpy() == 3


def test_the_first_replay_blocker_counts():
    with Trace() as trace:
        x = Tensor(np.ones(1), trace)
        bool(x)
        float(x[0])
    assert trace.replay_blocker.startswith("a traced value was used as a condition at ")


def test_looking_after_the_end_does_not_block_replay():
    with Trace() as trace:
        x = Tensor(np.ones(1), trace)
    assert bool(x) and trace.replay_blocker is None


def test_entries_and_their_gradients_belong_to_the_layer_whose_scope_is_open():
    with Trace() as trace:
        x = Tensor(np.ones(2, "float32"), trace)
        with name_scope("model"), name_scope("dense"):
            y = ops.exp(x)
        with name_scope("loss"):
            loss = ops.sum(y * x)
        forward = len(trace.entries)
        gradients(loss, [x])
    assert [entry.layer for entry in trace.entries[:forward]] == ["model/dense", "loss", "loss"]
    backward = [(entry.primitive.name, entry.layer) for entry in trace.entries[forward:]]
    assert ("multiply", "model/dense") in backward and {layer for _, layer in backward} == {"model/dense", "loss"}


def test_entries_outside_of_all_layers():
    with Trace() as trace:
        ops.exp(Tensor(np.ones(2, "float32"), trace))
    assert trace.entries[0].layer is None

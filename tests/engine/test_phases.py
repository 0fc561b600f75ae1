"""Entries know the phase of the step that they belong to."""

import threading

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.phases import current_phase, in_phase, phase
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace


def test_phases_are_restored_after_errors():
    with pytest.raises(ValueError), phase("loss"):
        raise ValueError
    assert current_phase() == "forward"


def test_each_thread_has_its_own_phase():
    seen = []
    with phase("loss"):
        thread = threading.Thread(target=lambda: seen.append(current_phase()))
        thread.start()
        thread.join()
    assert seen == ["forward"]


def test_what_the_reverse_pass_records_is_backward():
    with Trace() as trace:
        x = Tensor(np.ones(3, "float32"), trace)
        with phase("loss"):
            loss = ops.sum(ops.exp(x))
        start = len(trace.entries)
        (gradient,) = gradients(loss, [x])
        with phase("optimizer"):
            ops.multiply(gradient, 2.0)
    phases = [entry.phase for entry in trace.entries]
    assert set(phases[:start]) == {"loss"}
    assert phases[-1] == "optimizer" and "backward" in phases[start:-1]


def test_a_decorated_method_is_recorded_in_its_phase():
    class Own:
        @in_phase("metrics")
        def method(self, value, *, times=1):
            """Docs."""
            return current_phase(), value * times

    assert Own().method(3, times=2) == ("metrics", 6)
    assert Own.method.__doc__ == "Docs." and current_phase() == "forward"
    with phase("loss"):
        assert Own().method(1)[0] == "metrics" and current_phase() == "loss"

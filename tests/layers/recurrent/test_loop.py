"""The loop by itself: nested inputs, and outputs that are states or not."""

import numpy as np
import pytest

from minikeras.layers.recurrent.loop import run_loop

XS = np.arange(6, dtype="float32").reshape(3, 2, 1)
MASK = np.array([[False, True], [True, False], [False, False]])


def added(inputs, states):
    state = states[0] + inputs["a"] * inputs["b"]
    return state, [state]


@pytest.mark.parametrize("unroll", [False, True])
def test_nested_inputs(unroll):
    inputs = {"a": XS, "b": XS + 1}
    last, outputs, (state,) = run_loop(added, inputs, [np.zeros((2, 1), "float32")], unroll=unroll)
    expected = np.cumsum(XS * (XS + 1), axis=0)
    assert np.array_equal(outputs, expected) and np.array_equal(last, expected[-1]) and np.array_equal(state, last)
    last, outputs, _ = run_loop(
        added, inputs, [np.zeros((2, 1), "float32")], MASK, unroll=unroll, return_all_outputs=False
    )
    assert outputs is None and last[:, 0].tolist() == [6, 2]


@pytest.mark.parametrize("unroll", [False, True])
def test_outputs_that_are_no_states(unroll):
    def step(inputs, states):
        return inputs * 2, [states[0] + 1]

    _, outputs, (state,) = run_loop(step, XS, [np.zeros((2, 1), "float32")], MASK, unroll=unroll)
    assert outputs[:, :, 0].tolist() == [[0, 2], [4, 2], [4, 2]] and state[:, 0].tolist() == [1, 1]

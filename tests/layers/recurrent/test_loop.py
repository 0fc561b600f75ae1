"""The loop by itself: nested inputs, and outputs that are states or not."""

import numpy as np
import pytest

from minikeras import Model, layers
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


@pytest.mark.parametrize("reverse", [False, True])
def test_outputs_that_are_no_states_of_a_free_length(reverse):
    """In a functional model, whose length is unknown while it is built."""

    class Cell(layers.Layer):
        state_size = output_size = 1

        def call(self, inputs, states):
            return inputs * 2, [states[0] + 1]

    x, mask = layers.Input((None, 1)), layers.Input((None,), dtype="bool")
    y = layers.RNN(Cell(), return_sequences=True, return_state=True, go_backwards=reverse)(x, mask=mask)
    outputs, state = Model([x, mask], list(y))([XS.swapaxes(0, 1), MASK.T])
    expected = [[0, 4, 4], [0, 0, 2]] if reverse else [[0, 4, 4], [2, 2, 2]]
    assert outputs[:, :, 0].tolist() == expected and state[:, 0].tolist() == [1, 1]

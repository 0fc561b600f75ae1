"""`K.rnn`: masks, constants, layouts."""

import numpy as np
import pytest

from minikeras import backend
from minikeras.errors import NotSupportedError, ShapeError

X = np.arange(1, 7, dtype="float32").reshape(2, 3, 1)


def step(inputs, states):
    total = states[0] + inputs * (states[1] if len(states) > 1 else 1)
    return total, [total]


START = [np.zeros((2, 1), "float32")]


def test_sums():
    last, outputs, states = backend.rnn(step, X, START)
    assert outputs[:, :, 0].tolist() == [[1, 3, 6], [4, 9, 15]] and last.tolist() == [[6], [15]]
    assert np.array_equal(states[0], last)
    _, outputs, _ = backend.rnn(step, X, START, go_backwards=True, constants=[10.0], unroll=True, input_length=3)
    assert outputs[:, :, 0].tolist() == [[30, 50, 60], [60, 110, 150]]
    _, outputs, _ = backend.rnn(step, X, START, return_all_outputs=False)
    assert outputs.tolist() == [[[6]], [[15]]]


@pytest.mark.parametrize("time_major", [False, True])
def test_masks(time_major):
    x, mask = X, np.array([[False, True, False], [True, False, True]])
    if time_major:
        x, mask = x.swapaxes(0, 1), mask.T
    _, outputs, _ = backend.rnn(step, x, START, mask=mask, time_major=time_major)
    found = outputs.swapaxes(0, 1) if time_major else outputs
    assert found[:, :, 0].tolist() == [[0, 2, 2], [4, 4, 10]]
    _, zeros, _ = backend.rnn(step, x, START, mask=mask[..., None], time_major=time_major, zero_output_for_mask=True)
    found = zeros.swapaxes(0, 1) if time_major else zeros
    assert found[:, :, 0].tolist() == [[0, 2, 0], [4, 0, 10]]


def test_what_is_refused():
    with pytest.raises(NotSupportedError, match="all 3 steps are run.*input_length=2"):
        backend.rnn(step, X, START, input_length=2)
    with pytest.raises(ShapeError, match="at least 3 axes"):
        backend.rnn(step, X[..., 0], START)

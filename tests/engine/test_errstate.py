"""Kernels are called with floating-point errors ignored, and nothing else is."""

import threading

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.errstate import call_quietly

ONE, ZERO = np.ones(2, "float32"), np.zeros(2, "float32")


def nested(x):
    return call_quietly(np.divide, (x, ZERO), {}) + np.divide(x, ZERO)


def test_errors_are_ignored_inside_alone():
    for _ in range(2):
        assert call_quietly(np.divide, (ONE, ZERO), {}).tolist() == [np.inf] * 2
        assert call_quietly(nested, (ONE,), {}).tolist() == [np.inf] * 2
        with pytest.warns(RuntimeWarning, match="divide by zero"):
            np.divide(ONE, ZERO)


def test_the_state_of_the_user_is_kept():
    with np.errstate(divide="raise"):
        assert ops.divide(ONE, ZERO).tolist() == [np.inf] * 2
        with pytest.raises(FloatingPointError):
            np.divide(ONE, ZERO)


def test_after_an_error():
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            call_quietly(lambda x: x / 0, (1,), {})
    assert call_quietly(np.sum, (ONE,), {"axis": 0, "keepdims": True}).tolist() == [2]


def test_threads():
    found = []

    def work():
        found.extend(call_quietly(np.divide, (ONE, ZERO), {}).tolist() for _ in range(200))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[np.inf] * 2] * 800

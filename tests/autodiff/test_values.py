"""What is delivered: traced values while their trace records, else arrays of one's own."""

import numpy as np

from minikeras.autodiff.values import delivered
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace, paused_tracing

X = np.float32([1.0, 2.0])


def test_while_recording():
    with Trace() as trace:
        x = Tensor(X, trace)
        assert delivered(x, trace) is x
        constant = delivered(X, trace)
        assert isinstance(constant, Tensor) and constant.array is X
        with paused_tracing():
            assert type(delivered(x, trace)) is np.ndarray


def test_afterwards():
    with Trace(eager=True) as trace:
        x = Tensor(X, trace)
    for value in (x, X):
        result = delivered(value, trace)
        assert type(result) is np.ndarray and result.tolist() == [1, 2] and not np.shares_memory(result, X)
    for other in ("text", None, 3):
        assert delivered(other, trace) is other

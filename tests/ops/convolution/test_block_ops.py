"""Ops on blocks: traced tensors stay traced, arrays stay arrays."""

import numpy as np

from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.ops.convolution import block_ops
from minikeras.ops.convolution.window_copies import WINDOWS

X = np.arange(6, dtype="float32").reshape(2, 3)


def test_arrays_and_traced_tensors():
    def functions(x):
        yield block_ops.reshape(x, (3, 2))
        yield block_ops.transpose(x)
        yield block_ops.matmul(x, block_ops.transpose(x))
        x = block_ops.reshape(x, (1, 6, 1))
        one = {"strides": (1,), "padding": ((0, 0),), "dilation": (1,), "phases": ()}
        yield block_ops.apply(WINDOWS, x, size=(2,), **one)

    of_arrays = list(functions(X))
    with Trace() as trace:
        of_tensors = list(functions(Tensor(X, trace)))
    for array, tensor in zip(of_arrays, of_tensors, strict=True):
        assert isinstance(array, np.ndarray) and isinstance(tensor, Tensor)
        np.testing.assert_array_equal(array, tensor.array)
    np.testing.assert_array_equal(of_arrays[2], [[5, 14], [14, 50]])
    np.testing.assert_array_equal(of_arrays[3], [[0, 1], [1, 2], [2, 3], [3, 4], [4, 5]])

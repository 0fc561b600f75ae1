"""The three primitives of convolution are adjoint to each other."""

import numpy as np
import pytest

from minikeras.compiler.threads import blas_threads
from minikeras.engine.dispatch import apply
from minikeras.ops.common.sliding_windows import window_counts
from minikeras.ops.convolution.primitives import CONV, CONV_INPUT, CONV_KERNEL
from tests.helpers import check_grads

PARAMETERS = {
    "plain": ((5,), (3,), {"strides": (1,), "padding": ((0, 0),), "dilation": (1,), "groups": 1}),
    "unused at the end": ((6,), (2,), {"strides": (3,), "padding": ((0, 0),), "dilation": (1,), "groups": 2}),
    "padded": ((4, 3), (2, 3), {"strides": (2, 1), "padding": ((0, 1), (2, 1)), "dilation": (2, 1), "groups": 1}),
    "groups": ((3, 3), (2, 2), {"strides": (1, 2), "padding": ((1, 0), (0, 1)), "dilation": (1, 1), "groups": 2}),
}


@pytest.mark.parametrize(("sizes", "size", "parameters"), PARAMETERS.values(), ids=PARAMETERS)
def test_adjoints(sizes, size, parameters):
    rng = np.random.default_rng(0)
    groups = parameters["groups"]
    x, kernel = rng.normal(size=(3, *sizes, 4)), rng.normal(size=(*size, 4 // groups, 6))
    geometry = [parameters[name] for name in ("strides", "padding", "dilation")]
    g = rng.normal(size=(3, *window_counts(sizes, size, *geometry), 6))
    forward = apply(CONV, x, kernel, **parameters)
    assert forward.shape == g.shape
    inner = (g * forward).sum()
    np.testing.assert_allclose((x * apply(CONV_INPUT, g, kernel, sizes=sizes, **parameters)).sum(), inner)
    np.testing.assert_allclose((kernel * apply(CONV_KERNEL, x, g, size=size, **parameters)).sum(), inner)


@pytest.mark.parametrize(("sizes", "size", "parameters"), PARAMETERS.values(), ids=PARAMETERS)
def test_gradients_of_each(sizes, size, parameters):
    rng = np.random.default_rng(1)
    groups = parameters["groups"]
    x, kernel = rng.normal(size=(1, *sizes, groups)), rng.normal(size=(*size, 1, groups))
    geometry = [parameters[name] for name in ("strides", "padding", "dilation")]
    g = rng.normal(size=(1, *window_counts(sizes, size, *geometry), groups))
    check_grads(lambda x, kernel: apply(CONV, x, kernel, **parameters), x, kernel)
    check_grads(lambda g, kernel: apply(CONV_INPUT, g, kernel, sizes=sizes, **parameters), g, kernel)
    check_grads(lambda x, g: apply(CONV_KERNEL, x, g, size=size, **parameters), x, g)


def test_blocks_take_one_blas_thread(monkeypatch):
    counts = []
    recorded = blas_threads.BlasThreads(lambda: 4, counts.append)
    monkeypatch.setattr(blas_threads, "numpy_blas", lambda: recorded)
    geometry = {"strides": (1,), "padding": ((0, 0),), "dilation": (1,), "groups": 1}
    x, kernel, g = np.ones((2, 4, 3), "f"), np.ones((2, 3, 5), "f"), np.ones((2, 3, 5), "f")
    for primitive, arrays, more in (
        (CONV, (x, kernel), {}),
        (CONV_INPUT, (g, kernel), {"sizes": (4,)}),
        (CONV_KERNEL, (x, g), {"size": (2,)}),
    ):
        counts.clear()
        primitive.kernel(*arrays, **geometry, **more)
        assert counts == [1, 4]

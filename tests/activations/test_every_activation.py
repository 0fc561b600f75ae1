"""What holds for every activation: gradients, types, symbolic values, replay, large values."""

import numpy as np
import pytest

from minikeras import activations, ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.graph.keras_tensor import KerasTensor
from tests.activations.cases import CASES, CORNERS, IDS, NAMES, NEEDED, POINTS, function
from tests.helpers import check_grads, run_step_test

every = pytest.mark.parametrize(("name", "options"), CASES, ids=IDS)


def value_and_gradient(name, options, x):
    with Trace() as trace:
        source = Tensor(x, trace)
        y = function(name, options)(source)
        (grad,) = gradients(y, [source])
    return y.array, np.asarray(getattr(grad, "array", grad))


@every
def test_gradients(name, options):
    check_grads(function(name, options), POINTS)


@every
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_types_stay(name, options, dtype):
    x = POINTS.astype(dtype)
    y, grad = value_and_gradient(name, options, x)
    assert function(name, options)(x).dtype == y.dtype == grad.dtype == dtype
    assert grad.shape == x.shape


@every
def test_symbolic(name, options):
    free = (None, 6) if options.get("axis") != 0 else (6, None)
    small, large = (
        function(name, options)(np.zeros([size if each is None else each for each in free], "float32"))
        for size in (2, 4)
    )
    y = function(name, options)(KerasTensor(free))
    expected = tuple(a if a == b else None for a, b in zip(small.shape, large.shape, strict=True))
    assert (y.shape, y.dtype) == (expected, "float32")


@every
def test_eager_traced_and_replayed(name, options):
    def step(x):
        y = function(name, options)(x)
        return y, gradients(ops.sum(y * y), [x])[0]

    data = [POINTS.astype("float32") / (number + 1) for number in range(3)]
    for (y, _), x in zip(run_step_test(step, *data), data, strict=True):
        np.testing.assert_array_equal(y, function(name, options)(x))


@every
def test_corners_and_far_out(name, options):
    y, grad = value_and_gradient(name, options, CORNERS)
    assert not np.isnan(y).any() and not np.isnan(grad).any()
    if name != "exponential":
        assert np.isfinite(y).all() and np.isfinite(grad).all()


@every
def test_no_examples(name, options):
    if options.get("axis", 1) in (0, None):
        return  # along an axis without elements there is nothing to compare
    y, grad = value_and_gradient(name, options, np.zeros((0, 6), "float32"))
    assert y.shape == (0, 3 if name == "glu" else 6) and grad.shape == (0, 6)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("linear", "relu", "relu6")])
def test_integers_become_floats(name):
    result = getattr(activations, name)(np.array([-1, 2], "int64"), **NEEDED.get(name, {}))
    assert result.dtype == "float32"


@pytest.mark.parametrize("name", ["linear", "relu", "relu6"])
def test_integers_stay(name):
    assert getattr(activations, name)(np.array([-1, 2], "int32")).dtype == "int32"


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NEEDED])
def test_lists(name):
    result = ops.convert_to_tensor(getattr(activations, name)([[-1.0, 2.0]]))
    np.testing.assert_array_equal(result, getattr(activations, name)(np.float32([[-1, 2]])))

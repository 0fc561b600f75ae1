import numpy as np
import pytest

from minikeras import activations
from minikeras.activations import piecewise
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from tests.activations.cases import NEEDED, POINTS

KNOWN = {
    "linear": lambda x: x,
    "relu": lambda x: max(x, 0),
    "leaky_relu": lambda x: x if x > 0 else 0.2 * x,
    "relu6": lambda x: min(max(x, 0), 6),
    "hard_sigmoid": lambda x: min(max(x / 6 + 0.5, 0), 1),
    "hard_silu": lambda x: x * min(max(x / 6 + 0.5, 0), 1),
    "hard_swish": lambda x: x * min(max(x / 6 + 0.5, 0), 1),
    "hard_tanh": lambda x: min(max(x, -1), 1),
    "hard_shrink": lambda x: x if abs(x) > 0.5 else 0,
    "soft_shrink": lambda x: max(x - 0.5, 0) + min(x + 0.5, 0),
    "threshold": lambda x: x if x > 0.25 else -1,
    "sparse_plus": lambda x: 0 if x < -1 else x if x > 1 else (x + 1) ** 2 / 4,
    "sparse_sigmoid": lambda x: min(max((x + 1) / 2, 0), 1),
}


def test_all_have_known_values():
    members = vars(piecewise).items()
    assert set(KNOWN) == {name for name, value in members if getattr(value, "__module__", "") == piecewise.__name__}


@pytest.mark.parametrize("name", KNOWN)
def test_values(name):
    expected = np.reshape([KNOWN[name](x) for x in POINTS.ravel().tolist()], POINTS.shape)
    function, options = getattr(activations, name), NEEDED.get(name, {})
    np.testing.assert_allclose(function(POINTS, **options), expected, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(function(POINTS.astype("float32"), **options), expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [0, 0, 0, 0, 2, 8]),
        ({"negative_slope": 0.5}, [-1, -0.5, 0, 0, 2, 8]),
        ({"max_value": 6}, [0, 0, 0, 0, 2, 6]),
        ({"max_value": 1}, [0, 0, 0, 0, 1, 1]),
        ({"threshold": 1}, [0, 0, 0, 0, 2, 8]),
        ({"threshold": -1.5}, [0, -1, 0, 0, 2, 8]),
        ({"threshold": -1.5, "max_value": 4}, [0, 0, 0, 0, 2, 4]),
        ({"threshold": 1, "negative_slope": 0.5, "max_value": 6}, [-1.5, -1, -0.5, -0.5, 2, 6]),
        ({"negative_slope": 0.5, "max_value": 6}, [-1, -0.5, 0, 0, 2, 6]),
    ],
)
def test_relu_with_options(options, expected):
    result = activations.relu(np.float32([-2, -1, 0, 0, 2, 8]), **options)
    assert result.dtype == "float32"
    np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize(
    ("function", "x", "expected"),
    [
        (activations.relu, [0], [0]),
        (activations.relu6, [0, 6], [0, 0]),
        (lambda x: activations.relu(x, max_value=6), [0, 6], [0, 0]),
        (lambda x: activations.relu(x, max_value=2), [0, 2], [0, 1]),
        (lambda x: activations.relu(x, threshold=1), [1], [0]),
        (activations.leaky_relu, [0], [0.2]),
        (activations.hard_tanh, [-1, 1], [1, 1]),
        (activations.hard_shrink, [-0.5, 0.5], [0, 0]),
        (activations.soft_shrink, [-0.5, 0.5], [0, 0]),
        (activations.sparse_sigmoid, [-1, 1], [0, 0]),
        (activations.sparse_plus, [-1, 1], [0, 1]),
    ],
)
def test_slopes_at_corners(function, x, expected):
    with Trace() as trace:
        source = Tensor(np.float32(x), trace)
        (grad,) = gradients(function(source), [source])
    np.testing.assert_allclose(grad.array, expected, rtol=1e-6)


@pytest.mark.parametrize("name", ["relu", "relu6", "hard_tanh", "hard_shrink", "soft_shrink", "sparse_plus"])
def test_one_instruction(name):
    step = Step(getattr(activations, name), "step")
    x = POINTS.astype("float32")
    step(x)
    (plan,) = step.plans().values()
    assert len(plan.instructions) == 1


def test_names_for_the_same():
    assert activations.hard_swish is activations.hard_silu

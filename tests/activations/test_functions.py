import math

import numpy as np
import pytest

from minikeras import activations, ops
from minikeras.engine.gradients import gradients
from minikeras.engine.keras_tensor import KerasTensor
from minikeras.engine.step import Step
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace

NAMES = [name for name in activations.__all__ if name not in ("deserialize", "get", "serialize")]
every = pytest.mark.parametrize("name", NAMES)

# Away from the corners of the piecewise ones (-3, 0, 1, 3, 6), where a central difference means nothing.
POINTS = np.array([[-7.2, -3.1, -2.9, -0.6, -0.2], [0.3, 0.9, 2.8, 3.2, 7.1]])

KNOWN = {
    "linear": (lambda x: x),
    "relu": (lambda x: max(x, 0)),
    "leaky_relu": (lambda x: x if x > 0 else 0.2 * x),
    "relu6": (lambda x: min(max(x, 0), 6)),
    "sigmoid": (lambda x: 1 / (1 + math.exp(-x))),
    "tanh": math.tanh,
    "exponential": math.exp,
    "elu": (lambda x: x if x > 0 else math.expm1(x)),
    "selu": (lambda x: 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x))),
    "gelu": (lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2),
    "silu": (lambda x: x / (1 + math.exp(-x))),
    "swish": (lambda x: x / (1 + math.exp(-x))),
    "hard_sigmoid": (lambda x: min(max(x / 6 + 0.5, 0), 1)),
    "softplus": (lambda x: math.log1p(math.exp(x))),
    "softsign": (lambda x: x / (1 + abs(x))),
    "mish": (lambda x: x * math.tanh(math.log1p(math.exp(x)))),
}
OPTIONS = [
    (activations.relu, {"negative_slope": 0.1}),
    (activations.relu, {"max_value": 6.0}),
    (activations.relu, {"max_value": 2.5}),
    (activations.relu, {"threshold": 0.5}),
    (activations.relu, {"threshold": -0.5, "max_value": 5.0}),
    (activations.relu, {"negative_slope": 0.1, "max_value": 6.0, "threshold": 0.5}),
    (activations.relu, {"negative_slope": 0.1, "max_value": 6.0}),
    (activations.leaky_relu, {"negative_slope": 1.5}),
    (activations.elu, {"alpha": 0.7}),
    (activations.gelu, {"approximate": True}),
    (activations.softmax, {"axis": 0}),
    (activations.log_softmax, {"axis": 0}),
]


def value_and_gradients(function, x):
    """The value, and the first and second derivatives of weighted sums of it."""
    with Trace() as trace:
        x = Tensor(x, trace)
        y = function(x)
        weights = np.cos(np.arange(y.size, dtype=x.array.dtype)).reshape(y.shape)
        (first,) = gradients(ops.sum(y * weights), [x])
        (second,) = gradients(ops.sum(first * weights), [x]) if isinstance(first, Tensor) else [None]
    return np.asarray(y), np.asarray(first), None if second is None else np.asarray(second), weights


def central_difference(function, x, step=1e-6):
    result = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        shift = np.zeros_like(x)
        shift[place] = step
        result[place] = (function(x + shift) - function(x - shift)) / (2 * step)
    return result


def assert_near(gradient, expected):
    # A difference of sums is off by their rounding, which goes with the largest element.
    np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-8 * max(1, abs(expected).max()))


def check_gradients(function):
    _, first, second, weights = value_and_gradients(function, POINTS)
    assert_near(first, central_difference(lambda x: (function(x) * weights).sum(), POINTS))
    expected = central_difference(lambda x: (value_and_gradients(function, x)[1] * weights).sum(), POINTS)
    assert_near(np.zeros_like(POINTS) if second is None else second, expected)


def test_the_check_sees_a_small_error():
    def wrong(x):
        return ops.tanh(x) + 0.001 * ops.stop_gradient(x)

    with pytest.raises(AssertionError):
        check_gradients(wrong)


def test_all_have_known_values():
    assert {*KNOWN, "softmax", "log_softmax"} == set(NAMES)


@pytest.mark.parametrize("name", KNOWN)
def test_values(name):
    result = getattr(activations, name)(POINTS)
    expected = np.reshape([KNOWN[name](x) for x in POINTS.ravel().tolist()], POINTS.shape)
    np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-15)
    result = getattr(activations, name)(POINTS.astype("float32"))
    # gelu adds 1 and -0.9999..., so its error is one of the sum
    np.testing.assert_allclose(result, expected, rtol=2e-6, atol=1e-6)


@every
def test_gradients(name):
    check_gradients(getattr(activations, name))


@pytest.mark.parametrize(("function", "options"), OPTIONS)
def test_gradients_with_options(function, options):
    check_gradients(lambda x: function(x, **options))


@every
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_types_stay(name, dtype):
    function = getattr(activations, name)
    x = POINTS.astype(dtype)
    y, first, _, _ = value_and_gradients(function, x)
    assert function(x).dtype == y.dtype == first.dtype == dtype


@every
def test_symbolic(name):
    y = getattr(activations, name)(KerasTensor((None, 3)))
    assert (y.shape, y.dtype) == ((None, 3), "float32")


@every
def test_replayed_is_eager(name):
    function = getattr(activations, name)

    def step(x):
        y = function(x)
        return y, gradients(ops.sum(y * y), [x])[0]

    replayed, retraced = Step(step, "replayed"), Step(step, "retraced", replay=False)
    for number in range(3):
        x = POINTS.astype("float32") / (number + 1)
        for ours, theirs in zip(replayed(x), retraced(x), strict=True):
            np.testing.assert_array_equal(ours, theirs)
        np.testing.assert_array_equal(replayed(x)[0], function(x))


@pytest.mark.parametrize(("function", "options"), OPTIONS)
def test_replayed_is_eager_with_options(function, options):
    replayed = Step(lambda x: function(x, **options), "replayed")
    for number in range(3):
        x = POINTS.astype("float32") / (number + 1)
        np.testing.assert_array_equal(replayed(x), function(x, **options))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "exponential"])
def test_large_values_have_finite_gradients(name):
    y, first, _, _ = value_and_gradients(getattr(activations, name), np.float32([-1000, -100, 0, 100, 1000]))
    assert np.isfinite(y).all() and np.isfinite(first).all()


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
    x = np.float32([-2, -1, 0, 0, 2, 8])
    result = activations.relu(x, **options)
    assert result.dtype == "float32"
    np.testing.assert_array_equal(result, expected)


def test_corners():
    # As in TensorFlow: nothing flows back at the corners of relu and relu6.
    x = np.float32([0, 6])
    assert value_and_gradients(activations.relu, np.float32([0]))[1].tolist() == [0]
    assert value_and_gradients(activations.relu6, x)[1].tolist() == [0, 0]
    assert value_and_gradients(lambda x: activations.relu(x, max_value=6), x)[1].tolist() == [0, 0]


def test_relu_keeps_integers():
    result = activations.relu(np.array([-1, 2], "int32"))
    assert result.tolist() == [0, 2] and result.dtype == "int32"


@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh", "exponential", "softplus"])
def test_one_instruction(name):
    step = Step(getattr(activations, name), "step")
    x = POINTS.astype("float32")
    step(x)
    (plan,) = step._plans.values()
    assert len(plan.instructions) == 1


def test_softmax():
    np.testing.assert_allclose(activations.softmax(np.log([1.0, 3.0])), [0.25, 0.75], rtol=1e-12)
    np.testing.assert_allclose(
        activations.softmax(np.log([[1.0, 3.0], [1.0, 1.0]]), axis=0), [[0.5, 0.75], [0.5, 0.25]]
    )
    np.testing.assert_allclose(activations.log_softmax(np.log([1.0, 3.0])), np.log([0.25, 0.75]), rtol=1e-12)
    assert activations.softmax([1000.0, 0.0]).tolist() == [1, 0]

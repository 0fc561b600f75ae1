import math

import numpy as np
import pytest

from minikeras import activations
from minikeras.activations import smooth
from minikeras.compiler.step import Step
from tests.activations.cases import POINTS

KNOWN = {
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "log_sigmoid": lambda x: -math.log1p(math.exp(-x)),
    "tanh": math.tanh,
    "tanh_shrink": lambda x: x - math.tanh(x),
    "exponential": math.exp,
    "elu": lambda x: x if x > 0 else math.expm1(x),
    "celu": lambda x: x if x > 0 else math.expm1(x),
    "selu": lambda x: 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x)),
    "gelu": lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2,
    "silu": lambda x: x / (1 + math.exp(-x)),
    "swish": lambda x: x / (1 + math.exp(-x)),
    "mish": lambda x: x * math.tanh(math.log1p(math.exp(x))),
    "softplus": lambda x: math.log1p(math.exp(x)),
    "softsign": lambda x: x / (1 + abs(x)),
    "squareplus": lambda x: (x + math.sqrt(x * x + 4)) / 2,
}


def test_all_have_known_values():
    functions = {name for name, value in vars(smooth).items() if getattr(value, "__module__", "") == smooth.__name__}
    assert {*KNOWN, "glu"} == functions


@pytest.mark.parametrize("name", KNOWN)
def test_values(name):
    expected = np.reshape([KNOWN[name](x) for x in POINTS.ravel().tolist()], POINTS.shape)
    np.testing.assert_allclose(getattr(activations, name)(POINTS), expected, rtol=1e-12, atol=1e-15)
    # gelu adds 1 and -0.9999..., so its error is one of the sum
    result = getattr(activations, name)(POINTS.astype("float32"))
    np.testing.assert_allclose(result, expected, rtol=2e-6, atol=1e-6)


def test_alpha():
    np.testing.assert_allclose(activations.elu([-1.0, 2.0], alpha=0.5), [0.5 * math.expm1(-1), 2], rtol=1e-6)
    np.testing.assert_allclose(activations.celu([-1.0, 2.0], alpha=0.5), [0.5 * math.expm1(-2), 2], rtol=1e-6)


def test_gelu_is_exact_by_default():
    tanh = math.tanh(math.sqrt(2 / math.pi) * (1 + 0.044715))
    np.testing.assert_allclose(activations.gelu([1.0], approximate=True), [(1 + tanh) / 2], rtol=1e-6)
    np.testing.assert_allclose(activations.gelu([1.0]), [(1 + math.erf(math.sqrt(0.5))) / 2], rtol=1e-6)


def test_glu():
    x = np.float32([[1, 2], [0, 0]])
    np.testing.assert_allclose(activations.glu(x), [[1 / (1 + math.exp(-2))], [0]], rtol=1e-6)
    np.testing.assert_allclose(activations.glu(x, axis=0), [[0.5, 1]], rtol=1e-6)


@pytest.mark.parametrize(
    "name", ["sigmoid", "tanh", "exponential", "softplus", "log_sigmoid", "elu", "celu", "softsign"]
)
def test_one_instruction(name):
    step = Step(getattr(activations, name), "step")
    x = POINTS.astype("float32")
    step(x)
    (plan,) = step.plans().values()
    assert len(plan.instructions) == 1


def test_names_for_the_same():
    assert activations.swish is activations.silu

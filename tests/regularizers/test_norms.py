import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.engine.variable import Variable
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning
from minikeras.regularizers import L1, L1L2, L2
from tests.helpers import check_grads, run_step_test

X = np.array([[1.0, -2.0], [0.5, 0.0]], "float32")  # sizes add up to 3.5, squares to 5.25
CASES = [(L1(0.5), 1.75), (L2(0.5), 2.625), (L1L2(0.5, 2.0), 12.25), (L1L2(0.5), 1.75), (L1L2(l2=0.5), 2.625)]


@pytest.mark.parametrize(("regularizer", "expected"), [*CASES, (L1L2(), 0.0)])
def test_values(regularizer, expected):
    for x in (X, X.tolist(), Variable(X)):
        loss = regularizer(x)
        assert loss.shape == () and loss.dtype == "float32" and float(loss) == expected
    assert regularizer(X.astype("float64")).dtype == "float64"
    assert regularizer(X.astype("float16")).dtype == "float16"


def test_whole_numbers_count_as_floats():
    assert float(L1(0.5)(np.array([1, -2]))) == 1.5


@pytest.mark.parametrize("regularizer", [L1(), L2(), L1L2(1.0, 1.0), L1L2()])
def test_an_empty_weight_costs_nothing(regularizer):
    assert float(regularizer(np.zeros((0, 3), "float32"))) == 0


@pytest.mark.parametrize("regularizer", [case[0] for case in CASES])
@pytest.mark.parametrize("scale", [1.0, 1e4])
def test_gradients(regularizer, scale):
    rng = np.random.default_rng(2)
    x = rng.uniform(0.5, 1, (2, 3)) * np.array([[1, -1, 1], [-1, 1, -1]]) * scale
    # The value is about scale^2, and so is the rounding of its differences, divided by their step of 1e-5.
    check_grads(regularizer, x, rtol=1e-4, atol=1e-6 * max(1.0, scale))


@pytest.mark.parametrize("regularizer", [case[0] for case in CASES])
def test_numerical_gradients_at_0_and_far_out(regularizer):
    # At 0 the size has no slope; the difference to both sides and the convention are 0.
    check_grads(regularizer, [-1e4, 0.0, 1e4], order=1, atol=1e-2)


def gradient(regularizer, x):
    with Trace() as trace:
        source = Tensor(x, trace)
        (found,) = gradients(regularizer(source), [source])
        return np.asarray(found)


@pytest.mark.parametrize(
    ("regularizer", "expected"),
    [
        (L1(0.5), [-0.5, 0, 0.5]),
        (L2(0.5), [-1e4, 0, 1e4]),
        (L1L2(0.5, 0.5), [-10000.5, 0, 10000.5]),
    ],
)
def test_gradients_at_0_and_far_out(regularizer, expected):
    found = gradient(regularizer, np.array([-1e4, 0, 1e4], "float32"))
    assert found.dtype == "float32" and found.tolist() == expected


@pytest.mark.parametrize("regularizer", [case[0] for case in CASES])
def test_replayed(regularizer):
    weight = Variable(X)

    def step(x):
        loss = regularizer(weight)
        weight.assign(weight - x)
        return loss + regularizer(ops.tanh(x))

    run_step_test(step, X, X + 1, X - 1, variables=[weight])


def test_configs():
    # Keras keeps the factor of L1 as a float32.
    assert L1(0.1).get_config() == {"l1": 0.10000000149011612}
    assert L2(0.1).get_config() == {"l2": 0.1}
    assert L1L2(0.1, 2).get_config() == {"l1": 0.1, "l2": 2.0}
    for regularizer in (L1(0.1), L2(0.1), L1L2(0.1, 0.3)):
        copy = type(regularizer).from_config(regularizer.get_config())
        assert copy.get_config() == regularizer.get_config() and copy(X) == regularizer(X)


def test_none_stands_for_the_default():
    assert L1(None).get_config() == L1().get_config() and L2(None).l2 == 0.01
    assert L1L2(None, None).get_config() == {"l1": 0.0, "l2": 0.0}


@pytest.mark.parametrize("value", ["0.1", -1, float("nan"), float("inf"), [0.1], np.array([0.1]), 1j, {}])
def test_bad_factors(value):
    for make in (L1, L2, L1L2):
        with pytest.raises(ArgumentError, match=f"{make.__name__}: `l[12]` must be a finite number >= 0"):
            make(value)
    with pytest.raises(ArgumentError, match="l2"):
        L1L2(l2=value)


def test_numbers_of_numpy():
    for value in (np.float32(0.5), np.float64(0.5), np.array(0.5)):
        assert L2(value).l2 == 0.5 and type(L2(value).l2) is float
        assert L2(value)(X).dtype == "float32"


@pytest.mark.parametrize(("cls", "name"), [(L1, "l1"), (L2, "l2")])
def test_the_factor_in_keras_2(cls, name):
    with pytest.warns(LegacyWarning, match=rf"{cls.__name__}\(l=0.5\).*{name}=0.5"):
        assert cls(l=0.5).get_config() == {name: 0.5}
    with pytest.raises(ArgumentTypeError, match=f"`{cls.__name__}` has only the argument `{name}`.*lambda_"):
        cls(lambda_=0.5)

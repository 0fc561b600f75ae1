import numpy as np
import pytest

from minikeras.constraints import MaxNorm, MinMaxNorm, UnitNorm
from minikeras.engine.variable import Variable
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning
from tests.helpers import run_step_test

W = np.array([[3.0, 0.3, 0.0], [4.0, 0.4, 0.0]], "float32")  # columns of length 5, 0.5 and 0
TOLERANCE = {"rtol": 3e-7, "atol": 0}  # epsilon, 1e-7, in the divisor changes a length of 0.5 by 2e-7


@pytest.mark.parametrize(
    ("constraint", "lengths"),
    [
        (MaxNorm(), [2, 0.5, 0]),
        (MaxNorm(1), [1, 0.5, 0]),
        (MaxNorm(0), [0, 0, 0]),
        (MinMaxNorm(), [1, 0.5, 0]),
        (MinMaxNorm(1.0, 2.0), [2, 1, 0]),
        (MinMaxNorm(1.0, 2.0, rate=0.5), [3.5, 0.75, 0]),
        (MinMaxNorm(1.0, 2.0, rate=0.0), [5, 0.5, 0]),
        (UnitNorm(), [1, 1, 0]),
    ],
)
def test_lengths(constraint, lengths):
    expected = np.array([[0.6, 0.6, 0], [0.8, 0.8, 0]]) * lengths
    for w in (W, Variable(W), W.tolist()):
        result = constraint(w)
        assert result.dtype == "float32"
        np.testing.assert_allclose(result, expected, **TOLERANCE)
    assert constraint(W.astype("float64")).dtype == "float64"
    np.testing.assert_allclose(type(constraint)(**{**constraint.get_config(), "axis": 1})(W.T), expected.T, **TOLERANCE)


@pytest.mark.parametrize("axis", [(0, 1), [0, 1], [-2, -1], None])
def test_several_axes(axis):
    w = np.array([[1.0, 1.0], [1.0, 1.0]], "float32")
    np.testing.assert_allclose(UnitNorm(axis)(w), w / 2, **TOLERANCE)
    np.testing.assert_allclose(MaxNorm(1, axis)(w), w / 2, **TOLERANCE)
    np.testing.assert_allclose(MinMaxNorm(3, 4, axis=axis)(w), w * 1.5, **TOLERANCE)


@pytest.mark.parametrize("constraint", [MaxNorm(1), MinMaxNorm(0.5, 1.0, 0.5), UnitNorm()])
def test_large_weights(constraint):
    w = np.array([[1e4, -1e4], [0.0, 1e4]], "float32")
    assert np.isfinite(constraint(w)).all()


@pytest.mark.parametrize("constraint", [MaxNorm(1), MinMaxNorm(0.5, 1.0, 0.5), UnitNorm(1)])
def test_replayed(constraint):
    weight = Variable(W)

    def step(x):
        weight.assign(weight + x)
        weight.assign(constraint(weight))
        return constraint(x)

    run_step_test(step, W, W + 1, W - 1, variables=[weight])


@pytest.mark.parametrize("constraint", [MaxNorm(3, 1), MinMaxNorm(1, 2, 0.5, (0, 1)), UnitNorm(None)])
def test_configs(constraint):
    config = constraint.get_config()
    assert list(config)[-1] == "axis" and type(constraint).from_config(config).get_config() == config


def test_configs_hold_python_numbers():
    config = MaxNorm(np.float32(0.5), np.int64(1)).get_config()
    assert config == {"max_value": 0.5, "axis": 1}
    assert [type(value) for value in config.values()] == [float, int]
    assert MaxNorm(np.float64(0.5))(W).dtype == "float32"


@pytest.mark.parametrize("value", ["2", None, [1.0], True, 1j])
def test_bounds_are_numbers(value):
    with pytest.raises(ArgumentTypeError, match="MaxNorm: `max_value` must be a number >= 0"):
        MaxNorm(value)
    for name in ("min_value", "max_value", "rate"):
        with pytest.raises(ArgumentTypeError, match=f"MinMaxNorm: `{name}` must be a number >= 0"):
            MinMaxNorm(**{name: value})


@pytest.mark.parametrize("value", [-1, float("nan")])
def test_bounds_are_not_negative(value):
    with pytest.raises(ArgumentError, match="MaxNorm: `max_value`"):
        MaxNorm(value)
    with pytest.raises(ArgumentError, match="MinMaxNorm: `min_value`"):
        MinMaxNorm(value)


def test_bounds_the_wrong_way_round():
    with pytest.raises(ArgumentError, match="min_value=2, max_value=1"):
        MinMaxNorm(2, 1)


@pytest.mark.parametrize("axis", ["0", 0.0, [0.5], True])
def test_the_axis_is_a_whole_number(axis):
    for cls in (MaxNorm, MinMaxNorm, UnitNorm):
        with pytest.raises(ArgumentTypeError, match=f"{cls.__name__}: `axis`"):
            cls(axis=axis)


def test_max_norm_of_keras_1():
    with pytest.warns(LegacyWarning, match=r"`MaxNorm\(m=...\)` .* `MaxNorm\(max_value=...\)`"):
        assert MaxNorm(m=3).max_value == 3
    with pytest.raises(ArgumentTypeError, match="give only one of them"):
        MaxNorm(max_value=3, m=3)

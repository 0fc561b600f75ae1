"""Variances of n draws lie within five standard errors, `variance * sqrt((kurtosis - 1) / n)`, of the formula."""

import math

import numpy as np
import pytest

from minikeras.errors import ArgumentError, UnknownNameError
from minikeras.initializers import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    VarianceScaling,
)
from minikeras.initializers.scaling import count_units

SHAPE = (100, 300)

VARIANCES = [
    (GlorotUniform, 2 / 400),
    (GlorotNormal, 2 / 400),
    (HeUniform, 2 / 100),
    (HeNormal, 2 / 100),
    (LecunUniform, 1 / 100),
    (LecunNormal, 1 / 100),
]


def check_variance(values, variance):
    n = values.size
    values = values.astype("float64")
    assert abs(values.mean()) < 5 * math.sqrt(variance / n)
    assert abs(values.var() - variance) < 5 * variance * math.sqrt(2 / n)  # kurtosis 3 or less


@pytest.mark.parametrize(("cls", "variance"), VARIANCES)
def test_presets(cls, variance):
    values = cls(seed=1)(SHAPE)
    check_variance(values, variance)
    if cls.__name__.endswith("Uniform"):
        limit = math.sqrt(3 * variance)
    else:
        limit = 2 * math.sqrt(variance) / 0.8796
    assert abs(values).max() <= limit * (1 + 1e-6)


@pytest.mark.parametrize("distribution", ["uniform", "truncated_normal", "untruncated_normal"])
@pytest.mark.parametrize(("mode", "units"), [("fan_in", 100), ("fan_out", 300), ("fan_avg", 200)])
def test_variance_scaling(distribution, mode, units):
    check_variance(VarianceScaling(3.0, mode, distribution, seed=1)(SHAPE), 3.0 / units)


def test_normal_is_truncated():
    initializer = VarianceScaling(distribution="Normal", seed=1)
    assert initializer.distribution == "truncated_normal"
    np.testing.assert_array_equal(initializer((5, 5)), VarianceScaling(seed=1)((5, 5)))


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((), (1, 1)), (5, (5, 5)), ((5,), (5, 5)), ((5, 7), (5, 7)), ((3, 2, 4), (6, 12)), ((3, 3, 2, 4), (18, 36))],
)
def test_count_units(shape, expected):
    assert count_units(shape) == expected


def test_count_units_on_given_axes():
    assert count_units((2, 3, 5, 7), [0, 3], [1, 2]) == (14, 15)
    assert count_units((2, 3, 5), [0], None) == (6, 10)  # both are needed


def test_axes_change_the_scale():
    np.testing.assert_allclose(
        LecunUniform(seed=1, input_axes=[1], output_axes=[0])((4, 100)),
        LecunUniform(seed=1)((4, 100)) / 5,
        rtol=1e-6,
    )


def test_no_inputs_do_not_divide_by_0():
    assert VarianceScaling(seed=1)((0, 3)).shape == (0, 3)


@pytest.mark.parametrize("scale", [0, -1.0, "2", None])
def test_bad_scale(scale):
    with pytest.raises(ArgumentError, match="scale"):
        VarianceScaling(scale)


def test_unknown_names():
    with pytest.raises(UnknownNameError, match="'fan_on'.*Did you mean 'fan_"):
        VarianceScaling(mode="fan_on")
    with pytest.raises(UnknownNameError, match="'unifrm'.*Did you mean 'uniform'"):
        VarianceScaling(distribution="unifrm")

"""The checks of numbers."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.optimizers.arguments import check_count, check_flag, check_number


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, 1), (0.5, 0.5), (np.float32(0.5), 0.5), (np.float64(0.5), 0.5), (np.int64(3), 3)],
)
def test_numbers_become_plain(value, expected):
    checked = check_number("Here", "x", value)
    assert checked == expected
    assert type(checked) in (int, float)


@pytest.mark.parametrize("value", ["1", None, True, [1], 1j])
def test_no_numbers(value):
    with pytest.raises(ArgumentTypeError, match=r"^Here: expected `x` to be a finite number\. Received: x="):
        check_number("Here", "x", value)


@pytest.mark.parametrize(
    ("value", "bounds", "expected"),
    [
        (0, {"above": 0}, "> 0"),
        (-1, {"minimum": 0}, ">= 0"),
        (2, {"maximum": 1}, "<= 1"),
        (2, {"minimum": 0, "maximum": 1}, ">= 0 and <= 1"),
        (float("inf"), {"minimum": 0}, ">= 0"),
    ],
)
def test_out_of_bounds(value, bounds, expected):
    with pytest.raises(ArgumentError, match=f"a finite number {expected}. Received: x={value}"):
        check_number("Here", "x", value, **bounds)


@pytest.mark.parametrize(("value", "bounds"), [(0, {"minimum": 0}), (1, {"maximum": 1}), (0.1, {"above": 0})])
def test_bounds_that_are_allowed(value, bounds):
    assert check_number("Here", "x", value, **bounds) == value


@pytest.mark.parametrize("value", [None, 0, 2, np.int32(5)])
def test_counts(value):
    assert check_count("Here", "n", value, minimum=2) == value


@pytest.mark.parametrize("value", [1, -1, 2.0, True, False, "2"])
def test_no_counts(value):
    with pytest.raises(ArgumentError, match="Here: expected `n` to be an integer >= 2, or None. Received: n="):
        check_count("Here", "n", value, minimum=2)


@pytest.mark.parametrize(("value", "expected"), [(True, True), (0, False), (1, True), (np.True_, True)])
def test_flags(value, expected):
    assert check_flag("Here", "f", value) is expected


@pytest.mark.parametrize("value", [None, 2, 1.0, "True"])
def test_no_flags(value):
    with pytest.raises(ArgumentTypeError, match="Here: expected `f` to be True or False. Received: f="):
        check_flag("Here", "f", value)

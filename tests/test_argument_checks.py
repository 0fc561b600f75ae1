"""The checks that all packages share: what passes, as which type, and what the errors say."""

import re

import numpy as np
import pytest

from minikeras.argument_checks import (
    as_bool,
    as_float,
    as_int,
    bad_argument,
    check_axes,
    check_bool,
    check_count,
    check_data_format,
    check_int,
    check_number,
    check_optional_int,
    check_optional_number,
    check_sizes,
    check_string,
    is_int,
    is_number,
    unwrapped,
)
from minikeras.errors import ArgumentError, ArgumentTypeError, UnknownNameError


def says(message):
    return f"^{re.escape(message)}$"


def test_the_error_says_where_what_was_expected_and_what_came():
    error = bad_argument("Dense", "units", "a", "a positive integer", ArgumentTypeError)
    assert type(error) is ArgumentTypeError
    assert str(error) == "Dense: `units` must be a positive integer. Received: units='a'"
    assert str(bad_argument("", "units", 0, "a positive integer")).startswith("`units` must be")


# ---------------------------------------------------------------- integers


def test_what_is_an_integer():
    assert all(map(is_int, (0, -3, np.int8(2), np.uint64(7), 10**400)))
    assert not any(map(is_int, (True, np.True_, 1.0, "1", None, np.array(1), [1])))
    assert is_int(2, minimum=2) and not is_int(1, minimum=2)


def test_integers_become_plain():
    checked = check_int("Here", "n", np.int64(3), minimum=1)
    assert checked == 3 and type(checked) is int
    assert check_int("Here", "n", -3) == -3


@pytest.mark.parametrize(
    ("minimum", "expected"), [(None, "an integer"), (0, "an integer >= 0"), (1, "a positive integer")]
)
@pytest.mark.parametrize("value", [1.0, True, "1", None])
def test_no_integers(value, minimum, expected):
    with pytest.raises(ArgumentError, match=says(f"Here: `n` must be {expected}. Received: n={value!r}")):
        check_int("Here", "n", value, minimum)


def test_the_class_of_the_error_is_about_the_type_alone():
    with pytest.raises(ArgumentTypeError):
        check_int("Here", "n", 1.5, minimum=1, error=ArgumentTypeError)
    with pytest.raises(ArgumentError, match=says("Here: `n` must be a positive integer, or -1. Received: n=0")):
        check_int("Here", "n", 0, minimum=1, alternative="-1", error=ArgumentTypeError)


def test_optional_integers():
    assert check_optional_int("Here", "n", None, minimum=1) is None
    assert check_optional_int("Here", "n", 2, minimum=1) == 2
    with pytest.raises(ArgumentError, match=says("Here: `n` must be a positive integer, or None. Received: n=0")):
        check_optional_int("Here", "n", 0, minimum=1)


@pytest.mark.parametrize("value", [None, 0, 2, np.int32(5)])
def test_counts(value):
    assert check_count("Here", "n", value, minimum=2) == value


@pytest.mark.parametrize("value", [1, -1, 2.0, True, False, "2"])
def test_no_counts(value):
    with pytest.raises(ArgumentError, match="Here: `n` must be an integer >= 2, or None. Received: n="):
        check_count("Here", "n", value, minimum=2)


# ---------------------------------------------------------------- numbers


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
    assert not is_number(value)
    with pytest.raises(ArgumentTypeError, match=r"^Here: `x` must be a finite number\. Received: x="):
        check_number("Here", "x", value)
    with pytest.raises(ArgumentError, match="Here: `x` must be a number >= 0"):
        check_number("Here", "x", value, minimum=0, finite=False, error=ArgumentError)


@pytest.mark.parametrize(
    ("value", "bounds", "expected"),
    [
        (0, {"above": 0}, "> 0"),
        (-1, {"minimum": 0}, ">= 0"),
        (2, {"maximum": 1}, "<= 1"),
        (1, {"below": 1}, "< 1"),
        (2, {"minimum": 0, "maximum": 1}, "in [0, 1]"),
        (1, {"minimum": 0, "below": 1}, "in [0, 1)"),
        (0, {"above": 0, "maximum": 1}, "in (0, 1]"),
        (1, {"above": 0, "below": 1}, "in (0, 1)"),
        (float("inf"), {"minimum": 0}, ">= 0"),
        (float("nan"), {"maximum": 0}, "<= 0"),
    ],
)
def test_out_of_bounds(value, bounds, expected):
    with pytest.raises(ArgumentError, match=says(f"Here: `x` must be a finite number {expected}. Received: x={value}")):
        check_number("Here", "x", value, **bounds)


@pytest.mark.parametrize(("value", "bounds"), [(0, {"minimum": 0}), (1, {"maximum": 1}), (0.1, {"above": 0})])
def test_bounds_that_are_allowed(value, bounds):
    assert check_number("Here", "x", value, **bounds) == value


def test_infinity_is_a_number_where_it_is_allowed_and_nan_never_is():
    assert check_number("Here", "x", float("inf"), minimum=0, finite=False) == float("inf")
    with pytest.raises(ArgumentError, match="Here: `x` must be a number. Received: x=nan"):
        check_number("Here", "x", float("nan"), finite=False)
    with pytest.raises(ArgumentError, match="a finite number"):
        check_number("Here", "x", 10**400)


def test_optional_numbers():
    assert check_optional_number("Here", "x", None, minimum=0) is None
    assert check_optional_number("Here", "x", 2, minimum=0) == 2


def test_an_array_without_axes_is_the_number_in_it():
    assert unwrapped(np.array(2.5)) == 2.5 and type(unwrapped(np.float32(2.5))) is float
    array = np.array([2.5])
    assert unwrapped(array) is array


# ---------------------------------------------------------------- booleans, strings, axes and sizes


@pytest.mark.parametrize(("value", "expected"), [(True, True), (0, False), (1, True), (np.True_, True)])
def test_booleans(value, expected):
    assert check_bool("Here", "f", value) is expected


@pytest.mark.parametrize("value", [None, 2, 1.0, "True"])
def test_no_booleans(value):
    with pytest.raises(ArgumentTypeError, match="Here: `f` must be True or False. Received: f="):
        check_bool("Here", "f", value)


@pytest.mark.parametrize(
    ("convert", "value", "error", "expected"),
    [
        (as_bool, np.zeros(2), ArgumentError, "True or False. Received: x=<ndarray shape=\\(2,\\), dtype=float64>"),
        (as_int, "a", ArgumentError, "an integer. Received: x='a'"),
        (as_int, float("inf"), ArgumentError, "an integer. Received: x=inf"),
        (as_int, None, ArgumentTypeError, "an integer. Received: x=None"),
        (as_float, [1], ArgumentTypeError, "a number. Received: x=\\[1\\]"),
    ],
)
def test_conversions_that_fail(convert, value, error, expected):
    with pytest.raises(error, match=f"^Dense: `x` must be {expected}$"):
        convert("Dense", "x", value)


def test_conversions():
    assert [as_bool("Here", "x", value) for value in (1, "yes", [], None)] == [True, True, False, False]
    assert as_int("Here", "x", "3") == 3 and as_float("Here", "x", np.float32(0.5)) == 0.5


def test_strings():
    assert check_string("Here", "s", "a") == "a"
    with pytest.raises(ArgumentTypeError, match=says("Here: `s` must be a string. Received: s=3")):
        check_string("Here", "s", 3)


def test_axes():
    assert check_axes("Here", "axis", np.int64(-1)) == -1
    assert check_axes("Here", "axis", (np.int64(1), 2)) == (1, 2) and check_axes("Here", "axis", [1]) == [1]
    assert check_axes("Here", "axis", None, optional=True) is None
    assert check_axes("Here", "axes", (1, 2), count=2) == (1, 2)


@pytest.mark.parametrize("value", [None, True, 1.0, "1", [], [1, None], (1, True)])
def test_no_axes(value):
    with pytest.raises(ArgumentTypeError, match="Here: `axis` must be an integer, or a list or tuple of integers. Rec"):
        check_axes("Here", "axis", value, error=ArgumentTypeError)


def test_another_number_of_axes():
    with pytest.raises(ArgumentError, match="`axes` must be an integer, or a list or tuple of 2 integers. Received"):
        check_axes("Here", "axes", (1, 2, 3), count=2)


def test_sizes():
    assert check_sizes("Here", "size", np.int64(3), 2) == (3, 3)
    assert check_sizes("Here", "size", [3, 0], 2, minimum=0) == (3, 0)
    for value in (0, -1, 1.5, True, (1,), (1, 2, 3), (1, None), "ab"):
        with pytest.raises(ArgumentError, match="Here: `size` must be an integer >= 1, or a tuple of 2 of them. Rec"):
            check_sizes("Here", "size", value, 2)


def test_data_formats():
    assert check_data_format("Here", "channels_last") == "channels_last"
    assert check_data_format("Here", "CHANNELS_First") == "channels_first"
    with pytest.raises(UnknownNameError, match="data_format of Here: 'channels_lst'. Did you mean 'channels_last'"):
        check_data_format("Here", "channels_lst")
    with pytest.raises(UnknownNameError):
        check_data_format("Here", ["channels_last"])

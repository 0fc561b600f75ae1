"""Arguments of image layers: factors, ranges of values, modes."""

import pytest

from minikeras.errors import ArgumentError, ModeError
from minikeras.layers.preprocessing.image_preprocessing.arguments import check_mode, check_value_range, factor_range


def test_factors():
    assert factor_range("A", "f", 0.5, -1, 1) == (-0.5, 0.5)
    assert factor_range("A", "f", -0.5, -1, 1) == (-0.5, 0.5)
    assert factor_range("A", "f", 0.5, 0, 1, least=0) == (0, 0.5)
    assert factor_range("A", "f", (0.5, 0.1), 0, 1) == (0.1, 0.5)
    assert factor_range("A", "f", [-3, 0.5], 0, 1, is_strict=False) == (-3, 0.5)


@pytest.mark.parametrize("value", [2, (0.1, 2), (0.1,), "a", None, True, float("nan"), (0, float("inf")), {}])
def test_bad_factors(value):
    with pytest.raises(ArgumentError, match=r"A: `f` must be a number, or .* in \[-1, 1\]. Received: f="):
        factor_range("A", "f", value, -1, 1)


def test_open_and_loose_limits():
    with pytest.raises(ArgumentError, match=r"in \(-1, 1\]"):
        factor_range("A", "f", -1, -1, 1, is_open=True)
    with pytest.raises(ArgumentError, match="`f` must be"):
        factor_range("A", "f", (2, 3), -1, 1, is_strict=False)


def test_value_ranges():
    assert check_value_range("A", [0, 1]) == [0, 1]
    for value in (1, (1,), (0, 0), ("a", "b"), (0, float("inf")), None, "ab"):
        with pytest.raises(ArgumentError, match="A: `value_range` must be a list or tuple of two different numbers"):
            check_value_range("A", value)


def test_modes():
    assert check_mode("A", "mode", "x", ("x", "y")) == "x"
    for value in ("z", 3, None):
        with pytest.raises(ModeError, match="A: unknown `mode`. Expected one of 'x', 'y'. Received: mode="):
            check_mode("A", "mode", value, ("x", "y"))

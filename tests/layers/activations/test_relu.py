"""ReLU with its three arguments."""

import pytest

from minikeras import layers
from minikeras.errors import ArgumentError
from tests.helpers import run_layer_test

X = [[-2.0, 0.0, 0.5, 1.0, 3.0]]

CASES = [
    ({}, [0, 0, 0.5, 1, 3]),
    ({"max_value": 1.0}, [0, 0, 0.5, 1, 1]),
    ({"negative_slope": 0.5}, [-1, 0, 0.5, 1, 3]),
    ({"threshold": 1.0}, [0, 0, 0, 0, 3]),
    # up to the threshold, and at it: 0.5 * (x - 1)
    ({"max_value": 2.0, "negative_slope": 0.5, "threshold": 1.0}, [-1.5, -0.5, -0.25, 0, 2]),
    ({"max_value": 0}, [0, 0, 0, 0, 0]),
]


@pytest.mark.parametrize(("arguments", "expected"), CASES)
def test_by_hand(arguments, expected):
    assert layers.ReLU(**arguments)(X).tolist() == [expected]


@pytest.mark.parametrize(("arguments", "expected"), CASES[:-1])
def test_in_full(arguments, expected):
    run_layer_test(lambda: layers.ReLU(**arguments), (3, 4), (3, 4))


@pytest.mark.parametrize("value", [-1, "a", True, float("nan"), [1]])
@pytest.mark.parametrize("argument", ["max_value", "negative_slope", "threshold"])
def test_refused(argument, value):
    with pytest.raises(ArgumentError, match=f"ReLU: `{argument}` must be a number >= 0. Received: {argument}="):
        layers.ReLU(**{argument: value})


@pytest.mark.parametrize("argument", ["negative_slope", "threshold"])
def test_none_is_refused(argument):
    with pytest.raises(ArgumentError, match=f"`{argument}` must be a number"):
        layers.ReLU(**{argument: None})

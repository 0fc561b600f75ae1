"""What is given per output, matched to the outputs of a model."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, DataError
from minikeras.training.matching import (
    MismatchError,
    OutputLayout,
    leaves,
    match,
    match_labels,
    match_losses,
    match_sample_weights,
)

ONE = np.float32([[1.0], [1.0]])
NESTED = {"b": [0, 1], "a": 2}
PAIR = OutputLayout([0, 0], ["a", "b"])


def test_losses():
    assert match_losses("mse", NESTED) == [(0, ("b", 0), "mse"), (1, ("b", 1), "mse"), (2, ("a",), "mse")]
    assert match_losses({"b": ["x", None]}, NESTED) == [(0, ("b", 0), "x")]
    assert match_losses(["x", "y", None], NESTED) == [(0, ("b", 0), "y"), (2, ("a",), "x")]  # in the order of keys
    assert match_losses([["x", "y"], "z"], [0, 1]) == [(0, (0,), "x"), (0, (0,), "y"), (1, (1,), "z")]
    assert match_losses(["x", "y"], 0) == [(0, (), "x"), (0, (), "y")]
    assert match_losses(None, NESTED) == []


def test_losses_without_an_output():
    for given, where in (
        ({"b": ["x"] * 3}, r"\['b'\]\[2\]"),
        ({"c": "x"}, r"\['c'\]"),
        ({"a": {"k": "x"}}, r"\['a'\]\['k'\]"),
    ):
        with pytest.raises(ArgumentError, match=rf"`loss` has an entry {where}, but the model has no such output"):
            match_losses(given, NESTED)


def test_exact_matches():
    assert match([[1, 2], 3], [[0, 1], 2], exact=True) == [(0, (0, 0), 1), (1, (0, 1), 2), (2, (1,), 3)]
    for given in ([1, 2, 3], [[1], 3], {"a": 1}, None, [None, 3]):
        with pytest.raises(MismatchError):
            match(given, [[0, 1], 2], exact=True)
    with pytest.raises(MismatchError) as caught:
        match({"b": [1, 2, 3]}, NESTED)
    assert caught.value.path == ("b", 2)


def test_names():
    assert OutputLayout([0], ["a"]).by_name({"c": 1}) is None
    assert OutputLayout({"a": 0}, ["a"]).by_name({"a": 1}) is None
    assert PAIR.by_name({"b": 1}) == [None, 1]
    assert OutputLayout([0, 0], ["a"]).names is None
    assert OutputLayout({"k": 0}, ["a"]).known_keys == ["k"] and PAIR.known_keys == ["a", "b"]
    assert repr(PAIR) == "['a', 'b']" and repr(OutputLayout({"k": [0, 0]})) == "{'k': ['*', '*']}"


def test_unknown_keys():
    PAIR.check_keys("y", {"a": 1})
    PAIR.check_keys("y", [1, 2, 3])
    OutputLayout([0, 0]).check_keys("y", {"c": 1})
    with pytest.raises(ArgumentError, match=r"`w` has an entry 'c'.*The names of its outputs: \['k'\]"):
        OutputLayout({"k": 0}, ["c"]).check_keys("w", {"c": 1}, ArgumentError)


def test_labels():
    plain, keyed, single = OutputLayout([0, 0]), OutputLayout({"b": 0, "a": 0}), OutputLayout(0)
    assert match_labels((1, 2), plain, [0, 1], "y") == [1, 2] == match_labels([2, 1], keyed, [0], "y")[::-1]
    assert match_labels({"b": 1}, keyed, [1], "y") == [None, 1]
    assert match_labels([[1]], single, [0], "y") == match_labels({"any": 1}, single, [0], "y") == [1]
    assert match_labels([1, 2, 3], OutputLayout([[0, 0], 0]), [0, 1, 2], "y") == [1, 2, 3]
    assert match_labels(7, plain, [1], "y") == [None, 7]


def test_labels_that_do_not_match():
    with pytest.raises(DataError, match=r"`y` has an entry 'c'.*The names of its outputs: \['a', 'b'\]"):
        match_labels({"a": 1, "c": 2}, PAIR, [0, 1], "y")
    for values in (5, [1, 2, 3], None):
        with pytest.raises(DataError, match=r"`y` and the outputs of the model have different structures. Expected"):
            match_labels(values, PAIR, [0, 1], "y")


def test_sample_weights():
    assert all(found is ONE for found in match_sample_weights(ONE, OutputLayout([0, 0]), [0, 1]))
    assert match_sample_weights(None, OutputLayout([0, 0]), [0, 1]) == [None, None]
    assert match_sample_weights([1, None], OutputLayout([0, 0]), [0, 1]) == [1, None]
    with pytest.raises(DataError, match=r"must hold one number for each example. Received: shape \(2, 2\)"):
        match_sample_weights(np.ones((2, 2)), OutputLayout([0, 0]), [0, 1])


def test_the_order_of_leaves():
    assert [leaf for _, leaf in leaves({"b": 1, "a": [2, None]})] == [2, None, 1]
    assert [leaf for _, leaf in leaves({"b": 1, "a": [2, None]}, sort=False)] == [1, 2, None]

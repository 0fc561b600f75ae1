"""Checks of integers in eager, traced and replayed calls."""

import numpy as np
import pytest

from minikeras.compiler.step import Step
from minikeras.errors import DataError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.ops.common.checked_integers import check_exact, check_ids, checked_ids, exact_cast, loses


def test_ids():
    for ids in ([0.0, 2.0], np.int8([0, 2]), np.uint64([0, 2])):
        assert checked_ids(np.asarray(ids), 3, "Table").tolist() == [0, 2]
    assert (
        checked_ids(np.int8([1]), 3, "Table").dtype == "int32" and checked_ids(np.int64([1]), 3, "T").dtype == "int64"
    )
    assert checked_ids(np.zeros((0, 2), "int32"), 3, "Table").shape == (0, 2)


@pytest.mark.parametrize(
    "ids", [np.int32([[0, 3]]), np.int64([[0, -1]]), np.float32([[0, 0.5]]), np.float64([[0, np.nan]])]
)
def test_bad_ids(ids):
    with pytest.raises(DataError, match=r"Table: expected ids that are integers from 0 to 2. Received: .* at \(0, 1\)"):
        checked_ids(ids, 3, "Table")


@pytest.mark.parametrize("dtype", ["int32", "float32"])
def test_ids_are_checked_in_replays(dtype):
    step = Step(lambda ids: checked_ids(ids, 3, "Table"), "ids")
    for _ in range(3):
        assert step(np.array([2, 0], dtype)).tolist() == [2, 0]
    with pytest.raises(DataError, match="Received: 7"):
        step(np.array([2, 7], dtype))


def test_exact_cast():
    assert exact_cast(np.float32([255, 0]), "uint8", "Input 'x'").tolist() == [255, 0]
    for wrong in (256.0, -1.0, 0.5, np.nan):
        with pytest.raises(
            DataError, match=r"Input 'x': expected integers from 0 to 255, .*uint8. Received: .* at \(1,\)"
        ):
            exact_cast(np.float32([3, wrong]), "uint8", "Input 'x'")
    symbolic = exact_cast(KerasTensor((None, 2)), "uint8", "Input 'x'")
    assert symbolic.shape == (None, 2) and symbolic.dtype == "uint8"


def test_check_exact_names_the_row():
    x = np.zeros((5, 3))
    x[4, 1] = 2**40
    check_exact(np.zeros((5, 3)), "int32", "Input 'x'")
    with pytest.raises(DataError, match=r"\(4, 1\)"):
        check_exact(x, "int32", "Input 'x'")


def test_check_ids():
    check_ids(np.int32([0, 9]), 10, "Table")
    with pytest.raises(DataError, match="the largest one plus 1"):
        check_ids(np.int32([10]), 10, "Table")


@pytest.mark.parametrize(
    ("source", "target", "lossy"),
    [
        ("int64", "int32", True),
        ("float32", "int64", True),
        ("uint8", "int32", False),
        ("bool", "uint8", False),
        ("int32", "float32", False),
    ],
)
def test_loses(source, target, lossy):
    assert loses(source, target) is lossy

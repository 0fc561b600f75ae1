"""The readers of arguments; what their errors say is tested with the functions that use them."""

import numpy as np
import pytest

from minikeras.from_scratch.arguments import (
    as_array,
    as_columns,
    as_count,
    as_index,
    as_layers,
    as_network,
    as_number,
    as_problem,
    as_rows,
    as_sizes,
    as_weights,
)

W, B = [np.ones((3, 2)), np.ones((1, 3))], [np.zeros((3, 1)), np.zeros((1, 1))]


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (1, "float64"),
        ([True, False], "float64"),
        (np.arange(3, dtype="uint8"), "float64"),
        (np.ones(2, "float32"), "float32"),
        (np.ones(2, "float16"), "float16"),
    ],
)
def test_arrays_are_of_floats(value, dtype):
    array = as_array("f", "x", value)
    assert array.dtype == dtype
    np.testing.assert_array_equal(array, value)


def test_an_array_of_floats_is_not_copied():
    array = np.ones(2)
    assert as_array("f", "x", array) is array


@pytest.mark.parametrize("value", ["a", None, [None], {1: 2}, 1j, np.array(["a"]), np.array([1], "datetime64[s]")])
def test_no_numbers(value):
    with pytest.raises(TypeError, match="^f: x: expected numbers; received "):
        as_array("f", "x", value)


def test_infinite_numbers():
    with pytest.raises(ValueError, match=r"^f: x\[1, 0\] is inf; expected finite numbers"):
        as_array("f", "x", [[1], [np.inf]])
    with pytest.raises(ValueError, match="^f: x is nan; expected finite numbers"):
        as_array("f", "x", np.nan)
    assert as_array("f", "x", np.inf, finite=False) == np.inf


def test_numbers():
    for number in (2, 2.0, np.float32(2), np.int8(2)):
        assert as_number("f", "x", number) == 2.0 and type(as_number("f", "x", number)) is float
    for wrong in (True, np.True_, "2", None, [2], np.ones(1), 2j):
        with pytest.raises(TypeError, match="^f: x: expected a number; received"):
            as_number("f", "x", wrong)


def test_counts_and_indices():
    assert as_count("f", "x", np.int64(1)) == as_index("f", "x", np.int64(1), 2, "things") == 1
    assert as_count("f", "x", 0, least=0) == as_index("f", "x", 0, 1, "things") == 0
    for wrong in (1.0, True, "1", None):
        with pytest.raises(TypeError, match="^f: x: expected an integer; received"):
            as_count("f", "x", wrong)
        with pytest.raises(TypeError, match="^f: x: expected an integer; received"):
            as_index("f", "x", wrong, 2, "things")
    with pytest.raises(ValueError, match="^f: x: expected an integer of at least 5; received 4"):
        as_count("f", "x", 4, least=5)
    for wrong in (-1, 2):
        with pytest.raises(IndexError, match=f"^f: x is out of range: there are 2 things, 0 to 1; received {wrong}"):
            as_index("f", "x", wrong, 2, "things")


def test_sizes():
    assert as_sizes("f", (2, np.int32(3))) == as_sizes("f", np.array([2, 3])) == [2, 3]


def test_lists_are_new_and_arrays_are_not():
    for read in (as_layers("f", "w", tuple(W)), as_weights("f", W), as_network("f", W, B)[0]):
        assert read is not W and all(ours is theirs for ours, theirs in zip(read, W, strict=True))


def test_a_network_has_one_precision_and_its_data_too():
    w = [W[0].astype("float32"), W[1].astype("float32")]
    b = [each.astype("float32") for each in B]
    X, y, w, b = as_problem("f", np.ones((4, 2)), [0, 1, 0, 1], w, b)
    assert {array.dtype for array in [X, y, *w, *b]} == {np.dtype("float32")}
    assert as_rows("f", np.ones((4, 2)), w).dtype == as_columns("f", np.ones((2, 4)), w).dtype == np.float32
    w, b = as_network("f", w, B)
    assert {array.dtype for array in [*w, *b]} == {np.dtype("float64")}


def test_answers_become_a_column():
    _, y, _, _ = as_problem("f", np.ones((4, 2)), [0, 1, 0, 1], W, B)
    assert y.tolist() == [[0], [1], [0], [1]]

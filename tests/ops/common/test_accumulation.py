"""Rows reduced by id: against a loop over the rows."""

import numpy as np
import pytest

from minikeras.ops.common.accumulation import add_rows_at, reduced_rows

IDS = np.int32([3, 0, 3, 5, 0, 3])


@pytest.mark.parametrize("ufunc", [np.add, np.multiply, np.maximum, np.minimum])
@pytest.mark.parametrize("dtype", ["float32", "int16", "uint8", "bool"])
@pytest.mark.parametrize("shape", [(6,), (6, 2), (6, 2, 0)])
@pytest.mark.parametrize("ids", [IDS, np.sort(IDS), np.arange(6)[::-1]], ids=["any", "sorted", "once each"])
def test_reduced_rows(ufunc, dtype, shape, ids):
    rows = np.random.default_rng(0).integers(0, 9, shape).astype(dtype)
    found, reduced = reduced_rows(ufunc, rows, ids)
    expected = {}
    for number, row in zip(ids, rows, strict=True):
        expected[number] = ufunc(expected[number], row, dtype=dtype) if number in expected else row
    assert found.tolist() == sorted(expected) and reduced.dtype == dtype
    np.testing.assert_array_equal(reduced, [expected[number] for number in sorted(expected)])


def test_no_rows():
    found, rows = reduced_rows(np.add, np.zeros((0, 2), "float32"), np.zeros(0, "int32"))
    assert found.shape == (0,) and rows.shape == (0, 2)


@pytest.mark.parametrize("shape", [(6,), (6, 1), (6, 4), (6, 2, 3), (6, 0), (6, 300)])
@pytest.mark.parametrize("dtype", ["float16", "float32", "int32", "bool"])
def test_rows_are_added_in_order(shape, dtype):
    rng = np.random.default_rng(0)
    rows, out = ((rng.normal(size=(size, *shape[1:])) * 9).astype(dtype) for size in (6, 7))
    expected = out.copy()
    np.add.at(expected, IDS, rows)
    add_rows_at(out, IDS, rows)
    assert out.tobytes() == expected.tobytes()


def test_more_rows_than_are_added_at_a_time():
    rng = np.random.default_rng(0)
    places, rows = rng.integers(0, 50, 9000), rng.normal(size=(9000, 5)).astype("float32")
    out, expected = np.zeros((2, 50, 5), "float32")
    np.add.at(expected, places, rows)
    add_rows_at(out, places, rows)
    assert out.tobytes() == expected.tobytes()
    add_rows_at(out, places[:0], rows[:0])
    assert out.tobytes() == expected.tobytes()

"""Rows reduced by id: against a loop over the rows."""

import numpy as np
import pytest

from minikeras.ops.common.accumulation import reduced_rows, summed_rows

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


@pytest.mark.parametrize("shape", [(6,), (6, 1), (6, 4)])
@pytest.mark.parametrize("dtype", ["float16", "float32", "int32"])
def test_summed_rows(shape, dtype):
    rows = np.random.default_rng(0).integers(0, 9, shape).astype(dtype)
    expected = np.zeros((7, *shape[1:]), dtype)
    np.add.at(expected, IDS, rows)
    sums = summed_rows(rows, IDS, 7)
    assert sums.dtype == dtype
    np.testing.assert_array_equal(sums, expected)
    out = np.full_like(expected, 9)
    assert summed_rows(rows, IDS, 7, out) is out
    np.testing.assert_array_equal(out, expected)

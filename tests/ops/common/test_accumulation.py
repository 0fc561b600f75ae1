"""Rows combined by id, as by `ufunc.at`."""

import numpy as np
import pytest

from minikeras.ops.common.accumulation import combine_rows_at

IDS = np.int32([3, 0, 3, 5, 0, 3])


@pytest.mark.parametrize("shape", [(6,), (6, 1), (6, 4), (6, 2, 3), (6, 0), (6, 300)])
@pytest.mark.parametrize("dtype", ["float16", "float32", "int32", "uint8", "bool"])
@pytest.mark.parametrize("ufunc", [np.add, np.multiply, np.maximum, np.minimum])
def test_rows_are_combined_in_order(ufunc, shape, dtype):
    rng = np.random.default_rng(0)
    rows, out = (rng.uniform(0, 9, (size, *shape[1:])).astype(dtype) for size in (6, 7))
    expected = out.copy()
    ufunc.at(expected, IDS, rows)
    combine_rows_at(ufunc, out, IDS, rows)
    assert out.tobytes() == expected.tobytes()


def test_more_rows_than_are_combined_at_a_time():
    rng = np.random.default_rng(0)
    places, rows = rng.integers(0, 50, 9000), rng.normal(size=(9000, 5)).astype("float32")
    out, expected = np.zeros((2, 50, 5), "float32")
    np.add.at(expected, places, rows)
    combine_rows_at(np.add, out, places, rows)
    assert out.tobytes() == expected.tobytes()
    combine_rows_at(np.add, out, places[:0], rows[:0])
    assert out.tobytes() == expected.tobytes()

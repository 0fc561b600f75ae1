"""Signs, whole parts, remainders, and values that are no numbers."""

import numpy as np

from minikeras import ops

NAN, INF = float("nan"), float("inf")


def test_by_hand():
    assert ops.abs([-1, 2]).tolist() == [1, 2] and ops.abs([-1, 2]).dtype == np.int32
    assert ops.fabs([-1, 2]).dtype == np.float32
    assert ops.trunc([1.7, -1.7]).tolist() == [1, -1] and ops.trunc([3]).tolist() == [3]
    assert ops.signbit([-1.0, -0.0, 0.0, 2.0]).tolist() == [True, True, False, False]
    assert ops.fmod([7.0, -7.0], 3.0).tolist() == [1, -1]
    assert ops.heaviside([-2, 0, 2], 0.5).tolist() == [0, 0.5, 1]


def test_without_nan():
    np.testing.assert_array_equal(ops.fmax([1.0, NAN, NAN], [2.0, 3.0, NAN]), [2, 3, NAN])
    np.testing.assert_array_equal(ops.fmin([1.0, NAN, 5.0], [2.0, 3.0, NAN]), [1, 3, 5])
    assert ops.fmax([1, 2], [2, 1]).tolist() == [2, 2]


def test_nan_to_num():
    largest = float(np.finfo("float32").max)
    assert ops.nan_to_num([NAN, INF, -INF, 2.0]).tolist() == [0, largest, -largest, 2]
    assert ops.nan_to_num([NAN, INF, -INF], 1, 2, 3).tolist() == [1, 2, 3]
    assert ops.nan_to_num(np.float16([INF])).dtype == np.float16 and ops.nan_to_num([1, 2]).dtype == np.int32

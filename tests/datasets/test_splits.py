"""Orders and parts of examples; the orders are those of numpy's generator, with which Keras shuffles."""

import numpy as np
import pytest

from minikeras.datasets.splits import check_test_split, order_of, shuffled_split
from minikeras.errors import ArgumentError


def test_parts():
    (x_train, y_train), (x_test, y_test) = shuffled_split(np.arange(10), np.arange(10) * 2, 0.2, 113)
    assert len(x_train) == 8 and len(x_test) == 2
    np.testing.assert_array_equal(y_train, x_train * 2)
    np.testing.assert_array_equal(y_test, x_test * 2)
    assert sorted([*x_train, *x_test]) == list(range(10))


def test_orders():
    assert order_of(4, 113).tolist() == [3, 2, 0, 1]  # of Keras 3.15.1
    assert order_of(4, 5).tolist() != order_of(4, 113).tolist() and order_of(0, 1).tolist() == []


@pytest.mark.parametrize("fraction", [1, -0.1, "0.2", None])
def test_fractions(fraction):
    with pytest.raises((ArgumentError, TypeError), match=r"x: `test_split` must be .*\[0, 1\)"):
        check_test_split("x", fraction)

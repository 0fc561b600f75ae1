"""What a loop carries."""

import numpy as np
import pytest

from minikeras.errors import ArgumentTypeError
from minikeras.ops.control_flow.carry import Carried, check_function

X = np.float32([1, 2])


def test_values_are_packed_as_the_first_ones():
    carried = Carried("`test`", "init", {"b": X, "a": (1, None)})
    assert [value.tolist() for value in carried.arrays()] == [1, [1, 2]]
    assert carried.packed([5, 6]) == {"b": 6, "a": (5, None)}


def test_nesting_stays():
    carried = Carried("`test`", "init", (X, X))
    carried.check_structure((1, 2))
    with pytest.raises(ArgumentTypeError, match="`test`.*structure of `init`"):
        carried.check_structure([1, 2])


def test_shapes_and_dtypes_stay():
    carried = Carried("`test`", "init", X)
    assert carried.check([X * 2])
    for other in (X[:1], X.astype("float64"), np.int32([1, 2])):
        with pytest.raises(ArgumentTypeError, match=r"shape \(2,\) and dtype float32, but the function returned"):
            carried.check([other])


@pytest.mark.parametrize(
    ("value", "dtype"), [(np.float16(1), "float16"), (np.float64(1), "float32"), (np.int64(1), "int64")]
)
def test_a_number_of_python_becomes_what_is_computed_from_it(value, dtype):
    carried = Carried("`test`", "init", 0)
    assert not carried.check([value]) and carried.first[0].dtype == dtype
    assert carried.check([np.asarray(1, dtype)])
    with pytest.raises(ArgumentTypeError):
        carried.check([np.asarray(True)])


def test_functions():
    check_function("f", len)
    with pytest.raises(ArgumentTypeError, match="`f` should be a callable. Received: f=3"):
        check_function("f", 3)

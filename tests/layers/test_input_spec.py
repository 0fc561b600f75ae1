"""InputSpec: each constraint, met and not met."""

import pytest

from minikeras.errors import ShapeError
from minikeras.layers import InputSpec

CASES = {
    "ndim": ({"ndim": 2}, (3, 4), (3,), "expected 2 axes"),
    "min_ndim": ({"min_ndim": 2}, (3, 4, 5), (3,), "expected at least 2 axes .did you forget the batch axis"),
    "max_ndim": ({"max_ndim": 2}, (3,), (3, 4, 5), "expected at most 2 axes"),
    "last axis": ({"axes": {-1: 4}}, (None, 4), (3, 5), "expected last input dimension 4"),
    "first axis": ({"axes": {0: 4}}, (4, 2), (3, 5), "expected input dimension 0 to be 4"),
    "shape": ({"shape": (None, 4)}, (3, 4), (3, 5), r"expected shape \(None, 4\)"),
    "rank of shape": ({"shape": (None, 4)}, (None, None), (3, 4, 5), r"expected shape \(None, 4\)"),
}


@pytest.mark.parametrize("case", CASES)
def test_shapes(case):
    arguments, good, bad, message = CASES[case]
    spec = InputSpec(**arguments)
    spec.check(good, "float32", "Dense layer 'd'")
    with pytest.raises(ShapeError, match=f"^Dense layer 'd': {message}.*received input of shape"):
        spec.check(bad, "float32", "Dense layer 'd'")


def test_dtype_and_no_constraint():
    InputSpec().check((), "int8", "x")
    InputSpec(axes={-1: None}).check((3,), "int8", "x")
    with pytest.raises(ShapeError, match="expected dtype int32, received input of shape .3,. and dtype float32"):
        InputSpec(dtype="int32").check((3,), "float32", "x")

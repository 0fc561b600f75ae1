"""The table through which operators reach the ops."""

import pytest

from minikeras import ops
from minikeras.engine import registry


def test_ops_are_found_by_name():
    assert registry.find("add") is ops.add and registry.call("add", 1.0, 2.0) == 3
    assert registry.find("no_such_op") is None
    with pytest.raises(KeyError):
        registry.call("no_such_op")


def test_entering_a_function_returns_it():
    def some_op_of_this_test(x):
        return x

    try:
        assert registry.op(some_op_of_this_test) is some_op_of_this_test
        assert registry.find("some_op_of_this_test") is some_op_of_this_test
    finally:
        del registry._functions["some_op_of_this_test"]


@pytest.mark.parametrize("name", [name for name in ops.__all__ if name not in ("hard_swish", "is_tensor", "swish")])
def test_every_op_is_entered(name):
    assert registry.find(name) is getattr(ops, name)

"""The table through which operators reach the ops."""

from types import ModuleType

import pytest

from minikeras import ops
from minikeras.engine import registry


def test_ops_are_found_by_name():
    assert registry.find("add") is ops.add and registry.call("add", 1.0, 2.0) == 3
    assert registry.find("no_such_op") is None
    with pytest.raises(KeyError):
        registry.call("no_such_op")


class Noting(registry.Symbolic):
    """Says what was called on it."""

    def take_over(self, function, args, kwargs):
        return function.__name__, args, kwargs


@pytest.fixture
def some_op():
    @registry.op("math.SomeOpOfThisTest", settings="other")
    def some_op_of_this_test(x, other=None):
        """Some words."""
        return x

    yield some_op_of_this_test
    for table in (registry._functions, registry._saved):
        del table["some_op_of_this_test"]


def test_a_function_that_was_entered(some_op):
    assert registry.find("some_op_of_this_test") is some_op
    assert (some_op.__name__, some_op.__doc__, some_op(3)) == ("some_op_of_this_test", "Some words.", 3)
    assert registry.find_saved("SomeOpOfThisTest") is some_op and registry.find_saved("SomeOp") is None
    saved = registry.saved("some_op_of_this_test")
    assert saved == ("keras.src.ops.math", "SomeOpOfThisTest", {"other"}, None)


def test_an_op_that_no_model_holds():
    with pytest.raises(KeyError):
        registry.saved("custom_gradient")


def test_an_op_that_is_elsewhere_in_keras():
    name = "fake_quant_with_min_max_vars"
    found = registry.saved(name)
    assert (found.module, found.class_name) == ("keras.src.quantizers.quantizers", "FakeQuantWithMinMaxVars")
    assert registry.is_saved_op(found.module) and not registry.is_own(name)
    assert not registry.takes_name(name) and registry.takes_name("add")


def test_two_names_of_one_op():
    assert registry.find_saved("Absolute") is ops.absolute
    assert registry.saved("abs") == registry.saved("absolute")


def test_symbolic_values_take_over(some_op):
    value = Noting()
    assert some_op(1, value) == ("some_op_of_this_test", (1, value), {})
    assert some_op(1, other=value) == ("some_op_of_this_test", (1,), {"other": value})
    assert some_op([1, value]) == ("some_op_of_this_test", ([1, value],), {})
    assert registry.Symbolic().take_over(lambda x, y: x + y, (1,), {"y": 2}) == 3


NAMES = [name for name in ops.__all__ if not isinstance(getattr(ops, name), ModuleType)]


NO_OPS = ("dtype", "hard_swish", "is_tensor", "ndim", "swish")  # what a value is, and second names


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NO_OPS])
def test_every_op_is_entered(name):
    assert registry.find(name) is getattr(ops, name)


@pytest.mark.parametrize("name", ops.image.__all__)
def test_ops_of_images_are_entered(name):
    assert registry.find(name) is getattr(ops.image, name)

"""Attributes that are restored after user code ran."""

from collections import deque

import numpy as np
import pytest

from minikeras.compiler.guards.rollback import SavedAttributes, unchanged
from minikeras.engine.watched import Watched, changes


def thing(**attributes):
    made = Watched()
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("value", "change"),
    [
        ([1, 2], lambda value: value.append(3)),
        ([1, [2]], lambda value: value[1].append(3)),
        ({"a": 1}, lambda value: value.update(b=2)),
        ({"a": 1, "b": 2}, lambda value: value.update(a=value.pop("a"))),  # another order
        ({1, 2}, lambda value: value.discard(1)),
        (deque([1, 2]), lambda value: value.popleft()),
        (np.zeros(3), lambda value: value.fill(1)),
    ],
)
def test_content_is_restored_in_the_same_object(value, change):
    held = thing(value=value)
    before = repr(value)
    with unchanged([held]):
        change(value)
        assert repr(value) != before
    assert held.value is value and repr(value) == before


@pytest.mark.parametrize("content", [[1.0, 2.0], [np.nan, 2.0], ["a", None]])
def test_a_read_only_array_is_left_alone(content):
    value = np.array(content, object if "a" in content else "float32")
    value.flags.writeable = False
    held = thing(value=value, values=[value])
    with unchanged([held]):
        pass
    assert held.value is value and held.values[0] is value


def test_the_lists_inside_of_a_list_are_restored_too():
    inner = [1]
    held = thing(value=[inner, 2])
    with unchanged([held]):
        inner.append(3)
        held.value.append(4)
    assert inner == [1] and held.value == [[1], 2] and held.value[0] is inner


def test_attributes_that_were_set_added_and_deleted():
    held = thing(a=1, b=2)
    with unchanged([held]):
        held.a, held.c = 5, 6
        del held.b
    assert vars(held) == {"a": 1, "b": 2}


def test_errors_restore_too():
    held = thing(a=[1])
    with pytest.raises(ValueError), unchanged([held]):
        held.a.append(2)
        raise ValueError
    assert held.a == [1]


def test_what_did_not_change_is_not_set():
    held = thing(a=[1], b=np.ones(2), c=float("nan"))
    number = changes.number
    with unchanged([held]):
        pass
    assert changes.number == number


def test_attributes_are_restored_whenever_that_is_asked_for():
    held = thing(a=[1])
    saved = SavedAttributes([held])
    for _ in range(2):
        held.a.append(2)
        saved.restore()
        assert held.a == [1]


def test_objects_without_attributes_are_passed_over():
    with unchanged([(1, 2), 3]):
        pass

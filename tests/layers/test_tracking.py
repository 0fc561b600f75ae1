"""Tracking objects in attributes and containers."""

import copy
import pickle

import pytest

from minikeras.errors import StateError
from minikeras.layers.tracking import TrackedDict, TrackedList, TrackedSet, Tracker


class Thing:
    def __init__(self, name):
        self.name = name


A, B, C = Thing("a"), Thing("b"), Thing("c")


def made():
    return Tracker((Thing,), lambda: "here")


def test_objects_are_found_once_in_the_order_of_addition():
    tracker = made()
    values = tracker.set("values", [B, {"x": (A, B)}, 3])
    tracker.set("other", C)
    assert tracker.held(Thing) == [B, A, C] and tracker.holds(A) and not tracker.holds(Thing("a"))
    assert isinstance(values, TrackedList) and values == [B, {"x": (A, B)}, 3]


def test_containers_notify_of_additions_and_removals():
    tracker = made()
    values = tracker.set("values", [])
    values.append(A)
    values += [B]
    values.insert(0, C)
    assert tracker.held(Thing) == [A, B, C]
    values.remove(B)
    assert tracker.held(Thing) == [A, C]
    del values[0]
    assert tracker.held(Thing) == [A]
    table = tracker.set("table", {})
    table["b"] = B
    table.setdefault("c", C)
    assert tracker.held(Thing) == [A, B, C] and isinstance(table, TrackedDict)
    table.pop("b")
    assert tracker.held(Thing) == [A, C]
    group = tracker.set("group", set())
    group.add(B)
    assert tracker.held(Thing) == [A, C, B] and isinstance(group, TrackedSet)
    group.discard(B)
    tracker.forget("table")
    assert tracker.held(Thing) == [A]


def test_sets_are_read_in_the_order_of_names():
    tracker = made()
    tracker.set("group", {C, A, B})
    assert tracker.held(Thing) == [A, B, C]


def test_a_locked_tracker_refuses_new_objects():
    tracker = made()
    tracker.set("a", A)
    tracker.lock()
    tracker.set("again", A)
    with pytest.raises(StateError, match="here: new state .* cannot be added"):
        tracker.set("b", B)
    tracker.unlock()
    tracker.set("b", B)
    assert tracker.held(Thing) == [A, B]


def test_restoring_a_snapshot():
    tracker = made()
    tracker.set("a", A)
    before = tracker.snapshot()
    tracker.set("b", B)
    tracker.lock()
    tracker.restore(before)
    assert tracker.held(Thing) == [A] and not tracker.locked


def test_copies_are_plain_containers():
    tracker = made()
    values = tracker.set("values", [1, {"x": {2}}])
    assert type(copy.deepcopy(values)) is list and type(pickle.loads(pickle.dumps(values))) is list
    assert copy.deepcopy(values) == [1, {"x": {2}}]

"""What a step depends on in Python: what a snapshot finds, and what it tells apart."""

import collections
import functools
import types

import numpy as np

from minikeras.compiler.guards.python_state import Snapshot, has_user_code
from minikeras.compiler.guards.rollback import unchanged
from minikeras.engine.watched import Watched, changes

LIMIT = 3


class Thing(Watched):
    shared = 1

    def __init__(self, **attributes):
        for name, value in attributes.items():
            setattr(self, name, value)

    def work(self):
        return self.a, self.b, self.shared, LIMIT

    def look_into(self):
        return self.a.value, self.a.another, self.a.k


class Plain:
    def __init__(self, value):
        self.value = value
        self.me = self  # goes in a circle


def differences(thing, change):
    before = Snapshot([thing])
    assert before.guards_hold() and not Snapshot([thing]).differences(before)
    change()
    after = Snapshot([thing])
    return [after.describe(place) for place in after.differences(before)], before.guards_hold()


def test_attributes_are_told_apart():
    values = (1, True, 1.0, "1", b"1", None, 1j, np.float32(1), np.float64(1), (1,), [1], {1}, range(1), np.ones(1))
    thing = Thing(a=0, b=0)
    for value in values:
        assert differences(thing, lambda value=value: setattr(thing, "a", value))[0][0] == "`a` of Thing"
    for value in (float("nan"), 2.0, "text", np.arange(3), [1, [2]], {"k": {"l": 1}}, Plain):
        thing.a = value
        before = Snapshot([thing])
        thing.a = (
            np.array(value) if isinstance(value, np.ndarray) else type(value)(value) if value is not Plain else Plain
        )
        assert not Snapshot([thing]).differences(before), value


def test_setting_is_counted_and_nothing_else():
    thing = Thing(a=1, b=2)
    number = changes.number
    thing.work()
    assert changes.number == number
    thing.a = 1
    assert changes.number > number
    number = changes.number
    del thing.a
    assert changes.number > number


def test_what_does_not_say_when_it_changes_is_looked_at():
    inner = Plain([1, {"k": 2}])
    holders = [
        (Thing(a=inner, b=0), lambda: inner.value[1].update(k=3)),
        (Thing(a=inner, b=0), lambda: setattr(inner, "value", 5)),
        (Thing(a=inner, b=0), lambda: setattr(inner, "another", 5)),
        (Thing(a=(array := np.zeros(5)), b=0), lambda: array.fill(1)),
        (Thing(a=(part := np.zeros((4, 4)))[::2, ::2], b=0), lambda: part.fill(1)),
        (Thing(a=(found := {1, 2}), b=0), lambda: found.add(3)),
        (Thing(a=(queue := collections.deque([1])), b=0), lambda: queue.append(3)),
        (Thing(a=(space := types.SimpleNamespace(k=1)), b=0), lambda: setattr(space, "k", 2)),
        (Thing(a=functools.partial(max, bound := [1]), b=0), lambda: bound.append(2)),
        (Thing(a=Plain([1]).value.append, b=0), lambda: setattr(Thing, "shared", Thing.shared + 1)),
        (Thing(a=(large := np.zeros(3_000_000)), b=0), lambda: large.fill(1)),
    ]
    for number, (thing, change) in enumerate(holders):
        places, holds = differences(thing, change)
        assert places and not holds, number


def test_globals_and_enclosing_variables():
    global LIMIT
    factor = 1

    def work(x):
        return x * factor * LIMIT

    thing = Thing(a=work, b=0)

    def change_global():
        global LIMIT
        LIMIT += 1

    def change_factor():
        nonlocal factor
        factor += 1

    assert differences(thing, change_global) == ([f"the global `LIMIT` of module {__name__!r}"], False)
    assert differences(thing, change_factor) == (["`factor`, a variable of an enclosing function,"], False)
    LIMIT = 3


def test_a_global_that_is_called_as_an_attribute_does_not_count():
    def work(thing):
        return thing.LIMIT

    def change_global():
        global LIMIT
        LIMIT += 1

    assert differences(Plain(work), change_global) == ([], True)


def test_what_no_code_names_does_not_count():
    thing = Thing(a=1, b=2)
    assert differences(thing, lambda: setattr(thing, "c", 5)) == ([], True)
    assert differences(thing, lambda: setattr(thing, "c", [5])) == ([], True)
    assert differences(thing, lambda: thing.c.append(6)) == ([], True)

    class Dynamic(Thing):
        def work(self):
            return getattr(self, "".join(["c"]))

    thing = Dynamic(a=1, b=2)
    assert differences(thing, lambda: setattr(thing, "c", 5))[0] == ["`c` of Dynamic"]


def test_code_of_the_user():
    assert has_user_code(Thing()) and has_user_code(lambda: 1) and has_user_code([{"k": Plain(1).__init__}])
    assert not has_user_code(Watched()) and not has_user_code([1, "a", np.mean, np.ones(3), print, Snapshot])


def test_many_items():
    many = list(range(5000))
    thing = Thing(a=many, b=0)
    assert len(Snapshot([thing]).values) < 50
    assert differences(thing, lambda: many.append(1))[0] == ["`a` of Thing"]
    deep = []
    for _ in range(2000):
        deep = [deep]
    assert len(Snapshot([Thing(a=deep, b=0)]).values) < 50


def test_unchanged():
    thing = Thing(a=[1, {"k": [2]}], b=np.zeros(2), c=1, d=(held := {1}))
    a, b = thing.a, thing.b
    with unchanged([thing]):
        thing.a[1]["k"].append(3)
        thing.a = None
        thing.b += 1
        thing.d.add(2)
        thing.e = 5
        del thing.c
    assert thing.a is a and a == [1, {"k": [2]}] and thing.b is b and b.tolist() == [0, 0]
    assert thing.c == 1 and thing.d is held and held == {1} and not hasattr(thing, "e")


class AttributeDict(dict):
    """A dict as many scripts have one for their settings."""

    __getattr__, __setattr__ = dict.__getitem__, dict.__setitem__


class Named(list):
    k = 1


def test_containers_of_all_kinds():
    settings, named = AttributeDict(k=1), Named([1])
    users = collections.UserDict(k=1)
    for value, change in (
        (settings, lambda: setattr(settings, "k", 2)),
        (settings, lambda: settings.update(another=2)),
        (named, lambda: named.append(2)),
        (named, lambda: setattr(named, "k", 2)),
        (users, lambda: users.update(k=2)),
        (collections.defaultdict(list, a=(inner := [])), lambda: inner.append(1)),
        (types.MappingProxyType(hidden := {"k": 1}), lambda: hidden.update(k=2)),
    ):
        places, holds = differences(Thing(a=value, b=0), change)
        assert places and not holds, value


def test_files_and_fixed_arrays_are_not_looked_at(tmp_path):
    fixed = np.ones(3)
    fixed.flags.writeable = False
    file = np.memmap(tmp_path / "a", np.float32, "w+", shape=(10,))
    for value in (fixed, file):
        before = Snapshot([Thing(a=value, b=0)])
        assert not [record for record in before._guards if record[2] is value]
    del file


class Many(Watched):
    """Says itself what a step depends on: a tuple made anew each time."""

    def __init__(self, count):
        self.things = tuple(Thing(a=1, b=0) for _ in range(count))
        self.wide = [[[number, [number]] for number in range(900)] for _ in range(20)]

    def _python_parts(self):
        yield "things inside", (*self.things,)
        yield "wide", self.wide


def test_what_is_large_is_no_difference():
    many = Many(1500)
    before = Snapshot([many])
    assert not Snapshot([many]).differences(before) and len(before.values) > 1500 * 2
    many.things[-1].a = 2
    after = Snapshot([many])
    assert [after.describe(place) for place in after.differences(before)] == ["`a` of Thing"]

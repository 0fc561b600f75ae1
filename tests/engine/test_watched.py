"""Objects that report when an attribute is set."""

import threading

import pytest

from minikeras.engine.watched import Watched, changes, note_change


class Limited(Watched):
    _bookkeeping = frozenset({"name"})

    @property
    def rate(self):
        return vars(self)["_rate"]

    @rate.setter
    def rate(self, value):
        if value < 0:
            raise ValueError("negative")
        vars(self)["_rate"] = value


def changes_during(function):
    before = changes.number
    function()
    return changes.number != before


def test_setting_and_deleting_are_reported():
    thing = Watched()
    assert changes_during(lambda: setattr(thing, "a", 1))
    assert changes_during(lambda: setattr(thing, "a", 1))  # the same value: whether it differs is looked at later
    assert changes_during(lambda: delattr(thing, "a"))


def test_reading_is_not():
    thing = Watched()
    thing.a = 1
    assert not changes_during(lambda: thing.a)


def test_bookkeeping_is_not():
    thing = Limited()
    assert not changes_during(lambda: setattr(thing, "name", "x"))
    assert not changes_during(lambda: delattr(thing, "name"))
    assert changes_during(lambda: setattr(thing, "rate", 1))


def test_what_a_property_refuses_is_not_reported():
    thing = Limited()
    before = changes.number
    with pytest.raises(ValueError, match="negative"):
        thing.rate = -1
    assert changes.number == before


def test_what_an_interrupt_may_have_set_is_reported():
    class Slow(Watched):
        @property
        def rate(self):
            return vars(self)["_rate"]

        @rate.setter
        def rate(self, value):
            vars(self)["_rate"] = value
            raise KeyboardInterrupt

        @rate.deleter
        def rate(self):
            raise KeyboardInterrupt

    def interrupted(change):
        with pytest.raises(KeyboardInterrupt):
            change()

    thing = Slow()
    assert changes_during(lambda: interrupted(lambda: setattr(thing, "rate", 1))) and thing.rate == 1
    assert changes_during(lambda: interrupted(lambda: delattr(thing, "rate")))


def test_what_a_step_depends_on():
    thing = Limited()
    thing.name, thing.a, thing.rate = "x", 1, 2
    assert dict(thing._python_parts()) == {"a": 1, "_rate": 2}


def test_no_number_comes_twice():
    """Also if several threads set attributes: a snapshot that was taken meanwhile would seem to be up to date."""
    seen, lock = [], threading.Lock()

    def work():
        for _ in range(200):
            note_change()
            with lock:
                seen.append(changes.next())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(seen)) == len(seen) == 800

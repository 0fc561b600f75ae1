"""Finding objects by name, function, object or config."""

import pytest

from minikeras.engine.lookup import Lookup, serialize
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning, UnknownNameError


class RedThing:
    def __init__(self, size=1):
        self.size = size

    def get_config(self):
        return {"size": self.size}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def plain(x):
    return x


LOOKUP = Lookup(
    "thing",
    "keras.things",
    classes=[RedThing],
    functions=[plain],
    aliases={"rt": "RedThing", "simple": "plain"},
    legacy={"crimson": "red_thing"},
)
CONFIG = {"module": "keras.things", "class_name": "RedThing", "config": {"size": 5}, "registered_name": None}


@pytest.mark.parametrize("identifier", ["RedThing", "red_thing", "rt", RedThing])
def test_a_class_is_made_with_its_defaults(identifier):
    found = LOOKUP.get(identifier)
    assert type(found) is RedThing and found.size == 1


@pytest.mark.parametrize("identifier", ["plain", "simple", plain])
def test_functions(identifier):
    assert LOOKUP.get(identifier) is plain


def test_none_and_callables_stay():
    assert LOOKUP.get(None) is None
    assert LOOKUP.get(abs) is abs


def test_an_unknown_name_names_the_nearest():
    with pytest.raises(UnknownNameError, match=r"Unknown thing: 'red_thin'\. Did you mean 'red_thing'"):
        LOOKUP.get("red_thin")


def test_a_legacy_name_warns():
    with pytest.warns(LegacyWarning, match="'crimson'.*'red_thing'") as caught:
        assert type(LOOKUP.get("crimson")) is RedThing
    assert caught[0].filename == __file__


@pytest.mark.parametrize("identifier", [3, ["plain"], 2.5])
def test_other_types_are_refused(identifier):
    with pytest.raises(ArgumentTypeError, match="of thing"):
        LOOKUP.get(identifier)


def test_serialize_and_back():
    assert LOOKUP.serialize(RedThing(5)) == serialize(RedThing(5), "keras.things") == CONFIG
    assert LOOKUP.get(CONFIG).size == LOOKUP.deserialize(CONFIG).size == 5
    assert LOOKUP.serialize(plain) == "plain"
    assert LOOKUP.serialize(None) is None and LOOKUP.serialize("rt") == "rt"


def test_a_function_in_a_config():
    config = {"module": "builtins", "class_name": "function", "config": "plain", "registered_name": "function"}
    assert LOOKUP.deserialize(config) is plain
    assert LOOKUP.deserialize("plain") is plain


def test_a_foreign_function_cannot_be_serialized():
    with pytest.raises(ArgumentError, match="thing"):
        LOOKUP.serialize(lambda x: x)


@pytest.mark.parametrize("config", [{}, {"config": {}}])
def test_a_config_without_class_name(config):
    with pytest.raises(ArgumentError, match="class_name"):
        LOOKUP.get(config)


def test_an_unknown_class_in_a_config():
    with pytest.raises(UnknownNameError, match="'BlueThing'"):
        LOOKUP.get({"class_name": "BlueThing", "config": {}})


def test_custom_objects_come_first():
    class Mine(RedThing):
        pass

    def other(x):
        return x

    custom = {"RedThing": Mine, "plain": other, "Mine": Mine}
    assert type(LOOKUP.deserialize(CONFIG, custom)) is Mine
    assert LOOKUP.deserialize({**CONFIG, "class_name": "Mine"}, custom).size == 5
    assert LOOKUP.deserialize({"class_name": "function", "config": "plain"}, custom) is other
    assert LOOKUP.deserialize("plain", custom) is other and LOOKUP.deserialize("plain") is plain
    assert type(LOOKUP.deserialize("red_thing", custom)) is RedThing

"""Finding objects by name, function, object or config."""

import pytest

from minikeras import initializers
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning, SerializationError, UnknownNameError
from minikeras.initializers import Zeros
from minikeras.serialization.custom_objects import CustomObjectScope
from minikeras.serialization.lookup import Lookup, serialize


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
ZEROS = {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": None}
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
    config = {**CONFIG, "module": __name__, "registered_name": "RedThing"}
    assert LOOKUP.serialize(RedThing(5)) == config  # it is not in minikeras
    assert LOOKUP.get(config).size == 5
    assert LOOKUP.get(CONFIG).size == LOOKUP.deserialize(CONFIG).size == 5
    assert LOOKUP.serialize(plain) == "plain"
    assert LOOKUP.serialize(None) is None and LOOKUP.serialize("rt") == "rt"


def test_serialize_tells_the_users_classes_from_those_of_minikeras():
    assert serialize(Zeros(), "keras.things") == {**CONFIG, "class_name": "Zeros", "config": {}}
    assert serialize(RedThing(5), "keras.things") == {**CONFIG, "module": __name__, "registered_name": "RedThing"}


def test_a_function_in_a_config():
    config = {"module": "builtins", "class_name": "function", "config": "plain", "registered_name": "function"}
    assert LOOKUP.deserialize(config) is plain
    assert LOOKUP.deserialize("plain") is plain


def foreign(x):
    return x


def test_a_foreign_function():
    config = {"module": "builtins", "class_name": "function", "config": "foreign", "registered_name": "function"}
    assert LOOKUP.serialize(foreign) == config
    assert LOOKUP.deserialize(config, {"foreign": foreign}) is foreign
    with pytest.raises(UnknownNameError, match="Unknown thing: 'foreign'"):
        LOOKUP.deserialize(config)


def test_objects_of_others():
    assert LOOKUP.serialize(Zeros()) == initializers.serialize(Zeros())
    with pytest.raises(ArgumentError, match="Expected a config of thing, from keras.things.*Zeros"):
        LOOKUP.deserialize(initializers.serialize(Zeros()))
    assert type(Lookup("thing", "keras.things", also=["keras.initializers"]).get(ZEROS)) is Zeros


@pytest.mark.parametrize("config", [{}, {"config": {}}])
def test_a_config_without_class_name(config):
    with pytest.raises(ArgumentError, match="class_name"):
        LOOKUP.get(config)


def test_an_unknown_class_in_a_config():
    with pytest.raises(UnknownNameError, match="'BlueThing'"):
        LOOKUP.get({"class_name": "BlueThing", "config": {}})


class Mine(RedThing):
    pass


def test_custom_objects():
    def other(x):
        return x

    custom = {"RedThing": Mine, "plain": other, "Mine": Mine}
    assert type(LOOKUP.deserialize({"class_name": "RedThing", "config": {}}, custom)) is Mine
    assert LOOKUP.deserialize({"module": None, "class_name": "Mine", "config": {"size": 5}}, custom).size == 5
    assert LOOKUP.deserialize({"class_name": "function", "config": "plain"}, custom) is other
    assert LOOKUP.deserialize("plain", custom) is other and LOOKUP.deserialize("plain") is plain
    assert type(LOOKUP.deserialize("Mine", custom)) is Mine
    assert type(LOOKUP.deserialize("red_thing", custom)) is RedThing
    # As in Keras: a config that says it is of Keras is so.
    assert type(LOOKUP.deserialize(CONFIG, custom)) is RedThing


def test_objects_of_a_scope_are_found_by_name_too():
    with CustomObjectScope({"Mine": Mine, "mine": foreign, "plain": foreign}):
        assert type(LOOKUP.get("Mine")) is Mine and LOOKUP.get("mine") is foreign
        assert LOOKUP.get("plain") is plain
    with pytest.raises(UnknownNameError):
        LOOKUP.get("Mine")


def test_a_class_of_the_user_does_not_become_another_of_the_same_name():
    config = {"module": "shop", "class_name": "Zeros", "config": {}, "registered_name": "shop>Zeros"}
    with pytest.raises(UnknownNameError, match="Unknown initializer: 'Zeros'.*register_keras_serializable"):
        initializers.get(config)
    with CustomObjectScope({"shop>Zeros": Mine}):
        assert type(LOOKUP.get(config)) is Mine


@pytest.mark.parametrize(
    "module", ["keras.things", "keras.things.old", "keras.src.things.red", "keras.src.things", None]
)
def test_modules_of_keras(module):
    assert type(LOOKUP.get({**CONFIG, "module": module})) is RedThing


def test_arguments_that_do_not_fit():
    with pytest.raises(SerializationError, match="RedThing.from_config cannot use the config: .*'colour'"):
        LOOKUP.get({**CONFIG, "config": {"colour": 1}})
    with pytest.raises(SerializationError, match="The 'config' of RedThing must be a dict"):
        LOOKUP.get({**CONFIG, "config": 3})

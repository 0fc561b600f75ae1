"""Configs as Keras 2 wrote them, for scripts that read and write them."""

import pytest

from minikeras import legacy, utils
from minikeras.errors import ArgumentError, SerializationError, UnknownNameError
from minikeras.initializers import Constant
from minikeras.saving import CustomObjectScope
from minikeras.serialization.legacy import deserialize_keras_object, serialize_keras_object

CONFIG = {"class_name": "Constant", "config": {"value": 2.0}}


def double(x):
    return 2 * x


class Pair:
    """A class without `from_config`."""

    def __init__(self, first, second):
        self.parts = first, second


class Nested:
    @classmethod
    def from_config(cls, config, custom_objects=None):
        made = cls()
        made.custom_objects = custom_objects
        return made


def test_serialize():
    assert serialize_keras_object(Constant(2.0)) == CONFIG
    assert serialize_keras_object(double) == "double" and serialize_keras_object(None) is None
    with pytest.raises(SerializationError, match="Cannot serialize 3 in the format of Keras 2"):
        serialize_keras_object(3)


def test_deserialize():
    assert deserialize_keras_object(CONFIG, {"Constant": Constant}).value == 2.0
    assert deserialize_keras_object(
        {"class_name": "Pair", "config": {"first": 1, "second": 2}}, {"Pair": Pair}
    ).parts == (1, 2)
    assert deserialize_keras_object(None) is None and deserialize_keras_object(double) is double


def test_names():
    assert deserialize_keras_object("double", {"double": double}) is double
    assert deserialize_keras_object("Constant", {"Constant": Constant}).value == 0.0
    with CustomObjectScope({"double": double}):
        assert deserialize_keras_object("double") is double


def test_custom_objects_come_first_and_are_passed_on():
    mine = {"Constant": Nested}
    made = deserialize_keras_object(CONFIG, {"Constant": Constant}, mine)
    assert type(made) is Nested and made.custom_objects["Constant"] is Nested


def test_errors():
    with pytest.raises(UnknownNameError, match="Unknown layer: 'Constan'. Did you mean 'Constant'"):
        deserialize_keras_object("Constan", {"Constant": Constant}, printable_module_name="layer")
    with pytest.raises(ArgumentError, match="Expected a config of a layer. Received: 3"):
        deserialize_keras_object(3, printable_module_name="layer")
    with pytest.raises(ArgumentError, match="Expected a config"):
        deserialize_keras_object({"class_name": "Constant"})


class Holder:
    def __init__(self, first, function, name="holder"):
        self.first, self.function, self.name = first, function, name

    def get_config(self):
        return {"first": self.first, "function": self.function, "name": self.name, "sizes": [1, 2]}

    @classmethod
    def from_config(cls, config):
        return cls(config["first"], config["function"], config["name"])


def test_objects_inside_of_configs():
    config = serialize_keras_object(Holder(Constant(2.0), double))
    assert config == {
        "class_name": "Holder",
        "config": {
            "first": {**CONFIG, "__passive_serialization__": True},
            "function": "double",
            "name": "holder",
            "sizes": [1, 2],
        },
    }
    known = {"Constant": Constant, "double": double, "Holder": Holder}
    before = repr(config)
    for given in ({"module_objects": known}, {"custom_objects": known}):
        made = deserialize_keras_object(config, **given)
        assert made.first.value == 2.0 and made.function is double
    assert repr(config) == before
    config["config"]["name"] = "double"  # a name is no function
    assert deserialize_keras_object(config, known).name == "double"


def test_scopes_are_open_while_an_object_is_made():
    class Outer:
        @classmethod
        def from_config(cls, config):
            return deserialize_keras_object(config["inner"])

    config = {"class_name": "Outer", "config": {"inner": CONFIG}}
    assert deserialize_keras_object(config, {"Outer": Outer}, {"Constant": Constant}).value == 2.0


def test_the_public_names():
    assert legacy.saving.serialize_keras_object is utils.legacy.serialize_keras_object is serialize_keras_object
    assert legacy.saving.deserialize_keras_object is utils.legacy.deserialize_keras_object is deserialize_keras_object

"""The user's classes and functions: registered, in scopes, by name."""

import threading

import pytest

from minikeras.errors import ArgumentError, ArgumentTypeError
from minikeras.serialization import custom_objects
from minikeras.serialization.custom_objects import (
    CustomObjectScope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)


class Thing:
    def get_config(self):
        return {}


class Other:
    pass


def double(x):
    return 2 * x


@pytest.fixture(autouse=True)
def _nothing_stays_registered(monkeypatch):
    monkeypatch.setattr(custom_objects, "_registered", {})
    monkeypatch.setattr(custom_objects, "_names", {})


@pytest.mark.parametrize(
    ("arguments", "name"),
    [((), "Custom>Thing"), (("shop",), "shop>Thing"), (("shop", "it"), "shop>it"), (("shop", None), "shop>Thing")],
)
def test_register(arguments, name):
    assert register_keras_serializable(*arguments)(Thing) is Thing
    assert get_registered_name(Thing) == name
    assert get_registered_object(name) is Thing
    assert get_custom_objects() == {name: Thing}
    assert get_registered_object("Thing") is None


def test_functions_too():
    assert register_keras_serializable("shop")(double) is double
    assert get_registered_name(double) == "shop>double" and get_registered_object("shop>double") is double


def test_registered_again_the_later_one_counts():
    first, second = (type("Thing", (Thing,), {}) for _ in range(2))
    register_keras_serializable("shop")(first)
    register_keras_serializable("shop")(second)
    assert get_registered_object("shop>Thing") is second


def test_what_cannot_be_registered():
    with pytest.raises(ArgumentError, match=r"Other cannot be registered, since it has no `get_config\(\)`"):
        register_keras_serializable()(Other)
    for value in (3, "x", Thing()):
        with pytest.raises(ArgumentTypeError, match="Only a class or a function"):
            register_keras_serializable()(value)
    assert get_custom_objects() == {}


def test_the_dictionary_of_registered_objects_may_be_changed():
    get_custom_objects()["mine"] = double
    assert get_registered_object("mine") is double
    get_custom_objects().clear()
    assert get_registered_object("mine") is None


def test_names_of_what_is_not_registered():
    assert get_registered_name(Thing) == "Thing" and get_registered_name(double) == "double"
    with pytest.raises(ArgumentTypeError, match="Received: 3"):
        get_registered_name(3)


def test_scopes():
    with CustomObjectScope({"a": Thing, "b": double}) as scope:
        assert isinstance(scope, CustomObjectScope)
        with CustomObjectScope({"a": Other}):
            assert get_registered_object("a") is Other
            assert get_registered_object("b") is double  # Keras forgets the outer scope here
        assert get_registered_object("a") is Thing
        assert get_custom_objects() == {}
    assert get_registered_object("a") is None


def test_a_scope_ends_with_an_error():
    with pytest.raises(ZeroDivisionError), CustomObjectScope({"a": Thing}):
        print(1 / 0)
    assert get_registered_object("a") is None


def test_a_scope_is_of_one_thread():
    found = []
    with CustomObjectScope({"a": Thing}):
        thread = threading.Thread(target=lambda: found.append(get_registered_object("a")))
        thread.start()
        thread.join()
    assert found == [None]


def test_a_scope_of_nothing():
    with CustomObjectScope(None):
        assert get_registered_object("a") is None and get_registered_object(None) is None


@pytest.mark.parametrize("objects", [3, [Thing], {1: Thing}])
def test_bad_scopes(objects):
    with pytest.raises(ArgumentTypeError, match="must be a dictionary"):
        CustomObjectScope(objects)


def test_where_is_looked_first():
    get_custom_objects()["a"] = 1
    with CustomObjectScope({"a": 0}):
        assert get_registered_object("a", {"a": 2}, {"a": 3}) == 0
    assert get_registered_object("a", {"a": 2}, {"a": 3}) == 1
    del get_custom_objects()["a"]
    assert get_registered_object("a", {"a": 2}, {"a": 3}) == 2
    assert get_registered_object("a", {}, {"a": 3}) == 3

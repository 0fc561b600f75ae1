"""What is read off the code of functions."""

import functools
import json

import numpy as np

from minikeras import layers
from minikeras.compiler.guards import code_inspection as user_code

OUTER = 1


class Own(layers.Layer):
    def __init__(self):
        super().__init__()
        self.only_here = 1

    def build(self, input_shape):
        self.made = 1

    @property
    def shown(self):
        return self.hidden

    @functools.cached_property
    def kept(self):
        return self.seldom

    @staticmethod
    def still(x):
        return x.still_read

    def call(self, inputs):
        def inner():
            return [self.deep for _ in range(OUTER)]

        return inner(), {"key": 1}["key"], lambda: self.late


def test_names():
    names = set().union(*(user_code.names_in(f.__code__) for f in user_code.functions_of_class(Own)))
    assert {"made", "hidden", "seldom", "still_read", "deep", "OUTER", "key", "late", "range"} <= names
    assert "only_here" not in names and not user_code.reads_attributes_dynamically(names)
    for code in (lambda x: getattr(x, "a"), lambda x: vars(x), lambda x: x.__dict__["a"]):  # noqa: B009
        assert user_code.reads_attributes_dynamically(user_code.names_in(code.__code__))


def test_globals_are_no_attributes():
    def code(x):
        global WRITTEN
        WRITTEN = x.attribute + [OUTER for _ in x.other]
        return globals()["key"] if x is None else x

    def plain(x):
        return x.attribute + (lambda: OUTER + len("text"))()

    assert user_code.globals_in(plain.__code__) == {"OUTER", "len"}
    assert {"WRITTEN", "OUTER", "key"} <= user_code.globals_in(code.__code__)


def test_what_a_class_of_minikeras_sets():
    assert {"rate", "seed_generator"} <= user_code.attributes_written_by(
        layers.Dropout
    ) | user_code.attributes_written_by(layers.Dropout.__mro__[1])
    assert {"units", "activation"} <= user_code.attributes_written_by(layers.Dense)


def test_whose_a_file_is():
    own, library = layers.Dense.call.__code__.co_filename, json.dumps.__code__.co_filename
    assert user_code.is_own_file(own) and not user_code.is_library_file(own)
    assert user_code.is_library_file(library) and not user_code.is_own_file(library)
    assert user_code.is_library_file(np.__file__) and user_code.is_library_file("<frozen importlib._bootstrap>")
    assert not user_code.is_library_file(__file__) and not user_code.is_library_file("<stdin>")


def test_the_functions_behind_a_callable():
    def function():
        pass

    @functools.wraps(function)
    def wrapper():
        pass

    def endless():
        pass

    endless.__wrapped__ = endless

    class Thing:
        def method(self):
            pass

    for value in (function, functools.partial(function, 1), functools.cache(function), staticmethod(function)):
        assert list(user_code.unwrapped_functions(value)) == [function]
    for value in (wrapper, functools.partial(functools.partial(wrapper)), functools.lru_cache(3)(wrapper)):
        assert list(user_code.unwrapped_functions(value)) == [wrapper, function]
    assert list(user_code.unwrapped_functions(Thing().method)) == [Thing.method]
    assert list(user_code.unwrapped_functions(print)) == [] and list(user_code.unwrapped_functions(endless)) == [
        endless
    ]


def test_the_line_of_a_name():
    def inside():
        return [
            np.random.normal() for _ in range(3)
        ]  # fmt: skip

    line = user_code.first_line_using([test_names.__code__, inside.__code__], {"normal"})
    assert line == f"{__file__}:{inside.__code__.co_firstlineno + 2}"
    assert user_code.first_line_using([inside.__code__], {"uniform"}) is None

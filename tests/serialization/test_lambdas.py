"""Lambdas in configs: their code is kept, and run only where that is allowed."""

import json
import threading

import numpy as np
import pytest

from minikeras import config
from minikeras.errors import SerializationError
from minikeras.serialization.custom_objects import CustomObjectScope
from minikeras.serialization.lambdas import (
    SafeModeScope,
    SavingScope,
    in_safe_mode,
    is_lambda,
    lambda_config,
    lambda_parts,
    restore_lambda,
)


@pytest.fixture(autouse=True)
def _settings_as_they_were():
    before = dict(config._settings)
    yield
    config._settings.update(before)


def described(function):
    with pytest.warns(UserWarning, match="includes a `lambda`.*safe_mode=False") as caught:
        found = lambda_config(function)
    assert caught[0].filename == __file__
    assert found["class_name"] == "__lambda__"
    return json.loads(json.dumps(found["config"]))


def test_is_lambda():
    def named(x):
        return x

    assert is_lambda(lambda: 0)
    assert not any(map(is_lambda, (named, len, SafeModeScope, 3, None)))


def test_there_and_back():
    offset = 4
    settings = described(lambda x, factor=3: factor * x + offset)
    with SafeModeScope(False):
        function = restore_lambda(settings)
    assert function(2) == 10 and function(2, 5) == 14


def test_numpy_is_there():
    with SafeModeScope(False):
        function = restore_lambda(described(lambda x: np.tanh(x)))
    assert function(0.0) == 0.0


def test_the_parts_by_name():
    code, defaults, closure = described(lambda x, y=1: x + y)["value"]
    with SafeModeScope(False):
        function = restore_lambda({"code": code, "defaults": defaults, "closure": closure})
    assert function(1) == 2


FACTOR, OTHER = 3, 4


def test_globals_of_the_script():
    """They are not in the config: whoever loads it gives them."""
    settings = described(lambda x: [each * FACTOR + OTHER + len("ab") for each in x])
    with SafeModeScope(False), CustomObjectScope({"FACTOR": 5, "OTHER": 1, "len": min}):
        assert restore_lambda(settings)([1, 2]) == [8, 13]
    for given, missing in (({}, "FACTOR, OTHER"), ({"OTHER": 1}, "FACTOR")):
        with SafeModeScope(False), CustomObjectScope(given):
            with pytest.raises(
                SerializationError, match=f"the globals {missing} of.*custom_objects={{'FACTOR': FACTOR"
            ):
                restore_lambda(settings)


def test_the_scope_that_warns_of_globals():
    with pytest.warns(UserWarning, match="custom_objects={'FACTOR': FACTOR, 'OTHER': OTHER}, safe_mode=False"):
        with SavingScope():
            lambda_parts(lambda x: np.sum(x) * FACTOR)
            with SavingScope():
                lambda_parts(lambda x: len(x))
            lambda_parts(lambda x: (lambda: OTHER + FACTOR)() + x)
    lambda_parts(lambda x: FACTOR)  # outside of it nothing is said


def test_refused_unless_it_is_allowed():
    ran = []
    settings = described(lambda: ran.append(1))
    for refused in (lambda: restore_lambda(settings), lambda: _in_scope(True, settings)):
        with pytest.raises(SerializationError, match="safe_mode=False.*enable_unsafe_deserialization"):
            refused()
    config.enable_unsafe_deserialization()
    assert callable(restore_lambda(settings)) and callable(_in_scope(True, settings))
    assert ran == []


def _in_scope(safe_mode, settings):
    with SafeModeScope(safe_mode):
        return restore_lambda(settings)


def test_the_outermost_scope_decides():
    assert in_safe_mode()
    with SafeModeScope(False):
        assert not in_safe_mode()
        with SafeModeScope(True):
            assert not in_safe_mode()
    with SafeModeScope(True):
        with SafeModeScope(False):
            assert in_safe_mode()
        assert in_safe_mode()
    assert in_safe_mode()


def test_a_scope_is_of_one_thread():
    found = []
    with SafeModeScope(False):
        thread = threading.Thread(target=lambda: found.append(in_safe_mode()))
        thread.start()
        thread.join()
    assert found == [True]


@pytest.mark.parametrize(
    "settings",
    [{}, {"value": "x"}, {"value": None}, {"value": ["AAAA", None, None]}, {"value": ["!", None, None]}, [], "value"],
)
def test_what_is_no_code(settings):
    with pytest.raises(SerializationError, match="lambda cannot be read"):
        _in_scope(False, settings)

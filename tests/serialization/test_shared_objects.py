"""One object in several places of a config is one object again."""

import json
import threading

import pytest

from minikeras import initializers, layers
from minikeras.errors import SerializationError
from minikeras.serialization.configs import deserialize_keras_object, serialize_keras_object
from minikeras.serialization.shared_objects import SharingScope

KEY = "shared_object_id"


def written(value):
    with SharingScope() as scope:
        return json.loads(json.dumps(scope.finished(serialize_keras_object(value))))


def read(config):
    with SharingScope():
        return deserialize_keras_object(config)


def test_numbers_are_for_what_comes_again():
    first, second, third = (initializers.HeNormal(seed) for seed in (1, 2, 3))
    config = written([first, second, third, second, first, first])
    assert [each.get(KEY) for each in config] == [1, 2, None, 2, 1, 1]
    found = read(config)
    assert found[0] is found[4] is found[5] and found[1] is found[3]
    assert len({id(each) for each in found}) == 3 and [each.seed for each in found[:3]] == [1, 2, 3]


def test_inside_of_layers():
    shared = initializers.HeNormal(1)
    first, second = read(written([layers.Dense(2, kernel_initializer=shared) for _ in range(2)]))
    assert first.kernel_initializer is second.kernel_initializer
    assert first.bias_initializer is not second.bias_initializer


def test_without_a_scope_nothing_is_shared():
    shared = initializers.HeNormal(1)
    assert all(KEY not in config for config in serialize_keras_object([shared, shared]))
    first, second = deserialize_keras_object(written([shared, shared]))
    assert first is not second


def test_a_scope_inside_goes_on_with_the_outer_one():
    shared = initializers.HeNormal(1)
    with SharingScope():
        first = serialize_keras_object(shared)
        with SharingScope():
            second = serialize_keras_object(shared)
        third = serialize_keras_object(shared)
    assert first[KEY] == second[KEY] == third[KEY] == 1
    with SharingScope() as scope:
        config = serialize_keras_object([initializers.Zeros(), shared])
        assert config[1][KEY] == 2 and KEY not in scope.finished(config)[1]


def test_objects_that_live_shortly_are_not_mistaken_for_others():
    class Maker(initializers.Initializer):
        def get_config(self):
            return {"inner": initializers.HeNormal(1)}

    config = written([Maker() for _ in range(20)])
    assert all(KEY not in each and KEY not in each["config"]["inner"] for each in config)


def test_a_scope_is_of_one_thread():
    found = []
    shared = initializers.HeNormal(1)
    with SharingScope():
        serialize_keras_object(shared)
        thread = threading.Thread(target=lambda: found.append(serialize_keras_object(shared)))
        thread.start()
        thread.join()
    assert KEY not in found[0]


def test_a_number_of_an_object_of_another_class():
    zeros = {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": None, KEY: 1}
    with pytest.raises(SerializationError, match="The shared object 1 is"):
        read([zeros, {**zeros, "class_name": "Ones"}])


@pytest.mark.parametrize("number", [None, [1], {"a": 1}, "x"])
def test_any_number_will_do(number):
    zeros = {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": None, KEY: number}
    first, second = read([zeros, zeros])
    assert first is second

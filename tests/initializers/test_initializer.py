import random

import numpy as np
import pytest

from minikeras import initializers
from minikeras.engine.naming import to_snake_case
from minikeras.engine.variable import Variable
from minikeras.errors import ArgumentError, LegacyWarning, NotSupportedError
from minikeras.initializers import Initializer, RandomNormal
from minikeras.random import SeedGenerator
from minikeras.utils import set_random_seed

# Every initializer, with arguments other than the defaults.
ALL = {
    "Constant": {"value": 2.5},
    "GlorotNormal": {"seed": 1, "input_axes": [0], "output_axes": [1]},
    "GlorotUniform": {"seed": 1, "input_axes": [0], "output_axes": [1]},
    "HeNormal": {"seed": 1, "input_axes": [0], "output_axes": [1]},
    "HeUniform": {"seed": 1, "input_axes": [0], "output_axes": [1]},
    "Identity": {"gain": 3.0},
    "LecunNormal": {"seed": 1, "input_axes": [0], "output_axes": [1]},
    "LecunUniform": {"seed": 1, "input_axes": [0], "output_axes": [1]},
    "Ones": {},
    "Orthogonal": {"gain": 2.0, "seed": 1},
    "RandomNormal": {"mean": 1.0, "stddev": 2.0, "seed": 1},
    "RandomUniform": {"minval": 1.0, "maxval": 2.0, "seed": 1},
    "STFT": {"side": "imag", "window": "hamming", "scaling": "spectrum", "periodic": True},
    "TruncatedNormal": {"mean": 1.0, "stddev": 2.0, "seed": 1},
    "VarianceScaling": {
        "scale": 2.0,
        "mode": "fan_out",
        "distribution": "uniform",
        "seed": 1,
        "input_axes": [0],
        "output_axes": [1],
    },
    "Zeros": {},
}
RANDOM = [name for name, arguments in ALL.items() if "seed" in arguments]
every = pytest.mark.parametrize("name", ALL)
every_random = pytest.mark.parametrize("name", RANDOM)


def make(name, **changed):
    return getattr(initializers, name)(**{**ALL[name], **changed})


def shape(name):
    return (4, 1, 3) if name == "STFT" else (4, 3)


def test_the_list_is_complete():
    classes = [
        value
        for value in (getattr(initializers, name) for name in initializers.__all__)
        if isinstance(value, type) and issubclass(value, Initializer) and value is not Initializer
    ]
    assert {cls.__name__ for cls in classes} == set(ALL)


@every
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", None])
def test_shape_and_dtype(name, dtype):
    values = make(name)(shape(name), dtype=dtype)
    assert type(values) is np.ndarray
    assert values.shape == shape(name)
    assert values.dtype == (dtype or "float32")


@every
def test_config_makes_an_equal_one(name):
    initializer = make(name)
    assert initializer.get_config() == ALL[name]
    for copy in (
        type(initializer).from_config(initializer.get_config()),
        initializer.clone(),
        initializers.deserialize(initializers.serialize(initializer)),
        initializers.get(initializers.serialize(initializer)),
    ):
        assert type(copy) is type(initializer) and copy is not initializer
        np.testing.assert_array_equal(copy(shape(name)), initializer(shape(name)))


@every
def test_default_arguments(name):
    assert getattr(initializers, name)()(shape(name)).shape == shape(name)


@every
def test_fills_a_variable(name):
    variable = Variable(make(name), shape=shape(name))
    np.testing.assert_array_equal(variable.numpy(), make(name)(shape(name)))


@every_random
def test_an_integer_seed_gives_the_same_values_in_each_call(name):
    initializer = make(name)
    np.testing.assert_array_equal(initializer((4, 3)), initializer((4, 3)))
    assert (make(name, seed=2)((4, 3)) != initializer((4, 3))).any()


@every_random
def test_a_seed_generator_gives_other_values_in_each_call(name):
    initializer = make(name, seed=SeedGenerator(1))
    first = initializer((4, 3))
    np.testing.assert_array_equal(first, make(name)((4, 3)))
    assert (initializer((4, 3)) != first).any()


@every_random
def test_without_seed_one_comes_from_python(name):
    set_random_seed(3)
    initializer = make(name, seed=None)
    assert initializer.seed == random.Random(3).randint(1, 10**9)
    assert initializer.get_config()["seed"] is None
    np.testing.assert_array_equal(initializer((4, 3)), initializer((4, 3)))
    assert (initializer.clone()((4, 3)) != initializer((4, 3))).any()


@every_random
def test_a_seed_generator_goes_through_the_config(name):
    initializer = make(name, seed=SeedGenerator(5, name="mine"))
    config = initializer.get_config()
    assert config["seed"] == {
        "module": "keras.random",
        "class_name": "SeedGenerator",
        "config": {"seed": 5, "name": "mine"},
        "registered_name": None,
    }
    copy = initializer.clone()
    assert copy.seed is not initializer.seed
    np.testing.assert_array_equal(copy((4, 3)), initializer((4, 3)))


@every_random
@pytest.mark.parametrize("seed", [1.0, "1", -1, [1]])
def test_bad_seeds(name, seed):
    with pytest.raises(ArgumentError, match=f"`{name}` expects.*seed"):
        make(name, seed=seed)


def test_the_base_has_no_values():
    with pytest.raises(NotSupportedError, match="Mine does not define `__call__"):
        type("Mine", (Initializer,), {})()((2,))


def test_arguments_that_are_not_numbers():
    with pytest.raises(ArgumentError, match="RandomNormal: `stddev` must be a number.*'a'"):
        RandomNormal(stddev="a")


@pytest.mark.parametrize("name", ["Constant", "GlorotUniform", "Zeros"])
def test_a_config_of_keras_2(name):
    config = {"class_name": name, "config": {**make(name).get_config(), "dtype": "float32"}}
    with pytest.warns(LegacyWarning, match=f"`dtype` in a config of {name}"):
        assert initializers.get(config).get_config() == make(name).get_config()


@every_random
def test_a_function_of_keras_2(name):
    function = getattr(initializers, to_snake_case(name))
    np.testing.assert_array_equal(function(**ALL[name])((4, 3)), make(name)((4, 3)))
    assert type(initializers.get(function)) is type(make(name))

import numpy as np
import pytest

from minikeras import initializers
from minikeras.errors import ArgumentTypeError, ShapeError, UnknownNameError
from minikeras.initializers import Constant, GlorotUniform, Ones, RandomNormal, Zeros

NAMES = {
    "Zeros": Zeros,
    "zeros": Zeros,
    "zero": Zeros,
    "one": Ones,
    "glorot_uniform": GlorotUniform,
    "GlorotUniform": GlorotUniform,
    "normal": RandomNormal,
    "random_normal": RandomNormal,
}


@pytest.mark.parametrize("name", NAMES)
def test_names(name):
    assert type(initializers.get(name)) is NAMES[name]


def test_snake_case_aliases():
    for name in initializers.__all__:
        value = getattr(initializers, name)
        if name[0].islower() and isinstance(value, type):
            assert type(initializers.get(name)) is value


def test_objects_and_classes():
    zeros = Zeros()
    assert initializers.get(zeros) is zeros
    assert type(initializers.get(Zeros)) is Zeros
    assert initializers.get(None) is None

    def mine(shape, dtype=None):
        return np.zeros(shape, dtype)

    assert initializers.get(mine) is mine


def test_configs():
    assert initializers.get({"class_name": "Constant", "config": {"value": 3}}).value == 3
    assert type(initializers.deserialize("zeros")) is Zeros
    assert initializers.serialize(Constant(3.0)) == {
        "module": "keras.initializers",
        "class_name": "Constant",
        "config": {"value": 3.0},
        "registered_name": None,
    }


def test_arrays():
    given = np.arange(4.0).reshape(2, 2)
    initializer = initializers.get(given)
    given[:] = 9
    values = initializer((2, 2))
    assert values.tolist() == [[0, 1], [2, 3]] and values.dtype == "float32"
    assert initializer((2, 2), "int32").dtype == "int32"
    with pytest.raises(ShapeError, match=r"\(2, 2\).*\(4,\)"):
        initializer((4,))


def test_unknown_name():
    with pytest.raises(UnknownNameError, match="Unknown initializer: 'glorot_unifrm'. Did you mean 'glorot_uniform'?"):
        initializers.get("glorot_unifrm")


@pytest.mark.parametrize("identifier", [3, [1.0, 2.0], 2.5])
def test_something_else(identifier):
    with pytest.raises(ArgumentTypeError, match="initializer"):
        initializers.get(identifier)

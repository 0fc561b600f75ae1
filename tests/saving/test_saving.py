"""What `saving` and `utils` offer under Keras's names."""

import pytest

from minikeras import activations, constraints, initializers, layers, losses, metrics, regularizers, saving, utils


@saving.register_keras_serializable("tests")
def halved(x):
    return x / 2


@saving.register_keras_serializable("tests")
class Sevens(initializers.Initializer):
    def __call__(self, shape, dtype=None):
        return initializers.Constant(7)(shape, dtype)


@saving.register_keras_serializable("tests")
class Sum(regularizers.L1):
    pass


@saving.register_keras_serializable("tests")
class Half(constraints.NonNeg):
    pass


@saving.register_keras_serializable("tests")
class Distance(losses.MeanAbsoluteError):
    pass


@saving.register_keras_serializable("tests")
class Error(metrics.MeanAbsoluteError):
    pass


@saving.register_keras_serializable("tests")
class Twice(layers.Layer):
    def call(self, inputs):
        return 2 * inputs


OBJECTS = [
    (activations, halved),
    (initializers, Sevens()),
    (regularizers, Sum(0.5)),
    (constraints, Half()),
    (losses, Distance(name="d")),
    (losses, halved),
    (metrics, Error(name="e")),
    (metrics, halved),
    (layers, Twice(name="t")),
]


def test_names():
    assert saving.custom_object_scope is saving.CustomObjectScope
    for name in set(saving.__all__) - {"KerasFileEditor", "load_model", "load_weights", "save_model", "save_weights"}:
        assert getattr(utils, name) is getattr(saving, name)


@pytest.mark.parametrize(("package", "value"), OBJECTS, ids=lambda each: getattr(each, "__name__", type(each).__name__))
def test_every_package_knows_what_is_registered(package, value):
    config = package.serialize(value)
    assert config == saving.serialize_keras_object(value)
    for found in (package.deserialize(config), saving.deserialize_keras_object(config)):
        if value is halved:
            assert found is halved
        else:
            assert type(found) is type(value) and found.get_config() == value.get_config()


def test_what_is_registered_is_found_inside_of_a_layer():
    layer = layers.Dense(2, activation=halved, kernel_initializer=Sevens())
    again = layers.deserialize(layers.serialize(layer))
    assert again.activation is halved and type(again.kernel_initializer) is Sevens
    assert again([[1.0, 1.0]]).tolist() == [[7.0, 7.0]]


def test_custom_objects_reach_what_is_inside():
    class Eights(initializers.Initializer):
        def __call__(self, shape, dtype=None):
            return initializers.Constant(8)(shape, dtype)

    config = layers.serialize(layers.Dense(2, kernel_initializer=Eights()))
    with pytest.raises(ValueError, match="'Eights'"):
        layers.deserialize(config)
    custom = {"Eights": Eights}
    for found in (layers.deserialize(config, custom), saving.deserialize_keras_object(config, custom)):
        assert type(found.kernel_initializer) is Eights
    with saving.custom_object_scope(custom):
        assert type(layers.deserialize(config).kernel_initializer) is Eights
        assert type(layers.Dense(2, kernel_initializer="Eights").kernel_initializer) is Eights

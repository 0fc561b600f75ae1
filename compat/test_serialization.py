"""Configs of objects next to those of Keras: what is written, what is read, what is refused."""

import importlib
import inspect
import json

import keras
import numpy as np
import pytest
from keras.src.api_export import get_name_from_symbol
from keras.src.saving.serialization_lib import ObjectSharingScope

import minikeras
from minikeras.serialization import configs as serialization
from minikeras.serialization import public
from minikeras.serialization.shared_objects import SharingScope

# What of `keras.saving` is about files of models.
FILES = {"KerasFileEditor", "load_model", "load_weights", "save_model", "save_weights"}
NAMES = [name for name in dir(keras.saving) if not name.startswith("_") and name not in FILES]
LIBRARIES = [keras, minikeras]
SCOPES = {keras: ObjectSharingScope, minikeras: SharingScope}


@pytest.fixture(autouse=True)
def _nothing_stays_registered():
    before = [dict(library.saving.get_custom_objects()) for library in LIBRARIES]
    for library in LIBRARIES:
        library.saving.get_custom_objects().clear()
    yield
    for library, objects in zip(LIBRARIES, before, strict=True):
        library.saving.get_custom_objects().clear()
        library.saving.get_custom_objects().update(objects)
    minikeras.config._settings["safe_deserialization"] = True


def pairs(name="mine"):
    """A class and a function of the same name for each library, registered there."""
    found = []
    for library in LIBRARIES:

        class Mine(library.regularizers.Regularizer):
            def __init__(self, size=1, inner=None):
                self.size = size
                self.inner = inner

            def __call__(self, x):
                return self.size

            def get_config(self):
                return {"size": self.size, "inner": self.inner}

        def mine(x):
            return x

        library.saving.register_keras_serializable("shop")(mine)
        found.append((library, library.saving.register_keras_serializable("shop", name)(Mine), mine))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_names(name):
    assert name in minikeras.saving.__all__
    if hasattr(keras.utils, name):
        assert getattr(minikeras.utils, name) is getattr(minikeras.saving, name)
    ours, theirs = (inspect.signature(getattr(library.saving, name)).parameters.values() for library in LIBRARIES[::-1])
    # `**kwargs` takes what old loaders passed on, to no effect.
    theirs = [each for each in theirs if each.kind is not each.VAR_KEYWORD]
    assert [(each.name, each.default) for each in ours] == [(each.name, each.default) for each in theirs]


def test_nothing_but_the_names_of_keras():
    assert set(minikeras.saving.__all__) - set(NAMES) <= FILES


PLAIN = {
    "none": None,
    "number": 1.5,
    "flag": True,
    "text": "a",
    "list": [1, (2, 3)],
    "tuple": (1, 2),
    "dict": {"a": (1,), 2: "b"},
    "bytes": b"ab",
    "int64": np.int64(3),
    "float32": np.float32(0.1),
    "bool": np.bool_(True),
    "array": np.array([[1, 2]], "int32"),
    "array of one": np.array(2.5),
    "float16": np.array([1, 2], "float16"),
    "slice": slice(np.int64(1), None, 2),
    "ellipsis": Ellipsis,
    "nested": {"a": [slice(1, 2), np.array([1.5])], "b": {"c": b"d"}},
}


@pytest.mark.parametrize("value", PLAIN.values(), ids=PLAIN)
def test_values(value):
    config = keras.saving.serialize_keras_object(value)
    ours = minikeras.saving.serialize_keras_object(value)
    assert ours == config and type(ours) is type(config)
    first, second = (library.saving.deserialize_keras_object(config) for library in LIBRARIES)
    assert repr(first) == repr(second)


VALUES = {
    "variable": lambda k: k.Variable([1.0]),
    "symbolic": lambda k: k.KerasTensor((None, 3), "int32"),
    "function": lambda k: k.activations.relu,
}


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of TensorFlow's own variables
@pytest.mark.parametrize("make", VALUES.values(), ids=VALUES)
def test_values_of_each_library(make):
    config, ours = (library.saving.serialize_keras_object(make(library)) for library in LIBRARIES)
    assert ours == config
    first, second = (library.saving.deserialize_keras_object(config) for library in LIBRARIES)
    assert getattr(first, "shape", None) == getattr(second, "shape", None)
    assert getattr(first, "dtype", None) == getattr(second, "dtype", None)
    assert getattr(first, "__name__", None) == getattr(second, "__name__", None)


UNDESCRIBED = {"set": {1, 2}, "object": object(), "complex": 1j, "range": range(3)}
UNDESCRIBED |= {"text": np.array(["a"]), "objects": np.array([None])}


@pytest.mark.parametrize("value", UNDESCRIBED.values(), ids=UNDESCRIBED)
def test_what_cannot_be_described(value):
    for library in LIBRARIES:
        with pytest.raises((TypeError, ValueError)):
            library.saving.serialize_keras_object({"a": [value]} if library is minikeras else value)


# Classes that Keras names in no public namespace: by the namespace of their configs, the private one of Keras.
MODULES = {
    "keras.applications.convnext": "keras.src.applications.convnext",
    "keras.applications.inception_resnet_v2": "keras.src.applications.inception_resnet_v2",
}
# These are no public namespaces: only configs name them, which test_functional.py and test_feature_space.py compare.
PRIVATE = ("keras.models.functional", "keras.layers.preprocessing.feature_space")
CLASSES = {
    f"{namespace}.{name}": public.find(namespace, name)
    for namespace in public.NAMESPACES
    for name in public.names(namespace)
    if inspect.isclass(public.find(namespace, name)) and namespace not in (*PRIVATE, *MODULES)
}
NAMED_OTHERWISE = {"keras.layers.GroupQueryAttention": "GroupedQueryAttention"}  # in Keras: a name that is not public


@pytest.mark.parametrize("path", CLASSES)
def test_where_classes_are_from(path):
    theirs = keras
    for part in path.split(".")[1:]:
        theirs = getattr(theirs, part)
    # A class of its own for a second name says in files that it is the first one.
    second = vars(CLASSES[path]).get("class_name")  # a property of the other classes of layers
    name = second if isinstance(second, str) else CLASSES[path].__name__
    assert f"{serialization._home(CLASSES[path])}.{name}" == get_name_from_symbol(theirs)
    assert theirs.__name__ == NAMED_OTHERWISE.get(path, name)


@pytest.mark.parametrize("path", MODULES)
def test_layers_of_applications(path):
    for name in public.names(path):
        layer = public.find(path, name)(0.5, **({"projection_dim": 2} if name == "LayerScale" else {}))
        theirs = getattr(importlib.import_module(MODULES[path]), name).from_config(layer.get_config())
        ours = minikeras.saving.serialize_keras_object(layer)
        expected = keras.saving.serialize_keras_object(theirs)
        assert ours == expected
        assert type(minikeras.saving.deserialize_keras_object(expected)) is type(layer)


OBJECTS = {
    "initializer": lambda k: k.initializers.HeNormal(3),
    "with a generator": lambda k: k.initializers.HeNormal(k.random.SeedGenerator(3, name="s")),
    "array": lambda k: k.initializers.Constant(np.array([1.0, 2.0], "float32")),
    "regularizer": lambda k: k.regularizers.L1L2(0.1, 0.2),
    "constraint": lambda k: k.constraints.MinMaxNorm(axis=[0, 1]),
    "loss": lambda k: k.losses.BinaryCrossentropy(from_logits=True),
    "metric": lambda k: k.metrics.BinaryAccuracy(threshold=0.2),
    "optimizer": lambda k: k.optimizers.SGD(0.5, momentum=0.25, name="o"),
    "with a schedule": lambda k: k.optimizers.SGD(k.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5), name="o"),
    "policy": lambda k: k.DTypePolicy("float16"),
    "layer": lambda k: k.layers.Dense(2, "relu", kernel_initializer="ones", name="d"),
    "layer with a layer": lambda k: k.layers.Activation(k.layers.ReLU(3.0, name="r"), name="a"),
    "model": lambda k: k.Sequential([k.layers.Input((3,), name="i"), k.layers.Dense(2, name="d")], name="m"),
}


@pytest.mark.parametrize("make", OBJECTS.values(), ids=OBJECTS)
def test_objects(make):
    theirs, ours = (library.saving.serialize_keras_object(make(library)) for library in LIBRARIES)
    assert ours == theirs
    stored = json.dumps(theirs)
    for library in LIBRARIES:
        made = library.saving.deserialize_keras_object(json.loads(stored))
        assert json.dumps(library.saving.serialize_keras_object(made)) == stored


def test_a_built_layer():
    for library in LIBRARIES:
        layer = library.layers.Dense(2, name="d")
        layer.build((None, 3))
        config = json.loads(json.dumps(library.saving.serialize_keras_object(layer)))
        assert config["build_config"] == {"input_shape": [None, 3]}
        for other in LIBRARIES:
            again = other.saving.deserialize_keras_object(config)
            assert again.built and again.kernel.shape == (3, 2)


def test_what_is_registered():
    configs = []
    for library, cls, function in pairs():
        saving = library.saving
        assert saving.get_registered_name(cls) == "shop>mine" and saving.get_registered_name(function) == "shop>mine"
        assert saving.get_registered_object("shop>mine") is cls  # registered last
        value = {"a": cls(3, (1, 2)), "b": [library.regularizers.L2(0.5)]}
        configs.append(saving.serialize_keras_object(value))
        found = saving.deserialize_keras_object(configs[-1])
        assert type(found["a"]) is cls and found["a"].size == 3
    assert configs[0] == configs[1]
    assert configs[0]["a"]["registered_name"] == "shop>mine"


def test_functions():
    for library, _, function in pairs("other"):
        config = library.saving.serialize_keras_object(function)
        assert config == {
            "module": "builtins",
            "class_name": "function",
            "config": "shop>mine",
            "registered_name": "function",
        }
        assert library.saving.deserialize_keras_object(config) is function


ZEROS = {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": None}
REFUSED = {
    "unknown class": {**ZEROS, "class_name": "Zeroes"},
    "no module": {"class_name": "Zeros", "config": {}},
    "none as module": {**ZEROS, "module": None},
    "foreign module": {**ZEROS, "module": "json", "class_name": "JSONDecoder"},
    "own module, not registered": {**ZEROS, "module": __name__, "class_name": "Mine", "registered_name": "Mine"},
    "system": {**ZEROS, "module": "os", "class_name": "system", "config": {"command": "true"}},
    "get_file": {**ZEROS, "module": "keras.utils", "class_name": "get_file"},
    "load_model": {**ZEROS, "module": "keras.saving", "class_name": "load_model"},
    "the switch": {**ZEROS, "module": "keras.config", "class_name": "enable_unsafe_deserialization"},
    "unknown function": {**ZEROS, "module": "builtins", "class_name": "function", "config": "eval"},
    "builtin function": {**ZEROS, "module": "builtins", "class_name": "builtin_function_or_method", "config": "len"},
    "config is text": {**ZEROS, "config": "text"},
    "wrong argument": {**ZEROS, "config": {"value": 1}},
    "unknown value": {"class_name": "__complex__", "config": {}},
    "number as class": {"class_name": 3, "config": {}},
    "ragged array": {"class_name": "__numpy__", "config": {"value": [[1], [1, 2]], "dtype": "int32"}},
    "no config": object(),
    "set": {1, 2},
}


@pytest.mark.parametrize("config", REFUSED.values(), ids=REFUSED)
def test_what_is_refused(config):
    for library in LIBRARIES:
        with pytest.raises((TypeError, ValueError)):
            library.saving.deserialize_keras_object(config)
    assert minikeras.config.is_deserialization_safe()


def test_custom_objects():
    def mine(x):
        return x

    class Mine:
        @classmethod
        def from_config(cls, config):
            return cls()

    custom = {"mine": mine, "Mine": Mine, "relu": mine, "Dense": Mine}
    function = {"module": "builtins", "class_name": "function", "config": "mine", "registered_name": "function"}
    dense = {"class_name": "Dense", "config": {"units": 2}}
    for library in LIBRARIES:
        read = library.saving.deserialize_keras_object
        assert read(function, custom) is mine and read({**function, "config": "relu"}, custom) is mine
        assert read("mine", custom) is mine and read({"a": ["mine", "x"]}, custom) == {"a": [mine, "x"]}
        assert type(read({**ZEROS, "class_name": "other", "registered_name": "Mine"}, custom)) is Mine
        assert type(read(dense, custom)) is Mine
        of_keras = {**dense, "module": "keras.layers", "registered_name": None}
        assert type(read(of_keras, custom)) is library.layers.Dense
        with pytest.raises((TypeError, ValueError)):
            read({**ZEROS, "module": None, "class_name": "Mine", "registered_name": "other"}, custom)


def test_scopes():
    for library, cls, function in pairs():
        saving = library.saving
        with saving.custom_object_scope({"shop>mine": 1, "a": function}):
            assert saving.get_registered_object("shop>mine") == 1
            assert saving.get_registered_object("a", {"a": 2}) is function
            assert saving.get_custom_objects() == {"shop>mine": cls}
        assert saving.get_registered_object("shop>mine") is cls
        assert saving.get_registered_object("a") is None
        assert saving.get_registered_object("a", {"a": 2}, {"a": 3}) == 2


def test_lambdas_are_written_alike_and_refused_alike():
    offset = 4
    value = lambda x, factor=3: factor * x + offset  # noqa: E731
    configs = []
    for library in LIBRARIES:
        with pytest.warns(UserWarning, match="includes a `lambda`"):
            configs.append(library.saving.serialize_keras_object(value))
    assert configs[0] == configs[1]
    stored = json.loads(json.dumps(configs[0]))
    for library in LIBRARIES:
        with pytest.raises(ValueError, match="safe_mode=False"):
            library.saving.deserialize_keras_object(stored)
        assert library.saving.deserialize_keras_object(stored, safe_mode=False)(2) == 10
    minikeras.config.enable_unsafe_deserialization()
    assert minikeras.saving.deserialize_keras_object(stored)(2) == 10


def test_shared_objects():
    """Written in one library's scope and read in the other's, one object is one object again."""
    configs = []
    for library, scope in SCOPES.items():
        shared = library.initializers.HeNormal(3)
        layers = [library.layers.Dense(2, kernel_initializer=shared, name=name) for name in "ab"]
        with scope() as opened:
            configs.append([library.saving.serialize_keras_object(each) for each in [shared, *layers, shared]])
            configs[-1] = opened.finished(configs[-1]) if library is minikeras else configs[-1]
    for library, scope in SCOPES.items():
        for config in configs:
            with scope():
                found = library.saving.deserialize_keras_object(json.loads(json.dumps(config)))
            assert found[3] is found[0] and found[1].bias_initializer is not found[2].bias_initializer
            # Inside of layers, Keras forgets to number the first one, and reads none of them as shared.
            if config is configs[1] and library is minikeras:
                assert found[0] is found[1].kernel_initializer is found[2].kernel_initializer


PACKAGES = ["activations", "constraints", "initializers", "losses", "metrics", "regularizers"]


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_read_what_was_registered(package):
    for library, cls, function in pairs("other"):
        module = getattr(library, package)
        config = module.serialize(function)
        assert config == library.saving.serialize_keras_object(function)
        assert module.deserialize(config) is function and module.get(config) is function
        assert module.serialize(cls(2)) == library.saving.serialize_keras_object(cls(2))
        assert type(module.deserialize(module.serialize(cls(2)))) is cls

"""Configs of objects, values and containers, and what may be made of a config."""

import json

import numpy as np
import pytest

import minikeras
from minikeras import activations, initializers, layers, losses, ops, regularizers
from minikeras.engine.variable import Variable
from minikeras.errors import ArgumentError, SerializationError, UnknownNameError
from minikeras.graph.keras_tensor import KerasTensor
from minikeras.serialization import configs as serialization
from minikeras.serialization import custom_objects, public
from minikeras.serialization.configs import deserialize_keras_object, serialize_keras_object
from minikeras.serialization.custom_objects import CustomObjectScope


class Thing:
    def __init__(self, size=1):
        self.size = size

    def get_config(self):
        return {"size": self.size}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


class Built(Thing):
    shape = None

    def get_build_config(self):
        return {"input_shape": (None, 3)}

    def build_from_config(self, config):
        self.shape = config["input_shape"]

    def get_compile_config(self):
        return {"loss": foreign}

    def compile_from_config(self, config):
        self.loss = deserialize_keras_object(config)["loss"]


def foreign(x):
    return x


THING = {"module": __name__, "class_name": "Thing", "config": {"size": 1}, "registered_name": "Thing"}
ZEROS = {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": None}

POLICY = {**ZEROS, "module": "keras", "class_name": "DTypePolicy", "config": {"name": "float16"}}
SEQUENTIAL = {**ZEROS, "class_name": "Sequential", "config": {"layers": []}}


def function(name):
    return {"module": "builtins", "class_name": "function", "config": name, "registered_name": "function"}


def value(class_name, **config):
    return {"class_name": f"__{class_name}__", "config": config}


@pytest.mark.parametrize("plain", [None, True, 3, 2.5, "text", [1, [2.5, "a"]], {"a": [None], "b": {"c": 1}}, {}, []])
def test_plain_values_stay(plain):
    assert serialize_keras_object(plain) == plain
    assert deserialize_keras_object(plain) == plain


@pytest.mark.parametrize(
    ("given", "config"),
    [
        (np.int64(3), 3),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (np.array(2.5), 2.5),
        (np.dtype("float32"), "float32"),
        (np.float32, "float32"),
        ((1, (2,)), (1, (2,))),
        ({"a": (np.int8(1), slice(2))}, {"a": (1, value("slice", start=None, stop=2, step=None))}),
    ],
)
def test_what_becomes_plain(given, config):
    found = serialize_keras_object(given)
    assert found == config and type(found) is type(config)


@pytest.mark.parametrize(
    ("given", "config"),
    [
        (np.array([[1, 2]], "int32"), value("numpy", value=[[1, 2]], dtype="int32")),
        (np.zeros((0, 2), "float16"), value("numpy", value=[], dtype="float16")),
        (slice(1, None, np.int64(2)), value("slice", start=1, stop=None, step=2)),
        (Ellipsis, value("ellipsis")),
        (b"text", value("bytes", value="text")),
        (Variable([1.0]), value("tensor", value=[1.0], dtype="float32")),
        (KerasTensor((None, 3)), value("keras_tensor", shape=(None, 3), dtype="float32", keras_history=None)),
        (Thing(), THING),
        (foreign, function("foreign")),
        (activations.relu, function("relu")),
        (ops.relu, function("relu")),
        (ops.sin, function("sin")),
        (initializers.Zeros(), ZEROS),
        (
            minikeras.DTypePolicy("float16"),
            {**ZEROS, "module": "keras", "class_name": "DTypePolicy", "config": {"name": "float16"}},
        ),
    ],
)
def test_configs(given, config):
    assert serialize_keras_object(given) == config


def test_from_values():
    array = deserialize_keras_object(value("numpy", value=[[1, 2]], dtype="int32"))
    assert array.dtype == "int32" and array.tolist() == [[1, 2]]
    tensor = deserialize_keras_object(value("tensor", value=[1.0], dtype="float32"))
    assert type(tensor) is np.ndarray and tensor.dtype == "float32"
    assert deserialize_keras_object(value("slice", start=1, stop=None, step=2)) == slice(1, None, 2)
    assert deserialize_keras_object(value("ellipsis")) is Ellipsis
    assert deserialize_keras_object(value("bytes", value="text")) == b"text"
    assert deserialize_keras_object(value("keras_tensor", shape=[None, 3], dtype="float32")).shape == (None, 3)
    assert deserialize_keras_object((1, (2,))) == [1, [2]]


def test_objects_in_containers():
    found = deserialize_keras_object({"a": [ZEROS], "b": {"c": function("relu")}, "class_name": "no config beside it"})
    assert type(found["a"][0]) is initializers.Zeros and found["b"]["c"] is activations.relu
    assert found["class_name"] == "no config beside it"


def test_arrays_inside_of_a_config():
    config = serialize_keras_object(Thing(np.array([1.0, 2.0])))
    assert config["config"] == {"size": value("numpy", value=[1.0, 2.0], dtype="float64")}
    assert json.loads(json.dumps(config)) == config


@pytest.mark.parametrize(
    "bad", [{1, 2}, object(), 1j, range(3), len, Thing, np.array(["a"]), np.array([None]), Thing().get_config, np.tanh]
)
def test_what_no_config_can_describe(bad):
    for given in (bad, [bad], {"a": bad}, Thing(bad)):
        with pytest.raises(SerializationError, match="Cannot serialize"):
            serialize_keras_object(given)


def test_bytes_that_are_no_text():
    with pytest.raises(SerializationError, match="UTF-8"):
        serialize_keras_object(b"\xff")


def test_a_config_that_is_no_dictionary():
    with pytest.raises(SerializationError, match=r"Mine.get_config\(\) must return a dictionary"):
        serialize_keras_object(type("Mine", (Thing,), {"get_config": lambda self: 3})())


def test_a_function_does_not_become_another_of_the_same_name():
    def relu(x):
        return x

    with pytest.raises(SerializationError, match="'relu'.*register_keras_serializable"):
        serialize_keras_object(relu)
    with CustomObjectScope({"relu": relu}):
        assert deserialize_keras_object(serialize_keras_object(relu)) is relu


@pytest.mark.parametrize(
    ("config", "cls"),
    [
        (ZEROS, initializers.Zeros),
        (
            {**ZEROS, "module": "keras.src.initializers.constant_initializers", "registered_name": "Zeros"},
            initializers.Zeros,
        ),
        ({**ZEROS, "module": "keras.src.initializers"}, initializers.Zeros),
        ({**SEQUENTIAL, "module": "keras"}, minikeras.Sequential),
        ({**SEQUENTIAL, "module": "keras.src.models.sequential"}, minikeras.Sequential),
        ({**ZEROS, "module": "keras.losses", "class_name": "MeanSquaredError"}, losses.MeanSquaredError),
        ({**ZEROS, "module": "keras.metrics", "class_name": "MeanSquaredError"}, minikeras.metrics.MeanSquaredError),
        ({**ZEROS, "module": "keras.optimizers", "class_name": "SGD"}, minikeras.optimizers.SGD),
        ({**ZEROS, "module": "keras.random", "class_name": "SeedGenerator"}, minikeras.random.SeedGenerator),
    ],
)
def test_classes_of_minikeras(config, cls):
    assert type(deserialize_keras_object(config)) is cls


def test_every_public_class_goes_by_its_own_name():
    """Whatever a namespace offers is found again under the module and the name that are written for it."""
    count = 0
    for namespace in public.NAMESPACES:
        for name in public.names(namespace):
            offered = public.find(namespace, name)
            if isinstance(offered, type):
                home = serialization._home(offered)
                assert public.find(home, offered.__name__) is offered, (namespace, name)
                count += 1
    assert count > 80


def test_functions_of_minikeras():
    assert deserialize_keras_object(function("mean_squared_error")) is losses.mean_squared_error
    assert deserialize_keras_object(function("binary_accuracy")) is minikeras.metrics.binary_accuracy
    assert deserialize_keras_object({**ZEROS, "module": "keras.activations", "class_name": "relu"}) is activations.relu


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            {**ZEROS, "class_name": "Zeroes"},
            "Unknown class or function in keras.initializers: 'Zeroes'. Did you mean 'Zeros'",
        ),
        ({**ZEROS, "class_name": "get"}, "Unknown class or function in keras.initializers: 'get'"),
        ({**ZEROS, "class_name": "constants"}, "Unknown class or function in keras.initializers: 'constants'"),
        ({**ZEROS, "module": "keras", "class_name": "utils"}, "Unknown class or function in keras: 'utils'"),
        ({**ZEROS, "module": "keras", "class_name": "__version__"}, "Unknown class or function in keras"),
        (
            {**ZEROS, "module": "keras.activations", "class_name": "deserialize"},
            "Unknown class or function in keras.act",
        ),
    ],
)
def test_names_that_minikeras_has_not(config, message):
    with pytest.raises(UnknownNameError, match=message):
        deserialize_keras_object(config)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("subprocess", "Popen"),
        ("builtins", "eval"),
        ("builtins", "Thing"),
        ("minikeras.config", "enable_unsafe_deserialization"),
        ("keras.config", "enable_unsafe_deserialization"),
        ("keras.src.config", "enable_unsafe_deserialization"),
        ("keras.utils", "get_file"),
        ("keras.saving", "load_model"),
        ("keras.src.saving.saving_api", "load_model"),
        ("minikeras.initializers", "Zeros"),
        (__name__, "Thing"),
        ("tests.engine.test_serialization.x", "Thing"),
        ("", "Zeros"),
        (None, "Zeros"),
        ("keras.", "Zeros"),
        (3, "Zeros"),
    ],
)
def test_nothing_else_is_found(module, name):
    for registered_name in (None, name, "Custom>x"):
        config = {"module": module, "class_name": name, "config": {}, "registered_name": registered_name}
        with pytest.raises(SerializationError, match=f"The class '{name}' is unknown.*register_keras_serializable"):
            deserialize_keras_object(config)
        with pytest.raises(SerializationError, match="is unknown"):
            deserialize_keras_object([{"a": config}])


@pytest.mark.parametrize(
    "name", ["eval", "system", "os.system", "get_file", "foreign", "deserialize", "Zeros", "", None, 3]
)
def test_no_other_functions_are_found(name):
    with pytest.raises(SerializationError, match="is unknown"):
        deserialize_keras_object(function(name))


def test_custom_objects():
    custom = {"Thing": Thing, "foreign": foreign, "relu": foreign}
    assert deserialize_keras_object({**THING, "config": {"size": 5}}, custom).size == 5
    assert type(deserialize_keras_object({"class_name": "Thing", "config": {}}, custom)) is Thing
    assert deserialize_keras_object(function("foreign"), custom) is foreign
    assert deserialize_keras_object(function("relu"), custom) is foreign
    assert deserialize_keras_object({"a": ["foreign", "else"]}, custom) == {"a": [foreign, "else"]}
    with pytest.raises(SerializationError, match="The class 'Thing' is unknown"):
        deserialize_keras_object(THING)


def test_what_was_registered_goes_there_and_back(monkeypatch):
    monkeypatch.setattr(custom_objects, "_registered", {})
    monkeypatch.setattr(custom_objects, "_names", {})
    custom_objects.register_keras_serializable("shop", "it")(Thing)
    custom_objects.register_keras_serializable("shop")(foreign)
    config = json.loads(json.dumps(serialize_keras_object([Thing(5), foreign])))
    assert config == [{**THING, "config": {"size": 5}, "registered_name": "shop>it"}, function("shop>foreign")]
    found = deserialize_keras_object(config)
    assert type(found[0]) is Thing and found[0].size == 5 and found[1] is foreign


def test_built_and_compiled():
    config = serialize_keras_object(Built())
    assert config["build_config"] == {"input_shape": (None, 3)}
    assert config["compile_config"] == {"loss": function("foreign")}
    custom = {"Built": Built, "foreign": foreign}
    found = deserialize_keras_object(json.loads(json.dumps(config)), custom)
    assert found.shape == [None, 3] and found.loss is foreign
    layer = layers.Dense(2)
    layer.build((None, 3))
    found = deserialize_keras_object(serialize_keras_object(layer))
    assert found.built and found.kernel.shape == (3, 2)


@pytest.mark.parametrize(
    "config",
    [
        value("numpy", value=[[1], [1, 2]], dtype="int32"),
        value("numpy", value=[1], dtype="object"),
        value("numpy", value=[1], dtype="O"),
        value("numpy", value="x", dtype="float32"),
        value("numpy", value=[1e400], dtype="int8"),
        value("numpy"),
        {"class_name": "__numpy__", "config": None},
        value("slice", start=1),
        value("bytes", value=3),
        value("keras_tensor", shape=3, dtype="float32"),
        value("keras_tensor", shape=[3], dtype="flaot32"),
        {"class_name": 3, "config": {}},
        {"class_name": ["Zeros"], "config": {}},
        {**ZEROS, "registered_name": ["Zeros"]},
        {**ZEROS, "config": 3},
        {**ZEROS, "config": {"no such": 1}},
        {**ZEROS, "module": "keras.regularizers", "class_name": "L2", "config": {"l2": -1}},
        object(),
        {1, 2},
        [foreign],
    ],
)
def test_bad_configs(config):
    with pytest.raises(ArgumentError):
        deserialize_keras_object(config)


def test_errors_of_a_class_arrive_as_they_are():
    with pytest.raises(ArgumentError, match="L2: `l2` must be a finite number >= 0. Received: l2=-1"):
        deserialize_keras_object({**ZEROS, "module": "keras.regularizers", "class_name": "L2", "config": {"l2": -1}})


def test_a_custom_class_that_cannot_be_made():
    with pytest.raises(SerializationError, match="The class object has no `from_config"):
        deserialize_keras_object({"class_name": "it", "config": {}}, {"it": object})


def test_containers_too_deep():
    config = 1
    for _ in range(100):
        config = [config]
    assert deserialize_keras_object(config)
    for _ in range(10000):
        config = {"a": config}
    with pytest.raises(SerializationError, match="more than 100 containers"):
        deserialize_keras_object(config)


def test_lambdas():
    with pytest.warns(UserWarning, match="lambda"):
        config = json.loads(json.dumps(serialize_keras_object({"f": lambda x, y=2.0: x * y})))
    with pytest.raises(SerializationError, match="safe_mode=False"):
        deserialize_keras_object(config)
    assert deserialize_keras_object(config, safe_mode=False)["f"](4) == 8.0
    with pytest.warns(UserWarning, match="lambda"):
        activation = activations.serialize(lambda x: x)
    with pytest.raises(SerializationError, match="safe_mode=False"):
        activations.deserialize(activation)


def test_only_what_configs_can_describe_is_offered():
    objects = {"Thing": Thing, "foreign": foreign, "get": foreign, "json": json, "object": object, "number": 3}
    offered = {
        namespace: {name: value for name, value in objects.items() if public.can_be_named(namespace, name, value)}
        for namespace in ("keras.things", "keras.losses")
    }
    assert offered == {
        "keras.things": {"Thing": Thing},
        "keras.losses": {"Thing": Thing, "foreign": foreign},
    }


def test_a_class_that_no_namespace_offers():
    class Hidden(regularizers.L2):
        pass

    assert serialization._home(initializers.initializer.RandomInitializer) == "keras.src.initializers.initializer"
    assert serialize_keras_object(Hidden())["registered_name"] == "Hidden"

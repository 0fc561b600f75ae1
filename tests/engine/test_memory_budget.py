"""The budget of what is made from configs: what it counts, who opens it, and what waits for its first use."""

import copy
import json
import threading
import time

import numpy as np
import pytest

from minikeras import Model, Sequential, initializers, layers, models, saving
from minikeras.engine import memory_budget as loading
from minikeras.errors import ArgumentError, MinikerasError, SerializationError
from minikeras.random import SeedGenerator


def dense(units, inputs=3, **settings):
    def part(class_name, **values):
        return {"module": "keras.layers", "class_name": class_name, "config": values, "registered_name": None}

    entries = [part("InputLayer", batch_shape=[None, inputs], name="i"), part("Dense", units=units, **settings)]
    settings = {"name": "m", "layers": entries}
    return {"module": "keras", "class_name": "Sequential", "config": settings, "registered_name": None}


def auc(**settings):
    metric = {"module": "keras.metrics", "class_name": "AUC", "config": settings, "registered_name": None}
    return {**dense(2), "compile_config": {"optimizer": "sgd", "loss": "mse", "metrics": [metric]}}


ENTRIES = {
    "model_from_json": lambda given: models.model_from_json(json.dumps(given)),
    "deserialize_keras_object": saving.deserialize_keras_object,
    "layers.deserialize": layers.deserialize,
    "Sequential.from_config": lambda given: Sequential.from_config(given["config"]),
}


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_entry_has_a_budget(entry):
    with pytest.raises(ArgumentError, match="Variable.*2,147,483,648 in total.*enable_unsafe_deserialization"):
        ENTRIES[entry](dense(10**9))
    assert ENTRIES[entry](dense(4)).count_params() == 16
    assert not loading.is_loading()


def test_the_parts_of_a_model_are_counted_together():
    given = dense(300 * 10**6, 1, use_bias=False, name="a")
    assert layers.deserialize(given).count_params() == 300 * 10**6
    second = {**given["config"]["layers"][1], "config": {"units": 1, "use_bias": False, "name": "b"}}
    given["config"]["layers"].append(second)
    with pytest.raises(ArgumentError, match="947,483,648 of them left"):
        layers.deserialize(given)


def test_lists_of_metrics():
    with pytest.raises(ArgumentError, match=r"num_thresholds=1000000000.*100,000,000,000 bytes"):
        models.model_from_json(json.dumps(auc(num_thresholds=10**9)))


def test_trust(monkeypatch):
    monkeypatch.setattr(loading, "MOST_WITHOUT_WEIGHTS", 1000)
    given = dense(100)
    with pytest.raises(ArgumentError, match="1,000 in total"):
        saving.deserialize_keras_object(given)
    assert saving.deserialize_keras_object(given, safe_mode=False).count_params() == 400
    monkeypatch.setattr(loading, "is_deserialization_safe", lambda: False)
    assert models.model_from_json(json.dumps(given)).count_params() == 400


def test_nothing_is_limited_outside():
    loading.charge_array((10**12,), "float32", "An array")
    loading.charge_list(10**12, "A list")
    with loading.trusted():
        loading.charge_memory(10**15, "Memory")
        with loading.loading({}):
            loading.charge_memory(10**15, "Memory")
    with loading.loading({}), pytest.raises(ArgumentError, match="far too many"):
        loading.charge_array((10**3000, 10**3000), "float32", "An array")


def test_a_budget_is_that_of_its_thread():
    found = []
    with loading.loading({}):
        thread = threading.Thread(target=lambda: found.append(loading.is_loading()))
        thread.start()
        thread.join()
        assert loading.is_loading() and found == [False]


def test_a_model_that_is_there_is_cloned_whatever_its_size(monkeypatch):
    monkeypatch.setattr(loading, "MOST_WITHOUT_WEIGHTS", 1000)
    model = Sequential([layers.Input((100,)), Sequential([layers.Input((100,)), layers.Dense(10)])])
    with pytest.raises(ArgumentError, match="1,000 in total"):
        Sequential.from_config(model.get_config())
    assert models.clone_model(model).count_params() == 1010


# ---------------------------------------------------------------- named errors


class StrangeError(Exception):
    pass


class Odd(layers.Layer):
    error: Exception

    @classmethod
    def from_config(cls, config):
        raise cls.error


@pytest.mark.parametrize(
    "error", [KeyError("k"), IndexError(), RecursionError(), ZeroDivisionError(), OSError(2, "no")]
)
def test_what_python_raises_gets_a_name(error):
    Odd.error = error
    given = {"module": None, "class_name": "Odd", "config": {}, "registered_name": "Odd"}
    with pytest.raises(SerializationError, match=type(error).__name__) as caught:
        saving.deserialize_keras_object(given, {"Odd": Odd})
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("shape", ["x", 1.5, [1.5], ["a"], [[None, "3"]], {"a": "b"}, {"shapes": "x"}, 5])
@pytest.mark.parametrize("key", ["input_shape", "shapes_dict"])
def test_shapes_that_are_none(key, shape):
    given = layers.serialize(layers.Dense(2))
    given["build_config"] = {key: shape if key == "input_shape" else {"input_shape": shape}}
    with pytest.raises(ArgumentError, match="Expected a shape, a list or tuple of sizes"):
        saving.deserialize_keras_object(given)


@pytest.mark.parametrize("part, found", [("build_config", 5), ("build_config", "x"), ("build_config", [1])])
def test_parts_of_configs_are_dicts(part, found):
    given = {**layers.serialize(layers.Dense(2)), part: found}
    with pytest.raises(SerializationError, match=f"'{part}' of Dense must be a dict"):
        saving.deserialize_keras_object(given)
    with pytest.raises(ArgumentError, match="'shapes_dict' must be a dict"):
        saving.deserialize_keras_object({**given, "build_config": {"shapes_dict": 5}})


@pytest.mark.parametrize("error", [StrangeError("mine"), UserWarning("a warning"), KeyboardInterrupt()])
def test_what_is_the_users_own_does_not(error):
    Odd.error = error
    given = {"module": None, "class_name": "Odd", "config": {}, "registered_name": "Odd"}
    with pytest.raises(type(error)) as caught:
        saving.deserialize_keras_object(given, {"Odd": Odd})
    assert caught.value is error


def test_configs_that_have_themselves_inside():
    circle: dict = {"class_name": "Sequential", "module": "keras", "registered_name": None}
    circle["config"] = {"name": "a", "layers": [circle, circle]}
    plain: list = []
    plain += [plain, plain]
    start = time.process_time()
    for given in (circle, plain):
        with pytest.raises(SerializationError):
            saving.deserialize_keras_object(given)
    assert time.process_time() - start < 20


def functional():
    x = layers.Input((3,), name="i")
    model = Model(x, layers.ReLU(name="o")(x))
    model.compile("sgd", "mse")
    return json.loads(model.to_json())


def _entry(given):
    return given["config"]["layers"][1]


def _history(given):
    return _entry(given)["inbound_nodes"][0]["args"][0]["config"]


OP = {"module": "keras.src.ops.numpy", "class_name": "Add", "name": "a", "config": 5, "inbound_nodes": []}
CHANGES = {
    "no name": (lambda given: _entry(given).pop("name"), "needs 'name'"),
    "no inbound_nodes": (lambda given: _entry(given).pop("inbound_nodes"), "needs 'inbound_nodes'"),
    "no class_name": (lambda given: _entry(given).pop("class_name"), "class_name"),
    "no args": (lambda given: _entry(given)["inbound_nodes"][0].pop("args"), "needs 'args'"),
    "kwargs": (lambda given: _entry(given)["inbound_nodes"][0].update(kwargs=[]), "needs 'kwargs'"),
    "a node": (lambda given: _entry(given).update(inbound_nodes=[3]), "needs 'args'"),
    "no history": (lambda given: _history(given).pop("keras_history"), "needs 'keras_history'"),
    "history of 2": (lambda given: _history(given).update(keras_history=["i", 0]), "index of the call"),
    "a float in it": (lambda given: _history(given).update(keras_history=["i", 0.0, 0]), "index of the call"),
    "no such output": (lambda given: _history(given).update(keras_history=["i", 0, 9]), "not there"),
    "an output before": (lambda given: _history(given).update(keras_history=["i", -1, 0]), "not there"),
    "no such call": (lambda given: _history(given).update(keras_history=["i", 10**30, 0]), "inputs are missing"),
    "itself": (lambda given: _history(given).update(keras_history=["o", 0, 0]), "cycle"),
    "a name twice": (lambda given: _entry(given).update(name="i"), "two layers of the name 'i'"),
    "outputs as text": (lambda given: given["config"].update(output_layers="ooo"), "index of the call"),
    "no outputs": (lambda given: given["config"].update(output_layers=None), "index of the call"),
    "a layer as text": (lambda given: given["config"]["layers"].append("x"), "needs 'name'"),
    "an op of a number": (lambda given: given["config"]["layers"].append(OP), "needs 'config'"),
    "an infinite shape": (
        lambda given: given["config"]["layers"][0]["config"].update(batch_shape=[1e999, 3]),
        "infinity",
    ),
    "many axes": (lambda given: given["config"]["layers"][0]["config"].update(batch_shape=[1] * 65), "64 axes"),
    "compiled with zzz": (lambda given: given.update(compile_config={"zzz": 1}), "zzz"),
    "compiled with 5": (lambda given: given.update(compile_config=5), "must be a dict"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_configs_of_graphs_that_are_wrong(change):
    given = functional()
    CHANGES[change][0](given)
    for load in (lambda: models.model_from_json(json.dumps(given)), lambda: saving.deserialize_keras_object(given)):
        with pytest.raises(MinikerasError, match=CHANGES[change][1]):
            load()


@pytest.mark.parametrize(
    "text", ["", "[]", "5", "{", "[" * 100000, '{"a":' * 300 + "1" + "}" * 300, '{"a": 1' + "0" * 5000 + "}"]
)
def test_text_that_is_no_config(text):
    with pytest.raises(ArgumentError, match="expects JSON text of an object"):
        models.model_from_json(text)


@pytest.mark.parametrize("shape", ["x", None, 1.5, [[]], {"a": [1]}, ["x"]])
def test_shapes_that_layers_are_built_for(shape):
    given = json.loads(Sequential([layers.Input((3,)), layers.Dense(2)]).to_json())
    given["config"]["layers"][1]["build_config"] = {"input_shape": shape}
    with pytest.raises(MinikerasError):
        models.model_from_json(json.dumps(given))


# ---------------------------------------------------------------- values that wait


@pytest.mark.parametrize("name", ["glorot_uniform", "he_normal", "zeros", "ones", "random_normal", "orthogonal"])
def test_large_weights_get_their_values_when_they_are_used(name):
    initializer = initializers.get(name)
    given = dense(700, 700, kernel_initializer=initializers.serialize(initializer))
    if hasattr(initializer, "seed"):
        given["config"]["layers"][1]["config"]["kernel_initializer"]["config"]["seed"] = 7
    kernel = models.model_from_json(json.dumps(given)).weights[0]
    assert "_buffer" not in vars(kernel)
    assert (kernel.shape, kernel.dtype, kernel.ndim, kernel.size, kernel.nbytes) == (
        (700, 700),
        "float32",
        2,
        490000,
        1960000,
    )
    at_once = layers.deserialize(given["config"]["layers"][1])
    at_once.build((None, 700))
    assert "_buffer" in vars(at_once.kernel)
    np.testing.assert_array_equal(copy.deepcopy(kernel).numpy(), at_once.kernel.numpy())
    np.testing.assert_array_equal(kernel.numpy(), at_once.kernel.numpy())
    assert "_buffer" in vars(kernel) and kernel.buffer is kernel.buffer


def test_values_that_are_assigned_first_are_not_made():
    kernel = models.model_from_json(json.dumps(dense(700, 700))).weights[0]
    value = np.arange(490000, dtype="float32").reshape(700, 700)
    kernel.assign(value)
    value[0] = -1
    np.testing.assert_array_equal(kernel.numpy()[0, :3], [0, 1, 2])
    other = models.model_from_json(json.dumps(dense(700, 700, kernel_initializer="zeros"))).weights[0]
    np.testing.assert_array_equal((other + 1.0)[0, :2], [1, 1])
    with pytest.raises(AttributeError, match="no attribute 'buffers'"):
        _ = other.buffers


def test_what_threads_first_use_together_is_made_once():
    model = models.model_from_json(json.dumps(dense(700, 700)))
    kernel, found = model.weights[0], []
    threads = [threading.Thread(target=lambda: found.append(kernel.buffer)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(each) for each in found}) == 1


def test_initializers_that_may_fail_or_draw_on_do_not_wait():
    assert not initializers.Identity().can_wait((2, 2, 2)) and initializers.Identity().can_wait((2, 2))
    assert not initializers.Orthogonal().can_wait((2,)) and initializers.Orthogonal().can_wait((2, 2))
    assert not initializers.Constant([1, 2]).can_wait((2, 2)) and initializers.Constant(1).can_wait((2, 2))
    assert not initializers.RandomNormal(seed=SeedGenerator(1)).can_wait((2,))
    assert not initializers.VarianceScaling(input_axes=[0], output_axes=[1]).can_wait((2, 2))

    class Own(initializers.Zeros):
        pass

    assert not Own().can_wait((2,))
    generator = {
        "module": "keras.random",
        "class_name": "SeedGenerator",
        "config": {"seed": 1},
        "registered_name": None,
    }
    drawn = {"module": "keras.initializers", "class_name": "RandomNormal", "config": {"seed": generator}}
    with pytest.raises(ArgumentError, match="The initial value of Variable"):
        models.model_from_json(json.dumps(dense(10**8, kernel_initializer={**drawn, "registered_name": None})))


def test_a_model_from_text_trains_as_any_other():
    given = dense(700, 700)
    model = models.model_from_json(json.dumps({**given, "compile_config": {"optimizer": "adam", "loss": "mse"}}))
    assert all("_buffer" not in vars(each) for each in (model.weights[0], *model.optimizer.variables[2:3]))
    before = models.clone_model(model)
    before.set_weights(model.get_weights())
    before.compile("adam", "mse")
    data = np.ones((4, 700), "float32"), np.zeros((4, 700), "float32")
    assert model.fit(*data, verbose=0).history == before.fit(*data, verbose=0).history


def test_values_of_terabytes_are_refused():
    inputs = layers.Input((8, 8, 1))
    model = Model(inputs, layers.UpSampling2D(10**6)(inputs))  # nobody refuses what a program writes
    config = saving.serialize_keras_object(model)
    with pytest.raises(ArgumentError, match=r"\(None, 8000000, 8000000, 1\), which would take 256,000,000,000,000 by"):
        saving.deserialize_keras_object(config)
    again = saving.deserialize_keras_object(config, safe_mode=False)
    assert again.output_shape == (None, 8000000, 8000000, 1)


@pytest.mark.parametrize(
    "layer",
    [
        layers.Conv1D(1, 2, padding="causal", dilation_rate=10**12),
        layers.Conv1D(1, 2, padding="same", dilation_rate=10**12),
        layers.DepthwiseConv1D(2, padding="same", dilation_rate=10**12),
        layers.SeparableConv1D(1, 2, padding="same", dilation_rate=10**12),
    ],
)
def test_padding_of_terabytes_is_refused(layer):
    inputs = layers.Input((8, 3))
    config = saving.serialize_keras_object(Model(inputs, layer(inputs)))
    with pytest.raises(ArgumentError, match=r"\(None, 1000000000008, 3\), which would take 12,000,000,000,096 by"):
        saving.deserialize_keras_object(config)
    assert saving.deserialize_keras_object(config, safe_mode=False).output_shape[1] == 8

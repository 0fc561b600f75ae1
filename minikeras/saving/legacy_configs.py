"""Conversion between current configs and those of Keras 2, which Keras still writes into `.h5` files.

In Keras 2 configs, classes have no module, some arguments have older names, and layer calls are lists.
"""

import inspect
from functools import lru_cache
from typing import Any

from ..lazy import namespace
from ..serialization import public
from ..serialization.custom_objects import get_registered_object

_MODELS = {"Sequential": "keras", "Functional": "keras.src.models.functional", "Model": "keras.src.models.functional"}
_PARTS = ("module", "registered_name", "build_config", "compile_config")  # absent from configs of Keras 2
_EXCLUSION = "exclusion_config"  # of optimizers; Keras ignores it
_ELLIPSIS = {"class_name": "__ellipsis__", "config": {}}
_OF_LAMBDA = ("module", "function_type", "output_shape_type", "output_shape_module")
_CUDNN = {"CuDNNGRU": "GRU", "CuDNNLSTM": "LSTM"}
# In these files, a layer has the name of its class in Keras, which for one of them is not its public name.
_CLASS_NAMES = {"GroupQueryAttention": "GroupedQueryAttention"}
_PUBLIC_NAMES = {name: public_name for public_name, name in _CLASS_NAMES.items()}
_OF_OPTIMIZER = ("jit_compile", "is_legacy_optimizer")


def upgraded_model(config: dict) -> dict:
    """Returns the config of a model or a layer in its current form.

    Args:
        config: A config with "class_name" and "config"; it is not modified.

    Example:
        >>> upgraded_model({"class_name": "InputLayer", "config": {"batch_input_shape": [None, 3]}})["config"]
        {'batch_shape': [None, 3]}
    """
    if "module" in config or not isinstance(config.get("config"), (dict, list)):
        return config
    name, settings = config["class_name"], config["config"]
    if name not in _MODELS:
        is_own = get_registered_object(str(name)) is None
        current = _CUDNN.get(name, _PUBLIC_NAMES.get(name, name) if is_own else name)
        return {**config, "class_name": current, "config": _upgraded_settings(name, settings)}
    if isinstance(settings, list):  # of Keras 2.0
        settings = {"layers": settings}
    settings = dict(settings)
    if isinstance(settings.get("layers"), list):
        is_graph = name != "Sequential" or "input_layers" in settings
        settings = _upgraded_graph(settings) if is_graph else _upgraded_stack(settings)
        name = "Functional" if is_graph else name
    return {**config, "class_name": name, "module": _MODELS[name], "config": settings, "registered_name": name}


def _upgraded_stack(settings: dict) -> dict:
    layers = [_upgraded_entry(entry) for entry in settings["layers"]]
    first = settings["layers"][0] if settings["layers"] else {}
    shape = _settings_of(first).get("batch_input_shape")
    if shape is not None and first.get("class_name") != "InputLayer":
        dtype = _settings_of(first).get("dtype")
        dtype = dtype if isinstance(dtype, str) and first.get("class_name") == "Embedding" else None
        layers.insert(0, {"class_name": "InputLayer", "config": {"batch_shape": shape, "dtype": dtype}})
    return {**settings, "layers": layers}


def _upgraded_entry(entry: Any) -> Any:
    is_config = isinstance(entry, dict) and isinstance(entry.get("class_name"), str)
    return upgraded_model(entry) if is_config else entry


def _upgraded_part(entry: Any) -> Any:
    """Returns a layer that is an argument of another one in its current form."""
    entry = _upgraded_entry(entry)
    is_ours = isinstance(entry, dict) and public.find("keras.layers", str(entry.get("class_name"))) is not None
    return {"module": "keras.layers", "registered_name": None, **entry} if is_ours else entry


def _settings_of(entry: Any) -> dict:
    settings = entry.get("config") if isinstance(entry, dict) else None
    return settings if isinstance(settings, dict) else {}


def _upgraded_graph(settings: dict) -> dict:
    old = [entry for entry in settings["layers"] if isinstance(entry, dict)]
    models = {entry.get("name"): entry.get("class_name") for entry in old if entry.get("class_name") in _MODELS}
    layers = []
    for entry in settings["layers"]:
        made = {"module": "keras.src.ops.numpy", **entry} if _is_op(entry) else _upgraded_entry(entry)
        if isinstance(made, dict) and isinstance(made.get("inbound_nodes"), list):
            made = {**made, "inbound_nodes": [_upgraded_node(node, models) for node in made["inbound_nodes"]]}
        layers.append(made)
    settings = {**settings, "layers": layers}
    is_of_keras_2 = any(isinstance(node, list) for entry in old for node in entry.get("inbound_nodes") or ())
    if is_of_keras_2 and isinstance(settings.get("output_layers"), list):
        settings["output_layers"] = [_upgraded_end(end, models) for end in settings["output_layers"]]
    return settings


def _is_op(entry: Any) -> bool:
    """Returns whether an entry is an op rather than a layer of the same name with these arguments."""
    if not isinstance(entry, dict) or entry.get("class_name") in ("InputLayer", *_MODELS) or "module" in entry:
        return False
    own = not {"trainable", "dtype"} & set(_settings_of(entry))
    return own and get_registered_object(str(entry.get("class_name"))) is None


def _upgraded_end(end: Any, models: dict) -> Any:
    # Keras 2 counted the first call of a nested Sequential model as well, as it did for graphs.
    if isinstance(end, list) and len(end) == 3 and models.get(end[0]) == "Sequential" and isinstance(end[1], int):
        return [end[0], end[1] - 1, end[2]]
    return end


def _upgraded_node(node: Any, models: dict) -> Any:
    """Returns a call in its current form; that of Keras 2 is `[layer, call, output, kwargs]` for each input."""
    if not isinstance(node, list):
        return node
    tensors, kwargs = [], {}
    for entry in node:
        name, call, output, *rest = entry
        kwargs = rest[0] if rest else {}
        history = [name, call - (name in models), output]
        tensors.append({"class_name": "__keras_tensor__", "config": {"keras_history": history}})
    return {"args": [tensors[0] if len(tensors) == 1 else tensors], "kwargs": kwargs}


def _upgraded_settings(name: str, settings: Any) -> Any:
    """Returns the arguments of a layer in their current form."""
    if not isinstance(settings, dict):
        return settings
    settings = {key: _upgraded_value(value) for key, value in settings.items()}
    shape = settings.pop("batch_input_shape", None)
    if shape is not None and name == "InputLayer":
        settings["batch_shape"] = shape
    axis = settings.get("axis")
    if isinstance(axis, list) and len(axis) == 1:
        settings["axis"] = axis[0]
    if name == "Lambda":
        return _upgraded_lambda(settings)
    if "depthwise_initializer" in settings:
        settings.pop("kernel_initializer", None)  # of the base class, without effect
    for key in ("layer", "backward_layer", "cell"):  # of a wrapper, or a recurrent layer
        if key in settings:
            settings[key] = _upgraded_part(settings[key])
    if isinstance(settings.get("cells"), list):
        settings["cells"] = [_upgraded_part(cell) for cell in settings["cells"]]
    if name in ("GRU", "GRUCell", "CuDNNGRU"):
        settings.setdefault("reset_after", name == "CuDNNGRU")  # an argument since Keras 2.1.5
    name = _CUDNN.get(name, name)
    return _without_unknown(public.find("keras.layers", name), settings)


def _upgraded_value(value: Any) -> Any:
    """Returns an argument in its current form: policies had other classes, and initializers a dtype."""
    if not isinstance(value, dict) or "class_name" not in value or "module" in value:
        return value
    settings = _settings_of(value)
    if value["class_name"] in ("Policy", "PolicyV1") and "name" in settings:
        return settings["name"]
    if public.find("keras.initializers", str(value["class_name"])) is not None:
        settings = {key: each for key, each in settings.items() if key != "dtype"}
        return {**value, "config": settings}
    return value


def _upgraded_lambda(settings: dict) -> dict:
    kind = settings.get("function_type")
    settings = {key: value for key, value in settings.items() if key not in _OF_LAMBDA}
    function = settings.get("function")
    if isinstance(function, list) and len(function) == 3:
        parts = dict(zip(("code", "defaults", "closure"), function, strict=True))
        settings["function"] = {"class_name": "__lambda__", "config": parts}
    elif isinstance(function, str) and kind == "function":
        settings["function"] = {"class_name": "function", "config": function}
    return settings


def _without_unknown(cls: type | None, settings: dict) -> dict:
    """Drops arguments that a minikeras class lacks, if their values have no effect."""
    if cls is None:
        return settings
    known = _parameters(cls)
    return {
        name: value
        for name, value in settings.items()
        if name in known or (value and (name, value) != ("groups", 1) and name != "input_length")
    }


@lru_cache(maxsize=1024)
def _parameters(cls: type) -> frozenset[str]:
    """Returns the names of the constructor arguments of a class."""
    known: set[str] = set()
    for base in cls.__mro__:
        if "__init__" in vars(base):
            parameters = inspect.signature(base.__init__).parameters.values()
            known.update(each.name for each in parameters)
            if not any(each.kind is each.VAR_KEYWORD for each in parameters):
                break
    return frozenset(known)


# ---------------------------------------------------------------- the compile configuration


def upgraded_training(config: dict) -> dict:
    """Returns the compile configuration in its current form.

    Args:
        config: A dictionary with "optimizer_config", "loss", "metrics", ...
    """
    found = {key: config[key] for key in ("loss_weights", "run_eagerly", "steps_per_execution") if config.get(key)}
    found["optimizer"] = _upgraded_optimizer(config.get("optimizer_config"))
    found["loss"] = _each_config(_upgraded_loss, config.get("loss"))
    for key in ("metrics", "weighted_metrics"):
        found[key] = _each_config(lambda entry: {"module": "keras.metrics", **entry}, config.get(key))
    return found


def _each_config(change: Any, value: Any) -> Any:
    if isinstance(value, dict) and "class_name" in value:
        return change({"registered_name": value["class_name"], **value})
    if isinstance(value, dict):
        return {key: _each_config(change, part) for key, part in value.items()}
    if isinstance(value, list):
        return [_each_config(change, part) for part in value]
    return value


def _upgraded_loss(config: dict) -> dict:
    settings = _settings_of(config)
    if settings.get("reduction") == "auto":
        settings = {**settings, "reduction": "sum_over_batch_size"}
    return {"module": "keras.losses", **config, "config": {key: v for key, v in settings.items() if key != "fn"}}


def _upgraded_optimizer(config: Any) -> Any:
    if not isinstance(config, dict) or "class_name" not in config or "module" in config:
        return config
    settings = {key: value for key, value in _settings_of(config).items() if key not in _OF_OPTIMIZER}
    if "lr" in settings:
        settings["learning_rate"] = settings.pop("lr")
    if not settings.get("decay"):
        settings.pop("decay", None)
    name = config["class_name"]
    if isinstance(settings.get("learning_rate"), dict):
        settings["learning_rate"] = {"module": "keras.optimizers.schedules", **settings["learning_rate"]}
    return {**config, "module": "keras.optimizers", "config": settings, "registered_name": name}


# ---------------------------------------------------------------- conversion to Keras 2


def legacy_model(config: dict) -> dict:
    """Returns the config of a model in the form of `.h5` files.

    Args:
        config: The current form.
    """
    name = config.get("registered_name") or config["class_name"]
    if config.get("module") == "keras.layers":
        name = _CLASS_NAMES.get(name, name)
    settings = config["config"]
    if isinstance(settings.get("layers"), list):
        settings = {**settings, "layers": [_legacy_entry(entry) for entry in settings["layers"]]}
    rest = {key: value for key, value in config.items() if key not in _PARTS}
    return {**rest, "class_name": name, "config": settings}


def _legacy_entry(entry: dict) -> dict:
    # Without its module, an op would be mistaken for the layer of the same name.
    if not str(entry.get("module")).startswith("keras.src.ops."):
        return legacy_model(entry)
    if entry["class_name"] != "GetItem":
        return entry
    nodes = [{**node, "args": [node["args"][0], _spelled_out(*node["args"])]} for node in entry["inbound_nodes"]]
    return {**entry, "inbound_nodes": nodes}


def _spelled_out(x: dict, key: Any) -> Any:
    """Expands `...` in the key of `x[key]` to slices, since Keras does not read it from such files."""
    if not isinstance(key, (list, tuple)) or _ELLIPSIS not in key:
        return key
    position = key.index(_ELLIPSIS)
    count = len(x["config"]["shape"]) - sum(part is not None for part in key) + 1
    whole = {"class_name": "__slice__", "config": {"start": None, "stop": None, "step": None}}
    return [*key[:position], *[whole] * count, *key[position + 1 :]]


def legacy_training(config: dict) -> dict:
    """Returns the compile configuration in the form of `.h5` files.

    Args:
        config: The current form.
    """
    found = {key: _each_config(_legacy_object, value) for key, value in config.items() if key != "optimizer"}
    return {**found, "loss": _full_names(found["loss"]), "optimizer_config": _legacy_object(config["optimizer"])}


def _full_names(loss: Any) -> Any:
    """Returns losses with aliases such as "mse" spelled out: in these files, Keras interprets them as metrics."""
    if isinstance(loss, dict) and "class_name" not in loss:
        return {key: _full_names(part) for key, part in loss.items()}
    if isinstance(loss, (list, tuple)):
        return [_full_names(part) for part in loss]
    return namespace("losses.lookup").full_name(loss) if isinstance(loss, str) else loss


def _legacy_object(config: Any) -> Any:
    if not isinstance(config, dict):
        return config
    found = {"class_name": config.get("registered_name") or config["class_name"], "config": config["config"]}
    return {**found, _EXCLUSION: config[_EXCLUSION]} if _EXCLUSION in config else found

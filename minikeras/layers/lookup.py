"""Finding a layer by its config, and writing configs: of layers, of models, and of ops in a graph."""

import inspect
from typing import Any

import numpy as np

from ..engine.dtypes import standardize_dtype
from ..engine.lookup import Lookup
from ..engine.operation import FunctionOperation, Operation
from ..errors import ArgumentTypeError, NotSupportedError
from .activations import Activation, ReLU, Softmax
from .base import Layer
from .core import Dense, Embedding, Identity, InputLayer, Lambda, Masking
from .merging import Add, Average, Concatenate, Dot, Maximum, Minimum, Multiply, Subtract
from .regularization import ActivityRegularization, Dropout
from .reshaping import Flatten, Permute, RepeatVector, Reshape

lookup = Lookup(
    "layer",
    "keras.layers",
    classes=(
        Activation,
        ActivityRegularization,
        Add,
        Average,
        Concatenate,
        Dense,
        Dot,
        Dropout,
        Embedding,
        Flatten,
        Identity,
        InputLayer,
        Lambda,
        Masking,
        Maximum,
        Minimum,
        Multiply,
        Permute,
        ReLU,
        RepeatVector,
        Reshape,
        Softmax,
        Subtract,
    ),
)

_PLAIN = (str, int, float, bool, type(None))


def serialize(layer: Operation) -> dict:
    """Returns Keras's description of a layer: its class, its config and the shape it was built for.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> serialize(Activation("relu", name="a"))["config"]["activation"]
        'relu'
    """
    module, registered_name = layer._registration()
    described = {
        "module": module,
        "class_name": layer.class_name,
        "config": plain_config(layer.get_config()),
        "registered_name": registered_name,
    }
    for key, method in (("build_config", "get_build_config"), ("compile_config", "get_compile_config")):
        config = getattr(layer, method)() if hasattr(layer, method) else None
        if config is not None:
            described[key] = config
    return described


def deserialize(config: dict, custom_objects: dict | None = None) -> Operation:
    """Makes the layer that `serialize` described, builds it if it was built, and compiles it if it was compiled.

    Args:
        config: The description.
        custom_objects: The user's own classes, by name; they come before those of minikeras.

    Raises:
        UnknownNameError: If minikeras has no such layer.
        ArgumentTypeError: If it describes something else.

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/

    Example:
        >>> deserialize({"class_name": "Dense", "config": {"units": 3}}).units
        3
    """
    layer = None
    if isinstance(config, dict) and str(config.get("module")).startswith("keras.src.ops."):
        layer = FunctionOperation.revive(config["class_name"], config["config"])
    layer = _made(config, custom_objects or {}) if layer is None else layer
    if not isinstance(layer, Operation):
        raise ArgumentTypeError(f"Expected the config of a layer. Received: {config!r}")
    if isinstance(layer, Layer):
        build_config = config.get("build_config")
        if build_config and not layer.built:
            layer.build_from_config(build_config)
        if config.get("compile_config"):
            layer.compile_from_config(config["compile_config"])
    return layer


def _made(config: Any, custom_objects: dict) -> Any:
    name = config.get("class_name") if isinstance(config, dict) else None
    if not isinstance(name, str) or not isinstance(config.get("config", {}), dict):
        return lookup.deserialize(config)
    cls = custom_objects.get(name) or lookup.find(name)
    # Models, and layers around others, hand them on.
    takes_custom = "custom_objects" in inspect.signature(cls.from_config).parameters
    return cls.from_config(config.get("config", {}), **({"custom_objects": custom_objects} if takes_custom else {}))


def plain_config(value: Any) -> Any:
    """Returns a value of a config as it can be written to a file.

    Raises:
        NotSupportedError: If it cannot.

    Example:
        >>> plain_config({"sizes": np.arange(2), "step": np.float32(2)})
        {'sizes': {'class_name': '__numpy__', 'config': {'value': [0, 1], 'dtype': 'int64'}}, 'step': 2.0}
    """
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, dict):
        return {key: plain_config(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return (tuple if isinstance(value, tuple) else list)([plain_config(part) for part in value])
    if isinstance(value, slice):
        bounds = {name: plain_config(getattr(value, name)) for name in ("start", "stop", "step")}
        return {"class_name": "__slice__", "config": bounds}
    if value is Ellipsis:
        return {"class_name": "__ellipsis__", "config": {}}
    if isinstance(value, np.ndarray) and value.ndim:
        config = {"value": value.tolist(), "dtype": standardize_dtype(value.dtype)}
        return {"class_name": "__numpy__", "config": config}
    if isinstance(value, (np.generic, np.ndarray)):
        return value.item()
    if isinstance(value, np.dtype) or (isinstance(value, type) and issubclass(value, np.generic)):
        return standardize_dtype(value)
    if isinstance(value, Operation):
        return serialize(value)
    raise NotSupportedError(f"A config cannot hold {value!r} of type {type(value).__name__}.")

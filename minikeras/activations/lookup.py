"""Finding an activation by what a user writes: a name, a config, a function or an object."""

import inspect
from collections.abc import Callable

from .. import ops
from ..engine.lookup import Lookup
from ..engine.lookup import serialize as describe
from ..errors import ArgumentError
from .piecewise import (
    hard_shrink,
    hard_sigmoid,
    hard_silu,
    hard_tanh,
    leaky_relu,
    linear,
    relu,
    relu6,
    soft_shrink,
    sparse_plus,
    sparse_sigmoid,
    threshold,
)
from .probabilities import (
    log_softmax,
    softmax,
    sparsemax,
)
from .smooth import (
    celu,
    elu,
    exponential,
    gelu,
    glu,
    log_sigmoid,
    mish,
    selu,
    sigmoid,
    silu,
    softplus,
    softsign,
    squareplus,
    tanh,
    tanh_shrink,
)

_FUNCTIONS = (
    celu,
    elu,
    exponential,
    gelu,
    glu,
    hard_shrink,
    hard_sigmoid,
    hard_silu,
    hard_tanh,
    leaky_relu,
    linear,
    log_sigmoid,
    log_softmax,
    mish,
    relu,
    relu6,
    selu,
    sigmoid,
    silu,
    soft_shrink,
    softmax,
    softplus,
    softsign,
    sparse_plus,
    sparse_sigmoid,
    sparsemax,
    squareplus,
    tanh,
    tanh_shrink,
    threshold,
)
_ALIASES = {"hard_swish": "hard_silu", "swish": "silu"}
# Layers whose names Keras 2 took, too, and that do with their default arguments what the functions do.
_LEGACY = {"ELU": "elu", "ReLU": "relu", "Softmax": "softmax"}


_NAMES_OF_OPS = {function.__name__ for function in _FUNCTIONS if hasattr(ops, function.__name__)}
_NAMES = {"kind": "activation", "module": "keras.activations"}
_LOOKUP = Lookup(**_NAMES, functions=_FUNCTIONS, aliases=_ALIASES, legacy=_LEGACY)


def get(identifier: object) -> Callable:
    """Returns the activation an identifier stands for.

    Args:
        identifier: A name (`"relu"`), a config, a function or a layer; None gives `linear`.

    Raises:
        UnknownNameError: If a name is not known.
        ArgumentTypeError: If the identifier is something else.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> get("relu")([-1.0, 2.0])
        array([0., 2.], dtype=float32)
    """
    return linear if identifier is None else _LOOKUP.get(identifier)


def serialize(activation: object) -> object:
    """Returns the name of an activation function, or the config of an object or of a function of the user.

    Raises:
        ArgumentError: If a config cannot name it: a lambda, or an object without `get_config`.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> serialize(linear)
        'linear'
    """
    if activation is None or isinstance(activation, str) or activation in _FUNCTIONS:
        return _LOOKUP.serialize(activation)
    name = getattr(activation, "__name__", None)
    if name == "<lambda>":
        raise ArgumentError(
            f"The lambda {activation!r} is not one of minikeras, and a config cannot name it. Write it as "
            "`def my_activation(x): ...`, and give that as `custom_objects` when the config is read."
        )
    if name in _NAMES_OF_OPS and getattr(ops, name) is activation:
        return name
    if not hasattr(activation, "get_config") and name is not None:
        return {"module": "builtins", "class_name": "function", "config": name, "registered_name": "function"}
    if not hasattr(activation, "get_config"):
        raise ArgumentError(f"Expected a function, or an object with `get_config`. Received: {activation!r}")
    return _describe_object(activation)


def _describe_object(activation: object) -> dict:
    described, cls = describe(activation, "keras.layers"), type(activation)
    if cls.__module__.partition(".")[0] != "minikeras":
        described = {**described, "module": cls.__module__, "registered_name": cls.__name__}
    build_config = getattr(activation, "get_build_config", lambda: None)()
    return described if build_config is None else {**described, "build_config": build_config}


def deserialize(config: object, custom_objects: dict | None = None) -> Callable:
    """Returns the activation that `serialize` described.

    Args:
        config: A name or a config.
        custom_objects: The user's own functions and classes, by the name used in the config.

    Raises:
        UnknownNameError: If the name is not known.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> deserialize("tanh").__name__
        'tanh'
    """
    if not custom_objects:
        return _LOOKUP.deserialize(config)
    name = config
    if isinstance(config, dict):
        name = config.get("config" if config.get("class_name") == "function" else "class_name")
    found = custom_objects.get(name) if isinstance(name, str) else None
    if found is None:
        return _LOOKUP.deserialize(config)
    return found.from_config(config["config"]) if inspect.isclass(found) else found

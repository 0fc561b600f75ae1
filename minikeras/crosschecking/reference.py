"""Real Keras: imports it and rebuilds a model in it."""

import importlib
import importlib.util
import os
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np

from .. import dropin
from ..errors import ArgumentError, NotSupportedError, reason
from ..serialization.configs import deserialize_keras_object, serialize_keras_object

_BACKENDS = ("tensorflow", "jax", "torch")  # those that can train
# Layers that are random in training, by the argument that sets the amount of randomness.
_RANDOM = {
    "AlphaDropout": "rate",
    "Dropout": "rate",
    "GaussianDropout": "rate",
    "GaussianNoise": "stddev",
    "SpatialDropout1D": "rate",
    "SpatialDropout2D": "rate",
    "SpatialDropout3D": "rate",
}


def real_keras() -> ModuleType:
    """Imports real Keras on the backend of `KERAS_BACKEND`, or else on the first one that is installed.

    Raises:
        NotSupportedError: If Keras or a backend that can train is not installed; the message says what to install.
    """
    if dropin.is_installed():
        dropin.uninstall()
    how = "Install it and a backend: `pip install keras==3.15.1 tensorflow` (or jax, or torch)."
    if importlib.util.find_spec("keras") is None:
        raise NotSupportedError(f"`crosscheck` compares with real Keras, which is not installed. {how}")
    if "KERAS_BACKEND" not in os.environ:
        installed = [name for name in _BACKENDS if importlib.util.find_spec(name) is not None]
        if not installed:
            raise NotSupportedError(f"`crosscheck` needs a Keras backend that can train, but none is installed. {how}")
        os.environ["KERAS_BACKEND"] = installed[0]
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        keras = importlib.import_module("keras")
    except ImportError as error:
        raise NotSupportedError(f"Real Keras cannot be imported ({error}). {how}") from error
    if not hasattr(keras, "saving") or not str(keras.__version__).startswith("3."):
        raise NotSupportedError(f"`crosscheck` compares with Keras 3. Received: keras {keras.__version__}. {how}")
    return keras


def without_chance(config: Any) -> tuple[Any, list[str]]:
    """Returns the config of a model with its random layers disabled, and the names of those layers."""
    if isinstance(config, (list, tuple)):
        parts = [without_chance(part) for part in config]
        return [part for part, _ in parts], [name for _, names in parts for name in names]
    if not isinstance(config, dict):
        return config, []
    found, names = {}, []
    for key, value in config.items():
        found[key], inner = without_chance(value)
        names += inner
    settings, argument = found.get("config"), _RANDOM.get(str(found.get("class_name")))
    if argument is not None and isinstance(settings, dict) and settings.get(argument):
        found["config"] = {**settings, argument: 0.0}
        names.append(str(settings.get("name")))
    return found, names


def both_copies(model: Any, keras: ModuleType, custom_objects: Mapping[str, Any] | None) -> tuple[Any, Any, list[str]]:
    """Returns copies of a model in minikeras and real Keras, with its weights, and the names of disabled layers.

    Args:
        model: The model.
        keras: Real Keras.
        custom_objects: Your own classes, written for real Keras, by the names in the config.

    Raises:
        NotSupportedError: If real Keras cannot rebuild the model; the message says how to register a class.
    """
    config, silenced = without_chance(serialize_keras_object(model))
    config.pop("compile_config", None)
    own = {name: value for name, value in _own_classes(model).items() if name not in ("Sequential", "Functional")}
    ours = deserialize_keras_object(config, custom_objects=own)
    try:
        with keras.saving.custom_object_scope(dict(custom_objects or {})):
            theirs = keras.saving.deserialize_keras_object(config)
    except Exception as error:
        raise _not_rebuilt(own, error) from error
    if not theirs.built:
        theirs.build(ours.input_shape)
    weights = model.get_weights()
    for each, where in ((ours, "minikeras"), (theirs, "real Keras")):
        shapes = [tuple(weight.shape) for weight in each.weights]
        if shapes != [weight.shape for weight in weights]:
            raise ArgumentError(
                f"The copy of {model.name!r} in {where} has weights of shapes {shapes}, but those of the model are "
                f"{[weight.shape for weight in weights]}."
            )
        each.set_weights(weights)
    return ours, theirs, silenced


def _own_classes(model: Any) -> dict[str, type]:
    """Returns the user-defined classes of layers in a model, by name."""
    layers = [model, *model._flat_layers()]
    classes = {type(layer).__name__: type(layer) for layer in layers}
    return {name: cls for name, cls in classes.items() if cls.__module__.partition(".")[0] != "minikeras"}


def _not_rebuilt(own: dict[str, type], error: Exception) -> NotSupportedError:
    if not own:
        return NotSupportedError(f"Real Keras cannot rebuild the model from its config: {error}")
    names = ", ".join(f"'{name}'" for name in own)
    return NotSupportedError(
        f"Real Keras cannot rebuild the model: it has no class {names}. Write the class with `keras` in place of "
        "`minikeras`, in a separate file, decorate it with `@keras.saving.register_keras_serializable()`, and pass "
        "the file with `--custom file.py`; from Python, pass the class in `custom_objects`, by that name. "
        f"(Keras: {str(error).splitlines()[0] if str(error) else error!r})"
    )


def compile_alike(
    model: Any, ours: Any, theirs: Any, keras: ModuleType, custom_objects: Mapping[str, Any] | None
) -> None:
    """Compiles both copies like the model, without metrics, and copies the optimizer state.

    Raises:
        NotSupportedError: If real Keras cannot be compiled like the model, or its optimizer state has other shapes.
    """
    config = {**model.get_compile_config(), "metrics": None, "weighted_metrics": None, "jit_compile": False}
    # A user-defined loss may have no config, and needs none here, since it has no state.
    given = {name: model._compile_arguments[name] for name in ("loss", "loss_weights")}
    ours.compile(optimizer=deserialize_keras_object(config["optimizer"]), **given)
    try:
        with keras.saving.custom_object_scope(dict(custom_objects or {})):
            theirs.compile_from_config(config)
    except Exception as error:
        raise NotSupportedError(
            f"Real Keras cannot be compiled like {model.name!r}: {reason(error)}. Custom losses and metrics need "
            "a version written with `keras`, too; see `--custom` and `custom_objects`."
        ) from error
    if not theirs.compiled:
        raise NotSupportedError(f"Real Keras cannot be compiled like {model.name!r} from its config: {config}")
    for each in (ours, theirs):
        each.optimizer.build(each.trainable_variables)
    if model.optimizer.built:
        state = [variable.numpy() for variable in model.optimizer.variables]
        for each, where in ((ours, "minikeras"), (theirs, "real Keras")):
            shapes = [tuple(variable.shape) for variable in each.optimizer.variables]
            if shapes != [value.shape for value in state]:
                raise NotSupportedError(
                    f"The optimizer in {where} has variables of shapes {shapes}, that of the model "
                    f"{[value.shape for value in state]}, so its state cannot be copied."
                )
            for variable, value in zip(each.optimizer.variables, state, strict=True):
                variable.assign(value)


def as_array(value: Any) -> np.ndarray:
    """Returns a tensor of any backend as an array."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    return np.asarray(value)

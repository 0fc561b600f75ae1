"""The classes and functions of minikeras that configs may name: those of its public namespaces, imported on demand."""

import inspect
from collections.abc import Container
from typing import Any

from ..lazy import namespace as own_namespace

# By the names of Keras, the path below minikeras. A class in several namespaces is written with the first.
NAMESPACES = {
    "keras": "",
    "keras.activations": "activations",
    "keras.constraints": "constraints",
    "keras.distillation": "distillation",
    "keras.dtype_policies": "dtype_policies",
    "keras.initializers": "initializers",
    "keras.layers": "layers",
    "keras.layers.preprocessing.feature_space": "layers.preprocessing.features",
    "keras.losses": "losses",
    "keras.metrics": "metrics",
    "keras.models": "models",
    "keras.models.functional": "models",
    "keras.optimizers": "optimizers",
    "keras.optimizers.schedules": "optimizers.schedules",
    "keras.quantizers": "quantizers",
    "keras.random": "random",
    "keras.regularizers": "regularizers",
    "keras.utils": "utils",
    "keras.applications.convnext": "applications.scale_layer",
    "keras.applications.inception_resnet_v2": "applications.scale_layer",
}
# Namespaces whose functions configs may name, too, in the order in which they are searched.
FUNCTION_NAMESPACES = ("keras.activations", "keras.losses", "keras.metrics")
_LOOKUPS = ("deserialize", "get", "serialize")
# Namespaces of which only a few names may be used, by their names here.
_RENAMED = {
    "keras.applications.convnext": {"LayerScale": "LayerScale"},
    "keras.applications.inception_resnet_v2": {"CustomScaleLayer": "CustomScaleLayer"},
    "keras.layers.preprocessing.feature_space": {name: name for name in ("Cross", "Feature", "TFDIdentity")},
    "keras.models.functional": {"Functional": "Model"},
    "keras.utils": {"FeatureSpace": "FeatureSpace"},
}


def find(namespace: str, name: str) -> Any:
    """Returns the class or function that configs refer to by a name; None if there is none.

    Args:
        namespace: Keras's name of the namespace, such as "keras.layers".
        name: The name in it.

    Example:
        >>> find("keras.layers", "Dense").__name__
        'Dense'
    """
    own_name = _RENAMED[namespace].get(name) if namespace in _RENAMED else name
    path = NAMESPACES.get(namespace)
    if path is None or own_name not in own_namespace(path).__all__:
        return None
    value = getattr(own_namespace(path), own_name)
    return value if can_be_named(namespace, name, value) else None


def has_few_names(namespace: str) -> bool:
    """Returns whether configs may name only a few objects of a namespace.

    Args:
        namespace: Keras's name of the namespace.

    Example:
        >>> has_few_names("keras.utils"), has_few_names("keras.layers")
        (True, False)
    """
    return namespace in _RENAMED


def can_be_named(namespace: str, name: str, value: Any) -> bool:
    """Returns whether configs may name an object: a class with `from_config`, or a function of some namespaces.

    Args:
        namespace: Keras's name of the namespace.
        name: The name in it.
        value: The object.
    """
    if inspect.isclass(value):
        return hasattr(value, "from_config")
    return namespace in FUNCTION_NAMESPACES and inspect.isfunction(value) and name not in _LOOKUPS


def names(namespace: str) -> list[str]:
    """Returns the names that configs may use in a Keras namespace; imports everything in it."""
    candidates = _RENAMED.get(namespace) or own_namespace(NAMESPACES[namespace]).__all__
    return [name for name in candidates if find(namespace, name) is not None]


def home(cls: type) -> str | None:
    """Returns Keras's name of the first namespace that has a class under its own name; None if there is none.

    Example:
        >>> from minikeras.layers import Dense, Layer
        >>> home(Dense), home(Layer)
        ('keras.layers', 'keras')
    """
    return next((namespace for namespace in NAMESPACES if find(namespace, cls.__name__) is cls), None)


def class_paths(path: str, left_out: Container[str] = ()) -> list[str]:
    """Returns the paths of the public classes of a namespace, for a `Lookup`; none is imported.

    Args:
        path: The namespace, below minikeras.
        left_out: Capitalized names to exclude.

    Example:
        >>> class_paths("regularizers", left_out=["Regularizer"])
        ['regularizers.L1', 'regularizers.L1L2', 'regularizers.L2', 'regularizers.OrthogonalRegularizer']
    """
    names = (name for name in own_namespace(path).__all__ if name[0].isupper() and name not in left_out)
    return [f"{path}.{name}" for name in names]


def function_paths(path: str) -> list[str]:
    """Returns the paths of the public functions of a namespace, without `get` and the like; none is imported.

    Args:
        path: The namespace, below minikeras.
    """
    names = (name for name in own_namespace(path).__all__ if name[0].islower() and name not in _LOOKUPS)
    return [f"{path}.{name}" for name in names]

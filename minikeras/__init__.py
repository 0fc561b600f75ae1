"""minikeras: the Keras 3 API on numpy alone, that trains."""

import gc
import importlib
from types import ModuleType
from typing import TYPE_CHECKING

# First, and from here: CPython calls more slowly where a call stack is as deep as modules that import modules make it,
# and numpy calls a lot while it is imported; that takes twice as long from below.
import numpy  # noqa: F401

# An import makes thousands of objects that stay; looking for garbage among them again and again is a tenth of its time.
_collects = gc.isenabled()
gc.disable()

from . import (
    activations,
    autodiff,
    callbacks,
    config,
    constraints,
    dtype_policies,
    initializers,
    layers,
    losses,
    metrics,
    models,
    ops,
    optimizers,
    random,
    regularizers,
    saving,
    tree,
    utils,
)
from .autodiff import GradientTape, grad, value_and_grad
from .dtype_policies import DTypePolicy, FloatDTypePolicy
from .engine.naming import name_scope
from .engine.scopes import StatelessScope, device
from .engine.variable import Variable
from .graph.function import Function
from .graph.keras_tensor import KerasTensor
from .graph.operation import Operation
from .initializers import Initializer
from .layers import Input, InputSpec, Layer
from .losses import Loss
from .metrics import Metric
from .models import Model, Sequential
from .optimizers import Optimizer
from .regularizers import Regularizer
from .serialization import configs as _serialization
from .tracebacks import filtered as _filtered

if TYPE_CHECKING:
    from . import backend, datasets, dropin, from_scratch, preprocessing, wrappers
    from .crosschecking import crosscheck

__version__ = "0.1.0"

__all__ = [
    "DTypePolicy",
    "FloatDTypePolicy",
    "Function",
    "GradientTape",
    "Initializer",
    "Input",
    "InputSpec",
    "KerasTensor",
    "Layer",
    "Loss",
    "Metric",
    "Model",
    "Operation",
    "Optimizer",
    "Regularizer",
    "Sequential",
    "StatelessScope",
    "Variable",
    "__version__",
    "activations",
    "autodiff",
    "backend",
    "callbacks",
    "config",
    "constraints",
    "crosscheck",
    "datasets",
    "device",
    "dropin",
    "dtype_policies",
    "from_scratch",
    "grad",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "name_scope",
    "ops",
    "optimizers",
    "preprocessing",
    "random",
    "regularizers",
    "saving",
    "tree",
    "utils",
    "value_and_grad",
    "wrappers",
]

# What a config may name; the first namespace that has a class is the one that is written.
_serialization.offer(
    "keras",
    {_name: globals()[_name] for _name in __all__ if _name in globals() and _name not in ("device", "name_scope")},
)
for _path, _room in {
    "activations": activations,
    "constraints": constraints,
    "dtype_policies": dtype_policies,
    "initializers": initializers,
    "layers": layers,
    "losses": losses,
    "metrics": metrics,
    "models": models,
    "optimizers": optimizers,
    "optimizers.schedules": optimizers.schedules,
    "random": random,
    "regularizers": regularizers,
}.items():
    _serialization.offer(f"keras.{_path}", {_name: getattr(_room, _name) for _name in _room.__all__})
_serialization.offer("keras.models.functional", {"Functional": Model})


if _collects:
    gc.enable()


@_filtered
def __getattr__(name: str) -> ModuleType:
    # What most scripts do not need is imported when it is first used: every script waits for the import.
    if name in ("backend", "datasets", "dropin", "from_scratch", "preprocessing", "wrappers"):
        return importlib.import_module(f"{__name__}.{name}")
    if name == "crosscheck":
        return importlib.import_module(f"{__name__}.crosschecking").crosscheck
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *(name for name in __all__ if name not in globals())])

"""minikeras: the Keras 3 API on numpy alone, that trains."""

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

from . import (
    activations,
    callbacks,
    config,
    dtype_policies,
    initializers,
    layers,
    losses,
    metrics,
    models,
    ops,
    optimizers,
    random,
    utils,
)
from .dtype_policies import DTypePolicy
from .engine.keras_tensor import KerasTensor
from .engine.variable import Variable
from .initializers import Initializer
from .layers import Input, InputSpec, Layer
from .losses import Loss
from .metrics import Metric
from .models import Model, Sequential
from .optimizers import Optimizer

if TYPE_CHECKING:
    from . import datasets, from_scratch

__version__ = "0.1.0"

__all__ = [
    "DTypePolicy",
    "Initializer",
    "Input",
    "InputSpec",
    "KerasTensor",
    "Layer",
    "Loss",
    "Metric",
    "Model",
    "Optimizer",
    "Sequential",
    "Variable",
    "__version__",
    "activations",
    "callbacks",
    "config",
    "datasets",
    "dtype_policies",
    "from_scratch",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "ops",
    "optimizers",
    "random",
    "utils",
]


def __getattr__(name: str) -> ModuleType:
    # What most scripts do not need is imported when it is first used: every script waits for the import.
    if name in ("datasets", "from_scratch"):
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

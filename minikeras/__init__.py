"""minikeras: the Keras 3 API on numpy alone, that trains."""

from . import (
    activations,
    autodiff,
    callbacks,
    config,
    datasets,
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
from .autodiff import GradientTape, grad, value_and_grad
from .dtype_policies import DTypePolicy
from .engine.keras_tensor import KerasTensor
from .engine.variable import Variable
from .initializers import Initializer
from .layers import Input, InputSpec, Layer
from .losses import Loss
from .metrics import Metric
from .models import Model, Sequential
from .optimizers import Optimizer

__version__ = "0.1.0"

__all__ = [
    "DTypePolicy",
    "GradientTape",
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
    "autodiff",
    "callbacks",
    "config",
    "datasets",
    "dtype_policies",
    "grad",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "ops",
    "optimizers",
    "random",
    "utils",
    "value_and_grad",
]

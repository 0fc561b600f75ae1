"""minikeras: the Keras 3 API on numpy alone, that trains."""

from typing import TYPE_CHECKING

# First, and from here: CPython calls more slowly where a call stack is as deep as modules that import modules make it,
# and numpy calls a lot while it is imported; that takes twice as long from below.
import numpy  # noqa: F401

from .lazy import attach

__version__ = "0.1.0"

if TYPE_CHECKING:
    from . import activations as activations
    from . import autodiff as autodiff
    from . import backend as backend
    from . import callbacks as callbacks
    from . import config as config
    from . import constraints as constraints
    from . import datasets as datasets
    from . import dropin as dropin
    from . import dtype_policies as dtype_policies
    from . import errors as errors
    from . import from_scratch as from_scratch
    from . import initializers as initializers
    from . import layers as layers
    from . import losses as losses
    from . import metrics as metrics
    from . import models as models
    from . import ops as ops
    from . import optimizers as optimizers
    from . import preprocessing as preprocessing
    from . import random as random
    from . import regularizers as regularizers
    from . import saving as saving
    from . import tree as tree
    from . import utils as utils
    from . import wrappers as wrappers
    from .autodiff.functional import grad as grad
    from .autodiff.functional import value_and_grad as value_and_grad
    from .autodiff.tape import GradientTape as GradientTape
    from .crosschecking.check import crosscheck as crosscheck
    from .dtype_policies.dtype_policy import DTypePolicy as DTypePolicy
    from .dtype_policies.dtype_policy import FloatDTypePolicy as FloatDTypePolicy
    from .engine.naming import name_scope as name_scope
    from .engine.scopes import StatelessScope as StatelessScope
    from .engine.scopes import device as device
    from .engine.variable import Variable as Variable
    from .graph.function import Function as Function
    from .graph.keras_tensor import KerasTensor as KerasTensor
    from .graph.operation import Operation as Operation
    from .initializers.initializer import Initializer as Initializer
    from .layers.base import Layer as Layer
    from .layers.core.input_layer import Input as Input
    from .layers.input_spec import InputSpec as InputSpec
    from .losses.loss import Loss as Loss
    from .metrics.metric import Metric as Metric
    from .models.model import Model as Model
    from .models.sequential import Sequential as Sequential
    from .optimizers.optimizer import Optimizer as Optimizer
    from .regularizers.regularizer import Regularizer as Regularizer
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "DTypePolicy": ".dtype_policies.dtype_policy",
            "FloatDTypePolicy": ".dtype_policies.dtype_policy",
            "Function": ".graph.function",
            "GradientTape": ".autodiff.tape",
            "Initializer": ".initializers.initializer",
            "Input": ".layers.core.input_layer",
            "InputSpec": ".layers.input_spec",
            "KerasTensor": ".graph.keras_tensor",
            "Layer": ".layers.base",
            "Loss": ".losses.loss",
            "Metric": ".metrics.metric",
            "Model": ".models.model",
            "Operation": ".graph.operation",
            "Optimizer": ".optimizers.optimizer",
            "Regularizer": ".regularizers.regularizer",
            "Sequential": ".models.sequential",
            "StatelessScope": ".engine.scopes",
            "Variable": ".engine.variable",
            "activations": ".",
            "autodiff": ".",
            "backend": ".",
            "callbacks": ".",
            "config": ".",
            "constraints": ".",
            "crosscheck": ".crosschecking.check",
            "datasets": ".",
            "device": ".engine.scopes",
            "dropin": ".",
            "dtype_policies": ".",
            "errors": ".",
            "from_scratch": ".",
            "grad": ".autodiff.functional",
            "initializers": ".",
            "layers": ".",
            "losses": ".",
            "metrics": ".",
            "models": ".",
            "name_scope": ".engine.naming",
            "ops": ".",
            "optimizers": ".",
            "preprocessing": ".",
            "random": ".",
            "regularizers": ".",
            "saving": ".",
            "tree": ".",
            "utils": ".",
            "value_and_grad": ".autodiff.functional",
            "wrappers": ".",
        },
    )

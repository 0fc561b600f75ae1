"""minikeras: the Keras 3 API on numpy alone, that trains."""

from typing import TYPE_CHECKING

# First, and from here: CPython calls more slowly where a call stack is as deep as modules that import modules make it,
# and numpy calls a lot while it is imported; that takes twice as long from below.
import numpy  # noqa: F401

from .lazy import attach

__version__ = "0.2.0"

if TYPE_CHECKING:
    from . import activations as activations
    from . import applications as applications
    from . import autodiff as autodiff
    from . import backend as backend
    from . import callbacks as callbacks
    from . import config as config
    from . import constraints as constraints
    from . import data as data
    from . import datasets as datasets
    from . import distillation as distillation
    from . import distribution as distribution
    from . import dropin as dropin
    from . import dtype_policies as dtype_policies
    from . import errors as errors
    from . import export as export
    from . import from_scratch as from_scratch
    from . import initializers as initializers
    from . import layers as layers
    from . import legacy as legacy
    from . import losses as losses
    from . import metrics as metrics
    from . import mixed_precision as mixed_precision
    from . import models as models
    from . import ops as ops
    from . import optimizers as optimizers
    from . import preprocessing as preprocessing
    from . import quantizers as quantizers
    from . import random as random
    from . import regularizers as regularizers
    from . import saving as saving
    from . import tree as tree
    from . import utils as utils
    from . import visualization as visualization
    from . import wrappers as wrappers
    from .autodiff import GradientTape as GradientTape
    from .autodiff import grad as grad
    from .autodiff import value_and_grad as value_and_grad
    from .config import version as version
    from .crosschecking import crosscheck as crosscheck
    from .dtype_policies import DTypePolicy as DTypePolicy
    from .dtype_policies import FloatDTypePolicy as FloatDTypePolicy
    from .engine.naming import name_scope as name_scope
    from .engine.remat_scope import RematScope as RematScope
    from .engine.scopes import StatelessScope as StatelessScope
    from .engine.scopes import SymbolicScope as SymbolicScope
    from .engine.scopes import device as device
    from .engine.variable import Variable as Variable
    from .graph.function import Function as Function
    from .graph.keras_tensor import KerasTensor as KerasTensor
    from .graph.operation import Operation as Operation
    from .initializers import Initializer as Initializer
    from .layers import Input as Input
    from .layers import InputSpec as InputSpec
    from .layers import Layer as Layer
    from .losses import Loss as Loss
    from .metrics import Metric as Metric
    from .models import Model as Model
    from .models import Sequential as Sequential
    from .ops.remat import remat as remat
    from .optimizers import Optimizer as Optimizer
    from .quantizers import Quantizer as Quantizer
    from .regularizers import Regularizer as Regularizer
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "DTypePolicy": ".dtype_policies",
            "FloatDTypePolicy": ".dtype_policies",
            "Function": ".graph.function",
            "GradientTape": ".autodiff",
            "Initializer": ".initializers",
            "Input": ".layers",
            "InputSpec": ".layers",
            "KerasTensor": ".graph.keras_tensor",
            "Layer": ".layers",
            "Loss": ".losses",
            "Metric": ".metrics",
            "Model": ".models",
            "Operation": ".graph.operation",
            "Optimizer": ".optimizers",
            "Quantizer": ".quantizers",
            "Regularizer": ".regularizers",
            "RematScope": ".engine.remat_scope",
            "Sequential": ".models",
            "StatelessScope": ".engine.scopes",
            "SymbolicScope": ".engine.scopes",
            "Variable": ".engine.variable",
            "activations": ".",
            "applications": ".",
            "autodiff": ".",
            "backend": ".",
            "callbacks": ".",
            "config": ".",
            "constraints": ".",
            "crosscheck": ".crosschecking",
            "data": ".",
            "datasets": ".",
            "device": ".engine.scopes",
            "distillation": ".",
            "distribution": ".",
            "dropin": ".",
            "dtype_policies": ".",
            "errors": ".",
            "export": ".",
            "from_scratch": ".",
            "grad": ".autodiff",
            "initializers": ".",
            "layers": ".",
            "legacy": ".",
            "losses": ".",
            "metrics": ".",
            "mixed_precision": ".",
            "models": ".",
            "name_scope": ".engine.naming",
            "ops": ".",
            "optimizers": ".",
            "preprocessing": ".",
            "quantizers": ".",
            "random": ".",
            "regularizers": ".",
            "remat": ".ops.remat",
            "saving": ".",
            "tree": ".",
            "utils": ".",
            "value_and_grad": ".autodiff",
            "version": ".config",
            "visualization": ".",
            "wrappers": ".",
        },
    )

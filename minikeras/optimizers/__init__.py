"""Optimizers and learning rate schedules, as in `keras.optimizers`."""

from . import schedules
from .lookup import deserialize, get, serialize
from .optimizer import Optimizer
from .sgd import SGD

__all__ = ["Optimizer", "SGD", "deserialize", "get", "schedules", "serialize"]

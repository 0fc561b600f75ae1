"""Optimizers and learning rate schedules, as in `keras.optimizers`."""

from . import schedules
from .adam import Adam
from .lookup import deserialize, get, serialize
from .optimizer import Optimizer
from .sgd import SGD

__all__ = ["Adam", "Optimizer", "SGD", "deserialize", "get", "schedules", "serialize"]

"""Random number generation, as in `keras.random`: bit for bit that of Keras's numpy backend for the same seed."""

from .continuous import beta, gamma, normal, truncated_normal, uniform
from .discrete import binomial, categorical, randint
from .seed_generator import SeedGenerator
from .values import dropout, shuffle

__all__ = [
    "SeedGenerator",
    "beta",
    "binomial",
    "categorical",
    "dropout",
    "gamma",
    "normal",
    "randint",
    "shuffle",
    "truncated_normal",
    "uniform",
]

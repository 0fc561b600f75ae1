"""Random number generation, as in `keras.random`: bit for bit that of Keras's numpy backend for the same seed."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .continuous import beta as beta
    from .continuous import gamma as gamma
    from .continuous import normal as normal
    from .continuous import truncated_normal as truncated_normal
    from .continuous import uniform as uniform
    from .discrete import binomial as binomial
    from .discrete import categorical as categorical
    from .discrete import randint as randint
    from .seed_generator import SeedGenerator as SeedGenerator
    from .values import dropout as dropout
    from .values import shuffle as shuffle
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "SeedGenerator": ".seed_generator",
            "beta": ".continuous",
            "binomial": ".discrete",
            "categorical": ".discrete",
            "dropout": ".values",
            "gamma": ".continuous",
            "normal": ".continuous",
            "randint": ".discrete",
            "shuffle": ".values",
            "truncated_normal": ".continuous",
            "uniform": ".continuous",
        },
    )

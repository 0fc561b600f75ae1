"""Learning rate schedules, as in `keras.optimizers.schedules`."""

from typing import TYPE_CHECKING

from ...lazy import attach

if TYPE_CHECKING:
    from .cosine_decay import CosineDecay as CosineDecay
    from .cosine_decay_restarts import CosineDecayRestarts as CosineDecayRestarts
    from .exponential_decay import ExponentialDecay as ExponentialDecay
    from .inverse_time_decay import InverseTimeDecay as InverseTimeDecay
    from .learning_rate_schedule import LearningRateSchedule as LearningRateSchedule
    from .lookup import deserialize as deserialize
    from .lookup import serialize as serialize
    from .piecewise_constant_decay import PiecewiseConstantDecay as PiecewiseConstantDecay
    from .polynomial_decay import PolynomialDecay as PolynomialDecay
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "CosineDecay": ".cosine_decay",
            "CosineDecayRestarts": ".cosine_decay_restarts",
            "ExponentialDecay": ".exponential_decay",
            "InverseTimeDecay": ".inverse_time_decay",
            "LearningRateSchedule": ".learning_rate_schedule",
            "PiecewiseConstantDecay": ".piecewise_constant_decay",
            "PolynomialDecay": ".polynomial_decay",
            "deserialize": ".lookup",
            "serialize": ".lookup",
        },
    )

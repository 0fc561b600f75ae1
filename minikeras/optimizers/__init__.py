"""Optimizers and learning rate schedules, as in `keras.optimizers`."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from . import legacy as legacy
    from . import schedules as schedules
    from .adadelta import Adadelta as Adadelta
    from .adafactor import Adafactor as Adafactor
    from .adagrad import Adagrad as Adagrad
    from .adam import Adam as Adam
    from .adamax import Adamax as Adamax
    from .adamw import AdamW as AdamW
    from .ftrl import Ftrl as Ftrl
    from .lamb import Lamb as Lamb
    from .lion import Lion as Lion
    from .lookup import deserialize as deserialize
    from .lookup import get as get
    from .lookup import serialize as serialize
    from .loss_scale_optimizer import LossScaleOptimizer as LossScaleOptimizer
    from .multi_optimizer import MultiOptimizer as MultiOptimizer
    from .muon import Muon as Muon
    from .nadam import Nadam as Nadam
    from .optimizer import Optimizer as Optimizer
    from .optimizer_map import OptimizerMap as OptimizerMap
    from .rmsprop import RMSprop as RMSprop
    from .schedule_free_adamw import ScheduleFreeAdamW as ScheduleFreeAdamW
    from .sgd import SGD as SGD
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "Adadelta": ".adadelta",
            "Adafactor": ".adafactor",
            "Adagrad": ".adagrad",
            "Adam": ".adam",
            "AdamW": ".adamw",
            "Adamax": ".adamax",
            "Ftrl": ".ftrl",
            "Lamb": ".lamb",
            "Lion": ".lion",
            "LossScaleOptimizer": ".loss_scale_optimizer",
            "MultiOptimizer": ".multi_optimizer",
            "Muon": ".muon",
            "Nadam": ".nadam",
            "Optimizer": ".optimizer",
            "OptimizerMap": ".optimizer_map",
            "RMSprop": ".rmsprop",
            "SGD": ".sgd",
            "ScheduleFreeAdamW": ".schedule_free_adamw",
            "deserialize": ".lookup",
            "get": ".lookup",
            "legacy": ".",
            "schedules": ".",
            "serialize": ".lookup",
        },
    )

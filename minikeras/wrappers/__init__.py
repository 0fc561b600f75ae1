"""Models as scikit-learn estimators."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from . import scikit_learn as scikit_learn
    from .sklearn_wrapper import SKLearnClassifier as SKLearnClassifier
    from .sklearn_wrapper import SKLearnRegressor as SKLearnRegressor
    from .sklearn_wrapper import SKLearnTransformer as SKLearnTransformer
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "SKLearnClassifier": ".sklearn_wrapper",
            "SKLearnRegressor": ".sklearn_wrapper",
            "SKLearnTransformer": ".sklearn_wrapper",
            "scikit_learn": ".",
        },
    )

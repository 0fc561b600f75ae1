"""Loss functions, which training minimizes: by name, as functions and as classes."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .crossentropy import BinaryCrossentropy as BinaryCrossentropy
    from .crossentropy import BinaryFocalCrossentropy as BinaryFocalCrossentropy
    from .crossentropy import CategoricalCrossentropy as CategoricalCrossentropy
    from .crossentropy import CategoricalFocalCrossentropy as CategoricalFocalCrossentropy
    from .crossentropy import CategoricalGeneralizedCrossEntropy as CategoricalGeneralizedCrossEntropy
    from .crossentropy import SparseCategoricalCrossentropy as SparseCategoricalCrossentropy
    from .functions.crossentropy import binary_crossentropy as binary_crossentropy
    from .functions.crossentropy import binary_focal_crossentropy as binary_focal_crossentropy
    from .functions.crossentropy import categorical_crossentropy as categorical_crossentropy
    from .functions.crossentropy import categorical_focal_crossentropy as categorical_focal_crossentropy
    from .functions.crossentropy import categorical_generalized_cross_entropy as categorical_generalized_cross_entropy
    from .functions.crossentropy import sparse_categorical_crossentropy as sparse_categorical_crossentropy
    from .functions.margins import categorical_hinge as categorical_hinge
    from .functions.margins import hinge as hinge
    from .functions.margins import squared_hinge as squared_hinge
    from .functions.probabilistic import kl_divergence as kl_divergence
    from .functions.probabilistic import poisson as poisson
    from .functions.regression import cosine_similarity as cosine_similarity
    from .functions.regression import huber as huber
    from .functions.regression import log_cosh as log_cosh
    from .functions.regression import mean_absolute_error as mean_absolute_error
    from .functions.regression import mean_absolute_percentage_error as mean_absolute_percentage_error
    from .functions.regression import mean_squared_error as mean_squared_error
    from .functions.regression import mean_squared_logarithmic_error as mean_squared_logarithmic_error
    from .functions.segmentation import dice as dice
    from .functions.segmentation import tversky as tversky
    from .functions.sequence import ctc as ctc
    from .functions.similarity import circle as circle
    from .lookup import deserialize as deserialize
    from .lookup import get as get
    from .lookup import serialize as serialize
    from .loss import Loss as Loss
    from .margins import CategoricalHinge as CategoricalHinge
    from .margins import Hinge as Hinge
    from .margins import SquaredHinge as SquaredHinge
    from .probabilistic import KLDivergence as KLDivergence
    from .probabilistic import Poisson as Poisson
    from .regression import CosineSimilarity as CosineSimilarity
    from .regression import Huber as Huber
    from .regression import LogCosh as LogCosh
    from .regression import MeanAbsoluteError as MeanAbsoluteError
    from .regression import MeanAbsolutePercentageError as MeanAbsolutePercentageError
    from .regression import MeanSquaredError as MeanSquaredError
    from .regression import MeanSquaredLogarithmicError as MeanSquaredLogarithmicError
    from .segmentation import Dice as Dice
    from .segmentation import Tversky as Tversky
    from .sequence import CTC as CTC
    from .similarity import Circle as Circle
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "BinaryCrossentropy": ".crossentropy",
            "BinaryFocalCrossentropy": ".crossentropy",
            "CTC": ".sequence",
            "CategoricalCrossentropy": ".crossentropy",
            "CategoricalFocalCrossentropy": ".crossentropy",
            "CategoricalGeneralizedCrossEntropy": ".crossentropy",
            "CategoricalHinge": ".margins",
            "Circle": ".similarity",
            "CosineSimilarity": ".regression",
            "Dice": ".segmentation",
            "Hinge": ".margins",
            "Huber": ".regression",
            "KLDivergence": ".probabilistic",
            "LogCosh": ".regression",
            "Loss": ".loss",
            "MeanAbsoluteError": ".regression",
            "MeanAbsolutePercentageError": ".regression",
            "MeanSquaredError": ".regression",
            "MeanSquaredLogarithmicError": ".regression",
            "Poisson": ".probabilistic",
            "SparseCategoricalCrossentropy": ".crossentropy",
            "SquaredHinge": ".margins",
            "Tversky": ".segmentation",
            "binary_crossentropy": ".functions.crossentropy",
            "binary_focal_crossentropy": ".functions.crossentropy",
            "categorical_crossentropy": ".functions.crossentropy",
            "categorical_focal_crossentropy": ".functions.crossentropy",
            "categorical_generalized_cross_entropy": ".functions.crossentropy",
            "categorical_hinge": ".functions.margins",
            "circle": ".functions.similarity",
            "cosine_similarity": ".functions.regression",
            "ctc": ".functions.sequence",
            "deserialize": ".lookup",
            "dice": ".functions.segmentation",
            "get": ".lookup",
            "hinge": ".functions.margins",
            "huber": ".functions.regression",
            "kl_divergence": ".functions.probabilistic",
            "log_cosh": ".functions.regression",
            "mean_absolute_error": ".functions.regression",
            "mean_absolute_percentage_error": ".functions.regression",
            "mean_squared_error": ".functions.regression",
            "mean_squared_logarithmic_error": ".functions.regression",
            "poisson": ".functions.probabilistic",
            "serialize": ".lookup",
            "sparse_categorical_crossentropy": ".functions.crossentropy",
            "squared_hinge": ".functions.margins",
            "tversky": ".functions.segmentation",
        },
        legacy=".legacy",
    )

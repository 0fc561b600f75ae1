"""The losses as functions: one value per example, not yet weighted or reduced."""

from typing import TYPE_CHECKING

from ...lazy import attach

if TYPE_CHECKING:
    from .checks import class_indices as class_indices
    from .crossentropy import binary_crossentropy as binary_crossentropy
    from .crossentropy import binary_focal_crossentropy as binary_focal_crossentropy
    from .crossentropy import categorical_crossentropy as categorical_crossentropy
    from .crossentropy import categorical_focal_crossentropy as categorical_focal_crossentropy
    from .crossentropy import categorical_generalized_cross_entropy as categorical_generalized_cross_entropy
    from .crossentropy import sparse_categorical_crossentropy as sparse_categorical_crossentropy
    from .margins import categorical_hinge as categorical_hinge
    from .margins import hinge as hinge
    from .margins import squared_hinge as squared_hinge
    from .probabilistic import kl_divergence as kl_divergence
    from .probabilistic import poisson as poisson
    from .regression import cosine_similarity as cosine_similarity
    from .regression import huber as huber
    from .regression import log_cosh as log_cosh
    from .regression import mean_absolute_error as mean_absolute_error
    from .regression import mean_absolute_percentage_error as mean_absolute_percentage_error
    from .regression import mean_squared_error as mean_squared_error
    from .regression import mean_squared_logarithmic_error as mean_squared_logarithmic_error
    from .segmentation import dice as dice
    from .segmentation import tversky as tversky
    from .sequence import ctc as ctc
    from .similarity import circle as circle
    from .table import FUNCTIONS as FUNCTIONS
    from .table import examples_that_count as examples_that_count
    from .table import takes_integer_labels as takes_integer_labels
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "FUNCTIONS": ".table",
            "binary_crossentropy": ".crossentropy",
            "binary_focal_crossentropy": ".crossentropy",
            "categorical_crossentropy": ".crossentropy",
            "categorical_focal_crossentropy": ".crossentropy",
            "categorical_generalized_cross_entropy": ".crossentropy",
            "categorical_hinge": ".margins",
            "circle": ".similarity",
            "class_indices": ".checks",
            "cosine_similarity": ".regression",
            "ctc": ".sequence",
            "dice": ".segmentation",
            "examples_that_count": ".table",
            "hinge": ".margins",
            "huber": ".regression",
            "kl_divergence": ".probabilistic",
            "log_cosh": ".regression",
            "mean_absolute_error": ".regression",
            "mean_absolute_percentage_error": ".regression",
            "mean_squared_error": ".regression",
            "mean_squared_logarithmic_error": ".regression",
            "poisson": ".probabilistic",
            "sparse_categorical_crossentropy": ".crossentropy",
            "squared_hinge": ".margins",
            "takes_integer_labels": ".table",
            "tversky": ".segmentation",
        },
    )

"""Metrics, which training reports: by name, as functions and as classes."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from ..losses import binary_crossentropy as binary_crossentropy
    from ..losses import binary_focal_crossentropy as binary_focal_crossentropy
    from ..losses import categorical_crossentropy as categorical_crossentropy
    from ..losses import categorical_focal_crossentropy as categorical_focal_crossentropy
    from ..losses import categorical_hinge as categorical_hinge
    from ..losses import hinge as hinge
    from ..losses import huber as huber
    from ..losses import kl_divergence as kl_divergence
    from ..losses import log_cosh as log_cosh
    from ..losses import mean_absolute_error as mean_absolute_error
    from ..losses import mean_absolute_percentage_error as mean_absolute_percentage_error
    from ..losses import mean_squared_error as mean_squared_error
    from ..losses import mean_squared_logarithmic_error as mean_squared_logarithmic_error
    from ..losses import poisson as poisson
    from ..losses import sparse_categorical_crossentropy as sparse_categorical_crossentropy
    from ..losses import squared_hinge as squared_hinge
    from .accuracy import Accuracy as Accuracy
    from .accuracy import BinaryAccuracy as BinaryAccuracy
    from .accuracy import CategoricalAccuracy as CategoricalAccuracy
    from .accuracy import SparseCategoricalAccuracy as SparseCategoricalAccuracy
    from .accuracy import binary_accuracy as binary_accuracy
    from .accuracy import categorical_accuracy as categorical_accuracy
    from .accuracy import sparse_categorical_accuracy as sparse_categorical_accuracy
    from .auc import AUC as AUC
    from .confusion import FalseNegatives as FalseNegatives
    from .confusion import FalsePositives as FalsePositives
    from .confusion import Precision as Precision
    from .confusion import Recall as Recall
    from .confusion import TrueNegatives as TrueNegatives
    from .confusion import TruePositives as TruePositives
    from .correlation import ConcordanceCorrelation as ConcordanceCorrelation
    from .correlation import PearsonCorrelation as PearsonCorrelation
    from .correlation import concordance_correlation as concordance_correlation
    from .correlation import pearson_correlation as pearson_correlation
    from .crossentropy import BinaryCrossentropy as BinaryCrossentropy
    from .crossentropy import CategoricalCrossentropy as CategoricalCrossentropy
    from .crossentropy import SparseCategoricalCrossentropy as SparseCategoricalCrossentropy
    from .divergence import KLDivergence as KLDivergence
    from .divergence import Poisson as Poisson
    from .f_score import F1Score as F1Score
    from .f_score import FBetaScore as FBetaScore
    from .iou import BinaryIoU as BinaryIoU
    from .iou import IoU as IoU
    from .iou import MeanIoU as MeanIoU
    from .iou import OneHotIoU as OneHotIoU
    from .iou import OneHotMeanIoU as OneHotMeanIoU
    from .lookup import deserialize as deserialize
    from .lookup import get as get
    from .lookup import serialize as serialize
    from .margins import CategoricalHinge as CategoricalHinge
    from .margins import Hinge as Hinge
    from .margins import SquaredHinge as SquaredHinge
    from .metric import Metric as Metric
    from .r2_score import R2Score as R2Score
    from .reduction import Mean as Mean
    from .reduction import MeanMetricWrapper as MeanMetricWrapper
    from .reduction import Sum as Sum
    from .regression import CosineSimilarity as CosineSimilarity
    from .regression import LogCoshError as LogCoshError
    from .regression import MeanAbsoluteError as MeanAbsoluteError
    from .regression import MeanAbsolutePercentageError as MeanAbsolutePercentageError
    from .regression import MeanSquaredError as MeanSquaredError
    from .regression import MeanSquaredLogarithmicError as MeanSquaredLogarithmicError
    from .regression import RootMeanSquaredError as RootMeanSquaredError
    from .top_k import SparseTopKCategoricalAccuracy as SparseTopKCategoricalAccuracy
    from .top_k import TopKCategoricalAccuracy as TopKCategoricalAccuracy
    from .top_k import sparse_top_k_categorical_accuracy as sparse_top_k_categorical_accuracy
    from .top_k import top_k_categorical_accuracy as top_k_categorical_accuracy
    from .trade_offs import PrecisionAtRecall as PrecisionAtRecall
    from .trade_offs import RecallAtPrecision as RecallAtPrecision
    from .trade_offs import SensitivityAtSpecificity as SensitivityAtSpecificity
    from .trade_offs import SpecificityAtSensitivity as SpecificityAtSensitivity
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "AUC": ".auc",
            "Accuracy": ".accuracy",
            "BinaryAccuracy": ".accuracy",
            "BinaryCrossentropy": ".crossentropy",
            "BinaryIoU": ".iou",
            "CategoricalAccuracy": ".accuracy",
            "CategoricalCrossentropy": ".crossentropy",
            "CategoricalHinge": ".margins",
            "ConcordanceCorrelation": ".correlation",
            "CosineSimilarity": ".regression",
            "F1Score": ".f_score",
            "FBetaScore": ".f_score",
            "FalseNegatives": ".confusion",
            "FalsePositives": ".confusion",
            "Hinge": ".margins",
            "IoU": ".iou",
            "KLDivergence": ".divergence",
            "LogCoshError": ".regression",
            "Mean": ".reduction",
            "MeanAbsoluteError": ".regression",
            "MeanAbsolutePercentageError": ".regression",
            "MeanIoU": ".iou",
            "MeanMetricWrapper": ".reduction",
            "MeanSquaredError": ".regression",
            "MeanSquaredLogarithmicError": ".regression",
            "Metric": ".metric",
            "OneHotIoU": ".iou",
            "OneHotMeanIoU": ".iou",
            "PearsonCorrelation": ".correlation",
            "Poisson": ".divergence",
            "Precision": ".confusion",
            "PrecisionAtRecall": ".trade_offs",
            "R2Score": ".r2_score",
            "Recall": ".confusion",
            "RecallAtPrecision": ".trade_offs",
            "RootMeanSquaredError": ".regression",
            "SensitivityAtSpecificity": ".trade_offs",
            "SparseCategoricalAccuracy": ".accuracy",
            "SparseCategoricalCrossentropy": ".crossentropy",
            "SparseTopKCategoricalAccuracy": ".top_k",
            "SpecificityAtSensitivity": ".trade_offs",
            "SquaredHinge": ".margins",
            "Sum": ".reduction",
            "TopKCategoricalAccuracy": ".top_k",
            "TrueNegatives": ".confusion",
            "TruePositives": ".confusion",
            "binary_accuracy": ".accuracy",
            "binary_crossentropy": "..losses",
            "binary_focal_crossentropy": "..losses",
            "categorical_accuracy": ".accuracy",
            "categorical_crossentropy": "..losses",
            "categorical_focal_crossentropy": "..losses",
            "categorical_hinge": "..losses",
            "concordance_correlation": ".correlation",
            "deserialize": ".lookup",
            "get": ".lookup",
            "hinge": "..losses",
            "huber": "..losses",
            "kl_divergence": "..losses",
            "log_cosh": "..losses",
            "mean_absolute_error": "..losses",
            "mean_absolute_percentage_error": "..losses",
            "mean_squared_error": "..losses",
            "mean_squared_logarithmic_error": "..losses",
            "pearson_correlation": ".correlation",
            "poisson": "..losses",
            "serialize": ".lookup",
            "sparse_categorical_accuracy": ".accuracy",
            "sparse_categorical_crossentropy": "..losses",
            "sparse_top_k_categorical_accuracy": ".top_k",
            "squared_hinge": "..losses",
            "top_k_categorical_accuracy": ".top_k",
        },
        legacy=".legacy",
    )

"""Metrics by name, function, object or config."""

from typing import Any

from ..losses.configs import describe, restore, with_custom
from ..losses.functions import FUNCTIONS as LOSS_FUNCTIONS
from ..tracebacks import filtered
from ..typing import TensorLike
from . import accuracy, correlation, top_k
from .accuracy import Accuracy, BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy
from .auc import AUC
from .confusion import FalseNegatives, FalsePositives, Precision, Recall, TrueNegatives, TruePositives
from .correlation import ConcordanceCorrelation, PearsonCorrelation
from .crossentropy import BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy
from .divergence import KLDivergence, Poisson
from .f_score import F1Score, FBetaScore
from .iou import BinaryIoU, IoU, MeanIoU, OneHotIoU, OneHotMeanIoU
from .legacy import NAMES
from .margins import CategoricalHinge, Hinge, SquaredHinge
from .metric import Metric
from .r2_score import R2Score
from .reduction import Mean, MeanMetricWrapper, Sum
from .regression import (
    CosineSimilarity,
    LogCoshError,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    RootMeanSquaredError,
)
from .top_k import SparseTopKCategoricalAccuracy, TopKCategoricalAccuracy
from .trade_offs import PrecisionAtRecall, RecallAtPrecision, SensitivityAtSpecificity, SpecificityAtSensitivity

_CLASSES = (
    AUC,
    Accuracy,
    BinaryAccuracy,
    BinaryCrossentropy,
    BinaryIoU,
    CategoricalAccuracy,
    CategoricalCrossentropy,
    CategoricalHinge,
    ConcordanceCorrelation,
    CosineSimilarity,
    F1Score,
    FBetaScore,
    FalseNegatives,
    FalsePositives,
    Hinge,
    IoU,
    KLDivergence,
    LogCoshError,
    Mean,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanIoU,
    MeanMetricWrapper,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    Metric,
    OneHotIoU,
    OneHotMeanIoU,
    PearsonCorrelation,
    Poisson,
    Precision,
    PrecisionAtRecall,
    R2Score,
    Recall,
    RecallAtPrecision,
    RootMeanSquaredError,
    SensitivityAtSpecificity,
    SparseCategoricalAccuracy,
    SparseCategoricalCrossentropy,
    SparseTopKCategoricalAccuracy,
    SpecificityAtSensitivity,
    SquaredHinge,
    Sum,
    TopKCategoricalAccuracy,
    TrueNegatives,
    TruePositives,
)
_ALIASES = {
    "BCE": "BinaryCrossentropy",
    "MAE": "MeanAbsoluteError",
    "MAPE": "MeanAbsolutePercentageError",
    "MSE": "MeanSquaredError",
    "MSLE": "MeanSquaredLogarithmicError",
    "bce": "BinaryCrossentropy",
    "mae": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "mse": "MeanSquaredError",
    "msle": "MeanSquaredLogarithmicError",
}
_ALL_FUNCTIONS = (*LOSS_FUNCTIONS, *accuracy.FUNCTIONS, *correlation.FUNCTIONS, *top_k.FUNCTIONS)
_METRICS = {"kind": "metric", "module": "keras.metrics", "legacy": NAMES}
_FUNCTIONS = {"kind": "metric function", "module": "keras.metrics"}
# By name Keras always gives the class; functions are only named in configs.
_metrics = with_custom(None, _CLASSES, (), _ALIASES, **_METRICS)
_functions = with_custom(None, (), _ALL_FUNCTIONS, {}, **_FUNCTIONS)


@filtered
def get(identifier: Any) -> Any:
    """Returns the metric an identifier stands for.

    Args:
        identifier: The name of a class, as it is or in snake case (such as "mse"), a config, a function, a class
            or an object; None gives None.

    Raises:
        UnknownNameError: If a name is not known; it tells the nearest one.
        ArgumentTypeError: If the identifier is something else.

    Source: https://keras.io/api/metrics/

    Example:
        >>> get("mse")
        <MeanSquaredError name=mean_squared_error>
    """
    return deserialize(identifier) if isinstance(identifier, dict) else _metrics.get(identifier)


@filtered
def serialize(metric: TensorLike) -> Any:
    """Returns the config of a metric object or function.

    Args:
        metric: A `Metric` or a function.

    Source: https://keras.io/api/metrics/

    Example:
        >>> serialize(Mean())["class_name"]
        'Mean'
    """
    return describe(metric, "keras" if type(metric) is Metric else "keras.metrics")  # where Keras has them


@filtered
def deserialize(config: Any, custom_objects: dict | None = None) -> Any:
    """Makes the metric that `serialize` described.

    Args:
        config: A config or a name.
        custom_objects: The user's own classes and functions, by the name used in the config.

    Raises:
        UnknownNameError: If a name is not known.
        ArgumentError: If the config has not the needed parts.

    Source: https://keras.io/api/metrics/

    Example:
        >>> deserialize(serialize(BinaryAccuracy(threshold=0.2))).threshold
        0.2
    """
    if not custom_objects:
        return restore(config, _metrics, _functions)
    metrics = with_custom(custom_objects, _CLASSES, (), _ALIASES, **_METRICS)
    functions = with_custom(custom_objects, (), _ALL_FUNCTIONS, {}, **_FUNCTIONS)
    return restore(config, metrics, functions)

"""Cross-entropies as metrics."""

from ..losses.functions import binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy
from ..typing import DTypeLike
from .reduction import FunctionMetric


class BinaryCrossentropy(FunctionMetric):
    """Mean binary cross-entropy between labels and predicted probabilities.

    `-mean(y_true ln(y_pred) + (1 - y_true) ln(1 - y_pred))`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.
        from_logits: Whether `y_pred` holds logits rather than probabilities.
        label_smoothing: Label smoothing in [0, 1]: how far labels are moved towards 0.5.

    Source: https://keras.io/api/metrics/probabilistic_metrics/#binarycrossentropy-class

    Example:
        >>> print(BinaryCrossentropy()([[0.0], [1.0]], [[0.5], [0.5]]))
        0.6931472
    """

    _direction = "down"

    def __init__(
        self,
        name: str | None = "binary_crossentropy",
        dtype: DTypeLike | None = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
    ):
        super().__init__(
            binary_crossentropy, name=name, dtype=dtype, from_logits=from_logits, label_smoothing=label_smoothing
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing


class CategoricalCrossentropy(FunctionMetric):
    """Mean cross-entropy between one-hot labels and predicted probabilities.

    `-sum_i y_true_i ln(y_pred_i)`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.
        from_logits: Whether `y_pred` holds logits rather than probabilities.
        label_smoothing: Label smoothing in [0, 1]: the share of each label spread evenly over the classes.
        axis: The axis of the classes.

    Source: https://keras.io/api/metrics/probabilistic_metrics/#categoricalcrossentropy-class

    Example:
        >>> print(CategoricalCrossentropy()([[0.0, 1.0]], [[0.5, 0.5]]))
        0.6931472
    """

    _direction = "down"

    def __init__(
        self,
        name: str | None = "categorical_crossentropy",
        dtype: DTypeLike | None = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
        axis: int = -1,
    ):
        super().__init__(
            categorical_crossentropy,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis


class SparseCategoricalCrossentropy(FunctionMetric):
    """Mean cross-entropy between integer class labels and predicted probabilities.

    `-ln(y_pred[y_true])`

    Args:
        name: Name of the metric.
        dtype: The dtype of the computation; `floatx` by default.
        from_logits: Whether `y_pred` holds logits rather than probabilities.
        ignore_class: Class label whose examples have the value 0. With sample weights they have weight 0;
            without, they still count as examples, as in Keras.
        axis: The axis of the classes.

    Source: https://keras.io/api/metrics/probabilistic_metrics/#sparsecategoricalcrossentropy-class

    Example:
        >>> print(SparseCategoricalCrossentropy()([1], [[0.5, 0.5]]))
        0.6931472
    """

    _direction = "down"

    def __init__(
        self,
        name: str | None = "sparse_categorical_crossentropy",
        dtype: DTypeLike | None = None,
        from_logits: bool = False,
        ignore_class: int | None = None,
        axis: int = -1,
    ):
        super().__init__(
            sparse_categorical_crossentropy,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            ignore_class=ignore_class,
            axis=axis,
        )
        self.from_logits = from_logits
        self.ignore_class = ignore_class
        self.axis = axis

"""The crossentropies as metrics."""

from ..losses.functions import binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy
from ..typing import DTypeLike
from .reduction import FunctionMetric


class BinaryCrossentropy(FunctionMetric):
    """Mean crossentropy between labels of yes and no and their predicted probabilities.

    `-mean(y_true ln(y_pred) + (1 - y_true) ln(1 - y_pred))`

    Args:
        name: The metric's name.
        dtype: The dtype of the computation; `floatx` by default.
        from_logits: The predictions are scores, not probabilities.
        label_smoothing: How far labels are moved towards 0.5, between 0 and 1.

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
    """Mean crossentropy between one-hot labels and predicted probabilities.

    `-sum_i y_true_i ln(y_pred_i)`

    Args:
        name: The metric's name.
        dtype: The dtype of the computation; `floatx` by default.
        from_logits: The predictions are scores, not probabilities.
        label_smoothing: The part of each label that is spread evenly over the classes, between 0 and 1.
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
    """Mean crossentropy between class numbers and predicted probabilities.

    `-ln(y_pred[y_true])`

    Args:
        name: The metric's name.
        dtype: The dtype of the computation; `floatx` by default.
        from_logits: The predictions are scores, not probabilities.
        ignore_class: The class whose examples have the value 0. With sample weights they weigh nothing;
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

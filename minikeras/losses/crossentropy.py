"""Cross-entropy losses as classes."""

from collections.abc import Sequence

from ..argument_checks import check_number
from ..errors import ArgumentError
from ..typing import DTypeLike
from .functions import (
    binary_crossentropy,
    binary_focal_crossentropy,
    categorical_crossentropy,
    categorical_focal_crossentropy,
    categorical_generalized_cross_entropy,
    sparse_categorical_crossentropy,
)
from .wrapper import FunctionLoss


class BinaryCrossentropy(FunctionLoss):
    """Binary cross-entropy between labels and predicted probabilities.

    `-mean(y_true ln(y_pred) + (1 - y_true) ln(1 - y_pred))`

    Args:
        from_logits: Whether `y_pred` holds logits rather than probabilities.
        label_smoothing: Label smoothing in [0, 1]: how far labels are moved towards 0.5.
        axis: The axis to average over.
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://keras.io/api/losses/probabilistic_losses/#binarycrossentropy-class

    Example:
        >>> print(BinaryCrossentropy()([[0.0], [1.0]], [[0.5], [0.5]]))
        0.6931472
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "binary_crossentropy",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(
            binary_crossentropy,
            reduction=reduction,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis


class CategoricalCrossentropy(FunctionLoss):
    """Cross-entropy between one-hot labels and predicted probabilities.

    `-sum_i y_true_i ln(y_pred_i)`

    Args:
        from_logits: Whether `y_pred` holds logits rather than probabilities.
        label_smoothing: Label smoothing in [0, 1]: the share of each label spread evenly over the classes.
        axis: The axis of the classes.
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://keras.io/api/losses/probabilistic_losses/#categoricalcrossentropy-class

    Example:
        >>> print(CategoricalCrossentropy()([[0.0, 1.0]], [[0.5, 0.5]]))
        0.6931472
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_crossentropy",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(
            categorical_crossentropy,
            reduction=reduction,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis


class SparseCategoricalCrossentropy(FunctionLoss):
    """Cross-entropy between integer class labels and predicted probabilities.

    `-ln(y_pred[y_true])`

    Args:
        from_logits: Whether `y_pred` holds logits rather than probabilities.
        ignore_class: Class label whose examples are ignored.
        reduction: How the losses of the examples are reduced; see `Loss`.
        axis: The axis of the classes.
        name: Name of the loss.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://keras.io/api/losses/probabilistic_losses/#sparsecategoricalcrossentropy-class

    Example:
        >>> print(SparseCategoricalCrossentropy()([1], [[0.5, 0.5]]))
        0.6931472
    """

    unwritten = {"axis": -1}

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: str | None = "sum_over_batch_size",
        axis: int = -1,
        name: str | None = "sparse_categorical_crossentropy",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(
            sparse_categorical_crossentropy,
            reduction=reduction,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            ignore_class=ignore_class,
            axis=axis,
        )
        self.from_logits = from_logits
        self.ignore_class = ignore_class
        self.axis = axis


class BinaryFocalCrossentropy(FunctionLoss):
    """Binary focal cross-entropy, in which confident predictions are down-weighted.

    `-mean((1 - p)^gamma ln(p))`, where `p` is the probability predicted for the label

    Args:
        apply_class_balancing: Whether class 1 is weighted by `alpha` and class 0 by `1 - alpha`.
        alpha: Weight of class 1.
        gamma: Focusing parameter: the larger, the less confident predictions count; 0 is plain cross-entropy.
        from_logits: Whether `y_pred` holds logits rather than probabilities.
        label_smoothing: Label smoothing in [0, 1]: how far labels are moved towards 0.5.
        axis: The axis to average over.
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://arxiv.org/abs/1708.02002

    Example:
        >>> print(BinaryFocalCrossentropy()([[0.0], [1.0]], [[0.5], [0.5]]))
        0.1732868
    """

    def __init__(
        self,
        apply_class_balancing: bool = False,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "binary_focal_crossentropy",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(
            binary_focal_crossentropy,
            reduction=reduction,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
            apply_class_balancing=apply_class_balancing,
            alpha=alpha,
            gamma=gamma,
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis
        self.apply_class_balancing = apply_class_balancing
        self.alpha = alpha
        self.gamma = gamma


class CategoricalFocalCrossentropy(FunctionLoss):
    """Categorical focal cross-entropy, in which confident predictions are down-weighted.

    `-sum_i alpha_i (1 - y_pred_i)^gamma y_true_i ln(y_pred_i)`

    Args:
        alpha: Weight of all classes, or one weight per class.
        gamma: Focusing parameter: the larger, the less confident predictions count; 0 is plain cross-entropy.
        from_logits: Whether `y_pred` holds logits rather than probabilities.
        label_smoothing: Label smoothing in [0, 1]: the share of each label spread evenly over the classes.
        axis: The axis of the classes.
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://arxiv.org/abs/1708.02002

    Example:
        >>> print(CategoricalFocalCrossentropy(alpha=1.0)([[0.0, 1.0]], [[0.5, 0.5]]))
        0.1732868
    """

    def __init__(
        self,
        alpha: float | Sequence[float] = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_focal_crossentropy",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(
            categorical_focal_crossentropy,
            reduction=reduction,
            name=name,
            dtype=dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
            alpha=alpha,
            gamma=gamma,
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis
        self.alpha = alpha
        self.gamma = gamma


class CategoricalGeneralizedCrossEntropy(FunctionLoss):
    """Generalized cross-entropy for integer class labels; more robust to noisy labels than cross-entropy.

    `(1 - y_pred[y_true]^q) / q`

    Args:
        q: Between 0, where the loss tends to cross-entropy, and 1, where it is half the absolute error.
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.
        ArgumentError: If `q` is not between 0 and 1.

    Source: https://arxiv.org/abs/1805.07836

    Example:
        >>> print(CategoricalGeneralizedCrossEntropy()([1], [[0.75, 0.25]]))
        1.0
    """

    def __init__(
        self,
        q: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_generalized_cross_entropy",
        dtype: DTypeLike | None = None,
    ):
        check_number("CategoricalGeneralizedCrossEntropy", "q", q, above=0, below=1, error=ArgumentError)
        super().__init__(categorical_generalized_cross_entropy, reduction=reduction, name=name, dtype=dtype, q=q)
        self.q = q

"""The crossentropies as classes."""

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
    """Crossentropy between labels of yes and no and their predicted probabilities.

    `-mean(y_true ln(y_pred) + (1 - y_true) ln(1 - y_pred))`

    Args:
        from_logits: The predictions are scores, not probabilities.
        label_smoothing: How far labels are moved towards 0.5, between 0 and 1.
        axis: The axis to average over.
        reduction: What happens to the losses of the examples; see `Loss`.
        name: The loss's name.
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
    """Crossentropy between one-hot labels and predicted probabilities.

    `-sum_i y_true_i ln(y_pred_i)`

    Args:
        from_logits: The predictions are scores, not probabilities.
        label_smoothing: The part of each label that is spread evenly over the classes, between 0 and 1.
        axis: The axis of the classes.
        reduction: What happens to the losses of the examples; see `Loss`.
        name: The loss's name.
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
    """Crossentropy between class numbers and predicted probabilities.

    `-ln(y_pred[y_true])`

    Args:
        from_logits: The predictions are scores, not probabilities.
        ignore_class: The class whose examples do not count.
        reduction: What happens to the losses of the examples; see `Loss`.
        axis: The axis of the classes.
        name: The loss's name.
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
    """Crossentropy between labels of yes and no and probabilities, in which sure predictions count less.

    `-mean((1 - p)^gamma ln(p))` for 0 and 1 as labels, with the probability `p` that was predicted for the label

    Args:
        apply_class_balancing: Weigh yes by `alpha` and no by `1 - alpha`.
        alpha: The weight of yes.
        gamma: How much less sure predictions count; 0: not at all.
        from_logits: The predictions are scores, not probabilities.
        label_smoothing: How far labels are moved towards 0.5, between 0 and 1.
        axis: The axis to average over.
        reduction: What happens to the losses of the examples; see `Loss`.
        name: The loss's name.
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
    """Crossentropy between one-hot labels and probabilities, in which sure predictions count less.

    `-sum_i alpha_i (1 - y_pred_i)^gamma y_true_i ln(y_pred_i)`

    Args:
        alpha: The weight of all classes, or one for each class.
        gamma: How much less sure predictions count; 0: not at all.
        from_logits: The predictions are scores, not probabilities.
        label_smoothing: The part of each label that is spread evenly over the classes, between 0 and 1.
        axis: The axis of the classes.
        reduction: What happens to the losses of the examples; see `Loss`.
        name: The loss's name.
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
    """Loss between class numbers and probabilities that wrong labels disturb less than the crossentropy.

    `(1 - y_pred[y_true]^q) / q`

    Args:
        q: Between 0, where the loss is the crossentropy, and 1, where it is half of the absolute errors.
        reduction: What happens to the losses of the examples; see `Loss`.
        name: The loss's name.
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

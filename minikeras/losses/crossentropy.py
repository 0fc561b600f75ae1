"""The crossentropies as classes."""

from .functions import binary_crossentropy, categorical_crossentropy, sparse_categorical_crossentropy
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
        dtype: object = None,
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
        dtype: object = None,
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

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: str | None = "sum_over_batch_size",
        axis: int = -1,
        name: str | None = "sparse_categorical_crossentropy",
        dtype: object = None,
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

    def get_config(self) -> dict:
        """Returns the arguments that make the same loss again."""
        config = super().get_config()
        if self.axis == -1:
            del config["axis"]  # Keras leaves it out, always; another axis must not be lost
        return config

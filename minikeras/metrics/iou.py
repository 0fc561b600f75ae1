"""Intersection over union (IoU) of predicted and true regions, e.g. in image segmentation."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import config, ops
from ..engine.dtypes import dtype_of
from ..engine.phases import in_phase
from ..errors import ArgumentError, ShapeError, brief, warn_user
from ..typing import DTypeLike, Tensor, TensorLike
from .counts import checked_count
from .metric import Metric


class IoU(Metric):
    """Intersection over union, averaged over some classes.

    `true positives / (true positives + false positives + false negatives)`

    Args:
        num_classes: The number of classes.
        target_class_ids: The classes to average over; those absent from labels and predictions are left out.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the counts; "int64" by default.
        ignore_class: Class label whose elements are ignored.
        sparse_y_true: Whether labels are integers rather than one-hot.
        sparse_y_pred: Whether predictions are class indices rather than logits or probabilities, of which the argmax is
            taken.
        axis: The axis of the classes where labels or predictions have one.

    Raises:
        ArgumentError: If a class is out of range.

    Source: https://keras.io/api/metrics/segmentation_metrics/#iou-class

    Example:
        >>> print(IoU(num_classes=2, target_class_ids=[0])([0, 0, 1, 1], [0, 1, 0, 1]))
        0.3333333
    """

    _direction = "up"

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: DTypeLike | None = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ):
        super().__init__(name=name, dtype=dtype or "int64")
        self.num_classes = checked_count("num_classes", num_classes)
        self.target_class_ids = [int(each) for each in target_class_ids]
        wrong = [each for each in self.target_class_ids if not -num_classes <= each < num_classes]
        if wrong or not self.target_class_ids:
            raise ArgumentError(
                f"Target class ids must be in the range [0, {num_classes}), and at least one. "
                f"Received: target_class_ids={brief(target_class_ids)}"
            )
        self.ignore_class = ignore_class
        self.sparse_y_true = sparse_y_true
        self.sparse_y_pred = sparse_y_pred
        self.axis = axis
        shape = (num_classes, num_classes)
        self.total_cm = self.add_variable(shape, "zeros", self.dtype, name="total_confusion_matrix")

    @in_phase("metrics")
    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Updates the state with a batch. Elements whose class is out of range do not count.

        Args:
            y_true: Integer class labels of any shape, or one-hot labels with a further axis.
            y_pred: Predicted class indices, or logits or probabilities with a class axis.
            sample_weight: A number, or one per element, in the dtype of the metric; ones by default.

        Raises:
            ShapeError: If the sizes differ.
        """
        y_true = self._class_numbers(y_true, self.sparse_y_true)
        y_pred = self._class_numbers(y_pred, self.sparse_y_pred)
        (size,), classes = ops.shape(y_true), self.num_classes
        if ops.shape(y_pred) != (size,):
            raise ShapeError(
                f"Metric '{self.name}': expected as many predictions as labels. "
                f"Received: {size} labels and {ops.shape(y_pred)[0]} predictions"
            )
        weights = self._weights(sample_weight, size)
        counts = ops.logical_and(self._in_range(y_true), self._in_range(y_pred))
        if self.ignore_class is not None:
            counts = ops.logical_and(counts, ops.not_equal(y_true, self.ignore_class))
        cells = ops.where(counts, ops.cast(y_true, "int32") * classes + ops.cast(y_pred, "int32"), -1)
        matrix = ops.segment_sum(weights, cells, num_segments=classes * classes)
        self.total_cm.assign_add(ops.reshape(matrix, (classes, classes)))

    @in_phase("metrics")
    def result(self) -> Tensor:
        """Returns the mean so far; 0 if there is no element yet."""
        matrix, epsilon = ops.convert_to_tensor(self.total_cm), config.epsilon()
        right = ops.ravel(matrix)[:: self.num_classes + 1]  # the diagonal
        union = ops.sum(matrix, axis=0) + ops.sum(matrix, axis=1) - right
        classes = np.int32(self.target_class_ids)
        right, union = (ops.cast(ops.take(value, classes), "float32") for value in (right, union))
        is_there = union > 1e-9
        shares = ops.where(is_there, ops.divide(right, union + epsilon), 0.0)
        return ops.divide(ops.sum(shares), ops.sum(ops.cast(is_there, "float32")) + epsilon)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "target_class_ids": self.target_class_ids,
            "ignore_class": self.ignore_class,
            "sparse_y_true": self.sparse_y_true,
            "sparse_y_pred": self.sparse_y_pred,
            "axis": self.axis,
        }

    def _class_numbers(self, values: object, sparse: bool) -> object:
        return ops.ravel(ops.convert_to_tensor(values if sparse else ops.argmax(values, axis=self.axis), self.dtype))

    def _in_range(self, numbers: object) -> object:
        return ops.logical_and(ops.greater_equal(numbers, 0), ops.less(numbers, self.num_classes))

    def _weights(self, sample_weight: object, size: int) -> object:
        if sample_weight is None:
            return np.ones(size, self.dtype)
        if hasattr(sample_weight, "dtype") and "float" in dtype_of(sample_weight) and "int" in self.dtype:
            warn_user(
                f"Metric '{self.name}': the sample weights are {dtype_of(sample_weight)}, but the metric counts in "
                f"{self.dtype}, which truncates their fractions. Use integers, or dtype='float32'.",
                UserWarning,
            )
        weights = ops.convert_to_tensor(sample_weight, self.dtype)
        weights = ops.ravel(weights) if len(ops.shape(weights)) > 1 else weights
        if ops.shape(weights) not in ((), (1,), (size,)):
            raise ShapeError(
                f"Metric '{self.name}': expected one sample weight for each of {size} elements. "
                f"Received: sample weights of shape {ops.shape(sample_weight)}"
            )
        return ops.broadcast_to(weights, (size,))


class BinaryIoU(IoU):
    """Intersection over union of binary labels, averaged over classes 0 and 1.

    `true positives / (true positives + false positives + false negatives)`

    Args:
        target_class_ids: The classes to average over: 0, 1 or both.
        threshold: Predictions of at least this value are class 1.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the counts; "int64" by default.

    Raises:
        ArgumentError: If a class is out of range.

    Source: https://keras.io/api/metrics/segmentation_metrics/#binaryiou-class

    Example:
        >>> print(BinaryIoU(threshold=0.3)([0, 1, 0, 1], [0.1, 0.2, 0.4, 0.7]))
        0.33333334
    """

    def __init__(
        self,
        target_class_ids: Sequence[int] = (0, 1),
        threshold: float = 0.5,
        name: str | None = None,
        dtype: DTypeLike | None = None,
    ):
        super().__init__(num_classes=2, target_class_ids=target_class_ids, name=name, dtype=dtype)
        self.threshold = threshold

    @in_phase("metrics")
    def update_state(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> None:
        """Updates the state with a batch.

        Args:
            y_true: Labels 0 and 1, of any shape.
            y_pred: Predictions, with as many elements.
            sample_weight: A number, or one per element, in the dtype of the metric; ones by default.

        Raises:
            ShapeError: If the sizes differ.
        """
        y_pred = ops.convert_to_tensor(y_pred, "float32") >= self.threshold
        super().update_state(y_true, y_pred, sample_weight)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        own = {"target_class_ids": self.target_class_ids, "threshold": self.threshold}
        return {**own, **Metric.get_config(self)}


class MeanIoU(IoU):
    """Mean intersection over union of all classes.

    `true positives / (true positives + false positives + false negatives)`

    Args:
        num_classes: The number of classes; those absent from labels and predictions are left out of the mean.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the counts; "int64" by default.
        ignore_class: Class label whose elements are ignored.
        sparse_y_true: Whether labels are integers rather than one-hot.
        sparse_y_pred: Whether predictions are class indices rather than logits or probabilities, of which the argmax is
            taken.
        axis: The axis of the classes where labels or predictions have one.

    Raises:
        ArgumentError: If there is no class.

    Source: https://keras.io/api/metrics/segmentation_metrics/#meaniou-class

    Example:
        >>> print(MeanIoU(num_classes=2)([0, 0, 1, 1], [0, 1, 0, 1]))
        0.33333334
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: DTypeLike | None = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ):
        super().__init__(
            num_classes=num_classes,
            target_class_ids=range(checked_count("num_classes", num_classes)),
            name=name,
            dtype=dtype,
            ignore_class=ignore_class,
            sparse_y_true=sparse_y_true,
            sparse_y_pred=sparse_y_pred,
            axis=axis,
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        return _chosen(super().get_config(), "num_classes", "name", "dtype", "ignore_class", "sparse_y_true")


class OneHotIoU(IoU):
    """Intersection over union for one-hot labels, averaged over some classes.

    `true positives / (true positives + false positives + false negatives)`

    Args:
        num_classes: The number of classes.
        target_class_ids: The classes to average over; those absent from labels and predictions are left out.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the counts; "int64" by default.
        ignore_class: Class label whose elements are ignored.
        sparse_y_pred: Whether predictions are class indices rather than logits or probabilities, of which the argmax is
            taken.
        axis: The axis of the classes.

    Raises:
        ArgumentError: If a class is out of range.

    Source: https://keras.io/api/metrics/segmentation_metrics/#onehotiou-class

    Example:
        >>> metric = OneHotIoU(num_classes=2, target_class_ids=[0])
        >>> print(metric([[1, 0], [1, 0], [0, 1], [0, 1]], [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.4, 0.6]]))
        0.3333333
    """

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: DTypeLike | None = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ):
        super().__init__(
            num_classes=num_classes,
            target_class_ids=target_class_ids,
            name=name,
            dtype=dtype,
            ignore_class=ignore_class,
            sparse_y_true=False,
            sparse_y_pred=sparse_y_pred,
            axis=axis,
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        return _chosen(super().get_config(), "num_classes", "target_class_ids", "name", "dtype", "ignore_class")


class OneHotMeanIoU(MeanIoU):
    """Mean intersection over union of all classes, for one-hot labels.

    `true positives / (true positives + false positives + false negatives)`

    Args:
        num_classes: The number of classes; those absent from labels and predictions are left out of the mean.
        name: Name of the metric; made from the class name if None.
        dtype: The dtype of the counts; "int64" by default.
        ignore_class: Class label whose elements are ignored.
        sparse_y_pred: Whether predictions are class indices rather than logits or probabilities, of which the argmax is
            taken.
        axis: The axis of the classes.

    Raises:
        ArgumentError: If there is no class.

    Source: https://keras.io/api/metrics/segmentation_metrics/#onehotmeaniou-class

    Example:
        >>> metric = OneHotMeanIoU(num_classes=2)
        >>> print(metric([[1, 0], [1, 0], [0, 1], [0, 1]], [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.4, 0.6]]))
        0.33333334
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: DTypeLike | None = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ):
        super().__init__(
            num_classes=num_classes,
            name=name,
            dtype=dtype,
            ignore_class=ignore_class,
            sparse_y_true=False,
            sparse_y_pred=sparse_y_pred,
            axis=axis,
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        config = super().get_config()
        del config["sparse_y_true"]
        return config


def _chosen(config: dict, *names: str) -> dict:
    """Returns some arguments, in this order, and the two that all these metrics have."""
    return {name: config[name] for name in (*names, "sparse_y_pred", "axis")}

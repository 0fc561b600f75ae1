"""The base class of losses."""

from typing import Any, Self

import numpy as np

from .. import dtype_policies, ops
from ..config import floatx
from ..engine import tree
from ..engine.immutable_arrays import immutable_results
from ..engine.masks import get_mask
from ..engine.naming import check_name, to_snake_case, unique_name
from ..engine.phases import current_phase, phase
from ..engine.watched import Watched
from ..errors import NotSupportedError
from ..graph.operation import refuse_symbolic
from ..typing import DTypeLike, Tensor, TensorLike
from .reduction import check_fit, reduce_weighted_values, standardize_reduction, warn_of_pairs


class Loss(Watched):
    """Computes a loss; a subclass defines `call`.

    Args:
        name: Name of the loss; made from the class name if None.
        reduction: How the losses of the examples are reduced. "sum_over_batch_size" or "mean": their sum divided by
            their number. "sum": their sum. "mean_with_sample_weight": their sum divided by the sum of the sample
            weights. "none" or None: not at all.
        dtype: The dtype of the computation, or a dtype policy; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not one of these.

    Source: https://keras.io/api/losses/#base-loss-api

    Example:
        >>> from minikeras import ops
        >>> class Largest(Loss):
        ...     def call(self, y_true, y_pred):
        ...         return ops.max(ops.absolute(y_true - y_pred), axis=-1)
        >>> print(Largest()([[0.0, 0.0]], [[1.0, 3.0]]))
        3.0
    """

    def __init__(
        self, name: str | None = None, reduction: str | None = "sum_over_batch_size", dtype: DTypeLike | None = None
    ):
        if name is not None and not isinstance(name, str):
            check_name(name, type(self).__name__, forbidden="")
        self.name = name or unique_name(to_snake_case(type(self).__name__))
        check_name(self.name, type(self).__name__, forbidden="")
        self.reduction = standardize_reduction(reduction)
        policy = dtype if hasattr(dtype, "compute_dtype") else dtype_policies.get(floatx() if dtype is None else dtype)
        self._dtype = policy.compute_dtype

    @property
    def dtype(self) -> str:
        """The dtype of the computation."""
        return self._dtype

    def __call__(self, y_true: TensorLike, y_pred: TensorLike, sample_weight: TensorLike | None = None) -> Tensor:
        """Returns the reduced loss.

        Args:
            y_true: Labels, or a nested structure of them.
            y_pred: Predictions, or a nested structure of them. Their mask, if they have one, excludes losses from the
                reduction; so does a mask on the result of `call`.
            sample_weight: Weights that broadcast with the losses of the examples.

        Returns:
            A scalar, or the weighted losses if the reduction is "none" or None.

        Raises:
            ShapeError: If shapes do not fit together.
        """
        if current_phase() != "forward":  # e.g. the value of a metric
            return self._reduced(y_true, y_pred, sample_weight)
        with phase("loss"):
            return self._reduced(y_true, y_pred, sample_weight)

    def _reduced(self, y_true: Any, y_pred: Any, sample_weight: Any) -> Any:
        mask = get_mask(y_pred)
        y_pred = _converted(y_pred, self._dtype)
        y_true = _converted(y_true, self._label_dtype())
        with immutable_results():
            values = self.call(y_true, y_pred)
        refuse_symbolic(f"Loss '{self.name}'", values, y_true, y_pred)
        warn_of_pairs(f"Loss '{self.name}'", y_true, y_pred, values)
        for found in (get_mask(values), self._examples_that_count(y_true, y_pred, values)):
            if found is not None:
                mask = found if mask is None else self._both(mask, found)
        return reduce_weighted_values(values, sample_weight, mask, self.reduction, self._dtype, self.name)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Returns the loss of each example; defined by subclasses.

        Args:
            y_true: Labels, in the dtype of the loss.
            y_pred: Predictions, in the dtype of the loss.
        """
        raise NotSupportedError(f"Loss '{self.name}' of class {type(self).__name__} needs a method `call`.")

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the loss can be recreated."""
        return {"name": self.name, "reduction": self.reduction}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a loss from its config."""
        return cls(**config)

    def _label_dtype(self) -> str | None:
        return self._dtype

    def _examples_that_count(self, y_true: object, y_pred: object, values: object) -> object:
        return None

    def _both(self, first: object, second: object) -> object:
        check_fit(f"Loss '{self.name}'", first, second, "mask of the predictions", "mask of the losses")
        return ops.logical_and(first, second)


def _converted(value: object, dtype: str | None) -> object:
    leaves = tree.flatten(value)
    if isinstance(value, (list, tuple)) and leaves and all(np.isscalar(leaf) for leaf in leaves):
        return ops.convert_to_tensor(value, dtype)  # an array written as a list
    return tree.map_structure(lambda leaf: ops.convert_to_tensor(leaf, dtype), value)

"""A loss computed by a function, as all built-in losses are."""

from collections.abc import Callable
from typing import Any, Self

from ..engine import tree
from ..errors import ArgumentTypeError, ShapeError, brief
from ..typing import DTypeLike, Tensor, TensorLike
from .configs import describe, restore_arguments
from .functions import FUNCTIONS, examples_that_count, takes_integer_labels
from .loss import Loss
from .reduction import squeeze_or_expand_to_same_rank


class LossFunctionWrapper(Loss):
    """Computes a loss with a function.

    Args:
        fn: `fn(y_true, y_pred, **kwargs)` returns one value per example.
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss; made from the class name if None.
        dtype: The dtype of the computation; `floatx` by default.
        **kwargs: Passed on to the function.

    Raises:
        ArgumentTypeError: If `fn` cannot be called.

    Source: https://keras.io/api/losses/#creating-custom-losses

    Example:
        >>> from minikeras import ops
        >>> def distance(y_true, y_pred, power):
        ...     return ops.sum((y_pred - y_true) ** power, axis=-1)
        >>> print(LossFunctionWrapper(distance, power=4)([[0.0, 0.0]], [[1.0, 2.0]]))
        17.0
    """

    def __init__(
        self,
        fn: Callable,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = None,
        dtype: DTypeLike | None = None,
        **kwargs: Any,
    ):
        if not callable(fn):
            raise ArgumentTypeError(f"`{type(self).__name__}` expects a function as `fn`. Received: fn={brief(fn)}")
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self.fn = fn
        self._fn_kwargs = kwargs

    def call(self, y_true: TensorLike, y_pred: TensorLike) -> Tensor:
        """Calls the function, after giving labels and predictions the same rank where that is possible."""
        labels, outputs = tree.flatten(y_true), tree.flatten(y_pred)
        if len(labels) != len(outputs):
            raise ShapeError(
                f"Loss '{self.name}': expected one label array per output. "
                f"Received: {len(labels)} label arrays and {len(outputs)} outputs."
            )
        pairs = [squeeze_or_expand_to_same_rank(*pair) for pair in zip(labels, outputs, strict=True)]
        y_true = tree.pack_like(y_true, [pair[0] for pair in pairs])
        y_pred = tree.pack_like(y_pred, [pair[1] for pair in pairs])
        return self.fn(y_true, y_pred, **self._fn_kwargs)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the loss can be recreated."""
        return {**super().get_config(), "fn": describe(self.fn, "keras.losses"), **self._fn_kwargs}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a loss from its config.

        Raises:
            UnknownNameError: If the function is not one of minikeras; see `custom_objects` of `deserialize`.
        """
        return cls(**restore_arguments(config, FUNCTIONS))

    def __repr__(self) -> str:
        return f"<LossFunctionWrapper({self.fn}, kwargs={self._fn_kwargs})>"

    def _label_dtype(self) -> str | None:
        # Class labels stay integers: as floats they would only be cast back.
        return None if takes_integer_labels(self.fn) else self._dtype

    def _examples_that_count(self, y_true: object, y_pred: object, values: object) -> object:
        return examples_that_count(self.fn, self._fn_kwargs, y_true, y_pred, values)


class FunctionLoss(LossFunctionWrapper):
    """A loss whose class implies its function, which is therefore not in its config.

    Attributes:
        unwritten: Arguments that Keras always omits from the config, with their defaults: other values are written
            here, so that they are not lost.
    """

    unwritten: dict[str, object] = {}

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the loss can be recreated."""
        written = {name: value for name, value in self._fn_kwargs.items() if not self._is_default(name, value)}
        return {**Loss.get_config(self), **written}

    def _is_default(self, name: str, value: object) -> bool:
        return name in self.unwritten and value == self.unwritten[name]

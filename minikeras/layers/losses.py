"""`add_loss`, and the penalties of regularizers."""

import numpy as np

from ..engine import tree
from ..engine.immutable_arrays import without_aliasing
from ..engine.scopes import local
from ..engine.tensor import Tensor
from ..errors import ArgumentError, brief
from ..graph.operation import check_initialized, refuse_symbolic
from ..tracebacks import Filtered
from ..typing import Nested, TensorLike
from .arguments import is_tensor


class Losses(Filtered):
    """The part of `Layer` that keeps its losses."""

    def add_loss(self, loss: Nested[TensorLike]) -> None:
        """Adds one or more losses to the one that training minimizes; to be called in `call`.

        Args:
            loss: A scalar or an array, which is summed; or a nested structure of them.

        Raises:
            ArgumentError: If it is not a computed value.
        """
        check_initialized(self)
        losses = tree.flatten(loss)
        for value in losses:
            if not (is_tensor(value) or isinstance(value, np.generic)):
                raise ArgumentError(f"{self._where()}: `add_loss` expects a computed value. Received: {brief(value)}")
        losses = [without_aliasing(value, ()) for value in losses]  # `call` computes with immutable arrays
        scope = local.stateless
        if scope is None:
            refuse_symbolic(f"{self._where()}: what is given to `add_loss`", losses)
        else:
            if not scope.collect_losses:
                return
            scope.losses.extend(losses)
        self._own_losses.extend(losses)

    @property
    def _own_losses(self) -> list:
        return vars(self).setdefault("_losses", [])

    @property
    def losses(self) -> list[Tensor]:
        """The losses of the last call: those of `add_loss`, and the penalties of the weights' regularizers.

        Those of a training step exist only during the step.
        """
        own = [loss for layer in (self, *self._flat_layers()) for loss in layer._own_losses]
        usable = [loss for loss in own if not isinstance(loss, Tensor) or loss.trace.active]
        regularized = [weight for weight in self.trainable_weights if weight.regularizer is not None]
        return usable + [weight.regularizer(weight) for weight in regularized]

    def _clear_losses(self) -> None:
        for layer in self._walk():
            layer._own_losses.clear()

"""Optimizer methods of Keras 1 and 2 that old scripts still use."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..autodiff import GradientTape
from ..engine.variable import Variable
from ..errors import ArgumentError, ArgumentTypeError, brief, warn_legacy
from ..typing import LearningRate


class LegacyOptimizer:
    """The attributes and methods of optimizers that Keras 3 has removed."""

    @property
    def lr(self) -> Any:
        """The learning rate, under its Keras 2 name."""
        warn_legacy("`optimizer.lr`", "`optimizer.learning_rate`")
        return self.learning_rate

    @lr.setter
    def lr(self, learning_rate: LearningRate) -> None:
        warn_legacy("`optimizer.lr`", "`optimizer.learning_rate`")
        self.learning_rate = learning_rate

    @property
    def weights(self) -> list[Variable]:
        """The state, under its Keras 2 name."""
        warn_legacy("`optimizer.weights`", "`optimizer.variables`")
        return self.variables

    def get_weights(self) -> list[np.ndarray]:
        """Returns copies of the state."""
        warn_legacy("`optimizer.get_weights()`", "`[variable.numpy() for variable in optimizer.variables]`")
        return [variable.numpy() for variable in self.variables]

    def minimize(
        self, loss: Any, var_list: Any, grad_loss: None = None, name: str | None = None, tape: Any = None
    ) -> Variable:
        """Computes the gradients of a loss and applies them; returns the number of steps.

        Args:
            loss: A callable without arguments that returns the loss; with `tape`, a computed loss.
            var_list: The variables, or a callable that returns them.
            grad_loss: Must be None.
            name: Ignored, as in Keras 2.
            tape: The tape that recorded the loss.

        Raises:
            ArgumentError: If a computed loss is given without a tape, or `grad_loss` is given.
        """
        warn_legacy("`optimizer.minimize(loss, variables)`", "`optimizer.apply_gradients(zip(gradients, variables))`")
        if grad_loss is not None:
            raise ArgumentError(
                f"`minimize`: multiply the loss instead of passing `grad_loss`. Received: {brief(grad_loss)}"
            )
        if not callable(loss) and tape is None:
            raise ArgumentError("`minimize`: a computed loss needs the `tape` that recorded it.")
        if callable(loss):
            with tape if tape is not None else GradientTape() as tape:
                loss = loss()
        variables: Sequence[Variable] = list(var_list() if isinstance(var_list, Callable) else var_list)
        return self.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))


def refuse_unknown_arguments(optimizer: Any, kwargs: dict) -> None:
    """Accepts the additional Keras 2 arguments of `apply_gradients`, which have no effect with one replica.

    Raises:
        ArgumentTypeError: If an argument is unknown.
    """
    for name, value in kwargs.items():
        if name not in ("name", "experimental_aggregate_gradients"):
            raise ArgumentTypeError(
                f"{type(optimizer).__name__}.apply_gradients: unknown argument. Received: {name}={brief(value)}"
            )
        warn_legacy(f"`apply_gradients({name}={value!r})`", "no replacement: it has no effect")

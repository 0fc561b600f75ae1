"""What optimizers had in Keras 1 and 2, and scripts of that time still use."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..autodiff import GradientTape
from ..engine.variable import Variable
from ..errors import ArgumentError, ArgumentTypeError, brief, warn_legacy
from ..typing import LearningRate


class LegacyOptimizer:
    """The attributes and methods of optimizers that Keras 3 does not have any more."""

    @property
    def lr(self) -> Any:
        """The learning rate, by its name in Keras 2."""
        warn_legacy("`optimizer.lr`", "`optimizer.learning_rate`")
        return self.learning_rate

    @lr.setter
    def lr(self, learning_rate: LearningRate) -> None:
        warn_legacy("`optimizer.lr`", "`optimizer.learning_rate`")
        self.learning_rate = learning_rate

    @property
    def weights(self) -> list[Variable]:
        """The state, by its name in Keras 2."""
        warn_legacy("`optimizer.weights`", "`optimizer.variables`")
        return self.variables

    def get_weights(self) -> list[np.ndarray]:
        """Returns copies of the state."""
        warn_legacy("`optimizer.get_weights()`", "`[variable.numpy() for variable in optimizer.variables]`")
        return [variable.numpy() for variable in self.variables]

    def minimize(
        self, loss: Any, var_list: Any, grad_loss: None = None, name: str | None = None, tape: Any = None
    ) -> Variable:
        """Updates variables by the gradients of a loss, and returns the number of steps.

        Args:
            loss: A function without arguments that returns the loss; a computed loss with `tape`.
            var_list: The variables, or a function that returns them.
            grad_loss: Only None.
            name: Not needed.
            tape: The tape under which the loss was computed.

        Raises:
            ArgumentError: If a computed loss comes without a tape, or `grad_loss` is given.
        """
        warn_legacy("`optimizer.minimize(loss, variables)`", "`optimizer.apply_gradients(zip(gradients, variables))`")
        if grad_loss is not None:
            raise ArgumentError(
                f"`minimize`: multiply the loss instead of giving `grad_loss`. Received: {brief(grad_loss)}"
            )
        if not callable(loss) and tape is None:
            raise ArgumentError("`minimize`: a computed loss needs the `tape` under which it was computed.")
        if callable(loss):
            with tape if tape is not None else GradientTape() as tape:
                loss = loss()
        variables: Sequence[Variable] = list(var_list() if isinstance(var_list, Callable) else var_list)
        return self.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))


def refuse_unknown_arguments(optimizer: Any, kwargs: dict) -> None:
    """Takes what `apply_gradients` of Keras 2 had besides; it has no effect where there is one replica.

    Raises:
        ArgumentTypeError: If an argument is not known.
    """
    for name, value in kwargs.items():
        if name not in ("name", "experimental_aggregate_gradients"):
            raise ArgumentTypeError(
                f"{type(optimizer).__name__}.apply_gradients: unknown argument. Received: {name}={brief(value)}"
            )
        warn_legacy(f"`apply_gradients({name}={value!r})`", "nothing in its place: it has no effect")

"""Gradient descent, plain and with momentum."""

from collections.abc import Sequence
from typing import Any

from .. import ops
from ..argument_checks import bad_argument, check_bool, check_number
from ..engine.variable import Variable
from ..errors import ArgumentTypeError
from ..typing import TensorLike
from .optimizer import Optimizer
from .schedules import LearningRateSchedule


class SGD(Optimizer):
    """Stochastic gradient descent.

    Without momentum: `w = w - learning_rate * g`

    With momentum: `m = momentum * m - learning_rate * g`, then `w = w + m`

    With `nesterov` too: `w = w + momentum * m - learning_rate * g`, with the new `m`

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a function without arguments.
        momentum: A float in [0, 1]: how much of the last move is made again.
        nesterov: Look ahead along the momentum.
        weight_decay: Before each update, `w` becomes `w - w * weight_decay * learning_rate`.
        clipnorm: The greatest length of the gradient of each variable; None or 0: no limit.
        clipvalue: The greatest absolute value of an element of a gradient; None or 0: no limit.
        global_clipnorm: The greatest length of all gradients together; None or 0: no limit.
        use_ema: Keep a moving average of each variable; see `Optimizer`.
        ema_momentum: The weight of the former average, in [0, 1].
        ema_overwrite_frequency: The averages take the variables' places every so many steps; None: never.
        loss_scale_factor: The loss is multiplied by it, and gradients are divided by it.
        gradient_accumulation_steps: Gradients of so many steps are averaged for one update; None: of one.
        name: The first part of the paths of its variables.
        **kwargs: `lr` and `decay` of Keras 2, accepted with a warning.

    Raises:
        ArgumentError: If a number is out of range.
        ArgumentTypeError: If an argument has the wrong type or is not known.

    Source: https://keras.io/api/optimizers/sgd/

    Example:
        >>> w = Variable([1.0, 2.0])
        >>> SGD(learning_rate=0.5).apply([np.float32([1.0, -1.0])], [w])
        >>> w.numpy()
        array([0.5, 2.5], dtype=float32)
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **kwargs: Any,
    ):
        if not isinstance(momentum, float):
            raise bad_argument("SGD", "momentum", momentum, "a float in [0, 1]", ArgumentTypeError)
        momentum = check_number("SGD", "momentum", momentum, minimum=0, maximum=1)
        nesterov = check_bool("SGD", "nesterov", nesterov)
        super().__init__(
            learning_rate=learning_rate,
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
            use_ema=use_ema,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=ema_overwrite_frequency,
            loss_scale_factor=loss_scale_factor,
            gradient_accumulation_steps=gradient_accumulation_steps,
            name=name,
            **kwargs,
        )
        self.momentum = momentum
        self.nesterov = nesterov

    def build(self, variables: Sequence[Variable]) -> None:
        """Makes the state: with momentum, the last move of each variable.

        Args:
            variables: The variables that will be updated.
        """
        if self.built:
            return
        super().build(variables)
        self.momentums = self.add_optimizer_variables(variables, "momentum") if self.momentum else []

    def update_step(self, gradient: TensorLike, variable: Variable, learning_rate: TensorLike) -> None:
        """Updates one variable.

        Args:
            gradient: The gradient, in the shape of the variable.
            variable: The variable.
            learning_rate: The learning rate, shape `()`.
        """
        gradient = ops.cast(gradient, variable.dtype)
        move = ops.multiply(gradient, ops.cast(learning_rate, variable.dtype))
        if not self.momentum:
            self.assign_sub(variable, move)
            return
        last = self.momentums[self._get_variable_index(variable)]
        self.assign(last, ops.subtract(ops.multiply(last, self.momentum), move))
        if self.nesterov:
            self.assign_add(variable, ops.subtract(ops.multiply(last, self.momentum), move))
        else:
            self.assign_add(variable, last)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {**super().get_config(), "momentum": self.momentum, "nesterov": self.nesterov}

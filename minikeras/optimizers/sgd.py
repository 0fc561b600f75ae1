"""Stochastic gradient descent, optionally with momentum."""

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
        learning_rate: A float, a `LearningRateSchedule`, or a callable without arguments.
        momentum: Momentum coefficient, in [0, 1].
        nesterov: Whether to use Nesterov momentum.
        weight_decay: Weight decay: before each update, `w = w - w * weight_decay * learning_rate`.
        clipnorm: Maximum L2 norm of the gradient of each variable; None or 0 disables clipping.
        clipvalue: Maximum absolute value of gradient elements; None or 0 disables clipping.
        global_clipnorm: Maximum global L2 norm of all gradients; None or 0 disables clipping.
        use_ema: Whether to maintain exponential moving averages of the variables; see `Optimizer`.
        ema_momentum: Momentum of the moving averages, in [0, 1].
        ema_overwrite_frequency: Number of steps after which the averages overwrite the variables; None: never.
        loss_scale_factor: Factor that the loss is multiplied by, and the gradients are divided by.
        gradient_accumulation_steps: Number of steps whose gradients are averaged for one update; None for 1.
        name: Name of the optimizer, the prefix of the paths of its variables.
        **kwargs: The Keras 2 arguments `lr` and `decay`, accepted with a warning.

    Raises:
        ArgumentError: If a number is out of range.
        ArgumentTypeError: If an argument is unknown or has the wrong type.

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
        """Creates the state: with momentum, the velocity of each variable.

        Args:
            variables: The variables to update.
        """
        if self.built:
            return
        super().build(variables)
        self.momentums = self.add_optimizer_variables(variables, "momentum") if self.momentum else []

    def update_step(self, gradient: TensorLike, variable: Variable, learning_rate: TensorLike) -> None:
        """Updates one variable.

        Args:
            gradient: The gradient, with the shape of the variable.
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
        """Returns the constructor arguments."""
        return {**super().get_config(), "momentum": self.momentum, "nesterov": self.nesterov}

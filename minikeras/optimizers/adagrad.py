"""Adagrad: learning rates that shrink with the accumulated squared gradients."""

from collections.abc import Sequence
from typing import Any

from .. import initializers, ops
from ..argument_checks import check_number
from ..engine.variable import Variable
from ..typing import TensorLike
from .legacy_arguments import check_epsilon
from .optimizer import Optimizer
from .schedules import LearningRateSchedule


class Adagrad(Optimizer):
    """Adaptive learning rates from the sum of squared gradients.

    `a = a + g^2`, then `w = w - learning_rate * g / sqrt(a + epsilon)`

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a callable without arguments.
        initial_accumulator_value: Initial value of the accumulators; not negative.
        epsilon: Small constant for numerical stability.
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

    Source: https://jmlr.org/papers/v12/duchi11a.html

    Example:
        >>> w = Variable([1.0, 2.0])
        >>> Adagrad(0.5, initial_accumulator_value=16.0, epsilon=0.0).apply([np.float32([3.0, -3.0])], [w])
        >>> w.numpy()  # moves of 0.5 * 3 / sqrt(16 + 9)
        array([0.7, 2.3], dtype=float32)
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float = 1e-7,
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
        where = type(self).__name__
        initial_accumulator_value = check_number(
            where, "initial_accumulator_value", initial_accumulator_value, minimum=0
        )
        epsilon = check_epsilon(where, epsilon)
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
        self.initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the state: an accumulator of squared gradients for each variable.

        Args:
            var_list: The variables to update.
        """
        if self.built:
            return
        super().build(var_list)
        start = initializers.Constant(self.initial_accumulator_value)
        self._accumulators = self.add_optimizer_variables(var_list, "accumulator", start)

    def update_step(self, gradient: TensorLike, variable: Variable, learning_rate: TensorLike) -> None:
        """Updates one variable.

        Args:
            gradient: The gradient, with the shape of the variable.
            variable: The variable.
            learning_rate: The learning rate, shape `()`.
        """
        gradient = ops.cast(gradient, variable.dtype)
        accumulator = self._accumulators[self._get_variable_index(variable)]
        self.assign_add(accumulator, ops.square(gradient))
        move = ops.multiply(gradient, ops.cast(learning_rate, variable.dtype))
        self.assign_sub(variable, ops.divide(move, ops.sqrt(ops.add(accumulator, self.epsilon))))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {
            **super().get_config(),
            "initial_accumulator_value": self.initial_accumulator_value,
            "epsilon": self.epsilon,
        }

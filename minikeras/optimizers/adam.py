"""Adam: moves scaled by running means of the gradient and of its square."""

from collections.abc import Sequence
from typing import Any

from .. import ops
from ..argument_checks import check_bool, check_number
from ..engine.variable import Variable
from ..typing import TensorLike
from .legacy_arguments import check_epsilon
from .optimizer import Optimizer
from .schedules import LearningRateSchedule


class Adam(Optimizer):
    """Adaptive moments.

    In step `t = 1, 2, ...`: `m = m + (g - m) * (1 - beta_1)`, `v = v + (g^2 - v) * (1 - beta_2)`, then
    `w = w - m * alpha / (sqrt(v) + epsilon)` with `alpha = learning_rate * sqrt(1 - beta_2^t) / (1 - beta_1^t)`

    With `amsgrad`, the largest `v` so far takes the place of `v` in the move.

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a function without arguments.
        beta_1: How much of the mean of the gradient is kept in a step, in [0, 1].
        beta_2: How much of the mean of its square is kept in a step, in [0, 1].
        epsilon: Keeps the divisor from 0.
        amsgrad: Never let the divisor shrink.
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

    Source: https://arxiv.org/abs/1412.6980, and for `amsgrad` https://openreview.net/forum?id=ryQu7f-RZ

    Example:
        >>> w = Variable([1.0, 2.0])
        >>> Adam(learning_rate=0.5).apply([np.float32([3.0, -8.0])], [w])
        >>> w.numpy().round(4)
        array([0.5, 2.5], dtype=float32)
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
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
        beta_1 = check_number(where, "beta_1", beta_1, minimum=0, maximum=1)
        beta_2 = check_number(where, "beta_2", beta_2, minimum=0, maximum=1)
        epsilon = check_epsilon(where, epsilon)
        amsgrad = check_bool(where, "amsgrad", amsgrad)
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
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.amsgrad = amsgrad

    def build(self, variables: Sequence[Variable]) -> None:
        """Makes the state: the two means for each variable, and with `amsgrad` the largest second one.

        Args:
            variables: The variables that will be updated.
        """
        if self.built:
            return
        super().build(variables)
        self._momentums, self._velocities = self.add_optimizer_variables(variables, ["momentum", "velocity"])
        self._velocity_hats = self.add_optimizer_variables(variables, "velocity_hat") if self.amsgrad else []

    def update_step(self, gradient: TensorLike, variable: Variable, learning_rate: TensorLike) -> None:
        """Updates one variable.

        Args:
            gradient: The gradient, in the shape of the variable.
            variable: The variable.
            learning_rate: The learning rate, shape `()`.
        """
        gradient = ops.cast(gradient, variable.dtype)
        index = self._get_variable_index(variable)
        m, v = self._momentums[index], self._velocities[index]
        self.assign_add(m, ops.multiply(ops.subtract(gradient, m), 1 - self.beta_1))
        self.assign_add(v, ops.multiply(ops.subtract(ops.square(gradient), v), 1 - self.beta_2))
        if self.amsgrad:
            largest = self._velocity_hats[index]
            self.assign(largest, ops.maximum(largest, v))
            v = largest
        alpha = self._step_size(learning_rate, variable.dtype)
        self.assign_sub(variable, ops.divide(ops.multiply(m, alpha), ops.add(ops.sqrt(v), self.epsilon)))

    def _step_size(self, learning_rate: object, dtype: str) -> object:
        """The learning rate, corrected for means that start at 0; computed once for all variables of a dtype."""
        step = ops.cast(ops.add(self.iterations, 1), dtype)
        first = ops.subtract(1, ops.power(ops.cast(self.beta_1, dtype), step))
        second = ops.subtract(1, ops.power(ops.cast(self.beta_2, dtype), step))
        return ops.divide(ops.multiply(ops.cast(learning_rate, dtype), ops.sqrt(second)), first)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
            "amsgrad": self.amsgrad,
        }

"""Adamax: Adam with the largest gradient in place of the root of the mean square."""

from collections.abc import Sequence
from typing import Any

from .. import ops
from ..argument_checks import check_number
from ..engine.variable import Variable
from ..typing import TensorLike
from .legacy_arguments import check_epsilon
from .optimizer import Optimizer
from .schedules import LearningRateSchedule


class Adamax(Optimizer):
    """Adam based on the maximum norm.

    In step `t = 1, 2, ...`: `m = m + (g - m) * (1 - beta_1)`, `u = max(beta_2 * u, |g|)`, then
    `w = w - learning_rate * m / ((1 - beta_1^t) * (u + epsilon))`

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a function without arguments.
        beta_1: How much of the mean of the gradient is kept in a step, in [0, 1].
        beta_2: How much of the largest gradient is kept in a step, in [0, 1].
        epsilon: Keeps the divisor from 0.
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

    Source: https://arxiv.org/abs/1412.6980, section 7.1

    Example:
        >>> w = Variable([1.0, 2.0])
        >>> Adamax(learning_rate=0.5).apply([np.float32([3.0, -8.0])], [w])
        >>> w.numpy().round(4)
        array([0.5, 2.5], dtype=float32)
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
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
        beta_1 = check_number(where, "beta_1", beta_1, minimum=0, maximum=1)
        beta_2 = check_number(where, "beta_2", beta_2, minimum=0, maximum=1)
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
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def build(self, variables: Sequence[Variable]) -> None:
        """Makes the state: for each variable the mean of its gradients and the largest one.

        Args:
            variables: The variables that will be updated.
        """
        if self.built:
            return
        super().build(variables)
        self._m, self._u = self.add_optimizer_variables(variables, ["momentum", "norm"])

    def update_step(self, gradient: TensorLike, variable: Variable, learning_rate: TensorLike) -> None:
        """Updates one variable.

        Args:
            gradient: The gradient, in the shape of the variable.
            variable: The variable.
            learning_rate: The learning rate, shape `()`.
        """
        gradient = ops.cast(gradient, variable.dtype)
        index = self._get_variable_index(variable)
        m, u = self._m[index], self._u[index]
        self.assign_add(m, ops.multiply(ops.subtract(gradient, m), 1 - self.beta_1))
        self.assign(u, ops.maximum(ops.multiply(u, self.beta_2), ops.abs(gradient)))
        step = ops.cast(ops.add(self.iterations, 1), variable.dtype)
        correction = ops.subtract(1, ops.power(ops.cast(self.beta_1, variable.dtype), step))
        divisor = ops.multiply(ops.add(u, self.epsilon), correction)
        rate = ops.cast(learning_rate, variable.dtype)
        self.assign_sub(variable, ops.divide(ops.multiply(m, rate), divisor))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }

"""Adamax: a variant of Adam based on the infinity norm."""

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
    """Variant of Adam based on the infinity norm.

    In step `t = 1, 2, ...`: `m = m + (g - m) * (1 - beta_1)`, `u = max(beta_2 * u, |g|)`, then
    `w = w - learning_rate * m / ((1 - beta_1^t) * (u + epsilon))`

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a callable without arguments.
        beta_1: Decay rate of the first moment estimate, in [0, 1].
        beta_2: Decay rate of the exponentially weighted infinity norm, in [0, 1].
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

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the state: for each variable, the first moment estimate and the infinity norm.

        Args:
            var_list: The variables to update.
        """
        if self.built:
            return
        super().build(var_list)
        self._m, self._u = self.add_optimizer_variables(var_list, ["momentum", "norm"])

    def update_step(self, gradient: TensorLike, variable: Variable, learning_rate: TensorLike) -> None:
        """Updates one variable.

        Args:
            gradient: The gradient, with the shape of the variable.
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
        """Returns the constructor arguments."""
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }

"""Adam: adaptive estimates of the first and second moments of the gradients."""

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
    """Adaptive moment estimation.

    In step `t = 1, 2, ...`: `m = m + (g - m) * (1 - beta_1)`, `v = v + (g^2 - v) * (1 - beta_2)`, then
    `w = w - m * alpha / (sqrt(v) + epsilon)` with `alpha = learning_rate * sqrt(1 - beta_2^t) / (1 - beta_1^t)`

    With `amsgrad`, the maximum of `v` so far replaces `v` in the update.

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a callable without arguments.
        beta_1: Decay rate of the first moment estimate, in [0, 1].
        beta_2: Decay rate of the second moment estimate, in [0, 1].
        epsilon: Small constant for numerical stability.
        amsgrad: Whether to use the AMSGrad variant: the maximum of the second moment estimates so far.
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

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the state: the moment estimates of each variable, and with `amsgrad` the maximum of the second.

        Args:
            var_list: The variables to update.
        """
        if self.built:
            return
        super().build(var_list)
        self._momentums, self._velocities = self.add_optimizer_variables(var_list, ["momentum", "velocity"])
        self._velocity_hats = self.add_optimizer_variables(var_list, "velocity_hat") if self.amsgrad else []

    def update_step(self, gradient: TensorLike, variable: Variable, learning_rate: TensorLike) -> None:
        """Updates one variable.

        Args:
            gradient: The gradient, with the shape of the variable.
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
        """The bias-corrected learning rate, computed once for all variables of a dtype."""
        step = ops.cast(ops.add(self.iterations, 1), dtype)
        first = ops.subtract(1, ops.power(ops.cast(self.beta_1, dtype), step))
        second = ops.subtract(1, ops.power(ops.cast(self.beta_2, dtype), step))
        return ops.divide(ops.multiply(ops.cast(learning_rate, dtype), ops.sqrt(second)), first)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
            "amsgrad": self.amsgrad,
        }

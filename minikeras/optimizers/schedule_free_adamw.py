"""Schedule-free AdamW: iterate averaging replaces learning rate decay."""

from collections.abc import Sequence
from typing import Any

from .. import ops
from ..argument_checks import check_number
from ..engine.variable import Variable
from ..typing import TensorLike
from .optimizer import Optimizer
from .schedules import LearningRateSchedule


class ScheduleFreeAdamW(Optimizer):
    """AdamW without a learning rate schedule.

    The variables hold `w = (1 - beta_1) * z + beta_1 * x`, where `z` takes the steps and `x` is the mean of all
    `z` so far. In step `t = 1, 2, ...`: `v = v + (g^2 - v) * (1 - beta_2)`,
    `z' = z - learning_rate * g / (sqrt(v / (1 - beta_2^t)) + epsilon)`,
    `x' = (1 - 1 / t) * x + z' / t`, then `w = (1 - beta_1) * z' + beta_1 * x'`

    As in the paper and in Keras on JAX; Keras 3.15.1 on TensorFlow uses `z'` in place of `z` when it recovers `x`.

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a callable without arguments.
        beta_1: Interpolation between `z` and the mean `x`, in (0, 1].
        beta_2: Decay rate of the second moment estimate, in [0, 1].
        epsilon: Small constant for numerical stability.
        warmup_steps: Number of steps of linear learning rate warmup.
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

    Source: https://arxiv.org/abs/2405.15682

    Example:
        >>> w = Variable([1.0, 2.0])
        >>> ScheduleFreeAdamW(learning_rate=0.5).apply([np.float32([3.0, -8.0])], [w])
        >>> w.numpy().round(4)
        array([0.5, 2.5], dtype=float32)
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.0025,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        warmup_steps: int = 0,
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
        beta_1 = check_number(where, "beta_1", beta_1, above=0, maximum=1)
        beta_2 = check_number(where, "beta_2", beta_2, minimum=0, maximum=1)
        epsilon = check_number(where, "epsilon", epsilon, minimum=0)
        warmup_steps = check_number(where, "warmup_steps", warmup_steps, minimum=0)
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
        self.warmup_steps = warmup_steps

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the state: for each variable, `z`, initially its value, and the second moment estimate.

        Args:
            var_list: The variables to update.
        """
        if self.built:
            return
        super().build(var_list)
        self._momentums, self._velocities = self.add_optimizer_variables(var_list, ["momentum", "velocity"])
        for momentum, variable in zip(self._momentums, var_list, strict=True):
            if momentum is not None:
                momentum.assign(variable)

    def update_step(self, gradient: TensorLike, variable: Variable, learning_rate: TensorLike) -> None:
        """Updates one variable.

        Args:
            gradient: The gradient, with the shape of the variable.
            variable: The variable.
            learning_rate: The learning rate, shape `()`.
        """
        gradient, rate = ops.cast(gradient, variable.dtype), ops.cast(learning_rate, variable.dtype)
        index = self._get_variable_index(variable)
        z, v = self._momentums[index], self._velocities[index]
        beta_1, beta_2 = ops.cast(self.beta_1, variable.dtype), ops.cast(self.beta_2, variable.dtype)
        step = ops.cast(ops.add(self.iterations, 1), variable.dtype)
        if self.warmup_steps > 0:
            rate = ops.multiply(rate, ops.minimum(ops.divide(step, self.warmup_steps), 1.0))
        rest = ops.subtract(1, beta_1)
        x = ops.divide(ops.subtract(variable, ops.multiply(rest, z)), beta_1)
        self.assign_add(v, ops.multiply(ops.subtract(ops.square(gradient), v), ops.subtract(1, beta_2)))
        squares = ops.divide(v, ops.subtract(1, ops.power(beta_2, step)))
        root = ops.add(ops.sqrt(squares), ops.cast(self.epsilon, variable.dtype))
        self.assign_sub(z, ops.divide(ops.multiply(rate, gradient), root))
        share = ops.divide(1.0, step)
        x = ops.add(ops.multiply(ops.subtract(1, share), x), ops.multiply(share, z))
        self.assign(variable, ops.add(ops.multiply(rest, z), ops.multiply(beta_1, x)))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
            "warmup_steps": self.warmup_steps,
        }

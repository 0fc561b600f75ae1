"""RMSprop: gradients divided by a moving average of their root mean square."""

from collections.abc import Sequence
from typing import Any

from .. import ops
from ..argument_checks import check_bool, check_number
from ..engine.variable import Variable
from ..typing import TensorLike
from .legacy_arguments import check_epsilon
from .optimizer import Optimizer
from .schedules import LearningRateSchedule


class RMSprop(Optimizer):
    """Root mean square propagation.

    `v = rho * v + (1 - rho) * g^2`, `u = learning_rate * g / sqrt(v + epsilon)`, then `w = w - u`

    With `centered`: `a = rho * a + (1 - rho) * g`, and `v - a^2`, an estimate of the variance, replaces `v`.
    With momentum: `m = momentum * m + u`, then `w = w - m`

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a callable without arguments.
        rho: Decay rate of the moving averages, in [0, 1].
        momentum: Momentum coefficient, in [0, 1].
        epsilon: Small constant for numerical stability.
        centered: Whether to normalize by the estimated variance instead of the uncentered second moment.
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

    Source: https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf

    Example:
        >>> w = Variable([1.0, 2.0])
        >>> RMSprop(learning_rate=0.5, rho=0.75).apply([np.float32([3.0, -8.0])], [w])
        >>> w.numpy().round(4)  # moves of 0.5 / sqrt(1 - 0.75)
        array([0., 3.], dtype=float32)
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
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
        rho = check_number(where, "rho", rho, minimum=0, maximum=1)
        momentum = check_number(where, "momentum", momentum, minimum=0, maximum=1)
        epsilon = check_epsilon(where, epsilon)
        centered = check_bool(where, "centered", centered)
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
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the state: for each variable the mean square, and the momentum and mean if these are used.

        Args:
            var_list: The variables to update.
        """
        if self.built:
            return
        super().build(var_list)
        self._velocities = self.add_optimizer_variables(var_list, "velocity")
        self._momentums = self.add_optimizer_variables(var_list, "momentum") if self.momentum else []
        self._average_gradients = self.add_optimizer_variables(var_list, "average_gradient") if self.centered else []

    def update_step(self, gradient: TensorLike, variable: Variable, learning_rate: TensorLike) -> None:
        """Updates one variable.

        Args:
            gradient: The gradient, with the shape of the variable.
            variable: The variable.
            learning_rate: The learning rate, shape `()`.
        """
        gradient = ops.cast(gradient, variable.dtype)
        index = self._get_variable_index(variable)
        velocity = self._velocities[index]
        self.assign(velocity, self._mean(velocity, ops.square(gradient)))
        squares = velocity
        if self.centered:
            average = self._average_gradients[index]
            self.assign(average, self._mean(average, gradient))
            squares = ops.subtract(velocity, ops.square(average))
        move = ops.multiply(gradient, ops.cast(learning_rate, variable.dtype))
        move = ops.divide(move, ops.sqrt(ops.add(squares, self.epsilon)))
        if self.momentum:
            last = self._momentums[index]
            self.assign(last, ops.add(ops.multiply(last, self.momentum), move))
            move = last
        self.assign_sub(variable, move)

    def _mean(self, mean: object, new: object) -> object:
        return ops.add(ops.multiply(mean, self.rho), ops.multiply(new, 1 - self.rho))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {
            **super().get_config(),
            "rho": self.rho,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "centered": self.centered,
        }

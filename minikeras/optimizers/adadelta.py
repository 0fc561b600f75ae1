"""Adadelta: step sizes adapted by moving averages of squared gradients and squared updates."""

from collections.abc import Sequence
from typing import Any

from .. import ops
from ..argument_checks import check_number
from ..engine.variable import Variable
from ..typing import TensorLike
from .legacy_arguments import check_epsilon
from .optimizer import Optimizer
from .schedules import LearningRateSchedule


class Adadelta(Optimizer):
    """Adaptive learning rates from moving averages of squared gradients and squared updates.

    `a = rho * a + (1 - rho) * g^2`, `u = -sqrt(d + epsilon) / sqrt(a + epsilon) * g`,
    `d = rho * d + (1 - rho) * u^2`, then `w = w + learning_rate * u`

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a callable without arguments.
        rho: Decay rate of the moving averages, in [0, 1].
        epsilon: Small constant for numerical stability; it also sets the size of the first updates.
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

    Source: https://arxiv.org/abs/1212.5701

    Example:
        >>> w = Variable([1.0, 2.0])
        >>> Adadelta(learning_rate=1.0, rho=0.75, epsilon=1.0).apply([np.float32([0.0, 2.0])], [w])
        >>> w.numpy().round(4)  # 2 - 2 / sqrt(0.25 * 4 + 1)
        array([1.    , 0.5858], dtype=float32)
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.001,
        rho: float = 0.95,
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
        rho = check_number(where, "rho", rho, minimum=0, maximum=1)
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
        self.rho = rho
        self.epsilon = epsilon

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the state: for each variable, moving averages of squared gradients and squared updates.

        Args:
            var_list: The variables to update.
        """
        if self.built:
            return
        super().build(var_list)
        names = ["accumulated_grad", "accumulated_delta_var"]
        self._squares, self._moves = self.add_optimizer_variables(var_list, names)

    def update_step(self, grad: TensorLike, variable: Variable, learning_rate: TensorLike) -> None:
        """Updates one variable.

        Args:
            grad: The gradient, with the shape of the variable.
            variable: The variable.
            learning_rate: The learning rate, shape `()`.
        """
        grad = ops.cast(grad, variable.dtype)
        index = self._get_variable_index(variable)
        squares, moves = self._squares[index], self._moves[index]
        self.assign(squares, self._average(squares, grad))
        ratio = ops.divide(ops.multiply(self._root(moves), grad), self._root(squares))
        move = ops.negative(ratio)
        self.assign(moves, self._average(moves, move))
        self.assign_add(variable, ops.multiply(move, ops.cast(learning_rate, variable.dtype)))

    def _average(self, average: object, new: object) -> object:
        return ops.add(ops.multiply(average, self.rho), ops.multiply(ops.square(new), 1 - self.rho))

    def _root(self, squares: object) -> object:
        return ops.sqrt(ops.add(squares, self.epsilon))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {
            **super().get_config(),
            "rho": self.rho,
            "epsilon": self.epsilon,
        }

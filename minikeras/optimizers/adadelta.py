"""Adadelta: moves as large as earlier moves, in the units of the variable."""

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
    """Adaptive moves from moving averages of squared gradients and of squared moves.

    `a = rho * a + (1 - rho) * g^2`, `move = -sqrt(d + epsilon) / sqrt(a + epsilon) * g`,
    `d = rho * d + (1 - rho) * move^2`, then `w = w + learning_rate * move`

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a function without arguments.
        rho: How much of the averages is kept in a step, in [0, 1].
        epsilon: Keeps the divisor from 0, and sets the size of the first moves.
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

    def build(self, variables: Sequence[Variable]) -> None:
        """Makes the state: for each variable the averages of the squares of its gradients and of its moves.

        Args:
            variables: The variables that will be updated.
        """
        if self.built:
            return
        super().build(variables)
        names = ["accumulated_grad", "accumulated_delta_var"]
        self._squares, self._moves = self.add_optimizer_variables(variables, names)

    def update_step(self, gradient: TensorLike, variable: Variable, learning_rate: TensorLike) -> None:
        """Updates one variable.

        Args:
            gradient: The gradient, in the shape of the variable.
            variable: The variable.
            learning_rate: The learning rate, shape `()`.
        """
        gradient = ops.cast(gradient, variable.dtype)
        index = self._get_variable_index(variable)
        squares, moves = self._squares[index], self._moves[index]
        self.assign(squares, self._average(squares, gradient))
        ratio = ops.divide(ops.multiply(self._root(moves), gradient), self._root(squares))
        move = ops.negative(ratio)
        self.assign(moves, self._average(moves, move))
        self.assign_add(variable, ops.multiply(move, ops.cast(learning_rate, variable.dtype)))

    def _average(self, average: object, new: object) -> object:
        return ops.add(ops.multiply(average, self.rho), ops.multiply(ops.square(new), 1 - self.rho))

    def _root(self, squares: object) -> object:
        return ops.sqrt(ops.add(squares, self.epsilon))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            **super().get_config(),
            "rho": self.rho,
            "epsilon": self.epsilon,
        }

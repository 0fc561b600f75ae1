"""Lion: all weights move by the same length, in the direction of a sign."""

from collections.abc import Sequence
from typing import Any

from .. import ops
from ..argument_checks import check_number
from ..engine.variable import Variable
from ..typing import TensorLike
from .optimizer import Optimizer
from .schedules import LearningRateSchedule


class Lion(Optimizer):
    """Evolved sign momentum.

    `w = w - learning_rate * sign(beta_1 * m + (1 - beta_1) * g)`, then `m = beta_2 * m + (1 - beta_2) * g`

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a function without arguments.
        beta_1: The momentum's share of the direction, in (0, 1].
        beta_2: How much of the momentum is kept in a step, in [0, 1].
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

    Source: https://arxiv.org/abs/2302.06675

    Example:
        >>> w = Variable([1.0, 2.0])
        >>> Lion(learning_rate=0.25).apply([np.float32([3.0, -0.1])], [w])
        >>> w.numpy()
        array([0.75, 2.25], dtype=float32)
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.99,
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

    def build(self, variables: Sequence[Variable]) -> None:
        """Makes the state: the mean of the gradients of each variable.

        Args:
            variables: The variables that will be updated.
        """
        if self.built:
            return
        super().build(variables)
        self._momentums = self.add_optimizer_variables(variables, "momentum")

    def update_step(self, gradient: TensorLike, variable: Variable, learning_rate: TensorLike) -> None:
        """Updates one variable.

        Args:
            gradient: The gradient, in the shape of the variable.
            variable: The variable.
            learning_rate: The learning rate, shape `()`.
        """
        gradient = ops.cast(gradient, variable.dtype)
        m = self._momentums[self._get_variable_index(variable)]
        direction = ops.sign(_mean(m, gradient, self.beta_1))
        self.assign_sub(variable, ops.multiply(direction, ops.cast(learning_rate, variable.dtype)))
        self.assign(m, _mean(m, gradient, self.beta_2))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
        }


def _mean(momentum: object, gradient: object, share: float) -> object:
    share = ops.cast(share, momentum.dtype)
    return ops.add(ops.multiply(momentum, share), ops.multiply(gradient, ops.subtract(1.0, share)))

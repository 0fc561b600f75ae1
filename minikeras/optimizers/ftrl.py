"""FTRL: follow the regularized leader, with sparse weights under L1 regularization."""

from collections.abc import Sequence
from typing import Any

from .. import initializers, ops
from ..argument_checks import check_number
from ..engine.variable import Variable
from ..typing import TensorLike
from .optimizer import Optimizer
from .schedules import LearningRateSchedule


class Ftrl(Optimizer):
    """Follow the regularized leader.

    With `p = learning_rate_power`, `g' = g + 2 * l2_shrinkage * w` and `a' = a + g^2`:
    `z = z + g' - (a'^-p - a^-p) / learning_rate * w`, then
    `w = (clip(z, -l1, l1) - z) / (a'^-p / learning_rate + 2 * l2 + beta / learning_rate)` and `a = a'`

    Initial values of the weights are forgotten: the first step sets them near 0.

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a callable without arguments.
        learning_rate_power: Exponent of the decay of the learning rate with the accumulator; 0 for a constant rate.
        initial_accumulator_value: Initial value of the accumulators; not negative.
        l1_regularization_strength: L1 penalty; not negative.
        l2_regularization_strength: L2 penalty; not negative.
        l2_shrinkage_regularization_strength: L2 penalty on the magnitude of the weights, added to the gradient; not
            negative.
        beta: The beta of the paper, added to the square root of the accumulator.
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

    Source: https://research.google.com/pubs/archive/41159.pdf

    Example:
        >>> w = Variable([0.0, 0.0])
        >>> optimizer = Ftrl(0.5, initial_accumulator_value=9.0, l1_regularization_strength=2.0)
        >>> optimizer.apply([np.float32([4.0, 1.0])], [w])
        >>> w.numpy()  # (2 - 4) / (sqrt(9 + 16) / 0.5), and 0, as |z| = 1 < 2
        array([-0.2,  0. ], dtype=float32)
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float = 0.0,
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
        learning_rate_power = check_number(where, "learning_rate_power", learning_rate_power, maximum=0)
        initial_accumulator_value = check_number(
            where, "initial_accumulator_value", initial_accumulator_value, minimum=0
        )
        l1_regularization_strength = check_number(
            where, "l1_regularization_strength", l1_regularization_strength, minimum=0
        )
        l2_regularization_strength = check_number(
            where, "l2_regularization_strength", l2_regularization_strength, minimum=0
        )
        l2_shrinkage_regularization_strength = check_number(
            where, "l2_shrinkage_regularization_strength", l2_shrinkage_regularization_strength, minimum=0
        )
        beta = check_number(where, "beta", beta)
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
        self.learning_rate_power = learning_rate_power
        self.initial_accumulator_value = initial_accumulator_value
        self.l1_regularization_strength = l1_regularization_strength
        self.l2_regularization_strength = l2_regularization_strength
        self.l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self.beta = beta

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the state: for each variable, the accumulator of squared gradients and the linear term `z`.

        Args:
            var_list: The variables to update.
        """
        if self.built:
            return
        super().build(var_list)
        start = initializers.Constant(self.initial_accumulator_value)
        found = self.add_optimizer_variables(var_list, ["accumulator", "linear"], [start, "zeros"])
        self._accumulators, self._linears = found

    def update_step(self, gradient: TensorLike, variable: Variable, learning_rate: TensorLike) -> None:
        """Updates one variable.

        Args:
            gradient: The gradient, with the shape of the variable.
            variable: The variable.
            learning_rate: The learning rate, shape `()`.
        """
        gradient = ops.cast(gradient, variable.dtype)
        rate = ops.cast(learning_rate, variable.dtype)
        index = self._get_variable_index(variable)
        accumulator, linear = self._accumulators[index], self._linears[index]
        total = ops.add(accumulator, ops.square(gradient))
        root, old_root = (ops.power(each, -self.learning_rate_power) for each in (total, accumulator))
        if self.l2_shrinkage_regularization_strength:
            shrinkage = ops.multiply(variable, 2 * self.l2_shrinkage_regularization_strength)
            gradient = ops.add(gradient, shrinkage)
        sigma = ops.divide(ops.subtract(root, old_root), rate)
        self.assign_add(linear, ops.subtract(gradient, ops.multiply(sigma, variable)))
        ridge = ops.add(self.l2_regularization_strength, ops.divide(self.beta, ops.multiply(rate, 2.0)))
        quadratic = ops.add(ops.divide(root, rate), ops.multiply(ridge, 2))
        bound = self.l1_regularization_strength
        self.assign(variable, ops.divide(ops.subtract(ops.clip(linear, -bound, bound), linear), quadratic))
        self.assign(accumulator, total)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {
            **super().get_config(),
            "learning_rate_power": self.learning_rate_power,
            "initial_accumulator_value": self.initial_accumulator_value,
            "l1_regularization_strength": self.l1_regularization_strength,
            "l2_regularization_strength": self.l2_regularization_strength,
            "l2_shrinkage_regularization_strength": self.l2_shrinkage_regularization_strength,
            "beta": self.beta,
        }

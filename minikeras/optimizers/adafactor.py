"""Adafactor: factored second moments, and step sizes relative to the scale of the weights."""

from collections.abc import Sequence
from typing import Any

from .. import ops
from ..argument_checks import check_bool, check_number
from ..engine.variable import Variable
from ..typing import TensorLike
from .optimizer import Optimizer
from .schedules import LearningRateSchedule


class Adafactor(Optimizer):
    """Adaptive learning rates with sublinear memory cost.

    In step `t = 1, 2, ...`, with `s = g^2 + epsilon_1` and `b = 1 - t^beta_2_decay`, the means of rows and columns
    are `r = b * r + (1 - b) * mean(s, -1)` and `c = b * c + (1 - b) * mean(s, -2)`, and `v = r * c / mean(r, -1)`;
    a variable with fewer than two axes has `v = b * v + (1 - b) * s`. With `u = g / sqrt(v)` and `rms` the root mean
    square: `alpha = max(epsilon_2, rms(w)) * min(learning_rate, 1 / sqrt(t))`, then
    `w = w - alpha * u / max(1, rms(u) / clip_threshold)`

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a callable without arguments.
        beta_2_decay: Exponent of the decay rate of the second moments; not positive.
        epsilon_1: Small constant for numerical stability.
        epsilon_2: Lower bound of the scale of the weights.
        clip_threshold: Maximum root mean square of the update `u`; positive.
        relative_step: Whether to bound a constant learning rate by `1 / sqrt(t)`. Without effect, as in Keras: the
            bound always applies.
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

    Source: https://arxiv.org/abs/1804.04235

    Example:
        >>> w = Variable([2.0, -2.0])
        >>> Adafactor(learning_rate=0.5).apply([np.float32([3.0, -8.0])], [w])
        >>> w.numpy().round(4)
        array([ 1., -1.], dtype=float32)
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.001,
        beta_2_decay: float = -0.8,
        epsilon_1: float = 1e-30,
        epsilon_2: float = 1e-3,
        clip_threshold: float = 1.0,
        relative_step: bool = True,
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
        beta_2_decay = check_number(where, "beta_2_decay", beta_2_decay, maximum=0)
        epsilon_1 = check_number(where, "epsilon_1", epsilon_1, minimum=0)
        epsilon_2 = check_number(where, "epsilon_2", epsilon_2, minimum=0)
        clip_threshold = check_number(where, "clip_threshold", clip_threshold, above=0)
        relative_step = check_bool(where, "relative_step", relative_step)
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
        self.beta_2_decay = beta_2_decay
        self.epsilon_1 = epsilon_1
        self.epsilon_2 = epsilon_2
        self.clip_threshold = clip_threshold
        self.relative_step = relative_step

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the state: for each variable, the second moments of its rows, its columns and its elements.

        Args:
            var_list: The variables to update.
        """
        if self.built:
            return
        super().build(var_list)
        self._r: list[Variable | None] = []
        self._c: list[Variable | None] = []
        self._v: list[Variable | None] = []
        for variable in var_list:
            rows, columns = self._add_factors(variable)
            self._r.append(rows)
            self._c.append(columns)
            self._v += self.add_optimizer_variables([variable], "velocity")

    def _add_factors(self, variable: Variable) -> tuple:
        if len(variable.shape) < 2:  # they stay 0, but Keras saves them
            with self._name_scope():
                found = [Variable(0, dtype="int32", trainable=False, name=variable.name) for _ in range(2)]
            for each in found:
                self._track(each)
            return tuple(found)
        if variable.overwrite_with_gradient:
            return None, None
        shapes = variable.shape[:-1], (*variable.shape[:-2], variable.shape[-1])
        return tuple(self.add_variable(shape, dtype=variable.dtype, name=variable.name) for shape in shapes)

    def update_step(self, gradient: TensorLike, variable: Variable, learning_rate: TensorLike) -> None:
        """Updates one variable.

        Args:
            gradient: The gradient, with the shape of the variable.
            variable: The variable.
            learning_rate: The learning rate, shape `()`.
        """
        gradient, rate = ops.cast(gradient, variable.dtype), ops.cast(learning_rate, variable.dtype)
        step = ops.cast(ops.add(self.iterations, 1), variable.dtype)
        limit = ops.divide(1.0, ops.sqrt(step))
        size = ops.maximum(_root_mean_square(variable), self.epsilon_2)
        alpha = ops.multiply(size, ops.minimum(rate, limit))
        v = self._v[self._get_variable_index(variable)]
        self._update_squares(gradient, variable, ops.subtract(1, ops.power(step, self.beta_2_decay)))
        move = ops.divide(gradient, ops.sqrt(v))
        excess = ops.maximum(ops.divide(_root_mean_square(move), self.clip_threshold), 1.0)
        self.assign_sub(variable, ops.multiply(ops.divide(move, excess), alpha))

    def _update_squares(self, gradient: object, variable: Variable, kept: object) -> None:
        index = self._get_variable_index(variable)
        rows, columns, v = self._r[index], self._c[index], self._v[index]
        squares = ops.add(ops.square(gradient), self.epsilon_1)
        if len(variable.shape) < 2:
            self.assign(v, _mixed(v, squares, kept))
            return
        self.assign(rows, _mixed(rows, ops.mean(squares, axis=-1), kept))
        self.assign(columns, _mixed(columns, ops.mean(squares, axis=-2), kept))
        shares = ops.divide(rows, ops.mean(rows, axis=-1, keepdims=True))
        self.assign(v, ops.multiply(ops.expand_dims(shares, -1), ops.expand_dims(columns, -2)))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {
            **super().get_config(),
            "beta_2_decay": self.beta_2_decay,
            "epsilon_1": self.epsilon_1,
            "epsilon_2": self.epsilon_2,
            "clip_threshold": self.clip_threshold,
            "relative_step": self.relative_step,
        }


def _root_mean_square(value: object) -> object:
    return ops.sqrt(ops.mean(ops.square(value)))


def _mixed(old: object, new: object, kept: object) -> object:
    return ops.add(ops.multiply(old, kept), ops.multiply(new, ops.subtract(1, kept)))

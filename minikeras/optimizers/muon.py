"""Muon: momentum of matrices, orthogonalized by Newton-Schulz iterations; Adam for all other variables."""

import math
import re
from collections.abc import Sequence
from typing import Any

from .. import ops
from ..argument_checks import bad_argument, check_bool, check_int, check_number, check_optional_number
from ..engine.variable import Variable
from ..errors import ArgumentTypeError, ShapeError
from ..typing import Tensor, TensorLike
from .optimizer import Optimizer
from .schedules import LearningRateSchedule


class Muon(Optimizer):
    """Momentum, orthogonalized by Newton-Schulz iterations.

    A matrix has `m = momentum * m + g`, with `nesterov` then `x = g + momentum * m`, else `x = m`.
    `x = x / |x|`, and `ns_steps` times: `A = x x^T`, `x = muon_a * x + (muon_b * A + muon_c * A A) x`. Then
    `w = w - learning_rate * x * sqrt(max(w.shape)) * rms_rate`

    Variables that are not matrices, embeddings and those matched by `exclude_layers` are updated by Adam with
    `learning_rate * adam_lr_ratio`. The output layer of a network should be among them.

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a callable without arguments.
        adam_beta_1: `beta_1` of Adam, in [0, 1].
        adam_beta_2: `beta_2` of Adam, in [0, 1].
        adam_weight_decay: Weight decay of the variables updated by Adam; None disables it.
        epsilon: `epsilon` of Adam, a small constant for numerical stability.
        weight_decay: Weight decay of all other variables; None disables it.
        clipnorm: Maximum L2 norm of the gradient of each variable; None or 0 disables clipping.
        clipvalue: Maximum absolute value of gradient elements; None or 0 disables clipping.
        global_clipnorm: Maximum global L2 norm of all gradients; None or 0 disables clipping.
        use_ema: Whether to maintain exponential moving averages of the variables; see `Optimizer`.
        ema_momentum: Momentum of the moving averages, in [0, 1].
        ema_overwrite_frequency: Number of steps after which the averages overwrite the variables; None: never.
        loss_scale_factor: Factor that the loss is multiplied by, and the gradients are divided by.
        gradient_accumulation_steps: Number of steps whose gradients are averaged for one update; None for 1.
        name: Name of the optimizer, the prefix of the paths of its variables.
        exclude_layers: Regular expressions; Adam updates variables whose path contains a match, e.g. "output".
        exclude_embeddings: Whether Adam updates variables with "embedding" in their path.
        muon_a: Coefficient of `x` in a Newton-Schulz iteration.
        muon_b: Coefficient of `A x`.
        muon_c: Coefficient of `A A x`.
        adam_lr_ratio: Ratio of Adam's learning rate to `learning_rate`.
        momentum: Momentum coefficient, in [0, 1].
        ns_steps: The number of Newton-Schulz iterations.
        nesterov: Whether to use Nesterov momentum.
        rms_rate: Root mean square of the updates; with 0.2, learning rates of Adam carry over. None: no scaling.
        **kwargs: The Keras 2 arguments `lr` and `decay`, accepted with a warning.

    Raises:
        ArgumentError: If a number is out of range.
        ArgumentTypeError: If an argument is unknown or has the wrong type.

    Source: https://kellerjordan.github.io/posts/muon/, and for `rms_rate` https://arxiv.org/abs/2502.16982

    Example:
        >>> w = Variable([[0.0, 0.0], [0.0, 0.0]])
        >>> Muon(0.5, weight_decay=None, rms_rate=None, ns_steps=9).apply([np.float32([[0.0, 2.0], [-3.0, 0.0]])], [w])
        >>> bool(np.abs(np.abs(w.numpy()) - [[0.0, 0.5], [0.5, 0.0]]).max() < 0.2)
        True
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule = 0.001,
        adam_beta_1: float = 0.9,
        adam_beta_2: float = 0.999,
        adam_weight_decay: float | None = 0.004,
        epsilon: float = 1e-7,
        weight_decay: float | None = 0.004,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_layers: Sequence[str] | None = None,
        exclude_embeddings: bool = True,
        muon_a: float = 3.4445,
        muon_b: float = -4.7750,
        muon_c: float = 2.0315,
        adam_lr_ratio: float = 1,
        momentum: float = 0.95,
        ns_steps: int = 5,
        nesterov: bool = True,
        rms_rate: float | None = 0.2,
        **kwargs: Any,
    ):
        where = type(self).__name__
        own = _checked(
            where,
            shares={"adam_beta_1": adam_beta_1, "adam_beta_2": adam_beta_2, "momentum": momentum},
            numbers={"muon_a": muon_a, "muon_b": muon_b, "muon_c": muon_c, "adam_lr_ratio": adam_lr_ratio},
            optional={"adam_weight_decay": adam_weight_decay, "rms_rate": rms_rate},
            flags={"nesterov": nesterov, "exclude_embeddings": exclude_embeddings},
        )
        epsilon = check_number(where, "epsilon", epsilon, minimum=0)
        ns_steps = check_int(where, "ns_steps", ns_steps, minimum=0)
        exclude_layers = _checked_layers(where, exclude_layers)
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
        for argument, value in own.items():
            setattr(self, argument, value)
        self.epsilon, self.ns_steps, self.exclude_layers = epsilon, ns_steps, exclude_layers

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the state: the momentum of each variable, and the second moment of those updated by Adam.

        Args:
            var_list: The variables to update.
        """
        if self.built:
            return
        super().build(var_list)
        self._momentums: list[Variable | None] = []
        self._velocities: list[Variable | None] = []
        for variable in var_list:
            self._momentums += self.add_optimizer_variables([variable], "momentum")
            by_adam = self._is_updated_by_adam(variable)
            self._velocities += self.add_optimizer_variables([variable], "velocity") if by_adam else [None]

    def _is_updated_by_adam(self, variable: Variable) -> bool:
        if variable.ndim != 2 or (self.exclude_embeddings and "embedding" in variable.path.lower()):
            return True
        return any(re.search(pattern, variable.path) for pattern in self.exclude_layers)

    def _weight_decay_of(self, variable: Variable) -> float | None:
        return self.adam_weight_decay if self._is_updated_by_adam(variable) else self.weight_decay

    def update_step(self, gradient: TensorLike, variable: Variable, learning_rate: TensorLike) -> None:
        """Updates one variable.

        Args:
            gradient: The gradient, with the shape of the variable.
            variable: The variable.
            learning_rate: The learning rate, shape `()`.
        """
        gradient, rate = ops.cast(gradient, variable.dtype), ops.cast(learning_rate, variable.dtype)
        index = self._get_variable_index(variable)
        m, v = self._momentums[index], self._velocities[index]
        if v is not None:
            self._update_by_adam(gradient, variable, ops.multiply(rate, self.adam_lr_ratio), m, v)
            return
        self.assign_add(m, ops.add(gradient, ops.multiply(m, self.momentum - 1)))
        ahead = ops.add(gradient, ops.multiply(m, self.momentum)) if self.nesterov else m
        move = ops.multiply(self.zeropower_via_newtonschulz5(ahead, self.ns_steps), rate)
        self.assign_sub(variable, self.lr_adjust(move))

    def _update_by_adam(self, gradient: object, variable: Variable, rate: object, m: Variable, v: Variable) -> None:
        step = ops.cast(ops.add(self.iterations, 1), variable.dtype)
        first, second = (
            ops.subtract(1, ops.power(ops.cast(beta, variable.dtype), step))
            for beta in (self.adam_beta_1, self.adam_beta_2)
        )
        alpha = ops.divide(ops.multiply(rate, ops.sqrt(second)), first)
        self.assign_add(m, ops.multiply(ops.subtract(gradient, m), 1 - self.adam_beta_1))
        self.assign_add(v, ops.multiply(ops.subtract(ops.square(gradient), v), 1 - self.adam_beta_2))
        self.assign_sub(variable, ops.divide(ops.multiply(m, alpha), ops.add(ops.sqrt(v), self.epsilon)))

    def transpose_last_axis(self, X: TensorLike) -> Tensor:  # noqa: N803
        """Returns matrices transposed.

        Args:
            X: Shape (..., rows, columns).
        """
        return ops.swapaxes(X, -2, -1)

    def lr_adjust(self, x: TensorLike) -> Tensor:
        """Returns an update as it is subtracted: `x * sqrt(max(x.shape)) * rms_rate`; unchanged without `rms_rate`.

        Args:
            x: An orthogonalized matrix times the learning rate.
        """
        if self.rms_rate is None:
            return x
        return ops.multiply(x, math.sqrt(max(x.shape[0], x.shape[1])) * self.rms_rate)

    def zeropower_via_newtonschulz5(self, x: TensorLike, steps: int) -> Tensor:
        """Brings all singular values of matrices near 1; the initial normalization makes them at most 1.

        Args:
            x: Shape (..., rows, columns).
            steps: The number of Newton-Schulz iterations.

        Raises:
            ShapeError: If `x` has fewer than two axes.
        """
        shape = tuple(ops.shape(x))
        if len(shape) < 2:
            raise ShapeError(
                f"Optimizer '{self.name}' orthogonalizes matrices, of at least 2 axes. Received: shape {shape}"
            )
        is_high = shape[-2] > shape[-1]  # `x x^T` would then be the larger of the two Gram matrices
        x = self.transpose_last_axis(x) if is_high else x
        squares = ops.sum(ops.square(x), axis=(-2, -1), keepdims=True)
        x = ops.divide(x, ops.add(ops.sqrt(squares), 1e-7))
        for _ in range(steps):
            products = ops.matmul(x, self.transpose_last_axis(x))
            squares = ops.matmul(ops.multiply(products, self.muon_c), products)
            factor = ops.add(ops.multiply(products, self.muon_b), squares)
            x = ops.add(ops.multiply(x, self.muon_a), ops.matmul(factor, x))
        return self.transpose_last_axis(x) if is_high else x

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {
            **super().get_config(),
            "adam_beta_1": self.adam_beta_1,
            "adam_beta_2": self.adam_beta_2,
            "epsilon": self.epsilon,
            "exclude_layers": self.exclude_layers,
            "muon_a": self.muon_a,
            "muon_b": self.muon_b,
            "muon_c": self.muon_c,
            "adam_lr_ratio": self.adam_lr_ratio,
            "momentum": self.momentum,
            "ns_steps": self.ns_steps,
            "nesterov": self.nesterov,
            "exclude_embeddings": self.exclude_embeddings,
            "adam_weight_decay": self.adam_weight_decay,
            "rms_rate": self.rms_rate,
        }


def _checked(where: str, shares: dict, numbers: dict, optional: dict, flags: dict) -> dict[str, Any]:
    return {
        **{name: check_number(where, name, value, minimum=0, maximum=1) for name, value in shares.items()},
        **{name: check_number(where, name, value) for name, value in numbers.items()},
        **{name: check_optional_number(where, name, value) for name, value in optional.items()},
        **{name: check_bool(where, name, value) for name, value in flags.items()},
    }


def _checked_layers(where: str, exclude_layers: object) -> list[str]:
    patterns = list(exclude_layers or ()) if isinstance(exclude_layers, (list, tuple, set, type(None))) else [None]
    if not all(isinstance(pattern, str) for pattern in patterns):
        raise bad_argument(where, "exclude_layers", exclude_layers, "a list of strings", ArgumentTypeError)
    return patterns

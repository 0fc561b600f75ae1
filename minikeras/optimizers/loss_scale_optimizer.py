"""Dynamic loss scaling, which keeps small float16 gradients from underflowing."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any, Self

from .. import initializers, ops
from ..argument_checks import check_int, check_number
from ..engine.replicas import gradients_are_reduced
from ..engine.trace import paused_tracing
from ..engine.variable import Variable
from ..errors import ArgumentError, ArgumentTypeError, brief
from ..serialization import configs as serialization
from ..typing import LearningRate, Tensor, TensorLike
from .conditional import update_if
from .optimizer import Optimizer
from .pairs import of_all_processes

# Options of the inner optimizer; old configs contain them with these values.
_DEFAULTS = {
    "weight_decay": None,
    "clipnorm": None,
    "global_clipnorm": None,
    "clipvalue": None,
    "use_ema": False,
    "ema_momentum": 0.99,
    "ema_overwrite_frequency": None,
    "loss_scale_factor": None,
    "gradient_accumulation_steps": None,
    "dynamic": True,
}


class LossScaleOptimizer(Optimizer):
    """Dynamic loss scaling: scales the loss up, and the gradients down before an inner optimizer applies them.

    If a gradient is infinite or NaN, the step is skipped and the scale is halved. After `dynamic_growth_steps`
    consecutive finite steps the scale is doubled. The inner optimizer keeps its options, except for its
    `loss_scale_factor`, which is reset.

    Args:
        inner_optimizer: The inner optimizer.
        initial_scale: Initial loss scale; one that is too large only costs a few skipped steps.
        dynamic_growth_steps: Number of finite steps after which the scale is doubled.
        name: Name of the optimizer, the prefix of the paths of its variables.
        **kwargs: Options of other optimizers, at their defaults only: configs of older versions contain them.

    Raises:
        ArgumentTypeError: If an argument is unknown or has the wrong type.
        ArgumentError: If a number is out of range, or an option belongs to the inner optimizer.

    Source: Micikevicius et al. 2018, https://arxiv.org/abs/1710.03740

    Example:
        >>> from minikeras.optimizers import SGD
        >>> w = Variable([1.0, 2.0])
        >>> optimizer = LossScaleOptimizer(SGD(0.5), initial_scale=8.0)
        >>> float(optimizer.scale_loss(2.0))
        16.0
        >>> optimizer.apply([np.float32([8.0, -8.0])], [w])
        >>> w.numpy()
        array([0.5, 2.5], dtype=float32)
    """

    def __init__(
        self,
        inner_optimizer: Optimizer,
        initial_scale: float = 2.0**15,
        dynamic_growth_steps: int = 2000,
        name: str | None = None,
        **kwargs: Any,
    ):
        where = type(self).__name__
        if not isinstance(inner_optimizer, Optimizer) or isinstance(inner_optimizer, LossScaleOptimizer):
            raise ArgumentTypeError(
                f"{where}: expected `inner_optimizer` to be another optimizer. Received: {brief(inner_optimizer)}"
            )
        _refuse_options(where, kwargs)
        initial_scale = check_number(where, "initial_scale", initial_scale, above=0)
        dynamic_growth_steps = check_int(where, "dynamic_growth_steps", dynamic_growth_steps, minimum=1)
        super().__init__(learning_rate=0.0, name=name)
        self.inner_optimizer = inner_optimizer
        self.initial_scale = initial_scale
        self.dynamic_growth_steps = dynamic_growth_steps
        self.step_counter: Variable | None = None
        self.dynamic_scale: Variable | None = None
        self.inner_optimizer.loss_scale_factor = None

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the state: the scale, the number of finite steps since it changed, and the inner optimizer's state.

        Args:
            var_list: The variables to update.
        """
        if self.built:
            return
        self._add_scale()
        self.inner_optimizer.build(var_list)
        super().build(var_list)

    def _add_scale(self) -> None:
        if self.dynamic_scale is None:
            self.step_counter = self.add_variable((), dtype="int64", name="step_counter")
            start = initializers.Constant(self.initial_scale)
            self.dynamic_scale = self.add_variable((), start, "float32", name="dynamic_scale")

    @property
    def variables(self) -> list[Variable]:
        """The state, followed by that of the inner optimizer."""
        return [*super().variables, *self.inner_optimizer.variables]

    @property
    def learning_rate(self) -> Any:
        """The learning rate of the inner optimizer; settable."""
        return self.inner_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, learning_rate: LearningRate) -> None:
        self.inner_optimizer.learning_rate = learning_rate

    @property
    def iterations(self) -> Any:
        """The number of updates by the inner optimizer; skipped steps do not count."""
        return self.inner_optimizer.iterations

    def scale_loss(self, loss: TensorLike) -> Tensor:
        """Returns the loss times the scale; gradients are divided by it when they are applied.

        Args:
            loss: The loss, shape `()`.
        """
        # A trace needs the variable, not its initial value, even if the optimizer is built later.
        with paused_tracing():
            self._add_scale()
        return ops.multiply(loss, self.dynamic_scale)

    def apply(self, grads: Sequence, trainable_variables: Sequence[Variable] | None = None) -> None:
        """Applies gradients of the scaled loss, unless one of them is infinite or NaN.

        Args:
            grads: A gradient for each variable, with its shape; None leaves a variable unchanged.
            trainable_variables: The variables to update; by default those the optimizer was built with.

        Raises:
            StateError: If no variables are given before the optimizer is built.
            ArgumentError: If gradients and variables do not match.
        """
        grads = list(grads)
        if not grads:
            return
        pairs = of_all_processes(self._pairs(grads, trainable_variables))
        with gradients_are_reduced():
            self._apply_if_finite([gradient for gradient, _ in pairs], [variable for _, variable in pairs])

    def check_finite(self, grads: Sequence) -> Tensor:
        """Returns whether no gradient has an infinite or undefined element, as a boolean of shape `()`.

        Args:
            grads: The gradients; None has no elements.
        """
        finite = [ops.all(ops.isfinite(gradient)) for gradient in grads if gradient is not None]
        return functools.reduce(ops.logical_and, finite) if finite else ops.convert_to_tensor(True)

    def _apply_if_finite(self, grads: list, variables: list[Variable]) -> None:
        finite = self.check_finite(grads)
        grads = [
            gradient if variable.overwrite_with_gradient else ops.divide(gradient, self.dynamic_scale)
            for gradient, variable in zip(grads, variables, strict=True)
        ]
        inner = self.inner_optimizer
        changed = [*self._trainable_variables, *inner.variables]
        update_if(finite, changed, lambda: inner.apply(grads, variables))
        is_last = ops.equal(self.step_counter, self.dynamic_growth_steps - 1)
        counts = ops.logical_and(finite, ops.logical_not(is_last))
        factor = ops.where(finite, ops.where(is_last, 2.0, 1.0), 0.5)
        self.assign(self.step_counter, ops.where(counts, ops.add(self.step_counter, 1), 0))
        self.assign(self.dynamic_scale, ops.multiply(self.dynamic_scale, factor))

    def finalize_variable_values(self, var_list: Sequence[Variable]) -> None:
        """Overwrites the variables with the inner optimizer's moving averages, if it maintains them.

        Args:
            var_list: The variables the optimizer was built with.
        """
        self.inner_optimizer.finalize_variable_values(var_list)

    def exclude_from_weight_decay(
        self, var_list: Sequence[Variable] | None = None, var_names: Sequence[str] | None = None
    ) -> None:
        """Excludes variables from weight decay in the inner optimizer.

        Args:
            var_list: Variables to exclude.
            var_names: Regular expressions for names of variables to exclude.
        """
        self.inner_optimizer.exclude_from_weight_decay(var_list, var_names)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {
            "name": self.name,
            "inner_optimizer": serialization.serialize_keras_object(self.inner_optimizer),
            "initial_scale": self.initial_scale,
            "dynamic_growth_steps": self.dynamic_growth_steps,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Self:
        """Creates the optimizer that `get_config` described, with its inner optimizer.

        Args:
            config: The constructor arguments.
            custom_objects: Custom classes, by name.
        """
        inner = serialization.deserialize_keras_object(config.get("inner_optimizer"), custom_objects)
        return cls(**{**config, "inner_optimizer": inner})


def _refuse_options(where: str, options: dict) -> None:
    for name, value in options.items():
        if name not in _DEFAULTS:
            raise ArgumentTypeError(
                f"{where}: unknown argument `{name}`. "
                f"Allowed: inner_optimizer, initial_scale, dynamic_growth_steps, name. Received: {name}={brief(value)}"
            )
        if value != _DEFAULTS[name]:
            hint = (
                "Set `loss_scale_factor` of the `inner_optimizer`, without a LossScaleOptimizer, for a fixed scale"
                if name == "dynamic"
                else f"Set `{name}` of the `inner_optimizer`"
            )
            raise ArgumentError(
                f"{where}: `{name}` is an option of the inner optimizer. {hint}. Received: {name}={brief(value)}"
            )

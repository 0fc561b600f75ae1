"""The base class of optimizers: everything from the gradients to the update rule of a single variable."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np

from .. import config as settings
from .. import ops
from ..argument_checks import check_bool, check_count, check_number, check_optional_number, check_string
from ..engine import naming
from ..engine.phases import phase
from ..engine.scopes import StatelessScope
from ..engine.tensor import Tensor as TracedTensor
from ..engine.trace import current_trace, paused_tracing
from ..engine.variable import Variable
from ..errors import ArgumentError, ArgumentTypeError, NotSupportedError, StateError, brief
from ..serialization.configs import deserialize_keras_object, serialize_keras_object
from ..typing import LearningRate, Tensor, TensorLike
from . import schedules
from .arguments import check_clipping, check_learning_rate
from .clipping import clip_by_global_norm, clip_by_norm
from .conditional import update_if
from .legacy_arguments import take_legacy_arguments
from .legacy_methods import LegacyOptimizer, refuse_unknown_arguments
from .pairs import of_all_processes, present_pairs
from .schedules import LearningRateSchedule
from .weight_decay import WeightDecay


class Optimizer(LegacyOptimizer, WeightDecay):
    """The base class of optimizers.

    Subclasses implement `update_step` and, if they keep state for each variable, `build`, in terms of
    `minikeras.ops`, so that training steps can be replayed. Hyperparameters such as `weight_decay` may be set at any
    time and take effect with the next step, which is then traced again; the learning rate is a variable, and setting
    it does not retrace.

    Args:
        learning_rate: A float, a `LearningRateSchedule`, or a callable without arguments.
        weight_decay: Weight decay: before each update, `w = w - w * weight_decay * learning_rate`.
        clipnorm: Maximum L2 norm of the gradient of each variable; None or 0 disables clipping.
        clipvalue: Maximum absolute value of gradient elements; None or 0 disables clipping.
        global_clipnorm: Maximum global L2 norm of all gradients; None or 0 disables clipping.
        use_ema: Whether to maintain exponential moving averages of the variables, which
            `finalize_variable_values` assigns to them.
        ema_momentum: Momentum of the moving averages, in [0, 1].
        ema_overwrite_frequency: Number of steps after which the averages overwrite the variables; None: never.
        loss_scale_factor: Factor that the loss is multiplied by, and the gradients are divided by.
        gradient_accumulation_steps: Number of steps whose gradients are averaged for one update; None for 1.
        name: Name of the optimizer, the prefix of the paths of its variables.
        **kwargs: The Keras 2 arguments `lr` and `decay`, accepted with a warning.

    Raises:
        ArgumentError: If a number is out of range, or more than one kind of clipping is set.
        ArgumentTypeError: If an argument is unknown or has the wrong type.

    Source: https://keras.io/api/optimizers/

    Example:
        >>> class SignDescent(Optimizer):
        ...     def update_step(self, gradient, variable, learning_rate):
        ...         self.assign_sub(variable, ops.sign(gradient) * learning_rate)
        >>> v = Variable([1.0, 2.0])
        >>> SignDescent(learning_rate=0.5).apply([np.float32([3.0, -4.0])], [v])
        >>> v.numpy()
        array([0.5, 2.5], dtype=float32)
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule,
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
        learning_rate = check_learning_rate(where, take_legacy_arguments(type(self), learning_rate, kwargs))
        check_clipping(where, clipnorm=clipnorm, clipvalue=clipvalue, global_clipnorm=global_clipnorm)
        if name is not None:
            check_string(where, "name", name)
        weight_decay = check_optional_number(where, "weight_decay", weight_decay)
        if name:
            naming.check_name(name, where, forbidden="")
        super().__init__(name or naming.unique_name(naming.to_snake_case(where)), weight_decay)
        self.clipnorm = check_optional_number(where, "clipnorm", clipnorm, minimum=0)
        self.clipvalue = check_optional_number(where, "clipvalue", clipvalue, minimum=0)
        self.global_clipnorm = check_optional_number(where, "global_clipnorm", global_clipnorm, minimum=0)
        self.use_ema = check_bool(where, "use_ema", use_ema)
        if self.use_ema:  # otherwise the two are unused, and kept unchecked
            ema_momentum = check_number(where, "ema_momentum", ema_momentum, minimum=0, maximum=1)
            ema_overwrite_frequency = check_count(where, "ema_overwrite_frequency", ema_overwrite_frequency, 1)
        self.ema_momentum = ema_momentum
        self.ema_overwrite_frequency = ema_overwrite_frequency
        self.loss_scale_factor = check_optional_number(where, "loss_scale_factor", loss_scale_factor, above=0)
        self.gradient_accumulation_steps = check_count(
            where, "gradient_accumulation_steps", gradient_accumulation_steps, 2
        )
        self._start_state(learning_rate)

    def _start_state(self, learning_rate: object) -> None:
        self._trainable_variables: list[Variable] = []
        self._index: dict[int, int] = {}
        self._model_variables_moving_average: list[Variable | None] = []
        self._accumulated_gradients: list[Variable] = []
        self._iterations = self._new_counter("iteration", 0, "int64")
        if isinstance(learning_rate, float):
            learning_rate = self._new_counter("learning_rate", learning_rate, settings.floatx())
        self._learning_rate = learning_rate

    def _new_counter(self, name: str, value: float, dtype: str) -> Variable:
        with self._name_scope():
            return Variable(value, dtype=dtype, trainable=False, aggregation="only_first_replica", name=name)

    @property
    def iterations(self) -> Any:
        """The number of updates, shape `()`: calls of `apply`, or completed gradient accumulations."""
        if self.gradient_accumulation_steps:
            return ops.floor_divide(self._iterations, self.gradient_accumulation_steps)
        return self._iterations

    @property
    def learning_rate(self) -> Any:
        """The learning rate: a Variable, or the current value of a schedule or callable.

        It can be set to a number at any time, unless it is a schedule or callable; a number can be replaced by one.
        """
        rate = self._learning_rate
        if isinstance(rate, Variable):
            return rate
        value = rate(self._iterations) if isinstance(rate, LearningRateSchedule) else rate()
        trace = current_trace()
        if trace is not None and not isinstance(value, (TracedTensor, Variable)):
            trace.block_replay("the learning rate was computed as a plain number in Python")
        return value

    @learning_rate.setter
    def learning_rate(self, learning_rate: LearningRate) -> None:
        where = f"{type(self).__name__}.learning_rate"
        if callable(learning_rate):
            check_learning_rate(where, learning_rate)
            self._untrack(self._learning_rate)
            self._learning_rate = learning_rate
            return
        if not isinstance(self._learning_rate, Variable):
            raise ArgumentTypeError(
                f"{where}: this optimizer was created with a schedule or callable, {self._learning_rate!r}, so its "
                "learning rate cannot be set to a number. Create the optimizer with a float, or set a schedule. "
                f"Received: {brief(learning_rate)}"
            )
        if isinstance(learning_rate, np.ndarray) and learning_rate.ndim == 0:
            learning_rate = learning_rate.item()
        if not isinstance(learning_rate, (TracedTensor, Variable)):
            learning_rate = check_number(where, "learning_rate", learning_rate)
        self._learning_rate.assign(learning_rate)

    def build(self, variables: Sequence[Variable]) -> None:
        """Creates the state of each variable. Subclasses call this first, then add their own.

        Args:
            variables: The variables to update.
        """
        if self.use_ema:
            self._model_variables_moving_average = self.add_optimizer_variables(variables, "average")
        if self.gradient_accumulation_steps:
            self._accumulated_gradients = [
                self.add_variable_from_reference(variable, "gradient_accumulator") for variable in variables
            ]
        self._trainable_variables = list(variables)
        self._index = {id(variable): index for index, variable in enumerate(variables)}
        self.built = True

    def __setstate__(self, state: dict) -> None:
        vars(self).update(state)
        self._index = {id(variable): index for index, variable in enumerate(self._trainable_variables)}  # new ids

    def _get_variable_index(self, variable: Variable) -> int:
        # Subclasses written for Keras call this.
        return self._index[id(variable)]

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one variable; implemented by each optimizer.

        Args:
            gradient: The gradient, with the shape and dtype of the variable.
            variable: The variable.
            learning_rate: The learning rate of this step, shape `()`.

        Raises:
            NotSupportedError: If the subclass does not implement it.
        """
        raise NotSupportedError(
            f"Optimizer '{self.name}': its class {type(self).__name__} must implement "
            "`update_step(self, gradient, variable, learning_rate)`."
        )

    def apply_gradients(self, grads_and_vars: Iterable[tuple[object, Variable]], **kwargs: Any) -> Variable:
        """Applies gradients, given as (gradient, variable) pairs; returns the number of steps.

        Args:
            grads_and_vars: The pairs.
            **kwargs: The Keras 2 arguments `name` and `experimental_aggregate_gradients`, which have no effect.

        Raises:
            ArgumentError: If there are no pairs, or gradients and variables do not match.
        """
        refuse_unknown_arguments(self, kwargs)
        pairs = list(grads_and_vars)
        if not pairs:
            raise ArgumentError("`apply_gradients`: expected (gradient, variable) pairs. Received none.")
        self.apply([gradient for gradient, _ in pairs], [variable for _, variable in pairs])
        return self._iterations

    def apply(self, grads: Sequence, trainable_variables: Sequence[Variable] | None = None) -> None:
        """Applies gradients to variables. Nothing is changed if a gradient does not match its variable.

        Args:
            grads: A gradient for each variable, with its shape; None leaves a variable unchanged.
            trainable_variables: The variables to update; by default those the optimizer was built with. The first
                call with variables builds the optimizer.

        Raises:
            StateError: If no variables are given before the optimizer is built.
            ArgumentError: If gradients and variables do not match.
        """
        grads = list(grads)
        if not grads:
            return
        pairs = self._overwrite_with_gradients(of_all_processes(self._pairs(grads, trainable_variables)))
        with phase("optimizer"), self._name_scope():
            if pairs:
                self._update([gradient for gradient, _ in pairs], [variable for _, variable in pairs])
            self._iterations.assign_add(1)

    def _pairs(self, grads: list, trainable_variables: Sequence[Variable] | None) -> list[tuple]:
        """Returns the gradients that are not None, each with its variable; builds the optimizer if need be."""
        variables = self._matching_variables(grads, trainable_variables)
        pairs = present_pairs(self.name, grads, variables)
        if not self.built:
            with paused_tracing(), self._name_scope():
                self.build(variables)
            self.built = True
        return pairs

    def stateless_apply(
        self, optimizer_variables: Sequence, grads: Sequence, trainable_variables: Sequence
    ) -> tuple[list, list]:
        """Stateless version of `apply`: takes and returns values, and changes no variable.

        Args:
            optimizer_variables: A value for each of `variables`.
            grads: A gradient for each variable the optimizer was built with.
            trainable_variables: A value for each of those.

        Returns:
            The new values of the trainable variables, and those of the optimizer's variables.

        Raises:
            StateError: If the optimizer is not built.
            ArgumentError: If the values do not match the variables.
        """
        where = f"Optimizer '{self.name}', `stateless_apply`"
        if not self.built:
            raise StateError(f"{where}: the optimizer has no variables yet. Call `build(trainable_variables)` first.")
        state, weights = self.variables, self._trainable_variables
        for name, values, own in (
            ("optimizer_variables", optimizer_variables, state),
            ("trainable_variables", trainable_variables, weights),
        ):
            if len(values) != len(own):
                raise ArgumentError(f"{where}: expected {len(own)} values as `{name}`. Received: {len(values)}")
        mapping = [*zip(weights, trainable_variables, strict=True), *zip(state, optimizer_variables, strict=True)]
        with StatelessScope(mapping) as scope:
            self.apply(grads)
        return [scope.get_current_value(each) for each in weights], [scope.get_current_value(each) for each in state]

    def _matching_variables(self, grads: list, trainable_variables: Sequence[Variable] | None) -> list[Variable]:
        where = f"Optimizer '{self.name}', `apply`"
        if trainable_variables is None and not self.built:
            raise StateError(
                f"{where}: the optimizer is not built yet. Pass them as `trainable_variables`, "
                "or call `build(trainable_variables)` first."
            )
        variables = list(self._trainable_variables if trainable_variables is None else trainable_variables)
        for variable in variables:
            if self.built and id(variable) not in self._index:
                raise ArgumentError(
                    f"{where}: the optimizer was built for other variables than {brief(variable)}. "
                    "Create a new optimizer for a new set of variables."
                )
        if len(grads) != len(variables):
            raise ArgumentError(
                f"{where}: expected one gradient for each variable. "
                f"Received: {len(grads)} gradients for {len(variables)} variables"
            )
        return variables

    def _overwrite_with_gradients(self, pairs: list) -> list:
        """Overwrites variables marked `overwrite_with_gradient` with their gradients; returns the other pairs."""
        others = []
        for gradient, variable in pairs:
            if not variable.overwrite_with_gradient:
                others.append((gradient, variable))
            elif not self.gradient_accumulation_steps:
                variable.assign(gradient)
            else:
                accumulator = self._accumulated_gradients[self._get_variable_index(variable)]
                largest, due = ops.maximum(gradient, accumulator), self._accumulation_ends()
                variable.assign(ops.where(due, largest, variable))
                accumulator.assign(ops.where(due, 0, largest))
        return others

    def _update(self, grads: list, variables: list[Variable]) -> None:
        if self.loss_scale_factor is not None:
            grads = [ops.divide(gradient, self.loss_scale_factor) for gradient in grads]
        if self.gradient_accumulation_steps:
            self._accumulate(grads, variables)
        else:
            self._update_variables(grads, variables)
        if self.use_ema:
            self._update_averages()
        for variable in variables:
            if variable.constraint is not None:
                variable.assign(variable.constraint(variable))

    def _update_variables(self, grads: list, variables: list[Variable]) -> None:
        learning_rate = self.learning_rate
        grads = self._clip(grads)
        self._decay_weights(variables, learning_rate)
        self._update_each(grads, variables, learning_rate)

    def _update_each(self, grads: list, variables: list[Variable], learning_rate: object) -> None:
        for gradient, variable in zip(grads, variables, strict=True):
            self.update_step(gradient, variable, learning_rate)

    def _clip(self, grads: list) -> list:
        if self.clipnorm:
            return [clip_by_norm(gradient, self.clipnorm) for gradient in grads]
        if self.global_clipnorm:
            return clip_by_global_norm(grads, self.global_clipnorm)
        if self.clipvalue:
            return [ops.clip(gradient, -self.clipvalue, self.clipvalue) for gradient in grads]
        return grads

    def _accumulation_ends(self) -> object:
        return ops.equal(ops.mod(self._iterations + 1, self.gradient_accumulation_steps), 0)

    def _accumulate(self, grads: list, variables: list[Variable]) -> None:
        """Accumulates the gradients, and applies their mean once there are enough of them."""
        due = self._accumulation_ends()
        indices = [self._get_variable_index(variable) for variable in variables]
        totals = {
            index: ops.add(gradient, self._accumulated_gradients[index])
            for gradient, index in zip(grads, indices, strict=True)
        }
        means = [ops.divide(total, self.gradient_accumulation_steps) for total in totals.values()]
        update_if(due, [*variables, *self._changed_by_updates()], lambda: self._update_variables(means, variables))
        for index, accumulator in enumerate(self._accumulated_gradients):
            accumulator.assign(ops.where(due, 0, totals.get(index, accumulator)))

    def _changed_by_updates(self) -> list[Variable]:
        """The state that updates change: all but iterations, learning rate, moving averages and accumulators."""
        kept = [self._iterations, self._learning_rate]
        kept += [*self._model_variables_moving_average, *self._accumulated_gradients]
        return [variable for variable in self._variables if not any(variable is other for other in kept)]

    def _update_averages(self) -> None:
        started = ops.not_equal(self.iterations, 0)  # at first there is no previous average
        pairs = [
            (variable, average)
            for variable, average in zip(self._trainable_variables, self._model_variables_moving_average, strict=True)
            if average is not None
        ]
        for variable, average in pairs:
            momentum = ops.multiply(ops.cast(started, variable.dtype), self.ema_momentum)
            new = ops.multiply(variable, ops.subtract(1, momentum))
            average.assign(ops.add(ops.multiply(average, momentum), new))
        if self.ema_overwrite_frequency:
            due = ops.equal(ops.mod(self.iterations + 1, self.ema_overwrite_frequency), 0)
            for variable, average in pairs:
                variable.assign(ops.where(due, average, variable))

    def finalize_variable_values(self, var_list: Sequence[Variable]) -> None:
        """Overwrites the variables with their moving averages, if `use_ema` is set; called at the end of `fit`.

        Args:
            var_list: The variables the optimizer was built with.

        Raises:
            StateError: If the optimizer is not built.
            ArgumentError: If the optimizer was built with other variables.
        """
        if not self.use_ema:
            return
        where = f"Optimizer '{self.name}', `finalize_variable_values`"
        if not self.built:
            raise StateError(f"{where}: there are no moving averages yet. Apply gradients first.")
        variables = list(var_list)
        if len(variables) != len(self._model_variables_moving_average) or any(
            id(variable) not in self._index for variable in variables
        ):
            raise ArgumentError(
                f"{where}: expected the {len(self._index)} variables the optimizer was built with. "
                f"Received: {[variable.path for variable in variables]}"
            )
        for variable in variables:
            average = self._model_variables_moving_average[self._get_variable_index(variable)]
            if average is not None:
                variable.assign(average)

    def scale_loss(self, loss: TensorLike) -> Tensor:
        """Scales the loss by `loss_scale_factor`; `apply` unscales the gradients."""
        return loss if self.loss_scale_factor is None else ops.multiply(loss, self.loss_scale_factor)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments, as plain numbers and strings; a function as learning rate by its name."""
        return {
            "name": self.name,
            "learning_rate": self._learning_rate_config(),
            "weight_decay": self.weight_decay,
            "clipnorm": self.clipnorm,
            "global_clipnorm": self.global_clipnorm,
            "clipvalue": self.clipvalue,
            "use_ema": self.use_ema,
            "ema_momentum": self.ema_momentum,
            "ema_overwrite_frequency": self.ema_overwrite_frequency,
            "loss_scale_factor": self.loss_scale_factor,
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
        }

    def _learning_rate_config(self) -> Any:
        if isinstance(self._learning_rate, Variable):
            return float(self._learning_rate.numpy())
        if isinstance(self._learning_rate, LearningRateSchedule):
            return schedules.serialize(self._learning_rate)
        return serialize_keras_object(self._learning_rate)

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict[str, type] | None = None) -> Self:
        """Creates the optimizer that `get_config` described, without its state.

        Args:
            config: The constructor arguments; a schedule as returned by `schedules.serialize`.
            custom_objects: Custom classes of schedules, and functions, by name.
        """
        config = dict(config)
        rate = config.get("learning_rate")
        if isinstance(rate, dict):
            is_function = rate.get("class_name") in ("function", "__lambda__")
            deserialize = deserialize_keras_object if is_function else schedules.deserialize
            config["learning_rate"] = deserialize(rate, custom_objects)
        return cls(**config)

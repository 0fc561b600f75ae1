"""Several optimizers in one, each for its own variables."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from ..argument_checks import check_optional_number
from ..engine.replicas import gradients_are_reduced
from ..engine.trace import paused_tracing
from ..engine.variable import Variable
from ..errors import ArgumentError, ArgumentTypeError, NotSupportedError, StateError, brief
from ..serialization import configs as serialization
from ..typing import LearningRate
from .optimizer import Optimizer
from .optimizer_map import OptimizerMap, check_single
from .pairs import of_all_processes, present_pairs


class MultiOptimizer(Optimizer):
    """Updates different variables with different optimizers.

    It has no learning rate; each of its `optimizers` has its own.

    Args:
        optimizer_map: An `OptimizerMap`, or a function from a variable to its optimizer.
        loss_scale_factor: Factor that the loss is multiplied by, and the gradients are divided by; in all optimizers.
        name: Name of the optimizer, the prefix of the paths of its variables.

    Raises:
        ArgumentTypeError: If an argument has the wrong type.
        ArgumentError: If a number is out of range.

    Source: https://keras.io/api/optimizers/

    Example:
        >>> from minikeras.optimizers import SGD
        >>> kernel, bias = Variable([1.0], name="kernel"), Variable([1.0], name="bias")
        >>> optimizer = MultiOptimizer(OptimizerMap(SGD(0.5), {"bias": SGD(0.25)}))
        >>> optimizer.apply([np.float32([1.0]), np.float32([1.0])], [kernel, bias])
        >>> kernel.numpy(), bias.numpy()
        (array([0.5], dtype=float32), array([0.75], dtype=float32))
    """

    _inner_optimizers: Sequence[Optimizer] = ()

    def __init__(
        self,
        optimizer_map: OptimizerMap | Callable[[Variable], Optimizer],
        loss_scale_factor: float | None = None,
        name: str | None = None,
    ):
        if not callable(optimizer_map) or isinstance(optimizer_map, type):
            raise ArgumentTypeError(
                "MultiOptimizer: expected `optimizer_map` to be an OptimizerMap or a function that returns an "
                f"optimizer for a variable. Received: {brief(optimizer_map)}"
            )
        super().__init__(learning_rate=0.0, loss_scale_factor=loss_scale_factor, name=name)
        self._optimizer_map = optimizer_map
        self._inner_optimizers = []
        self._optimizer_index: dict[int, int] = {}
        if isinstance(optimizer_map, OptimizerMap):
            check_single(
                "MultiOptimizer: expected the default optimizer to be a single one", optimizer_map.default_optimizer
            )
            for optimizer in (*optimizer_map.values(), optimizer_map.default_optimizer):
                self._add(optimizer)

    def _add(self, optimizer: Optimizer) -> int:
        """Returns the index of an optimizer in the list, adding it if necessary."""
        for index, known in enumerate(self._inner_optimizers):
            if known is optimizer:
                return index
        optimizer.loss_scale_factor = self.loss_scale_factor
        self._inner_optimizers.append(optimizer)
        return len(self._inner_optimizers) - 1

    def build(self, var_list: Sequence[Variable]) -> None:
        """Assigns each variable to its optimizer, and builds them.

        Args:
            var_list: The variables to update.

        Raises:
            ArgumentError: If a variable has no optimizer, or a composite one.
        """
        if self.built:
            return
        chosen = [self._optimizer_map(variable) for variable in var_list]
        for variable, optimizer in zip(var_list, chosen, strict=True):
            expected = f"Optimizer '{self.name}': expected a single optimizer for variable '{variable.path}'"
            check_single(expected, optimizer)
        self._optimizer_index = {
            id(variable): self._add(optimizer) for variable, optimizer in zip(var_list, chosen, strict=True)
        }
        for optimizer, own in zip(self._inner_optimizers, self._split(var_list), strict=True):
            if own:
                optimizer.build(own)
        super().build(var_list)

    def __setstate__(self, state: dict) -> None:
        super().__setstate__(state)
        indices = state["_optimizer_index"].values()
        self._optimizer_index = {
            id(variable): index for variable, index in zip(self._trainable_variables, indices, strict=True)
        }

    def _split(self, variables: Sequence[Variable], values: Sequence | None = None) -> list[list]:
        """Returns the variables of each optimizer, or the corresponding values."""
        shares: list[list] = [[] for _ in self._inner_optimizers]
        for variable, value in zip(variables, variables if values is None else values, strict=True):
            shares[self._optimizer_index[id(variable)]].append(value)
        return shares

    @property
    def optimizers(self) -> list[Optimizer]:
        """The inner optimizers."""
        return self._inner_optimizers

    @property
    def variables(self) -> list[Variable]:
        """The state, followed by that of each inner optimizer."""
        return [*super().variables, *(each for optimizer in self._inner_optimizers for each in optimizer.variables)]

    @property
    def learning_rate(self) -> Any:
        """Not available: each of the `optimizers` has its own.

        Raises:
            AttributeError: Always.
        """
        raise AttributeError(f"Optimizer '{self.name}' has no learning rate. Each of its `optimizers` has its own.")

    @learning_rate.setter
    def learning_rate(self, learning_rate: LearningRate) -> None:
        raise AttributeError(f"Optimizer '{self.name}' has no learning rate. Set that of one of its `optimizers`.")

    @property
    def loss_scale_factor(self) -> float | None:
        """The loss scale factor; setting it sets that of all inner optimizers."""
        return self._loss_scale_factor

    @loss_scale_factor.setter
    def loss_scale_factor(self, value: float | None) -> None:
        self._loss_scale_factor = check_optional_number(type(self).__name__, "loss_scale_factor", value, above=0)
        for optimizer in self._inner_optimizers:
            optimizer.loss_scale_factor = self._loss_scale_factor

    @property
    def iterations(self) -> Any:
        """The number of steps, shape `()`."""
        return self._iterations

    def apply(self, grads: Sequence, trainable_variables: Sequence[Variable] | None = None) -> None:
        """Applies gradients, each by the optimizer of its variable.

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
        variables = self._matching_variables(grads, trainable_variables)
        pairs = of_all_processes(present_pairs(self.name, grads, variables))
        if not self.built:
            with paused_tracing():
                self.build(variables)
        shares = self._split([variable for _, variable in pairs], pairs)
        with gradients_are_reduced():
            for optimizer, share in zip(self._inner_optimizers, shares, strict=True):
                optimizer.apply([gradient for gradient, _ in share], [variable for _, variable in share])
        self._iterations.assign_add(1)

    def finalize_variable_values(self, var_list: Sequence[Variable]) -> None:
        """Overwrites variables with their moving averages, where their optimizer maintains them.

        Args:
            var_list: The variables the optimizer was built with.

        Raises:
            StateError: If the optimizer is not built.
            ArgumentError: If the optimizer was built with other variables.
        """
        where = f"Optimizer '{self.name}', `finalize_variable_values`"
        if not self.built:
            raise StateError(f"{where}: the optimizer is not built yet. Apply gradients first.")
        variables = list(var_list)
        if any(id(variable) not in self._index for variable in variables):
            raise ArgumentError(
                f"{where}: expected variables the optimizer was built with. "
                f"Received: {[variable.path for variable in variables]}"
            )
        for optimizer, share in zip(self._inner_optimizers, self._split(variables), strict=True):
            if share:
                optimizer.finalize_variable_values(share)

    def exclude_from_weight_decay(
        self, var_list: Sequence[Variable] | None = None, var_names: Sequence[str] | None = None
    ) -> None:
        """Not available: weight decay is an option of the inner optimizers.

        Raises:
            NotSupportedError: Always.
        """
        raise NotSupportedError(
            f"Optimizer '{self.name}' has no weight decay of its own. Call `exclude_from_weight_decay` of its "
            "`optimizers`."
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {
            "optimizer_map": serialization.serialize_keras_object(self._optimizer_map),
            "loss_scale_factor": self.loss_scale_factor,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Self:
        """Creates the optimizer that `get_config` described, with its inner optimizers.

        Args:
            config: The constructor arguments.
            custom_objects: Custom classes and functions, by name.
        """
        optimizers = serialization.deserialize_keras_object(config.get("optimizer_map"), custom_objects)
        return cls(**{**config, "optimizer_map": optimizers})

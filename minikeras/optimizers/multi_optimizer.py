"""Several optimizers as one, each with variables of its own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from ..argument_checks import check_optional_number
from ..engine.trace import paused_tracing
from ..engine.variable import Variable
from ..errors import ArgumentError, ArgumentTypeError, NotSupportedError, StateError, brief
from ..serialization import configs as serialization
from ..typing import LearningRate
from .optimizer import Optimizer
from .optimizer_map import OptimizerMap, check_single
from .pairs import present_pairs


class MultiOptimizer(Optimizer):
    """Lets each variable be updated by an optimizer of its own.

    It has no learning rate; the optimizers in `optimizers` have one each.

    Args:
        optimizer_map: An `OptimizerMap`, or a function that returns an optimizer for a variable.
        loss_scale_factor: The loss is multiplied by it, and gradients are divided by it; in all optimizers.
        name: The first part of the paths of its variables.

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
        self._place: dict[int, int] = {}
        if isinstance(optimizer_map, OptimizerMap):
            check_single(
                "MultiOptimizer: expected the default optimizer to be a single one", optimizer_map.default_optimizer
            )
            for optimizer in (*optimizer_map.values(), optimizer_map.default_optimizer):
                self._add(optimizer)

    def _add(self, optimizer: Optimizer) -> int:
        """Returns the place of an optimizer in the list, where it is put if it is not there yet."""
        for place, known in enumerate(self._inner_optimizers):
            if known is optimizer:
                return place
        optimizer.loss_scale_factor = self.loss_scale_factor
        self._inner_optimizers.append(optimizer)
        return len(self._inner_optimizers) - 1

    def build(self, variables: Sequence[Variable]) -> None:
        """Gives each variable to its optimizer, and builds them all.

        Args:
            variables: The variables that will be updated.

        Raises:
            ArgumentError: If a variable has no optimizer, or one that holds others.
        """
        if self.built:
            return
        chosen = [self._optimizer_map(variable) for variable in variables]
        for variable, optimizer in zip(variables, chosen, strict=True):
            expected = f"Optimizer '{self.name}': expected a single optimizer for variable '{variable.path}'"
            check_single(expected, optimizer)
        self._place = {
            id(variable): self._add(optimizer) for variable, optimizer in zip(variables, chosen, strict=True)
        }
        for optimizer, own in zip(self._inner_optimizers, self._split(variables), strict=True):
            if own:
                optimizer.build(own)
        super().build(variables)

    def __setstate__(self, state: dict) -> None:
        super().__setstate__(state)
        places = state["_place"].values()
        self._place = {id(variable): place for variable, place in zip(self._trainable_variables, places, strict=True)}

    def _split(self, variables: Sequence[Variable], values: Sequence | None = None) -> list[list]:
        """Returns for each optimizer its share of the variables, or of values that belong to them."""
        shares: list[list] = [[] for _ in self._inner_optimizers]
        for variable, value in zip(variables, variables if values is None else values, strict=True):
            shares[self._place[id(variable)]].append(value)
        return shares

    @property
    def optimizers(self) -> list[Optimizer]:
        """The optimizers inside."""
        return self._inner_optimizers

    @property
    def variables(self) -> list[Variable]:
        """The state, then that of each optimizer."""
        return [*super().variables, *(each for optimizer in self._inner_optimizers for each in optimizer.variables)]

    @property
    def learning_rate(self) -> Any:
        """There is none: each optimizer in `optimizers` has its own.

        Raises:
            AttributeError: Always.
        """
        raise AttributeError(f"Optimizer '{self.name}' has no learning rate. Each of its `optimizers` has its own.")

    @learning_rate.setter
    def learning_rate(self, learning_rate: LearningRate) -> None:
        raise AttributeError(f"Optimizer '{self.name}' has no learning rate. Set that of one of its `optimizers`.")

    @property
    def loss_scale_factor(self) -> float | None:
        """What the loss is multiplied by; setting it reaches all optimizers."""
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
        """Updates variables by their gradients, each by its optimizer.

        Args:
            grads: A gradient for each variable, in its shape; None for a variable that is to stay.
            trainable_variables: The variables; by default those the optimizer was built with.

        Raises:
            StateError: If no variables are given before the optimizer is built.
            ArgumentError: If gradients and variables do not fit together.
        """
        grads = list(grads)
        if not grads:
            return
        variables = self._matching_variables(grads, trainable_variables)
        pairs = present_pairs(self.name, grads, variables)
        if not self.built:
            with paused_tracing():
                self.build(variables)
        shares = self._split([variable for _, variable in pairs], pairs)
        for optimizer, share in zip(self._inner_optimizers, shares, strict=True):
            optimizer.apply([gradient for gradient, _ in share], [variable for _, variable in share])
        self._iterations.assign_add(1)

    def finalize_variable_values(self, var_list: Sequence[Variable]) -> None:
        """Puts moving averages in the variables' places, where the optimizer of a variable keeps them.

        Args:
            var_list: The variables the optimizer was built with.

        Raises:
            StateError: If the optimizer is not built.
            ArgumentError: If they are other variables.
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
        """Weights decay as the optimizers inside say.

        Raises:
            NotSupportedError: Always.
        """
        raise NotSupportedError(
            f"Optimizer '{self.name}' lets no weights decay by itself. Call `exclude_from_weight_decay` of the "
            "optimizers inside."
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {
            "optimizer_map": serialization.serialize_keras_object(self._optimizer_map),
            "loss_scale_factor": self.loss_scale_factor,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Self:
        """Makes the optimizer that `get_config` described, and those inside.

        Args:
            config: The constructor's arguments.
            custom_objects: Further classes and functions, by name.
        """
        optimizers = serialization.deserialize_keras_object(config.get("optimizer_map"), custom_objects)
        return cls(**{**config, "optimizer_map": optimizers})

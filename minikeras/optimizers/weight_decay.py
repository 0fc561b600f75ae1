"""Weight decay: weights become a little smaller before each update."""

import re
from collections.abc import Sequence

from .. import ops
from ..engine.variable import Variable
from ..errors import ArgumentTypeError, StateError, brief
from .state import OptimizerState


class WeightDecay(OptimizerState):
    """Lets the weights decay, but for those that are excluded.

    `w = w - w * weight_decay * learning_rate`

    Args:
        name: The first part of the paths of the state.
        weight_decay: The factor; None or 0: no decay.

    Source: https://arxiv.org/abs/1711.05101

    Example:
        >>> WeightDecay("sgd", 0.5).weight_decay
        0.5
    """

    def __init__(self, name: str, weight_decay: float | None):
        super().__init__(name)
        self.weight_decay = weight_decay
        self._excluded_variables: list[Variable] = []
        self._excluded_names: re.Pattern | None = None

    def exclude_from_weight_decay(
        self, var_list: Sequence[Variable] | None = None, var_names: Sequence[str] | None = None
    ) -> None:
        """Names variables whose weights do not decay. It replaces what an earlier call named.

        Args:
            var_list: Variables.
            var_names: Regular expressions; a variable is excluded if one is found in its name, e.g. "bias".

        Raises:
            StateError: If the optimizer is built already.
            ArgumentTypeError: If `var_names` is not a list of strings.
        """
        where = f"Optimizer '{self.name}', `exclude_from_weight_decay`"
        if self.built:
            raise StateError(f"{where}: the optimizer is built already. Call it before `build` and before training.")
        names = list(var_names or ())
        if isinstance(var_names, str) or not all(isinstance(name, str) for name in names):
            raise ArgumentTypeError(f"{where}: expected a list of strings. Received: var_names={brief(var_names)}")
        self._excluded_variables = list(var_list or ())
        self._excluded_names = re.compile("|".join(names)) if names else None

    def _decay_weights(self, variables: Sequence[Variable], learning_rate: object) -> None:
        for variable in variables:
            decay = self._weight_decay_of(variable)
            if decay and self._has_decay(variable):
                factor = ops.cast(ops.multiply(learning_rate, decay), variable.dtype)
                self.assign_sub(variable, ops.multiply(variable, factor))

    def _weight_decay_of(self, variable: Variable) -> float | None:
        return self.weight_decay

    def _has_decay(self, variable: Variable) -> bool:
        if any(variable is excluded for excluded in self._excluded_variables):
            return False
        return self._excluded_names is None or self._excluded_names.search(variable.name) is None

"""Decoupled weight decay."""

import re
from collections.abc import Sequence

from .. import ops
from ..engine.memory_budget import check_pattern
from ..engine.variable import Variable
from ..errors import ArgumentTypeError, StateError, brief
from .state import OptimizerState


class WeightDecay(OptimizerState):
    """Applies weight decay to all variables that are not excluded.

    `w = w - w * weight_decay * learning_rate`

    Args:
        name: The first part of the paths of the state.
        weight_decay: Decay rate; None or 0 disables weight decay.

    Source: https://arxiv.org/abs/1711.05101

    Example:
        >>> WeightDecay("sgd", 0.5).weight_decay
        0.5
    """

    def __init__(self, name: str, weight_decay: float | None):
        super().__init__(name)
        self.weight_decay = weight_decay
        self._excluded_variables: list[Variable] = []
        self._excluded_names: list[str] = []
        # Of a loaded optimizer: indices of the variables it will be built with, or their paths if it was not built.
        self._excluded_references: frozenset[int | str] = frozenset()

    def exclude_from_weight_decay(
        self, var_list: Sequence[Variable] | None = None, var_names: Sequence[str] | None = None
    ) -> None:
        """Excludes variables from weight decay; replaces the exclusions of earlier calls.

        Args:
            var_list: Variables to exclude.
            var_names: Regular expressions; variables whose name contains a match are excluded, e.g. "bias".

        Raises:
            StateError: If the optimizer is built already.
            ArgumentTypeError: If `var_names` is not a list of strings.
        """
        where = f"Optimizer '{self.name}', `exclude_from_weight_decay`"
        if self.built:
            raise StateError(f"{where}: the optimizer is built already. Call this before `build` and before training.")
        names = list(var_names or ())
        if isinstance(var_names, str) or not all(isinstance(name, str) for name in names):
            raise ArgumentTypeError(f"{where}: expected a list of strings. Received: var_names={brief(var_names)}")
        self._excluded_variables = list(var_list or ())
        self._excluded_names = names
        self._excluded_references = frozenset()

    def get_exclusion_config(self) -> dict | None:
        """Returns the exclusions for a config; None if there are none. Keras's configs omit them."""
        if self.built:
            own = enumerate(self._trainable_variables)
            found = {"places": [index for index, variable in own if not self._has_decay(variable)]}
        else:
            paths = [variable.path for variable in self._excluded_variables]
            found = {"places": [*sorted(self._excluded_references, key=str), *paths], "var_names": self._excluded_names}
        return {key: part for key, part in found.items() if part} or None

    def exclusion_from_config(self, config: dict) -> None:
        """Restores the exclusions that `get_exclusion_config` returned.

        Raises:
            ArgumentTypeError: If it does not consist of indices and strings.
            ArgumentError: If it comes from a file and has a pattern prone to catastrophic backtracking.
        """
        self.exclude_from_weight_decay(var_names=config.get("var_names"))
        references = config.get("places", [])
        if not isinstance(references, list) or not all(isinstance(each, (int, str)) for each in references):
            raise ArgumentTypeError(
                f"Optimizer '{self.name}': expected indices or paths of variables. Received: places={brief(references)}"
            )
        for pattern in self._excluded_names:
            check_pattern(pattern, f"Optimizer '{self.name}', `exclude_from_weight_decay`")
        self._excluded_references = frozenset(references)

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
        if any(self._is_at(variable, reference) for reference in self._excluded_references):
            return False
        return not any(re.search(pattern, variable.name) for pattern in self._excluded_names)

    def _is_at(self, variable: Variable, reference: int | str) -> bool:
        if isinstance(reference, int):
            return self._index.get(id(variable)) == reference
        # Whether the path includes the model's name depends on how the model was built.
        return f"/{variable.path}".endswith(f"/{reference}") or f"/{reference}".endswith(f"/{variable.path}")

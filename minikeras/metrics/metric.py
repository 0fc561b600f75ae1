"""The base class of metrics: state that is updated batch by batch, and a result computed from it."""

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np

from .. import dtype_policies, initializers
from ..engine import tree
from ..engine.dtypes import standardize_dtype
from ..engine.naming import check_name, name_scope, to_snake_case, unique_name
from ..engine.variable import Variable
from ..engine.watched import Watched
from ..errors import ArgumentError, NotSupportedError, StateError, warn_legacy
from ..typing import DTypeLike, InitializerLike, Tensor


class Metric(Watched):
    """Accumulates a measure over batches; a subclass defines `__init__`, `update_state` and `result`.

    Args:
        dtype: The dtype of the computation, or a dtype policy; `floatx` by default.
        name: Name of the metric; made from the class name if None.

    Source: https://keras.io/api/metrics/base_metric/

    Example:
        >>> from minikeras import ops
        >>> class Largest(Metric):
        ...     def __init__(self, name="largest"):
        ...         super().__init__(name=name)
        ...         self.largest = self.add_variable((), "zeros", name="largest")
        ...     def update_state(self, y_true, y_pred, sample_weight=None):
        ...         self.largest.assign(ops.maximum(self.largest, ops.max(y_pred)))
        ...     def result(self):
        ...         return self.largest.value
        >>> metric = Largest()
        >>> metric.update_state(None, [1.0, 4.0])
        >>> print(metric(None, [2.0, 3.0]))
        4.0
    """

    # Whether "up" or "down" is better, for callbacks that monitor the metric; None: unknown.
    _direction: str | None = None
    _bookkeeping = frozenset({"_variables", "_is_resetting", "name"})
    _may_keep_state = False
    _is_resetting = False

    def __init__(self, dtype: DTypeLike | None = None, name: str | None = None):
        self.name = name or unique_name(to_snake_case(type(self).__name__))
        check_name(self.name, type(self).__name__, forbidden="")
        policy = dtype_policies.get(dtype) if isinstance(dtype, (str, dict)) else dtype
        self._dtype = standardize_dtype(getattr(policy, "compute_dtype", policy))
        self._variables: list[Variable] = []

    @property
    def dtype(self) -> str:
        """The dtype of the computation."""
        return self._dtype

    @property
    def variables(self) -> list[Variable]:
        """The state: the metric's own variables, then those of metrics it has as attributes."""
        parts: list = []
        for value in vars(self).values():
            parts += tree.flatten(value) if isinstance(value, (list, tuple, dict)) else [value]
        own = [*self._own_variables(), *(part for part in parts if isinstance(part, Variable))]
        inner = [variable for part in parts if isinstance(part, Metric) for variable in part.variables]
        return list({id(variable): variable for variable in [*own, *inner]}.values())

    def add_variable(
        self,
        shape: Sequence[int],
        initializer: InitializerLike,
        dtype: DTypeLike | None = None,
        aggregation: str = "sum",
        name: str | None = None,
    ) -> Variable:
        """Adds a variable to the state.

        Args:
            shape: Its shape.
            initializer: The name of an initializer, or an initializer.
            dtype: Its dtype; `floatx` by default.
            aggregation: How the values of processes that share a training make one: "sum", "mean" or
                "only_first_replica".
            name: The last component of its path.

        Returns:
            The variable.

        Raises:
            ArgumentError: If there is no initializer.
            StateError: If `super().__init__()` was not called before.
        """
        variables = self._own_variables()
        if initializer is None:
            raise ArgumentError(
                f"Metric '{self.name}': a variable needs an initializer, such as 'zeros'. Received: None"
            )
        with name_scope(self.name.replace("/", ">")):
            variable = Variable(initializers.get(initializer), shape, dtype, False, False, aggregation, name=name)
        variables.append(variable)
        return variable

    def add_weight(
        self,
        shape: Sequence[int] = (),
        initializer: InitializerLike = None,
        dtype: DTypeLike | None = None,
        name: str | None = None,
    ) -> Variable:
        """Adds a variable to the state; another name of `add_variable`."""
        return self.add_variable(shape, initializer, dtype, name=name)

    def update_state(self, *args: Any, **kwargs: Any) -> None:
        """Updates the state with a batch; defined by subclasses."""
        raise NotSupportedError(f"Metric '{self.name}' of class {type(self).__name__} needs a method `update_state`.")

    def result(self) -> Any:
        """Returns a scalar, or a dict of scalars, computed from the state; defined by subclasses."""
        raise NotSupportedError(f"Metric '{self.name}' of class {type(self).__name__} needs a method `result`.")

    def reset_state(self) -> None:
        """Resets the state to zero, or calls a subclass's `reset_states`, the name in Keras 2."""
        if type(self).reset_states is not Metric.reset_states and not self._is_resetting:
            warn_legacy("`reset_states` of a metric", "`reset_state`")
            self._reset_once(self.reset_states)
            return
        for variable in self.variables:
            variable.assign(np.zeros(variable.shape, variable.dtype))

    def reset_states(self) -> None:
        """Resets the state; `reset_state` by its name in Keras 2."""
        warn_legacy("`metric.reset_states()`", "`metric.reset_state()`")
        self._reset_once(self.reset_state)

    def _reset_once(self, method: Callable[[], None]) -> None:
        """Calls one of the two methods; where each calls the other, the inner call sets the state to zero."""
        before, self._is_resetting = self._is_resetting, True
        try:
            method()
        finally:
            self._is_resetting = before

    def __call__(self, *args: Any, **kwargs: Any) -> Tensor:
        """Updates the state with a batch and returns the result so far."""
        self._own_variables()
        self.update_state(*args, **kwargs)
        return self.result()

    def stateless_update_state(self, metric_variables: Sequence, *args: Any, **kwargs: Any) -> list:
        """Returns the state that `update_state` makes of a given state; the metric's own state is unchanged.

        Args:
            metric_variables: Values of the variables, in the order of `variables`.
            *args: Arguments of `update_state`.
            **kwargs: Arguments of `update_state`.

        Raises:
            ArgumentError: If the number of values is wrong.
            ShapeError: If a value has a wrong shape.
        """
        with _Borrowed(self, metric_variables):
            self.update_state(*args, **kwargs)
            return [variable.value for variable in self.variables]

    def stateless_result(self, metric_variables: Sequence) -> Any:
        """Returns the result for a given state; the metric's own state is unchanged."""
        with _Borrowed(self, metric_variables):
            return self.result()

    def stateless_reset_state(self) -> list:
        """Returns the state that `reset_state` gives; the metric's own state is unchanged."""
        with _Borrowed(self, [variable.value for variable in self.variables]):
            self.reset_state()
            return [variable.value for variable in self.variables]

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments from which the metric can be recreated."""
        return {"name": self.name, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a metric from its config."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"

    def _own_variables(self) -> list[Variable]:
        if "_variables" not in vars(self):
            raise StateError(
                f"{type(self).__name__} has no state yet: its `__init__` must call `super().__init__()` first."
            )
        return self._variables


class _Borrowed:
    """Context manager in which a metric's variables have other values.

    Variables created in the block, by a metric that is built on the first batch, are reset to zero afterwards.
    """

    def __init__(self, metric: Metric, values: Sequence):
        self._metric = metric
        self._variables = metric.variables
        self._values = list(values)
        if len(self._values) != len(self._variables):
            raise ArgumentError(
                f"Metric '{metric.name}': expected {len(self._variables)} values in `metric_variables`, one for each "
                f"of `variables`. Received: {len(self._values)}"
            )

    def __enter__(self) -> None:
        self._before = [variable.value for variable in self._variables]
        try:
            self._assign(self._values)
        except Exception:
            self._assign(self._before)
            raise

    def __exit__(self, *exception: object) -> None:
        self._assign(self._before)
        for variable in self._metric.variables[len(self._variables) :]:
            variable.assign(np.zeros(variable.shape, variable.dtype))

    def _assign(self, values: list) -> None:
        for variable, value in zip(self._variables, values, strict=True):
            variable.assign(value)

"""The state variables of optimizers, with their names and paths."""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import Any

from .. import initializers
from ..engine import naming
from ..engine.arena import arena_group
from ..engine.variable import Variable, assign_all, check_assignable, check_stored
from ..engine.watched import Watched
from ..errors import ArgumentError, NotSupportedError, StateError, brief, warn_user
from ..tracebacks import filtered
from ..typing import DTypeLike, InitializerLike, TensorLike

# Lists of the model's variables, which are not optimizer state.
_NOT_STATE = ("_variables", "_trainable_variables", "_excluded_variables")


class OptimizerState(Watched):
    """Tracks the variables of an optimizer in order of creation.

    Args:
        name: Name of the optimizer, the prefix of the paths of its variables.

    Example:
        >>> state = OptimizerState("sgd")
        >>> state.add_variable((2,), name="momentum").path
        'sgd/momentum'
    """

    # Numeric learning rates are assigned to a variable; setting a schedule sets `_learning_rate`.
    _bookkeeping = frozenset("_variables _trainable_variables _index built name learning_rate lr".split())

    def __init__(self, name: str):
        self._variables: list[Variable] = []
        self.name = name
        self.built = False

    @filtered
    def __setattr__(self, name: str, value: object) -> None:
        # Variables created by a subclass directly are state as well.
        if name not in _NOT_STATE:
            if "_variables" not in self.__dict__:
                raise StateError(
                    f"{type(self).__name__}: call `super().__init__(...)` in `__init__` before setting `{name}`."
                )
            for part in value if isinstance(value, (list, tuple)) else (value,):
                if isinstance(part, Variable):
                    self._track(part)
        super().__setattr__(name, value)

    def _name_scope(self) -> naming.name_scope:
        """The name scope of variables created inside; not entered twice."""
        return naming.name_scope("" if naming.scope_owner() is self else self.name, self)

    def _track(self, variable: Variable) -> None:
        if not any(known is variable for known in self._variables):
            self._variables.append(variable)

    def _untrack(self, variable: object) -> None:
        self._variables = [known for known in self._variables if known is not variable]

    @property
    def variables(self) -> list[Variable]:
        """The state: iterations, the learning rate if it is a number, and the variables created by `build`."""
        return list(self._variables)

    def add_variable(
        self,
        shape: tuple[int, ...],
        initializer: InitializerLike = "zeros",
        dtype: DTypeLike | None = None,
        aggregation: str = "none",
        layout: None = None,
        name: str | None = None,
    ) -> Variable:
        """Adds a variable to the state.

        Args:
            shape: Its shape.
            initializer: An initializer, or its name.
            dtype: Its dtype; `floatx` by default.
            aggregation: Has no effect: processes that share a training have the same state.
            layout: Must be None: distributed variables are not supported.
            name: Name of the variable, the last part of its path.

        Raises:
            NotSupportedError: If a layout is given.
        """
        if layout is not None:
            raise NotSupportedError(f"`add_variable`: layouts are not supported. Received: layout={brief(layout)}")
        with self._name_scope():
            variable = Variable(initializers.get(initializer), shape, dtype, False, False, aggregation, name=name)
        self._track(variable)
        return variable

    def add_variable_from_reference(
        self, reference_variable: Variable, name: str | None = None, initializer: InitializerLike = "zeros"
    ) -> Variable:
        """Adds a variable with the shape and dtype of a reference variable, named after it.

        Args:
            reference_variable: The reference, usually a variable of the model.
            name: Suffix of the name, after the path of the reference; "var" by default.
            initializer: An initializer, or its name.
        """
        with arena_group(name or "var"):
            return self.add_variable(
                reference_variable.shape,
                initializer,
                reference_variable.dtype,
                name=f"{reference_variable.path.replace('/', '_')}_{name or 'var'}",
            )

    def add_optimizer_variables(
        self, trainable_variables: Sequence[Variable], name: str | Sequence[str], initializer: InitializerLike = "zeros"
    ) -> list | tuple[list, ...]:
        """Adds one or several variables for each variable of the model.

        Args:
            trainable_variables: The variables of the model.
            name: Suffix of the names, or a list of several.
            initializer: One initializer for all, or a list with one for each name.

        Returns:
            A list with one variable for each given variable, or a tuple of lists for several names; None for
            variables that are overwritten with their gradient.

        Raises:
            ArgumentError: If there are not as many initializers as names.
        """
        names = [name] if isinstance(name, str) else list(name)
        initial = list(initializer) if isinstance(initializer, (list, tuple)) else [initializer] * len(names)
        if len(names) != len(initial):
            raise ArgumentError(
                "`add_optimizer_variables`: expected as many initializers as names. "
                f"Received: name={brief(name)}, initializer={brief(initializer)}"
            )
        added: tuple[list, ...] = tuple([] for _ in names)
        for variable in trainable_variables:
            for column, end, values in zip(added, names, initial, strict=True):
                overwritten = variable.overwrite_with_gradient
                column.append(None if overwritten else self.add_variable_from_reference(variable, end, values))
        return added[0] if isinstance(name, str) else added

    def assign(self, variable: Variable, value: TensorLike) -> None:
        """Assigns a value to a variable."""
        variable.assign(value)

    def assign_add(self, variable: Variable, value: TensorLike) -> None:
        """Adds a value to a variable."""
        variable.assign_add(value)

    def assign_sub(self, variable: Variable, value: TensorLike) -> None:
        """Subtracts a value from a variable."""
        variable.assign_sub(value)

    def save_own_variables(self, store: MutableMapping) -> None:
        """Saves the state to a store, under the keys "0", "1", ... in the order of `variables`.

        Args:
            store: A dictionary, or a group of an HDF5 file.
        """
        for number, variable in enumerate(self.variables):
            store[str(number)] = variable.numpy()

    def load_own_variables(self, store: Mapping) -> None:
        """Loads the state that `save_own_variables` saved; nothing is changed if an array does not match.

        The state of an optimizer that was not built can be loaded into a built one. If the number of arrays differs
        from that of the variables otherwise, the state is left unchanged, with a warning.

        Args:
            store: A dictionary, or a group of an HDF5 file.

        Raises:
            ArgumentError: If a key is missing, or the shape or kind of an array differs from its variable's.
        """
        where = f"Optimizer '{self.name}', `load_own_variables`"
        own, keys = self.variables, list(store.keys())
        counters = [variable for variable in own if variable.aggregation == "only_first_replica"]
        if len(keys) not in (len(own), len(counters)):
            hint = "" if self.built else " It is not built: call `build(trainable_variables)` first."
            warn_user(
                f"{where}: the state is left unchanged, because it has {len(own)} variables and the store has "
                f"{len(keys)} arrays.{hint}",
                UserWarning,
            )
            return
        own = own if len(keys) == len(own) else counters
        expected = [str(number) for number in range(len(own))]
        if any(key not in store for key in expected):
            raise ArgumentError(f"{where}: expected the keys '0' to '{len(keys) - 1}'. Received: {sorted(keys)}")
        assign_all(own, [store[key] for key in expected], where, check_stored)

    def _saved_parts(self) -> Iterator[tuple[str, Any]]:
        """Yields the inner optimizers."""
        return ((name, part) for name, part in sorted(vars(self).items()) if isinstance(part, OptimizerState))

    def set_weights(self, weights: Sequence) -> None:
        """Sets all state variables, in the order of `variables`; nothing is changed if an array does not match.

        Args:
            weights: Arrays with the shapes of the variables.

        Raises:
            StateError: If the optimizer is not built.
            ArgumentError: If there are not as many arrays as variables.
            ShapeError: If the shape of an array differs from that of its variable.
        """
        where = f"Optimizer '{self.name}', `set_weights`"
        if not self.built:
            raise StateError(f"{where}: the optimizer has no state yet. Call `build(trainable_variables)` first.")
        variables = self.variables
        if len(weights) != len(variables):
            raise ArgumentError(f"{where}: expected {len(variables)} arrays. Received: {len(weights)}")
        assign_all(variables, weights, where, check_assignable)

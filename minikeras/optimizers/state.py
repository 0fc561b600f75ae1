"""The variables an optimizer keeps from step to step, and how they get their names and paths."""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import Any

from .. import initializers
from ..engine import naming
from ..engine.arena import arena_group
from ..engine.variable import Variable, assign_all, check_assignable, check_stored
from ..engine.watched import Watched
from ..errors import ArgumentError, NotSupportedError, StateError, brief, warn_user
from ..tracebacks import filtered

# Lists of the model's variables, which are no state of the optimizer.
_NOT_STATE = ("_variables", "_trainable_variables", "_excluded_variables")


class OptimizerState(Watched):
    """Keeps an optimizer's variables in the order in which they were made.

    Args:
        name: The first part of the paths of the variables.

    Example:
        >>> state = OptimizerState("sgd")
        >>> state.add_variable((2,), name="momentum").path
        'sgd/momentum'
    """

    # A number as the learning rate goes into a variable, and another schedule sets `_learning_rate`.
    _bookkeeping = frozenset("_variables _trainable_variables _index built name learning_rate lr".split())

    def __init__(self, name: str):
        self._variables: list[Variable] = []
        self.name = name
        self.built = False

    @filtered
    def __setattr__(self, name: str, value: object) -> None:
        # Variables that a subclass makes by itself belong to the state too.
        if name not in _NOT_STATE:
            if "_variables" not in self.__dict__:
                raise StateError(
                    f"{type(self).__name__}: call `super().__init__(...)` first in `__init__`, before `{name}` is set."
                )
            for part in value if isinstance(value, (list, tuple)) else (value,):
                if isinstance(part, Variable):
                    self._track(part)
        super().__setattr__(name, value)

    def _name_scope(self) -> naming.name_scope:
        """The scope of the variables made inside; if it is open already, not twice."""
        return naming.name_scope("" if naming.scope_owner() is self else self.name, self)

    def _track(self, variable: Variable) -> None:
        if not any(known is variable for known in self._variables):
            self._variables.append(variable)

    def _untrack(self, variable: object) -> None:
        self._variables = [known for known in self._variables if known is not variable]

    @property
    def variables(self) -> list[Variable]:
        """The state: the number of steps, the learning rate if it is a number, and what `build` added."""
        return list(self._variables)

    def add_variable(
        self,
        shape: tuple[int, ...],
        initializer: object = "zeros",
        dtype: object = None,
        aggregation: str = "none",
        layout: None = None,
        name: str | None = None,
    ) -> Variable:
        """Adds a variable to the state.

        Args:
            shape: Its shape.
            initializer: The name of an initializer, or one.
            dtype: Its dtype; `floatx` by default.
            aggregation: How replicas of it would be merged; there is one replica.
            layout: Only None: minikeras does not distribute variables.
            name: The last part of its path.

        Raises:
            NotSupportedError: If a layout is given.
        """
        if layout is not None:
            raise NotSupportedError(f"`add_variable`: minikeras has no layouts. Received: layout={brief(layout)}")
        with self._name_scope():
            variable = Variable(initializers.get(initializer), shape, dtype, False, False, aggregation, name=name)
        self._track(variable)
        return variable

    def add_variable_from_reference(
        self, reference_variable: Variable, name: str | None = None, initializer: object = "zeros"
    ) -> Variable:
        """Adds a variable of the shape and dtype of another one, named after it.

        Args:
            reference_variable: The other variable, usually one of the model.
            name: The end of the name, after the path of the other variable; "var" by default.
            initializer: The name of an initializer, or one.
        """
        with arena_group(name or "var"):
            return self.add_variable(
                reference_variable.shape,
                initializer,
                reference_variable.dtype,
                name=f"{reference_variable.path.replace('/', '_')}_{name or 'var'}",
            )

    def add_optimizer_variables(
        self, trainable_variables: Sequence[Variable], name: str | Sequence[str], initializer: object = "zeros"
    ) -> list | tuple[list, ...]:
        """Adds one variable, or one of each of several names, for every variable of the model.

        Args:
            trainable_variables: The variables of the model.
            name: The end of the names, or several.
            initializer: One for all, or a list of one for each name.

        Returns:
            A list with a variable for each one given; a tuple of such lists if several names are given.
            It has None in the place of variables that are overwritten with their gradient.

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

    def assign(self, variable: Variable, value: object) -> None:
        """Puts a value of the variable's shape into a variable."""
        variable.assign(value)

    def assign_add(self, variable: Variable, value: object) -> None:
        """Adds a value to a variable."""
        variable.assign_add(value)

    def assign_sub(self, variable: Variable, value: object) -> None:
        """Subtracts a value from a variable."""
        variable.assign_sub(value)

    def save_own_variables(self, store: MutableMapping) -> None:
        """Puts the values of the state into a store, under the keys "0", "1", ... in the order of `variables`.

        Args:
            store: A dictionary, or a group of an HDF5 file.
        """
        for number, variable in enumerate(self.variables):
            store[str(number)] = variable.numpy()

    def load_own_variables(self, store: Mapping) -> None:
        """Sets the state to what `save_own_variables` put into a store; none of it if an array does not fit.

        The state of an optimizer that had not trained yet is read into one that has what it keeps for each variable.
        With another number of arrays than variables the state stays as it is, and a warning says so.

        Args:
            store: A dictionary, or a group of an HDF5 file.

        Raises:
            ArgumentError: If a key is not there, or an array has another shape or kind than its variable.
        """
        where = f"Optimizer '{self.name}', `load_own_variables`"
        own, keys = self.variables, list(store.keys())
        counters = [variable for variable in own if variable.aggregation == "only_first_replica"]
        if len(keys) not in (len(own), len(counters)):
            hint = "" if self.built else " It is not built: call `build(trainable_variables)` first."
            warn_user(
                f"{where}: the state stays as it is, because it has {len(own)} variables and the store has "
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
        """Yields optimizers inside of this one."""
        return ((name, part) for name, part in sorted(vars(self).items()) if isinstance(part, OptimizerState))

    def set_weights(self, weights: Sequence) -> None:
        """Sets all variables of the state, in the order of `variables`; none if one does not fit.

        Args:
            weights: Arrays of the shapes of the variables.

        Raises:
            StateError: If the optimizer is not built.
            ArgumentError: If there are not as many arrays as variables.
            ShapeError: If an array has another shape than its variable.
        """
        where = f"Optimizer '{self.name}', `set_weights`"
        if not self.built:
            raise StateError(f"{where}: the optimizer has no state yet. Call `build(trainable_variables)` first.")
        variables = self.variables
        if len(weights) != len(variables):
            raise ArgumentError(f"{where}: expected {len(variables)} arrays. Received: {len(weights)}")
        assign_all(variables, weights, where, check_assignable)

"""Scopes that change how variables are read and assigned to: stateless scopes and compute dtypes."""

import contextlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..errors import ArgumentError, brief
from ..tracebacks import Filtered, filtered


class _Local(threading.local):
    stateless: "StatelessScope | None" = None
    symbolic: "SymbolicScope | None" = None
    compute_dtype: str | None = None


local = _Local()


@filtered
@contextlib.contextmanager
def device(device_name: str) -> Iterator[None]:
    """Context manager that has no effect: the CPU is the only device.

    Args:
        device_name: The name of a device, such as "cpu:0" or "gpu:0".

    Raises:
        ArgumentError: If it is not a string.

    Source: https://keras.io/api/utils/
    """
    if not isinstance(device_name, str):
        raise ArgumentError(f"`device` expects a name such as 'cpu:0'. Received: {brief(device_name)}")
    yield


class StatelessScope(Filtered):
    """Context manager in which variables have substitute values, and assignments are confined to the scope.

    Args:
        state_mapping: Pairs of a variable and its value in the scope.
        collect_losses: Collect the arguments of `add_loss` in `losses`.
        initialize_variables: Must be True: variables are always initialized.

    Raises:
        ArgumentError: If the shape of a value differs from that of its variable.

    Source: https://keras.io/api/utils/experiment_management_utils/

    Example:
        >>> from minikeras import Variable
        >>> v = Variable(1.0)
        >>> with StatelessScope([(v, np.float32(5))]) as scope:
        ...     v = v.assign(v + 1)
        >>> float(scope.get_current_value(v)), float(v)
        (6.0, 1.0)
    """

    def __init__(
        self,
        state_mapping: Iterable[tuple] | None = None,
        collect_losses: bool = False,
        initialize_variables: bool = True,
    ):
        if not initialize_variables:
            raise ArgumentError(
                "StatelessScope: variables are always initialized. "
                f"Expected initialize_variables=True. Received: {brief(initialize_variables)}"
            )
        self.collect_losses = bool(collect_losses)
        self.losses: list = []
        self.values: dict[int, tuple] = {}  # with the variable itself, so that its id is not reused
        for variable, value in state_mapping or ():
            self.add_update((variable, variable.checked(value)))

    def __enter__(self) -> "StatelessScope":
        self._outer = local.stateless
        local.stateless = self
        return self

    def __exit__(self, *exception: object) -> None:
        local.stateless = self._outer

    def add_loss(self, loss: Any) -> None:
        """Adds a loss to `losses`."""
        self.losses.append(loss)

    def add_update(self, update: tuple) -> None:
        """Sets the value of a variable in the scope; `update` is a pair of both."""
        variable, value = update
        self.values[id(variable)] = (variable, value)

    def get_current_value(self, variable: Any) -> Any:
        """Returns the value of a variable in the scope; None if it has none there."""
        return self.values.get(id(variable), (None, None))[1]

    def commit(self) -> None:
        """Assigns the values in the scope to the variables, once the scope is closed."""
        for variable, value in self.values.values():
            variable.assign(value)


def state_pairs(where: str, name: str, variables: Sequence, values: Sequence) -> list[tuple]:
    """Returns pairs of variables and values, for a `StatelessScope`.

    Args:
        where: What they belong to, for the message.
        name: The name of the argument with the values.
        variables: The variables.
        values: A value for each of them.

    Raises:
        ArgumentError: If there are more or fewer values than variables.
    """
    if len(variables) != len(values):
        raise ArgumentError(
            f"{where}: `{name}` must have {len(variables)} values, one for each. Received: {len(values)}"
        )
    return list(zip(variables, values, strict=True))


class SymbolicScope(Filtered):
    """Context manager that marks code as the description of a computation, whose values are symbolic.

    It changes nothing else: in Keras, it allows layers to be built inside of a `StatelessScope`, which is possible here
    in any case.

    Attributes:
        original_scope: While it is open, the scope around it; None if there is none.

    Source: https://keras.io/api/

    Example:
        >>> with SymbolicScope() as scope:
        ...     in_symbolic_scope()
        True
        >>> in_symbolic_scope()
        False
    """

    def __enter__(self) -> "SymbolicScope":
        self.original_scope = local.symbolic
        local.symbolic = self
        return self

    def __exit__(self, *exception: object) -> None:
        local.symbolic = self.original_scope


def in_symbolic_scope() -> bool:
    """Returns whether a `SymbolicScope` is open in this thread."""
    return local.symbolic is not None


class real_state:
    """Context manager that suspends stateless scopes and autocasting while variables are created."""

    def __enter__(self) -> None:
        self._outer = local.stateless, local.compute_dtype
        local.stateless = local.compute_dtype = None

    def __exit__(self, *exception: object) -> None:
        local.stateless, local.compute_dtype = self._outer


class computing_in:
    """Context manager in which float variables are read in the compute dtype of a layer.

    Args:
        dtype: The compute dtype; None: each variable keeps its own dtype.
    """

    def __init__(self, dtype: str | None):
        self._dtype = dtype

    def __enter__(self) -> None:
        self._outer = local.compute_dtype
        local.compute_dtype = self._dtype

    def __exit__(self, *exception: object) -> None:
        local.compute_dtype = self._outer

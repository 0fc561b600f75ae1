"""What changes how variables are read and assigned to: a stateless scope, and a type to compute in."""

import contextlib
import threading
from collections.abc import Iterable, Iterator

from ..errors import ArgumentError, brief
from ..tracebacks import Filtered, filtered


class _Local(threading.local):
    stateless: "StatelessScope | None" = None
    compute_dtype: str | None = None


local = _Local()


@filtered
@contextlib.contextmanager
def device(device_name: str) -> Iterator[None]:
    """Computes what is inside of the block on the processor, as everything: there is no other device.

    Args:
        device_name: The name of a device, such as "cpu:0"; a graphics card is replaced by the processor.

    Raises:
        ArgumentError: If it is no string.

    Source: https://keras.io/api/utils/
    """
    if not isinstance(device_name, str):
        raise ArgumentError(f"`device` expects a name such as 'cpu:0'. Received: {brief(device_name)}")
    yield


class StatelessScope(Filtered):
    """Inside of it, variables have the values they are given here, and assigning to one changes only its value here.

    Args:
        state_mapping: Pairs of a variable and the value to use in its place.
        collect_losses: Keep what is given to `add_loss` in `losses`.
        initialize_variables: Only True: a variable has its first value from the start.

    Raises:
        ArgumentError: If a value has another shape than its variable.

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
        self, state_mapping: Iterable[tuple] = (), collect_losses: bool = False, initialize_variables: bool = True
    ):
        if not initialize_variables:
            raise ArgumentError(
                "StatelessScope: variables always have their first value. "
                f"Expected initialize_variables=True. Received: {brief(initialize_variables)}"
            )
        self.collect_losses = bool(collect_losses)
        self.losses: list = []
        self.values: dict[int, tuple] = {}  # with the variable itself, so that its id stays its own
        for variable, value in state_mapping or ():
            self.add_update((variable, variable.checked(value)))

    def __enter__(self) -> "StatelessScope":
        self._outer = local.stateless
        local.stateless = self
        return self

    def __exit__(self, *exception: object) -> None:
        local.stateless = self._outer

    def add_loss(self, loss: object) -> None:
        """Keeps a loss."""
        self.losses.append(loss)

    def add_update(self, update: tuple) -> None:
        """Gives a variable another value here; `update` is the variable and the value."""
        variable, value = update
        self.values[id(variable)] = (variable, value)

    def get_current_value(self, variable: object) -> object:
        """Returns the value a variable has here; None if it has its own."""
        return self.values.get(id(variable), (None, None))[1]

    def commit(self) -> None:
        """Gives all variables, for good, the values that they have here; called when the scope is closed."""
        for variable, value in self.values.values():
            variable.assign(value)


class real_state:
    """Suspends any `StatelessScope` and casting, so that variables made inside are made as always."""

    def __enter__(self) -> None:
        self._outer = local.stateless, local.compute_dtype
        local.stateless = local.compute_dtype = None

    def __exit__(self, *exception: object) -> None:
        local.stateless, local.compute_dtype = self._outer


class computing_in:
    """Lets variables of a float type be read in another type, the one a layer computes in.

    Args:
        dtype: The type; None: each variable in its own.
    """

    def __init__(self, dtype: str | None):
        self._dtype = dtype

    def __enter__(self) -> None:
        self._outer = local.compute_dtype
        local.compute_dtype = self._dtype

    def __exit__(self, *exception: object) -> None:
        local.compute_dtype = self._outer

"""Operations, which can be called on symbolic values, and nodes: the calls that make up a graph."""

import copy
import inspect
import threading
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, NamedTuple, Self

import numpy as np

from ..engine import naming, tree
from ..engine.dtypes import standardize_dtype
from ..engine.memory_budget import check_value, is_loading
from ..engine.registry import Symbolic, find, find_saved, names, saved, takes_name
from ..engine.scopes import StatelessScope
from ..errors import (
    ArgumentError,
    ArgumentTypeError,
    MinikerasError,
    NotSupportedError,
    StateError,
    UninitializedError,
    brief,
    unknown_name,
)
from ..tracebacks import filtered
from ..typing import F
from .rematerializing import RematerializedOperation

_MANY = 200  # arguments of a call


class _Local(threading.local):
    paused = False


_local = _Local()


class paused_recording:
    """Context manager that suspends the recording of nodes, for calls that are details of an operation.

    Args:
        paused: False: resumes the recording inside a block that suspended it.
    """

    def __init__(self, paused: bool = True):
        self._paused = paused

    def __enter__(self) -> None:
        self._outer = _local.paused
        _local.paused = self._paused

    def __exit__(self, *exception: object) -> None:
        _local.paused = self._outer


def is_recording() -> bool:
    """Whether calls on symbolic values are recorded as nodes."""
    return not _local.paused


class KerasHistory(NamedTuple):
    """The origin of a symbolic value: an operation, the index of its node, and the index of the output."""

    operation: "Operation"
    node_index: int
    tensor_index: int


class Node:
    """One call of an operation on symbolic values.

    Args:
        operation: The operation.
        args: Its positional arguments.
        kwargs: Its keyword arguments.
        outputs: A nested structure of symbolic values.
    """

    def __init__(self, operation: "Operation", args: tuple, kwargs: dict, outputs: Any):
        self.operation = operation
        # Copies: lists passed by the user may be mutated later.
        self.args, self.kwargs = tree.map_structure(lambda leaf: leaf, (args, kwargs))
        self.input_tensors = [leaf for leaf in tree.flatten((args, kwargs)) if isinstance(leaf, Symbolic)]
        self.outputs = tree.flatten(outputs)
        for tensor in self.outputs:
            check_value(tensor.shape)
        self.index = len(operation._inbound_nodes)
        operation._inbound_nodes.append(self)
        for index, tensor in enumerate(self.outputs):
            tensor._keras_history = KerasHistory(operation, self.index, index)
            tensor.name = tensor.name or naming.unique_name("keras_tensor")

    @property
    def output_tensors(self) -> list:
        """The symbolic outputs, flattened."""
        return self.outputs

    @property
    def is_input(self) -> bool:
        """Whether the call had no symbolic arguments."""
        return not self.input_tensors

    @property
    def parent_nodes(self) -> list["Node"]:
        """The nodes whose outputs are arguments of this one."""
        return [node for node in map(node_of, self.input_tensors) if node is not None]

    def fill(self, values: dict[int, Any]) -> tuple[tuple, dict]:
        """Returns the arguments with the symbolic ones replaced by values.

        Args:
            values: The values, by the id of the symbolic one.
        """
        if len(self.args) == 1 and not self.kwargs and isinstance(self.args[0], Symbolic):
            return (values[id(self.args[0])],), {}
        fill = lambda leaf: values[id(leaf)] if isinstance(leaf, Symbolic) else leaf  # noqa: E731
        return tree.map_structure(fill, (self.args, self.kwargs))

    def __repr__(self) -> str:
        return f"<Node operation={self.operation.name}, index={self.index}>"


def node_of(tensor: Any) -> Node | None:
    """Returns the node that a symbolic value is an output of, or None."""
    history = tensor._keras_history
    return None if history is None else history.operation._inbound_nodes[history.node_index]


def has_symbolic(*structures: Any) -> bool:
    """Whether there is a symbolic value in nested structures."""
    return any(isinstance(leaf, Symbolic) for leaf in tree.flatten(structures))


def _first_symbolic(*structures: Any) -> Symbolic | None:
    return next((leaf for leaf in tree.flatten(structures) if isinstance(leaf, Symbolic)), None)


def refuse_symbolic(where: str, values: Any, *inputs: Any) -> None:
    """Refuses symbolic results of a function without symbolic arguments: it captured a value of the graph.

    Args:
        where: The function, in errors.
        values: Its results.
        *inputs: Its arguments.

    Raises:
        StateError: If a result is symbolic, and no argument is.
    """
    if has_symbolic(values) and not has_symbolic(inputs):
        first = next(leaf for leaf in tree.flatten(values) if isinstance(leaf, Symbolic))
        raise StateError(
            f"{where} computes with a symbolic value, which has a shape but no values, and returns {first!r}. It must "
            "compute from its arguments alone: make the value an output of the model, which it is then "
            "passed, or call `add_loss` in a layer of the model."
        )


def default(method: F) -> F | Any:
    """Decorator that marks a default implementation, to distinguish it from an override by the user."""
    method.is_default = True
    return method


class Operation(RematerializedOperation):
    """A function that can be called on values and, to build a graph, on symbolic values.

    Subclasses define `call`, and `compute_output_spec` if `call` does not work on symbolic values.

    Args:
        name: Its name; generated from the class name if None.

    Raises:
        ArgumentError: If the name is not a string, empty, ".", "..", or contains a slash or control characters.

    Source: https://keras.io/api/ops/

    Example:
        >>> class Twice(Operation):
        ...     def call(self, x):
        ...         return x * 2
        >>> Twice()(np.array([1.0, 2.0]))
        array([2., 4.])
    """

    def __init_subclass__(cls, **kwargs: Any):
        if not hasattr(cls.__init__, "notes_arguments"):
            cls.__init__ = _noting_arguments(cls.__init__)
        super().__init_subclass__(**kwargs)

    def __init__(self, name: str | None = None):
        if name is None:
            name = naming.unique_name(self.stem)
        naming.check_name(name, self.class_name)
        self.name = name
        self._note_remat_mode()
        vars(self)["_inbound_nodes"] = []  # not through `__setattr__`, in which layers track attributes

    @property
    def class_name(self) -> str:
        """The name of the class in configs and summaries."""
        return type(self).__name__

    @property
    def stem(self) -> str:
        """What automatic names begin with, and the names of groups in files."""
        return naming.to_snake_case(self.class_name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Computes the outputs, or returns symbolic ones if an argument is symbolic."""
        if has_symbolic(args, kwargs):
            return self.symbolic_call(*args, **kwargs)
        if self._remat_mode is not None:
            return self.rematerialized_call(self.call, *args, **kwargs)(*args, **kwargs)
        return self.call(*args, **kwargs)

    def symbolic_call(self, *args: Any, **kwargs: Any) -> Any:
        """Returns the symbolic outputs and records the call as a node."""
        outputs = self.compute_output_spec(*args, **kwargs)
        return self._noted(args, kwargs, outputs)

    def _noted(self, args: tuple, kwargs: dict, outputs: Any) -> Any:
        """Records the node of a call; returns its outputs, each as a separate symbolic value."""
        if not is_recording():
            return outputs
        known = set()

        def own(tensor: Any) -> Any:
            if not isinstance(tensor, Symbolic):
                raise ArgumentError(
                    f"{self._where()}: all outputs of a symbolic call must be tensors, not {brief(tensor)}."
                )
            if tensor._keras_history is not None or id(tensor) in known:
                tensor = tensor.twin()
            known.add(id(tensor))
            return tensor

        outputs = tree.map_structure(own, outputs)
        Node(self, args, kwargs, outputs)
        return outputs

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Computes the outputs; implemented by subclasses with `minikeras.ops`."""
        raise NotSupportedError(f"{self._where()} has no `call` method. Write one to compute its output.")

    def quantized_call(self, *args: Any, **kwargs: Any) -> Any:
        """Computes the outputs of a quantized layer; other operations have no weights that could be quantized.

        Raises:
            NotSupportedError: If it is no layer.
        """
        raise NotSupportedError(f"{self._where()} is no layer, so it is not quantized. Call it, or its method `call`.")

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Returns the symbolic outputs for symbolic arguments."""
        symbolic = _first_symbolic(args, kwargs)
        with paused_recording(), StatelessScope():
            if symbolic is None:
                return self.call(*args, **kwargs)
            return symbolic.describe(self.call, args, kwargs)

    @default
    def get_config(self) -> dict[str, Any]:
        """Returns the arguments to recreate the operation.

        Subclasses need not override it if the arguments of `__init__` are numbers, strings, booleans, None, or lists,
        tuples and dicts of them: these are recorded when the object is created.

        Raises:
            NotSupportedError: If there are other arguments.
        """
        config = {"name": self.name}
        if not hasattr(type(self).get_config, "is_default"):
            return config
        settings = vars(self).get("_auto_config", {})
        if isinstance(settings, str):
            raise NotSupportedError(
                f"{self._where()}: {settings}, so it has no automatic config. Override `get_config`:\n\n"
                "    def get_config(self):\n"
                "        return {**super().get_config(), 'argument': self.argument}"
            )
        parameters = inspect.signature(type(self).__init__).parameters
        takes_name = "name" in parameters or getattr(parameters.get("kwargs"), "kind", None) is _VAR_KEYWORD
        return {**(config if takes_name else {}), **copy.deepcopy(settings)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates an operation from its config.

        Raises:
            ArgumentTypeError: If the config does not fit the arguments of the class.
        """
        try:
            return cls(**config)
        except TypeError as error:
            raise ArgumentTypeError(
                f"{cls.__name__} cannot be created from its config {brief(config)}: {error}"
            ) from error

    @property
    @filtered
    def input(self) -> Any:
        """The symbolic input of the first call; a list if there are several.

        Raises:
            AttributeError: If there was no call on symbolic values.
        """
        return _one_or_all(self._first_node("input").input_tensors)

    @property
    @filtered
    def output(self) -> Any:
        """The symbolic output of the first call; a list if there are several.

        Raises:
            AttributeError: If there was no call on symbolic values.
        """
        return _one_or_all(self._first_node("output").outputs)

    def _first_node(self, what: str) -> Node:
        if not self._inbound_nodes:
            raise AttributeError(
                f"{self._where()} has no {what}, because it has not been called on a symbolic input yet."
            )
        return self._inbound_nodes[0]

    def _where(self) -> str:
        return f"{self.class_name} operation '{self.name}'"

    def __repr__(self) -> str:
        return f"<Operation name={self.name}>"


def _one_or_all(tensors: list) -> Any:
    return tensors[0] if len(tensors) == 1 else tensors


# ---------------------------------------------------------------- automatic configs

_VAR_POSITIONAL, _VAR_KEYWORD = inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD
_PLAIN = (str, int, float, bool, type(None))


def _noting_arguments(init: Callable) -> Callable:
    """Wraps an `__init__` to record its arguments first, if the class does not override `get_config`."""

    @wraps(init)
    def noting(self: Operation, *args: Any, **kwargs: Any) -> None:
        if "_auto_config" not in vars(self) and hasattr(type(self).get_config, "is_default"):
            vars(self)["_auto_config"] = _noted_arguments(init, (self, *args), kwargs)
        init(self, *args, **kwargs)

    noting.notes_arguments = True
    return noting


def _noted_arguments(init: Callable, args: tuple, kwargs: dict) -> dict | str:
    """Returns the arguments of a call by name, except `self` and `name`, or why there can be no config."""
    signature = inspect.signature(init)
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError:
        return "it was created with arguments that its `__init__` does not accept"
    bound.apply_defaults()
    settings = dict(list(bound.arguments.items())[1:])
    for parameter in list(signature.parameters.values())[1:]:
        if parameter.kind is _VAR_KEYWORD:
            settings.update(settings.pop(parameter.name))
        elif parameter.kind is _VAR_POSITIONAL and not settings[parameter.name]:
            del settings[parameter.name]
        elif parameter.kind in (_VAR_POSITIONAL, inspect.Parameter.POSITIONAL_ONLY):
            return f"its `__init__` has the positional-only parameter `{parameter.name}`"
    settings.pop("name", None)
    for name, value in settings.items():
        if any(not isinstance(leaf, _PLAIN) for leaf in tree.flatten(value)):
            return f"it was created with `{name}`, which does not consist of numbers, strings, booleans and None"
    return copy.deepcopy(settings)


# ---------------------------------------------------------------- functions of `ops` as operations


class FunctionOperation(Operation):
    """A function of `minikeras.ops` as an operation.

    Args:
        function: The function.
        settings: The arguments that are not values.
        name: The name of the operation; generated from that of the function if None.
    """

    def __init__(self, function: Callable, settings: dict, name: str | None = None):
        self.function = function
        self.settings = settings
        super().__init__(name)

    @property
    def class_name(self) -> str:
        """The name of the class that Keras has for the function."""
        return saved(self.function.__name__).class_name

    @property
    def keras_module(self) -> str:
        """The module of the class that Keras has for the function."""
        return saved(self.function.__name__).module

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Calls the function."""
        first, settings, values = [], {**self.settings, **kwargs}, list(args)
        for parameter in _signature(self.function).parameters.values():
            if parameter.kind is _VAR_POSITIONAL or not values:
                break
            # Settings may come before values, as in `einsum(subscripts, *operands)`.
            first.append(settings.pop(parameter.name) if parameter.name in settings else values.pop(0))
        return self.function(*first, *values, **settings)

    def symbolic_call(self, *args: Any, **kwargs: Any) -> Any:
        """Returns the symbolic outputs and records the call in the graph."""
        if self.class_name == "Shape" and is_recording():
            return args[0].note_sizes(self)  # here all sizes are outputs, including known ones
        return super().symbolic_call(*args, **kwargs)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Returns the symbolic outputs for symbolic arguments."""
        with paused_recording():
            return compute(self.call, args, kwargs)

    def get_config(self) -> dict[str, Any]:
        """Returns the name and the settings as plain JSON values."""
        settings = {name: tree.map_structure(_plain_setting, value) for name, value in self.settings.items()}
        if settings.get("dtype") is not None:
            settings["dtype"] = standardize_dtype(settings["dtype"])
        # Keras's classes of operations outside of its ops take no name.
        return {"name": self.name, **settings} if takes_name(self.function.__name__) else settings

    def __getstate__(self) -> dict:
        return {**vars(self), "function": self.function.__name__}

    def __setstate__(self, state: dict) -> None:
        vars(self).update(state, function=find(state["function"]))

    @staticmethod
    def revive(class_name: str, config: dict) -> "FunctionOperation":
        """Creates the operation for the name of a class of Keras.

        Raises:
            UnknownNameError: If there is no such function.
        """
        name = naming.to_snake_case(class_name)
        function = find_saved(class_name) or find(name)  # files of earlier versions
        if function is None:
            raise unknown_name("op", name, names())
        settings = {key: value for key, value in config.items() if key != "name"}
        return FunctionOperation(function, settings, config.get("name"))


def _plain_setting(value: Any) -> Any:
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


def compute(function: Callable, args: tuple, kwargs: dict) -> Any:
    """Calls a function of `ops` on symbolic values, with stand-in sizes if it needs sizes as integers.

    Args:
        function: The undecorated function.
        args: Its positional arguments.
        kwargs: Its keyword arguments.
    """
    leaves = tree.flatten((args, kwargs))
    symbolic = [leaf for leaf in leaves if isinstance(leaf, Symbolic)]
    if any(leaf.values for leaf in symbolic):
        return symbolic[0].compute(function, args, kwargs)
    try:
        return function(*args, **kwargs)
    except Exception as error:
        # For a large config, not all stand-in sizes are tried, since that would take long.
        if all(None not in leaf.shape for leaf in symbolic) or (is_loading() and len(leaves) > _MANY):
            raise
        try:
            return symbolic[0].compute(function, args, kwargs)
        except MinikerasError:
            if type(error) is TypeError:  # Python's own, as in a comparison of None with a number, says less
                raise
        except Exception:
            pass
        raise


def record(function: Callable, args: tuple, kwargs: dict) -> Any:
    """Calls a function of `ops` on symbolic values and records the call as a node.

    Args:
        function: The undecorated function.
        args: Its positional arguments.
        kwargs: Its keyword arguments.
    """
    if not is_recording():
        return compute(function, args, kwargs)
    with paused_recording(), StatelessScope():  # seeds advance when the model runs, not now
        outputs = compute(function, args, kwargs)
    if not has_symbolic(outputs) or function.__name__ == "shape":
        return outputs  # sizes are recorded when one of them is used
    divided = _divided(function, args, kwargs)
    if divided is None:
        return function(*args, **kwargs)
    values, named, settings = divided
    return FunctionOperation(function, settings)._noted(tuple(values), named, outputs)


def _divided(function: Callable, args: tuple, kwargs: dict) -> tuple[list, dict, dict] | None:
    """Splits the arguments of a call into values, those passed by name, and settings.

    Settings that depend on sizes of inputs are passed by name.

    None: Keras has no class for the call; the ops inside the function are recorded instead.
    """
    saved_as = saved(function.__name__)
    has_sizes = any(leaf.values for leaf in tree.flatten((args, kwargs)) if isinstance(leaf, Symbolic))
    bound = _signature(function).bind(*args, **kwargs)
    bound.apply_defaults()
    if saved_as.as_in_keras is not None and not has_sizes:  # no class of Keras accepts those
        with paused_recording():
            changed = saved_as.as_in_keras(**bound.arguments)
        if changed is None:
            return None
        bound.arguments.update(changed)
    values, named, settings = [], {}, {}
    for name, value in bound.arguments.items():
        kind = _signature(function).parameters[name].kind
        if kind is _VAR_POSITIONAL:
            values.extend(value)
        elif kind is _VAR_KEYWORD:
            for each, given in value.items():
                (settings if each in saved_as.settings else named)[each] = given
        elif name in saved_as.settings:
            settings[name] = value
        else:
            values.append(value)
    # Settings are constants in Keras.
    sizes = {name: value for name, value in settings.items() if has_symbolic(value)}
    if sizes and not has_sizes:
        return None
    return values, {**named, **sizes}, {name: value for name, value in settings.items() if name not in sizes}


@lru_cache(maxsize=1024)
def _signature(function: Callable) -> inspect.Signature:
    return inspect.signature(function)


def check_initialized(operation: Operation) -> None:
    """Refuses an operation whose `__init__` did not call `super().__init__()`.

    Raises:
        UninitializedError: If it did not.
    """
    if "_inbound_nodes" not in vars(operation):
        raise UninitializedError(
            f"{type(operation).__name__}: call `super().__init__()` as the first statement of its `__init__`."
        )

"""The base of every layer: making weights, building on first use, checking inputs, collecting state."""

import inspect
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import dtype_policies, initializers
from ..engine import naming, tree
from ..engine.dispatch import to_array
from ..engine.dtypes import is_float
from ..engine.keras_tensor import KerasTensor
from ..engine.lookup import serialize
from ..engine.tensor import Tensor
from ..engine.trace import paused_tracing
from ..engine.variable import Variable, check_assignable
from ..errors import ArgumentError, ArgumentTypeError, NotSupportedError, StateError, warn_legacy
from ..metrics import Metric
from ..random import SeedGenerator
from .input_spec import InputSpec

_calls = threading.local()


@dataclass(eq=False)
class Node:
    """One symbolic call of a layer: what went in, what came out."""

    layer: "Layer"
    inputs: list[KerasTensor]
    outputs: list[KerasTensor]


class Layer:
    """The base class of layers: `__init__` stores, `build` makes weights, `call` computes.

    Args:
        activity_regularizer: Only None: minikeras has no regularizers yet.
        trainable: Whether training updates the layer's weights.
        dtype: The type the layer computes in, or a dtype policy; `floatx` by default.
        autocast: Cast float inputs to that type.
        name: The layer's name; made from the class name if None.

    Raises:
        ArgumentError: For arguments the layer does not know.

    Source: https://keras.io/api/layers/base_layer/

    Example:
        >>> class Double(Layer):
        ...     def call(self, inputs):
        ...         return inputs * 2
        >>> Double()([[1.0, 2.0]])
        array([[2., 4.]], dtype=float32)
    """

    def __init__(
        self,
        *,
        activity_regularizer: None = None,
        trainable: bool = True,
        dtype: object = None,
        autocast: bool = True,
        name: str | None = None,
        **kwargs: object,
    ):
        self._tracked: dict[str, Any] = {}
        self.declared_input_shape = self._pop_input_shape(kwargs)
        if kwargs:
            raise ArgumentError(f"Unrecognized keyword arguments passed to {type(self).__name__}: {kwargs}")
        self.name = self._checked_name(name)
        self.refuse("activity_regularizer", activity_regularizer)
        self.dtype_policy = dtype_policies.get(dtype)
        self.autocast = bool(autocast)
        self.supports_masking = False
        self.built = False
        self.input_spec: InputSpec | None = None
        self._trainable = bool(trainable)
        self._build_shape: object = None
        self._path: str | None = None
        self._inbound_nodes: list[Node] = []

    def _checked_name(self, name: str | None) -> str:
        if name is None:
            return naming.unique_name(naming.to_snake_case(type(self).__name__))
        if not isinstance(name, str) or "/" in name:
            raise ArgumentError(f"A layer's `name` is a string without '/'. Received: name={name!r}")
        return name

    def _pop_input_shape(self, kwargs: dict) -> tuple | None:
        """Takes the Keras 2 ways of declaring the input out of the arguments."""
        shape = None
        for old in ("input_shape", "input_dim", "batch_input_shape"):
            value = kwargs.pop(old, None)
            if value is None:
                continue
            if old == "input_dim":
                sizes = (value,)
            else:
                sizes = tuple(value) if isinstance(value, (list, tuple)) else (value,)
            shape = sizes if old == "batch_input_shape" else (None, *sizes)
            new = f"Input({shape[1:]!r})" if shape[0] is None else f"Input(batch_shape={shape!r})"
            warn_legacy(f"{type(self).__name__}({old}={value!r})", f"`{new}` as the first layer")
        return shape

    def refuse(self, argument: str, value: object) -> None:
        """Raises if an argument of Keras that minikeras does not offer yet is used."""
        if value is not None:
            raise NotSupportedError(
                f"{type(self).__name__}: `{argument}` is not in minikeras yet, and it is not ignored silently. "
                f"Expected None. Received: {argument}={value!r}"
            )

    # ---------------------------------------------------------------- what subclasses write

    def build(self, input_shape: tuple) -> None:
        """Makes the weights; called once, before the first `call`.

        Args:
            input_shape: The shape of the input, None for a free size.
        """
        self._build_shape = input_shape
        self.built = True

    def call(self, *args: object, **kwargs: object) -> object:
        """Computes the output; subclasses write it with `minikeras.ops`."""
        raise NotSupportedError(f"Layer {type(self).__name__} has no `call` method. Write one to compute its output.")

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Returns the shape of the output for a shape of the input."""
        spec = KerasTensor(input_shape, self.compute_dtype)
        return tree.map_structure(lambda output: output.shape, self.call(spec))

    def get_config(self) -> dict:
        """Returns the arguments that make the same layer again."""
        return {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": serialize(self.dtype_policy, "keras"),
        }

    @classmethod
    def from_config(cls, config: dict) -> "Layer":
        """Makes a layer from its config."""
        return cls(**config)

    def get_build_config(self) -> dict | None:
        """Returns what `build` was called with; None if it was not."""
        return None if self._build_shape is None else {"input_shape": self._build_shape}

    def build_from_config(self, config: dict) -> None:
        """Builds the layer from what `get_build_config` returned, if it is not built."""
        shape = config.get("input_shape")
        if shape is not None and not self.built:
            with paused_tracing():
                self.build(tuple(shape))
            self.built = True  # the `build` of a user's layer need not say so

    # ---------------------------------------------------------------- weights

    def add_weight(
        self,
        shape: tuple | int | None = None,
        initializer: object = None,
        dtype: object = None,
        trainable: bool = True,
        autocast: bool = True,
        regularizer: None = None,
        constraint: None = None,
        aggregation: str = "none",
        overwrite_with_gradient: bool = False,
        name: str | None = None,
    ) -> Variable:
        """Adds a weight to the layer.

        Args:
            shape: The shape of the weight; `()` by default.
            initializer: What makes the first value; Glorot uniform for floats, else zeros.
            dtype: The type of the elements; that of the layer by default.
            trainable: Whether training updates it.
            autocast: Only True: weights are used in their own type.
            regularizer: Only None: minikeras has no regularizers yet.
            constraint: Only None: minikeras has no constraints yet.
            aggregation: How replicas would be merged; there is one.
            overwrite_with_gradient: Only False.
            name: The last part of the weight's path.

        Returns:
            The variable.
        """
        self.refuse("regularizer", regularizer)
        self.refuse("constraint", constraint)
        self.refuse("autocast", None if autocast else autocast)
        self.refuse("overwrite_with_gradient", overwrite_with_gradient or None)
        shape = () if shape is None else (shape,) if isinstance(shape, int) else tuple(shape)
        dtype = self.variable_dtype if dtype is None else dtype
        if initializer is None:
            initializer = "glorot_uniform" if is_float(dtype) else "zeros"
        with self._scope():
            variable = Variable(
                initializers.get(initializer), shape, dtype, trainable=trainable, aggregation=aggregation, name=name
            )
        if not self._trainable:
            variable.trainable = False
        self._weights.append(variable)
        return variable

    def _scope(self) -> naming.name_scope:
        return naming.name_scope("", self) if naming.scope_owner() is self else naming.name_scope(self.name, self)

    @property
    def _weights(self) -> list[Variable]:
        return self._tracked.setdefault("weights added", [])

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(value, (Layer, Variable, Metric, SeedGenerator, list, tuple, dict)) and name != "_tracked":
            if "_tracked" not in self.__dict__:
                raise StateError(f"{type(self).__name__}: call `super().__init__()` before setting `self.{name}`.")
            self._tracked[name] = value
        elif "_tracked" in self.__dict__:
            self._tracked.pop(name, None)
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        self._tracked.pop(name, None)
        super().__delattr__(name)

    def _held(self, *types: type) -> list:
        """Returns what the layer holds of the given types, once each, in the order it was set."""
        found: dict[int, object] = {}
        for value in tree.flatten([list(self._tracked.values())]):
            if isinstance(value, types):
                found.setdefault(id(value), value)
        return list(found.values())

    @property
    def _sublayers(self) -> list["Layer"]:
        return self._held(Layer)

    def _flat_layers(self) -> list["Layer"]:
        """Returns the layers inside, and the layers inside of those."""
        found, queue = [], list(self._sublayers)
        while queue:
            layer = queue.pop(0)
            found.append(layer)
            queue.extend(layer._sublayers)
        return found

    def _own_variables(self) -> list[Variable]:
        own = self._held(Variable)
        # By how they were made: freezing a layer does not change the order of its weights.
        return [v for v in own if v.made_trainable] + [v for v in own if not v.made_trainable]

    @property
    def variables(self) -> list[Variable]:
        """All state: weights, and the state of random generators."""
        generators = [generator.state for generator in self._held(SeedGenerator)]
        nested = [variable for layer in self._sublayers for variable in layer.variables]
        return _once([*self._own_variables(), *generators, *nested])

    @property
    def weights(self) -> list[Variable]:
        """The weights of the layer and of the layers in it."""
        return _once([*self._own_variables(), *(w for layer in self._sublayers for w in layer.weights)])

    @property
    def trainable_variables(self) -> list[Variable]:
        """The variables that training updates."""
        if not self.trainable:
            return []
        own = [variable for variable in self._own_variables() if variable.trainable]
        return _once([*own, *(v for layer in self._sublayers for v in layer.trainable_variables)])

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """The variables that training does not update."""
        trainable = {id(variable) for variable in self.trainable_variables}
        return [variable for variable in self.variables if id(variable) not in trainable]

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training updates."""
        return self.trainable_variables

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that training does not update."""
        trainable = {id(variable) for variable in self.trainable_variables}
        return [variable for variable in self.weights if id(variable) not in trainable]

    @property
    def trainable(self) -> bool:
        """Whether training updates the layer's weights; setting it reaches the layers inside."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        for variable in self._own_variables():
            variable.trainable = bool(value) and variable.made_trainable
        for layer in self._sublayers:
            layer.trainable = value

    def get_weights(self) -> list[np.ndarray]:
        """Returns copies of the weights."""
        return [weight.numpy() for weight in self.weights]

    def set_weights(self, weights: list) -> None:
        """Sets the weights; all are checked before the first is changed.

        Args:
            weights: Arrays in the order and of the shapes that `get_weights` returns.

        Raises:
            ArgumentError: If the count differs.
            ShapeError: If a shape differs.
        """
        own = self.weights
        if not isinstance(weights, (list, tuple)):
            raise ArgumentTypeError(f"{self._where()}: `set_weights` expects a list of arrays. Received: {weights!r}")
        if len(weights) != len(own):
            raise ArgumentError(
                f"{self._where()}: `set_weights` expects {len(own)} arrays, received {len(weights)}."
                + ("" if own else " The layer has no weights; is it built?")
            )
        arrays = [check_assignable(v, w, f"{self._where()}.set_weights") for v, w in zip(own, weights, strict=True)]
        for variable, array in zip(own, arrays, strict=True):
            variable.assign(array)

    def count_params(self) -> int:
        """Returns how many numbers the weights hold.

        Raises:
            StateError: If the layer is not built.
        """
        if not self.built:
            raise StateError(
                f"{self._where()} is not built, so its parameters cannot be counted. "
                "Call it on data, or call `build(input_shape)`."
            )
        return sum(weight.size for weight in self.weights)

    # ---------------------------------------------------------------- dtypes and shapes

    @property
    def dtype(self) -> str:
        """The type of the weights."""
        return self.variable_dtype

    @property
    def compute_dtype(self) -> str:
        """The type the layer computes in."""
        return self.dtype_policy.compute_dtype

    @property
    def variable_dtype(self) -> str:
        """The type of the weights."""
        return self.dtype_policy.variable_dtype

    @property
    def input_dtype(self) -> str:
        """The type float inputs are cast to."""
        return self.compute_dtype

    @property
    def path(self) -> str | None:
        """The names of the layer and of those it was built in; None before it is built."""
        weights = self._own_variables()
        return weights[0].path.rpartition("/")[0] if weights else self._path

    @property
    def input(self) -> object:
        """The symbolic input of the layer's only call."""
        return self._node().inputs[0]

    @property
    def output(self) -> object:
        """The symbolic output of the layer's only call."""
        return self._node().outputs[0]

    def _node(self) -> Node:
        if not self._inbound_nodes:
            raise AttributeError(f"{self._where()} has not been called on a symbolic input yet.")
        return self._inbound_nodes[-1]

    # ---------------------------------------------------------------- calling

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Builds the layer if need be, checks the inputs and computes the output."""
        args = tuple(self._converted(argument) for argument in args)
        kwargs = {name: value if name == "training" else self._converted(value) for name, value in kwargs.items()}
        inputs = args[0] if args else next(iter(kwargs.values()), None)
        training = self._resolve_training(kwargs)
        with _Call(self, training):
            self._build_once(inputs)
            self._check_input(inputs)
            if any(isinstance(value, KerasTensor) for value in tree.flatten([args, kwargs])):
                return self._symbolic_call(inputs, args, kwargs)
            return self.call(*args, **kwargs)

    def _converted(self, value: object) -> object:
        """Returns an argument as a value of the compute type; what holds no numbers stays as it is."""
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, (list, tuple)) and tree.flatten(value) and all(map(_is_number, tree.flatten(value))):
            value = to_array(value)
        return tree.map_structure(self._cast, value)

    def _cast(self, value: object) -> object:
        if isinstance(value, np.ndarray) and value.dtype.kind not in "biuf":
            raise ArgumentTypeError(f"{self._where()}: expected numbers, received an array of dtype {value.dtype}.")
        if not self.autocast or not isinstance(value, (np.ndarray, np.generic, Tensor, KerasTensor, Variable)):
            return value
        return self.dtype_policy.convert(value)

    def _resolve_training(self, kwargs: dict) -> bool:
        training = kwargs.get("training")
        outer = getattr(_calls, "training", None)
        if training is None:
            training = outer if outer is not None else False
        if "training" in _call_parameters(type(self)):
            kwargs["training"] = training
        else:
            kwargs.pop("training", None)
        return bool(training)

    def _build_once(self, inputs: object) -> None:
        if self.built:
            return
        self._check_input(inputs)
        shape = tree.map_structure(lambda value: tuple(value.shape), inputs)
        before = {**self._tracked, "weights added": list(self._weights)}
        with paused_tracing(), self._scope():
            try:
                self._path = naming.current_path()
                self.build(shape)
            except BaseException:
                self._tracked = before  # so that the next call does not find half of the weights
                raise
        self._build_shape = shape
        self.built = True

    def _check_input(self, inputs: object) -> None:
        if self.input_spec is not None and hasattr(inputs, "shape"):
            dtype = inputs.dtype if isinstance(inputs.dtype, str) else inputs.dtype.name
            self.input_spec.check(tuple(inputs.shape), dtype, self._where())

    def _symbolic_call(self, inputs: object, args: tuple, kwargs: dict) -> object:
        if type(self).compute_output_shape is not Layer.compute_output_shape:
            outputs = KerasTensor(self.compute_output_shape(tuple(inputs.shape)), self.compute_dtype)
        else:
            outputs = self.call(*args, **kwargs)
        self._inbound_nodes.append(Node(self, tree.flatten(inputs), tree.flatten(outputs)))
        return outputs

    def _where(self) -> str:
        return f"{type(self).__name__} layer '{self.name}'"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


class _Call:
    """Hands `training` down to the layers called inside, and opens the layer's name scope."""

    def __init__(self, layer: Layer, training: bool):
        self._scope = layer._scope()
        self._training = training

    def __enter__(self) -> None:
        self._outer = getattr(_calls, "training", None)
        _calls.training = self._training
        self._scope.__enter__()

    def __exit__(self, *exception: object) -> None:
        self._scope.__exit__()
        _calls.training = self._outer


_parameters: dict[type, frozenset] = {}


def _call_parameters(cls: type) -> frozenset:
    """Returns the names of the parameters of a class's `call`; looked up once per class."""
    if cls not in _parameters:
        _parameters[cls] = frozenset(inspect.signature(cls.call).parameters)
    return _parameters[cls]


def _is_number(value: object) -> bool:
    return isinstance(value, (bool, int, float, np.generic))


def _once(variables: list[Variable]) -> list[Variable]:
    return list({id(variable): variable for variable in variables}.values())

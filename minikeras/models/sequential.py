"""A model that is a list of layers, each fed by the one before."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Self

import numpy as np

from .. import dtype_policies
from .. import layers as layers_room
from ..engine import tree
from ..engine.masks import set_mask
from ..engine.memory_budget import loading
from ..engine.naming import unique_name
from ..engine.primitive import Spec
from ..errors import ArgumentError, ArgumentTypeError, DataError, NotSupportedError, ShapeError, StateError, brief
from ..graph.function import Function
from ..graph.keras_tensor import KerasTensor
from ..graph.operation import default, node_of
from ..layers.base import Layer
from ..layers.core.input_layer import InputLayer
from ..layers.input_spec import InputSpec
from ..serialization.custom_objects import CustomObjectScope
from ..training.data import ArrayData
from .model import Model


class Sequential(Model):
    """A stack of layers.

    `output = layer_n(... layer_2(layer_1(input)))`

    Args:
        layers: The layers, first to last; the first may be an `Input`, which declares the shape of the data.
            Without one the model is built when it first sees data.
        trainable: Whether training updates the weights.
        name: The model's name; made automatically if None.

    Raises:
        ArgumentError: If two layers have one name, or something is not a layer.
        ArgumentTypeError: If `layers` is not a list.

    Source: https://keras.io/api/models/sequential/

    Example:
        >>> from minikeras.layers import Dense, Input
        >>> model = Sequential([Input((3,)), Dense(2, activation="relu"), Dense(1)])
        >>> model.count_params(), model.output_shape
        (11, (None, 1))
    """

    _locks_when_built = False

    _bookkeeping = Model._bookkeeping | {"_layers", "_values"}

    def __init__(self, layers: Sequence[Any] | None = None, trainable: bool = True, name: str | None = None):
        super().__init__(name=name)
        self._layers: list[Layer] = []  # the input first, if the shape of the data is known
        self._values: list[Any] = []  # the symbolic output of each of them, as far as they are connected
        if layers is not None and not isinstance(layers, (list, tuple)):
            raise ArgumentTypeError(f"Sequential expects a list of layers. Received: layers={brief(layers)}")
        names: set[str] = set()
        for layer in layers or ():
            self._append(layer, names)
        self._connect()
        self._trainable = bool(trainable)  # of the model: the layers keep their own

    def add(self, layer: Layer | KerasTensor) -> None:
        """Adds a layer at the end.

        Args:
            layer: A layer, or an `Input` as the first one.

        Raises:
            ArgumentError: If it is not a layer, the name is taken, or an `Input` comes after other layers.

        Source: https://keras.io/api/models/sequential/
        """
        count = len(self._layers)
        self._append(layer, {other.name for other in self._layers})
        try:
            self._connect()
        except Exception:
            del self._layers[count:]  # a layer that cannot follow the others leaves the model as it was
            raise

    def pop(self) -> Layer:
        """Removes the last layer and returns it.

        Raises:
            StateError: If there is none.

        Source: https://keras.io/api/models/sequential/
        """
        if not self.layers:
            raise StateError(f"{self._where()} has no layers to remove.")
        layer = self._layers.pop()
        del self._values[len(self._layers) :]
        self._function = None
        self._use_up_a_name()
        self.built = self.built and bool(self.layers)
        return layer

    def _append(self, layer: object, names: set[str]) -> None:
        """Appends a layer; `names` are those of the others."""
        if isinstance(layer, KerasTensor) and isinstance(getattr(node_of(layer), "operation", None), InputLayer):
            layer = layer._keras_history.operation
        if not isinstance(layer, Layer):
            raise ArgumentError(f"{self._where()}: only layers can be added. Received: {brief(layer)}")
        if isinstance(layer, InputLayer) and self._layers:
            raise ArgumentError(
                f"{self._where()}: an Input can only come first. "
                f"Received: {brief(layer)} after {len(self._layers)} others."
            )
        if layer.name in names:
            raise ArgumentError(
                f"{self._where()}: layer names must differ; there is a layer '{layer.name}' already. "
                "Give the new one another `name`."
            )
        if not self._layers and layer.declared_input_shape is not None:
            dtype = layer.declared_input_dtype or layer.compute_dtype
            self._layers.append(InputLayer(batch_shape=layer.declared_input_shape, dtype=dtype))
        self._layers.append(layer)
        names.update(added.name for added in self._layers[-2:])

    def _entry(self) -> InputLayer | None:
        """Returns what declares the shape of the data, if it is known."""
        return self._layers[0] if self._layers and isinstance(self._layers[0], InputLayer) else None

    def _connect(self) -> None:
        """Builds the model if the shape of the data is known: calls the layers symbolically that were not yet."""
        if len(self._layers) > 1:
            first = self._layers[0]
            shape = first.batch_shape if isinstance(first, InputLayer) else self._shape_declared_by(first)
            if shape is not None:
                self.build(shape)

    @staticmethod
    def _shape_declared_by(layer: Layer) -> Any:
        # That of `LegacyLayer` is not meant: a layer that was called elsewhere takes other inputs, too.
        is_declared = "input_shape" in vars(layer) or type(layer).input_shape is not Layer.input_shape
        return getattr(layer, "input_shape", None) if is_declared else None

    def _graph(self) -> Function | None:
        """Returns the graph of the layers if they are connected; made when it is first asked for."""
        if self._function is None and len(self._values) == len(self._layers) > 1:
            self._function = Function(self._values[0], self._values[-1], name=self.name)
        return self._function

    # ---------------------------------------------------------------- the layer protocol

    def build(self, input_shape: Any = None) -> None:
        """Makes the weights of all layers.

        Args:
            input_shape: The shape of the data, batch axis first; not needed if an `Input` was given.

        Raises:
            StateError: If there are no layers.
            ArgumentError: If the shape is neither given nor declared, or differs from the declared one.
        """
        if not self._layers:
            raise StateError(f"{self._where()} cannot be built because it has no layers. Call `model.add(layer)`.")
        entry = self._entry()
        if entry is None:
            shape = self._checked_shape(input_shape)
            if shape is None:
                return  # nested inputs: the layers are called one after the other
            entry = InputLayer(batch_shape=shape, dtype=self._layers[0].compute_dtype)
        elif input_shape is not None and tuple(input_shape) != entry.batch_shape:
            raise ArgumentError(
                f"{self._where()} is made for the shape {entry.batch_shape}. Received: input_shape={input_shape}"
            )
        layers = self._layers if self._entry() is not None else [entry, *self._layers]
        values = list(self._values) or [entry.output]
        try:
            for layer in layers[len(values) :]:
                values.append(layer(values[-1]))
        except NotSupportedError:
            pass  # as in Keras: then the layers are called one after the other, on data
        self._layers, self._values, self._function = layers, values, None
        self._use_up_a_name()

    def _use_up_a_name(self) -> None:
        # Keras makes a functional model each time the layers change, so that the next one of the user is numbered on.
        if len(self._values) == len(self._layers) > 1:
            unique_name("functional")

    def _checked_shape(self, shape: Any) -> tuple | None:
        """Returns the shape of a single input; None if the inputs are nested."""
        if isinstance(shape, (tuple, list)) and len(shape) == 1 and isinstance(shape[0], (tuple, list)):
            shape = shape[0]  # the data was a list of one array
        if isinstance(shape, dict) or (isinstance(shape, (tuple, list)) and shape and not any(map(_is_size, shape))):
            return None
        if not isinstance(shape, (tuple, list)) or not all(map(_is_size, shape)) or not shape:
            raise ArgumentError(
                f"{self._where()}: `build` needs the shape of the data, e.g. `build((None, 784))`, "
                f"or an `Input` as the first layer. Received: input_shape={brief(shape)}"
            )
        return tuple(shape)

    @default
    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Returns the output of the last layer."""
        if self._graph() is not None:
            return super().call(inputs, training=training, mask=mask)
        for value, given in zip(tree.flatten(inputs), tree.flatten(mask), strict=False):
            set_mask(value, given)
        value, kwargs = inputs, {} if training is None else {"training": training}
        for layer in self.layers:
            value = layer(value, **kwargs)
        return value

    def compute_output_spec(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Returns the symbolic outputs for symbolic inputs."""
        if self._graph() is None:
            return Layer.compute_output_spec(self, inputs, *args, **kwargs)
        return super().compute_output_spec(inputs, *args, **kwargs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of the output for a shape of the input."""
        if self._graph() is not None:
            return super().compute_output_shape(input_shape)
        for layer in self.layers:
            input_shape = layer.compute_output_shape(input_shape)
        return input_shape

    # ---------------------------------------------------------------- what training asks

    def _names_of_outputs(self) -> list[str] | None:
        names = super()._names_of_outputs()
        is_own = names is not None or not self.layers or not hasattr(type(self).call, "is_default")
        return names if is_own else [self.layers[-1].name]

    def _checked_outputs(self, data: ArrayData) -> Any:
        inputs = tree.flatten(data.structure[0])
        if not self.layers:
            raise StateError(f"{self._where()} has no layers. Call `model.add(layer)` first.")
        if self._is_refused(data.structure[0], len(inputs)):
            kind = type(data.structure[0]).__name__
            raise DataError(f"{self._where()}: expected one input array, received a {kind} of {len(inputs)}.")
        if self._graph() is not None:
            return super()._checked_outputs(data)
        if len(self._values) > 1 or len(inputs) != 1 or isinstance(data.structure[0], dict):
            return None  # the shapes only come out on data
        shape = (None, *inputs[0].shape[1:])
        for layer in self.layers:
            layer._check_input(Spec(shape, self.compute_dtype))
            if any(_infers_shapes(part) for part in (layer, *layer._flat_layers())):
                return None
            shape = tuple(layer.compute_output_shape(shape))
        return KerasTensor(shape, self.compute_dtype, name="outputs")  # the automatic names are counted

    def _build_for(self, data: ArrayData) -> None:
        # From the shape alone, if that is enough: as in Keras, the layers are then not called on data before training.
        x = tree.pack_like(data.structure, data.first().arrays())[0]
        if not self.built and isinstance(x, np.ndarray):
            self.build(x.shape)
        super()._build_for(data)

    def _is_refused(self, inputs: Any, count: int) -> bool:
        """Tells whether inputs are nested as the model cannot use them."""
        entry = self._entry()
        if entry is None:
            nested = count != 1 or isinstance(inputs, dict)
            return nested and isinstance(self.layers[0].input_spec, InputSpec)
        return count != 1 or (isinstance(inputs, dict) and not set(inputs) & {entry.name, entry.output.name})

    def _check_alike(self, first: ArrayData, other: ArrayData) -> None:
        shapes = [tuple(array.shape[1:] for array in tree.flatten(data.structure[0])) for data in (first, other)]
        if self._entry() is None and shapes[0] != shapes[1]:
            raise ShapeError(
                f"{self._where()}: the data to train with has shape {(None, *shapes[0][0])}, the data to validate with "
                f"{(None, *shapes[1][0])}. Both must have the same features."
            )

    # ---------------------------------------------------------------- what is in it

    @property
    def layers(self) -> list[Any]:
        """The layers, without the `Input`."""
        return list(self._layers) if self._entry() is None else self._layers[1:]

    @layers.setter
    def layers(self, value: object) -> None:
        raise AttributeError(f"`layers` of {self._where()} is made by minikeras. Use `add` and `pop`.")

    @property
    def input(self) -> Any:
        """The symbolic input of the first call; of the layers themselves if there was none."""
        return Layer.input.fget(self) if self._inbound_nodes else super().input

    @property
    def output(self) -> Any:
        """The symbolic output of the first call; of the layers themselves if there was none."""
        return Layer.output.fget(self) if self._inbound_nodes else super().output

    @property
    def input_dtype(self) -> str:
        """The type of the input."""
        return self.compute_dtype if self._entry() is None else self._entry().dtype

    @property
    def _is_functional(self) -> bool:
        return False

    @classmethod
    @cache
    def _names_of_base(cls) -> frozenset[str]:
        return frozenset(dir(Sequential(name="sequential"))) - {"layers", "optimizer"}

    def _saved_parts(self) -> Iterator[tuple[str, Any]]:
        yield "layers", self.layers
        yield from super()._saved_parts()

    def get_config(self) -> dict[str, Any]:
        """Returns what makes the same model again, without its weights."""
        self._warn_of_losses()
        config = {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": dtype_policies.serialize(self.dtype_policy),
            "layers": [layers_room.serialize(layer) for layer in self._layers],
        }
        if self._graph() is not None:
            config["build_input_shape"] = self._entry().batch_shape
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict | None = None) -> Self:
        """Makes a model from its config; its weights are new.

        Args:
            config: What `get_config` returned.
            custom_objects: The user's own classes and functions, by name.

        Raises:
            ArgumentError: If the config has no list of layers.

        Source: https://keras.io/api/models/model_saving_apis/
        """
        with loading(config):
            if not isinstance(config, dict) or not isinstance(config.get("layers"), list):
                raise ArgumentError(
                    f"`Sequential.from_config` expects a config with a list 'layers'. Received: {brief(config)}"
                )
            with CustomObjectScope(custom_objects):
                layers = [layers_room.deserialize(entry) for entry in config["layers"]]
            model = cls(layers, trainable=config.get("trainable", True), name=config.get("name"))
            shape = config.get("build_input_shape")
            if shape is not None and not model.built and layers:
                model.build(tuple(shape))
        return model


def _is_size(value: object) -> bool:
    return value is None or isinstance(value, (int, np.integer))


def _infers_shapes(layer: Layer) -> bool:
    """Whether a layer finds its output shape by running `call`, which needs its weights."""
    return type(layer).compute_output_shape is Layer.compute_output_shape

"""A model that is a list of layers, each fed by the one before."""

from collections.abc import Sequence

import numpy as np

from .. import layers as layers_room
from .. import ops
from ..engine import tree
from ..engine.dtypes import dtype_of
from ..engine.keras_tensor import KerasTensor
from ..engine.lookup import serialize
from ..engine.naming import current_path
from ..engine.primitive import Spec
from ..engine.trace import paused_tracing
from ..errors import ArgumentError, ArgumentTypeError, DataError, NotSupportedError, ShapeError, StateError
from ..layers.base import Layer
from ..layers.core.input_layer import InputLayer
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

    def __init__(self, layers: Sequence[Layer] | None = None, trainable: bool = True, name: str | None = None):
        super().__init__(name=name)
        self._layers: list[Layer] = []
        self._entry: InputLayer | None = None
        self._outputs: list[KerasTensor] = []
        if layers is not None and not isinstance(layers, (list, tuple)):
            raise ArgumentTypeError(f"Sequential expects a list of layers. Received: layers={layers!r}")
        for layer in layers or ():
            self._append(layer)
        self._connect(0)
        self._trainable = bool(trainable)  # of the model: the layers keep their own

    def add(self, layer: Layer) -> None:
        """Adds a layer at the end.

        Args:
            layer: A layer, or an `Input` as the first one.

        Raises:
            ArgumentError: If it is not a layer, the name is taken, or an `Input` comes after other layers.

        Source: https://keras.io/api/models/sequential/
        """
        connected, entry = len(self._layers) if self.built else 0, self._entry
        self._append(layer)
        try:
            self._connect(connected)
        except Exception:
            # A layer that cannot follow the others leaves the model as it was.
            if self._layers and self._layers[-1] is layer:
                self._layers.pop()
            self._entry = entry
            raise

    def pop(self) -> Layer:
        """Removes the last layer and returns it.

        Raises:
            StateError: If there is none.

        Source: https://keras.io/api/models/sequential/
        """
        if not self._layers:
            raise StateError(f"{self._where()} has no layers to remove.")
        layer = self._layers.pop()
        if not self._layers:
            self._outputs, self.built = [], False
        elif self._entry is not None and self._layers[-1]._inbound_nodes:
            self._outputs = [self._layers[-1].output]
        return layer

    def _append(self, layer: object) -> None:
        if isinstance(layer, KerasTensor) and hasattr(layer, "input_layer"):
            layer = layer.input_layer
        if not isinstance(layer, Layer):
            raise ArgumentError(f"{self._where()}: only layers can be added. Received: {layer!r}")
        if isinstance(layer, InputLayer):
            if self._layers or self._entry is not None:
                raise ArgumentError(
                    f"{self._where()}: an Input can only come first. Received: {layer!r} after "
                    f"{len(self._layers) + (self._entry is not None)} others."
                )
            self._entry = layer
            return
        if any(layer.name == other.name for other in self._layers):
            raise ArgumentError(
                f"{self._where()}: layer names must differ; there is a layer '{layer.name}' already. "
                "Give the new one another `name`."
            )
        if not self._layers and self._entry is None:
            shape = layer.declared_input_shape or getattr(layer, "declared_batch_shape", None)
            if shape is not None:
                self._entry = InputLayer(batch_shape=shape, dtype=layer.compute_dtype)
        self._layers.append(layer)

    def _connect(self, start: int) -> None:
        """Calls the layers from `start` on symbolically, which builds them."""
        if self._entry is None or not self._layers:
            return
        value = self._layers[start - 1].output if start else self._entry.output
        with paused_tracing(), self._scope():
            self._path = current_path()
            for layer in self._layers[start:]:
                value = layer(value)
        self._outputs = tree.flatten(value)
        self._build_shape = self._entry.batch_shape
        self.built = True

    @property
    def declared_batch_shape(self) -> tuple | None:
        """The shape of the data, batch axis first, if it was declared."""
        return None if self._entry is None else self._entry.batch_shape

    # ---------------------------------------------------------------- the layer protocol

    def build(self, input_shape: tuple | None = None) -> None:
        """Makes the weights of all layers.

        Args:
            input_shape: The shape of the data, batch axis first; not needed if an `Input` was given.

        Raises:
            StateError: If there are no layers.
            ArgumentError: If the shape is neither given nor declared.
        """
        if not self._layers:
            raise StateError(f"{self._where()} cannot be built because it has no layers. Call `model.add(layer)`.")
        if self._entry is None:
            if isinstance(input_shape, (tuple, list)) and len(input_shape) == 1 and not _is_size(input_shape[0]):
                input_shape = input_shape[0]  # the data was a list of one array
            if not isinstance(input_shape, (tuple, list)) or not all(map(_is_size, input_shape)) or not input_shape:
                raise ArgumentError(
                    f"{self._where()}: `build` needs the shape of the data, e.g. `build((None, 784))`, "
                    f"or an `Input` as the first layer. Received: input_shape={input_shape!r}"
                )
            self._entry = InputLayer(batch_shape=tuple(input_shape), dtype=self.compute_dtype)
        if not self.built:
            try:
                self._connect(0)
            except Exception:
                self._entry = None
                raise

    def call(self, inputs: object, training: bool | None = None, mask: object = None) -> object:
        """Returns the output of the last layer."""
        if mask is not None:
            raise NotSupportedError(f"{self._where()}: masks are not in minikeras yet. Received: mask={mask!r}")
        value = self._adjusted(inputs)
        for layer in self._layers:
            value = layer(value)
        return value

    def _adjusted(self, inputs: object) -> object:
        """Returns the input in the declared type, and with the declared number of axes if it can have it."""
        values = tree.flatten(inputs)
        if len(values) != 1:
            raise ShapeError(f"{self._where()}: expected one input, received {len(values)}.")
        value = values[0]
        if self._entry is None:
            return value
        shape = tuple(value.shape)
        rank = len(self._entry.batch_shape)
        if len(shape) == rank - 1 and self._entry.batch_shape[-1] == 1:
            value = ops.expand_dims(value, -1)
        elif len(shape) == rank + 1 and shape[-1] == 1:
            value = ops.squeeze(value, -1)
        self._check_declared(tuple(value.shape))
        return value if dtype_of(value) == self._entry.dtype else ops.cast(value, self._entry.dtype)

    def _check_declared(self, shape: tuple) -> None:
        declared = self._entry.batch_shape
        if len(shape) != len(declared) or any(
            None not in (a, b) and a != b for a, b in zip(shape[1:], declared[1:], strict=True)
        ):
            raise ShapeError(
                f"{self._where()}: expected inputs of shape {(None, *declared[1:])}, received shape {shape}. "
                "Was the model built for other data?"
            )

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Returns the shape of the output for a shape of the input."""
        for layer in self._layers:
            input_shape = layer.compute_output_shape(tuple(input_shape))
        return tuple(input_shape)

    def _checked_output_shape(self, data: ArrayData) -> tuple | None:
        inputs = tree.flatten(data.structure[0])
        if len(inputs) != 1 or isinstance(data.structure[0], dict):
            kind = type(data.structure[0]).__name__
            raise DataError(f"{self._where()}: expected one input array, received a {kind} of {len(inputs)}.")
        if not self._layers:
            raise StateError(f"{self._where()} has no layers. Call `model.add(layer)` first.")
        shape, dtype = (None, *inputs[0].shape[1:]), self.compute_dtype
        if self._entry is not None:
            declared = self._entry.batch_shape
            if len(shape) == len(declared) - 1 and declared[-1] == 1:
                shape = (*shape, 1)
            elif len(shape) == len(declared) + 1 and shape[-1] == 1:
                shape = shape[:-1]
            self._check_declared(shape)
        for layer in self._layers:
            layer._check_input(Spec(shape, dtype))
            if any(_infers_shapes(part) for part in (layer, *layer._flat_layers())):
                return None
            shape = tuple(layer.compute_output_shape(shape))
        return shape

    def _check_alike(self, first: ArrayData, other: ArrayData) -> None:
        shapes = [tuple(array.shape[1:] for array in tree.flatten(data.structure[0])) for data in (first, other)]
        if self._entry is None and shapes[0] != shapes[1]:
            raise ShapeError(
                f"{self._where()}: the data to train with has shape {(None, *shapes[0][0])}, the data to validate with "
                f"{(None, *shapes[1][0])}. Both must have the same features."
            )

    # ---------------------------------------------------------------- what is in it

    @property
    def layers(self) -> list[Layer]:
        """The layers, without the `Input`."""
        return list(self._layers)

    @property
    def inputs(self) -> list[KerasTensor]:
        """The symbolic inputs.

        Raises:
            AttributeError: If the shape of the data is not known yet.
        """
        if not self._outputs:
            raise AttributeError(f"{self._where()} has no defined inputs yet: its input shape is not known.")
        return [self._entry.output]

    @property
    def outputs(self) -> list[KerasTensor]:
        """The symbolic outputs.

        Raises:
            AttributeError: If the shape of the data is not known yet.
        """
        if not self._outputs:
            raise AttributeError(f"{self._where()} has no defined outputs yet: its input shape is not known.")
        return list(self._outputs)

    @property
    def input(self) -> KerasTensor:
        """The symbolic input."""
        return self.inputs[0]

    @property
    def output(self) -> KerasTensor:
        """The symbolic output."""
        return self.outputs[0]

    @property
    def input_shape(self) -> tuple:
        """The shape of the input, batch axis first."""
        return self.inputs[0].shape

    @property
    def output_shape(self) -> tuple:
        """The shape of the output, batch axis first."""
        return self.outputs[0].shape

    @property
    def input_dtype(self) -> str:
        """The type of the input."""
        return self._entry.dtype if self._entry is not None else self.compute_dtype

    @property
    def _sublayers(self) -> list[Layer]:
        return list(self._layers)

    def get_config(self) -> dict:
        """Returns what makes the same model again, without its weights."""
        entry = [] if self._entry is None else [self._entry]
        config = {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": serialize(self.dtype_policy, "keras"),
            "layers": [_described(layer) for layer in entry + self._layers],
        }
        if self.built and self._build_shape is not None:
            config["build_input_shape"] = self._build_shape
        return config

    @classmethod
    def from_config(cls, config: dict) -> "Sequential":
        """Makes a model from its config; its weights are new.

        Raises:
            ArgumentError: If the config has no list of layers.

        Source: https://keras.io/api/models/model_saving_apis/
        """
        if not isinstance(config, dict) or not isinstance(config.get("layers"), list):
            raise ArgumentError(f"`Sequential.from_config` expects a config with a list 'layers'. Received: {config!r}")
        layers = [_made(entry) for entry in config["layers"]]
        model = cls(layers, trainable=config.get("trainable", True), name=config.get("name"))
        shape = config.get("build_input_shape")
        if shape is not None and not model.built and layers:
            model.build(tuple(shape))
        return model


def _is_size(value: object) -> bool:
    return value is None or isinstance(value, (int, np.integer))


def _described(layer: Layer) -> dict:
    """Returns the description of a layer, or of a model used as a layer."""
    if not isinstance(layer, Sequential):
        return layers_room.serialize(layer)
    built = {} if layer._build_shape is None else {"build_config": layer.get_build_config()}
    return {**serialize(layer, "keras"), **built, "compile_config": {}}


def _made(config: dict) -> Layer:
    """Makes the layer that `_described` described."""
    if isinstance(config, dict) and config.get("class_name") == "Sequential":
        return Sequential.from_config(config["config"])
    return layers_room.deserialize(config)


def _infers_shapes(layer: Layer) -> bool:
    """Whether a layer finds its output shape by running `call`, which needs its weights."""
    return type(layer).compute_output_shape is Layer.compute_output_shape

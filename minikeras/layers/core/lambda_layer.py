"""The `Lambda` layer."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Self, Unpack

from ...engine import tree
from ...errors import ArgumentTypeError, brief
from ...graph.keras_tensor import KerasTensor
from ...graph.operation import Operation
from ...serialization.configs import deserialize_keras_object, serialize_keras_object
from ...serialization.custom_objects import CustomObjectScope
from ...serialization.lambdas import is_lambda, lambda_parts
from ...typing import LayerArguments
from ..arguments import map_shapes
from ..base import Layer


class Lambda(Layer):
    """Wraps a function as a layer.

    A lambda is saved as source code. Globals that it uses, except for `np`, must be in `custom_objects` when it is
    loaded. Prefer a named function, which is saved by its name.

    Args:
        function: Computes the output from the input with `minikeras.ops`; it may have the parameters `mask` and
            `training`.
        output_shape: The shape of the output without the batch axis, or a function from the input shape to the output
            shape, both with the batch axis; inferred by running the function by default.
        mask: The mask of the output, or a function of the input and its mask; None: no mask.
        arguments: Keyword arguments of the function.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentTypeError: If `function` is not a function.

    Source: https://keras.io/api/layers/core_layers/lambda/

    Example:
        >>> Lambda(lambda x: x**2)([[1.0, 3.0]])
        array([[1., 9.]], dtype=float32)
    """

    def __init__(
        self,
        function: Callable,
        output_shape: Any = None,
        mask: Any = None,
        arguments: dict | None = None,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(**kwargs)
        if not callable(function):
            raise ArgumentTypeError(f"Lambda: `function` must be a function. Received: function={brief(function)}")
        if not isinstance(arguments, (Mapping, type(None))):
            raise ArgumentTypeError(f"Lambda: `arguments` must be a dict. Received: arguments={brief(arguments)}")
        self.function = function
        self.arguments = dict(arguments or {})
        self.mask = mask
        self.supports_masking = mask is not None
        self._output_shape = output_shape
        self._parameters = frozenset(inspect.signature(function).parameters)

    def call(self, inputs: Any, mask: Any = None, training: bool | None = None) -> Any:
        """Returns the output of the function."""
        given = {"mask": mask, "training": training}
        kwargs = {name: value for name, value in given.items() if name in self._parameters}
        return self.function(inputs, **self.arguments, **kwargs)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Returns the mask of the output."""
        return self.mask(inputs, mask) if callable(self.mask) else self.mask

    def compute_output_spec(self, inputs: Any, **others: Any) -> Any:
        """Returns the symbolic outputs, in the compute dtype."""
        if self._output_shape is not None:
            return super().compute_output_spec(inputs, **others)

        def cast(output: Any) -> Any:
            return output.in_type(self.compute_dtype) if isinstance(output, KerasTensor) else output

        return tree.map_structure(cast, Operation.compute_output_spec(self, inputs))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of the output for an input shape, nested as they are."""
        if self._output_shape is None:
            spec = map_shapes(lambda shape: KerasTensor(shape, self.compute_dtype), input_shape)
            return tree.map_structure(lambda output: output.shape, Operation.compute_output_spec(self, spec))
        if callable(self._output_shape):
            return self._output_shape(input_shape)
        batch = tree.flatten(map_shapes(lambda shape: shape[:1] or (None,), input_shape) or [None])
        first = batch[0] if batch else None
        return map_shapes(lambda shape: (first, *shape), self._output_shape)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor; a lambda is written as its source code."""
        config = {**super().get_config(), "function": _described(self.function)}
        if self._output_shape is not None:
            config["output_shape"] = _described(self._output_shape)
        if self.mask is not None:
            config["mask"] = _described(self.mask)
        return {**config, "arguments": self.arguments}

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: dict | None = None, safe_mode: bool | None = None
    ) -> Self:
        """Creates a layer from its config.

        Args:
            config: What `get_config` returned.
            custom_objects: Functions by name.
            safe_mode: Only False allows the code of a lambda to be loaded, which can run anything.

        Raises:
            SerializationError: If the config has the code of a lambda and `safe_mode` is not False, or names an unknown
                function.
        """
        config = dict(config)
        with CustomObjectScope(custom_objects):
            for name in ("function", "output_shape", "mask", "arguments"):
                if name in config:
                    config[name] = deserialize_keras_object(config[name], safe_mode=safe_mode is not False)
        if isinstance(config.get("output_shape"), list):
            config["output_shape"] = map_shapes(tuple, config["output_shape"])
        return cls(**config)


def _described(value: Any) -> Any:
    if is_lambda(value):
        parts = lambda_parts(value)
        if parts["defaults"]:
            parts["code"] = list(parts.values())  # the only form in which Keras reads defaults from JSON
        return {"class_name": "__lambda__", "config": parts}
    return serialize_keras_object(value)

"""The base class of layers: its arguments, what a subclass may override, and its config.

The machinery is in `calling`, `building`, `quantizing`, `dtypes`, `state`, `weights` and `losses`.
"""

from functools import cache
from typing import Any, Unpack

from .. import dtype_policies, regularizers
from ..argument_checks import as_bool, check_bool
from ..engine import naming, tree
from ..errors import ArgumentError, NotSupportedError, ShapeError, warn_legacy
from ..graph.keras_tensor import KerasTensor
from ..graph.operation import Operation, default
from ..typing import DTypePolicyLike, OldLayerArguments, RegularizerLike
from .arguments import Arguments, map_shapes, unrecognized_arguments
from .building import Building
from .calling import Calling, is_in_call
from .dtypes import DTypes
from .legacy import LegacyLayer, take_input_declaration
from .outside import warn_of_outside
from .quantizing import Quantizing
from .state import State


class Layer(Calling, Building, Quantizing, DTypes, LegacyLayer, State):
    """The base class of layers: `__init__` stores the arguments, `build` creates the weights, `call` computes.

    Args:
        activity_regularizer: Regularizer of the output; its penalty, divided by the batch size, is added to the loss.
        trainable: Whether training updates the layer's weights.
        dtype: The dtype of the computations and weights, or a dtype policy; the global policy by default.
        autocast: Whether to cast floating-point inputs to the compute dtype.
        name: The layer's name; derived from the class name by default.

    Raises:
        ArgumentError: If an argument is unknown or invalid.

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
        activity_regularizer: RegularizerLike = None,
        trainable: bool = True,
        dtype: DTypePolicyLike = None,
        autocast: bool = True,
        name: str | None = None,
        **kwargs: Unpack[OldLayerArguments],
    ):
        self.declared_input_shape, self.declared_input_dtype = take_input_declaration(type(self).__name__, kwargs)
        initial_weights = kwargs.pop("weights", None)
        if kwargs:
            raise unrecognized_arguments(type(self), kwargs)
        trainable = check_bool(type(self).__name__, "trainable", trainable, ArgumentError)
        super().__init__(name)
        self.activity_regularizer = regularizers.get(activity_regularizer)
        vars(self)["_dtype_policy"] = dtype_policies.get(dtype)
        self.autocast = as_bool(type(self).__name__, "autocast", autocast)
        self.supports_masking = type(self).compute_mask is not Layer.compute_mask
        self.built = False
        self.input_spec: Any = None
        self._trainable = trainable
        if initial_weights is not None:
            warn_legacy(f"{type(self).__name__}(weights=...)", "`layer.set_weights(weights)` once the layer is built")
            vars(self)["_initial_weights"] = initial_weights  # not tracked: `build` copies their values
        if is_in_call():
            vars(self)["_made_in_call"] = True

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Computes the output; subclasses implement it with `minikeras.ops`."""
        raise NotSupportedError(f"Layer {type(self).__name__} has no `call` method. Write one to compute its output.")

    @default
    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of the output for an input shape, nested as the output is."""
        spec = map_shapes(lambda shape: KerasTensor(shape, self.compute_dtype), input_shape)
        return tree.map_structure(lambda output: output.shape, Operation.compute_output_spec(self, spec))

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Returns the symbolic outputs for symbolic arguments, by `compute_output_shape` if a subclass defines it."""
        if not self._has_shape_rule():
            return super().compute_output_spec(*args, **kwargs)
        arguments = Arguments(type(self).call, self._where(), args, dict(kwargs))
        shapes = self.compute_output_shape(**arguments.shapes_for(self.compute_output_shape, self._where()))
        try:
            return map_shapes(lambda shape: KerasTensor(shape, self.compute_dtype), shapes)
        except TypeError:
            raise ShapeError(f"{self._where()}: `compute_output_shape` returned {shapes!r}, not a shape.") from None

    def _has_shape_rule(self) -> bool:
        """Tells whether a subclass defines `compute_output_shape`."""
        return type(self).compute_output_shape is not Layer.compute_output_shape

    def compute_mask(self, inputs: Any, previous_mask: Any) -> Any:
        """Returns the mask of the output: by default that of the input.

        Args:
            inputs: The first argument of the call.
            previous_mask: Its mask.
        """
        return previous_mask

    @default
    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor.

        A subclass need not override it if all arguments of its `__init__` are numbers, strings, booleans, None, or
        lists, tuples and dicts of these.
        """
        config = {
            **super().get_config(),
            "trainable": self.trainable,
            "dtype": dtype_policies.serialize(self.dtype_policy),
        }
        if self.activity_regularizer is not None:
            config["activity_regularizer"] = regularizers.serialize(self.activity_regularizer)
        return config

    @classmethod
    @cache
    def _names_of_base(cls) -> frozenset[str]:
        return frozenset(dir(Layer(name="layer")))

    @property
    def path(self) -> str | None:
        """The name of the layer, after those of the layers it was built in; None before it is built."""
        return self._path

    def _warn_of_outside(self) -> None:
        """Warns about layers that are called in this one without being attributes of it."""
        warn_of_outside(self)

    def _where(self) -> str:
        return f"{self.class_name} layer '{vars(self).get('name')}'"

    def _location(self) -> str:
        """Describes the layer for error messages, by its path while it is called or built."""
        path = naming.current_path() or self.name
        return f"layer '{path}' ({self.class_name})"

    def __repr__(self) -> str:
        return f"<{self.class_name} name={self.name}, built={self.built}>"

"""The `Model` class: a layer that can be trained."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, Self, Unpack, overload

import numpy as np

from ..activations.legacy import renamed
from ..engine import naming, tree
from ..engine.masks import set_mask
from ..engine.memory_budget import loading
from ..errors import ArgumentTypeError, NotSupportedError, warn_legacy, warn_user
from ..graph.function import Function
from ..graph.keras_tensor import KerasTensor
from ..graph.operation import Operation, default
from ..layers.base import Layer
from ..serialization.configs import deserialize_keras_object, serialize_keras_object
from ..serialization.custom_objects import CustomObjectScope
from ..training.trainer import Trainer
from ..typing import LayerArguments, Nested, Tensor, TensorLike
from . import graph_config
from .data_checks import DataChecks
from .files import Files
from .inputs import fitted_shapes, in_order, standardized
from .quantization import Quantization
from .state_tree import assign_state_tree, state_tree
from .structure import Structure, single_or_all
from .subgraph import function_between, graph_with_losses, layers_of
from .summary import print_summary, summary_html


class Model(Files, Structure, DataChecks, Quantization, Trainer, Layer):
    """A layer with methods for training, evaluation and prediction.

    `Model(inputs, outputs)` is a functional model: the graph between symbolic inputs and outputs. A subclass creates
    its layers in `__init__` and calls them in `call`. `Sequential` is a stack of layers.

    Args:
        *args: `inputs`, symbolic values such as `Input` returns, and `outputs`, symbolic values computed from them by
            layers and ops; both may be nested in lists, tuples and dicts.
        **kwargs: `inputs` and `outputs` by name; arguments of every layer, such as `name`, `trainable` and `dtype`.

    Raises:
        ArgumentError: If the outputs depend on other inputs, two layers have the same name, or there is a cycle.

    Source: https://keras.io/api/models/model/

    Example:
        >>> from minikeras.layers import Dense, Input
        >>> x = Input((2,))
        >>> Model(x, Dense(1, kernel_initializer="ones")(x) + 1).predict([[1.0, 2.0]], verbose=0)
        array([[4.]], dtype=float32)
        >>> class Linear(Model):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.dense = Dense(1, kernel_initializer="ones")
        ...     def call(self, inputs):
        ...         return self.dense(inputs)
        >>> Linear().predict([[1.0, 2.0]], verbose=0)
        array([[3.]], dtype=float32)
    """

    # What `compile` and `fit` store is not a part of the model.
    _untracked = frozenset(
        "optimizer history _compile_arguments _compiled_loss _compiled_metrics _compiled_trainable _logs_at_compile "
        "_loss_tracker _metrics_of_layers _names_of_results _runner _symbolic_outputs".split()
    )
    _bookkeeping = (
        Layer._bookkeeping
        | _untracked
        | frozenset(
            "compiled run_eagerly steps_per_execution stop_training stop_evaluating stop_predicting _function "
            "_graph_with_losses _initial_batch _initial_epoch _input_spec _jit_compile _warned_not_finite".split()
        )
    )
    _recomputes_by_layer = True
    _graph_with_losses: Function | None = None  # if `add_loss` was called with symbolic values

    @overload
    def __init__(self, inputs: Nested[Tensor], outputs: Nested[Tensor], **kwargs: Unpack[LayerArguments]): ...
    @overload
    def __init__(self, **kwargs: Unpack[LayerArguments]): ...
    @renamed(input="inputs", output="outputs")
    def __init__(self, *args: Any, **kwargs: Any):
        ends = _ends_of_graph(args, kwargs)
        if ends is None:
            super().__init__(*args, **kwargs)
            return
        function = function_between(*ends)
        if kwargs.get("name") is None and type(self) is Model:
            kwargs["name"] = naming.unique_name("functional")
        super().__init__(**kwargs)
        self._function = function
        self._locks_when_built = self._converts_inputs = False
        self._tracker.set("layers of the graph", self.layers)
        with self._scope():
            self._path = naming.current_path()
        self._note_built({"input_shape": None})

    @property
    def class_name(self) -> str:
        """The name of the class in configs and summaries; "Functional" for a functional model."""
        return "Functional" if type(self) is Model and self._function is not None else type(self).__name__

    def _python_parts(self) -> Iterator[tuple[str, Any]]:
        yield from super()._python_parts()
        if self._function is not None:  # custom operations are not layers
            yield "operations", tuple(each for each in self._function.operations if not isinstance(each, Layer))

    def summary(
        self,
        line_length: int | None = None,
        positions: Sequence[float] | None = None,
        print_fn: Callable | None = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        layer_range: Sequence[str] | None = None,
    ) -> None:
        """Prints a table of the layers with their output shapes and parameter counts.

        Args:
            line_length: The width of the table in characters.
            positions: The right ends of the columns, as fractions of the width.
            print_fn: A function to call with the text instead of printing it.
            expand_nested: Whether to show the layers of nested models.
            show_trainable: Whether to show which layers are trainable.
            layer_range: The names, or patterns, of the first and last layers to show.

        Source: https://keras.io/api/models/model/
        """
        print_summary(
            self,
            line_length=line_length,
            positions=positions,
            print_fn=print_fn,
            expand_nested=expand_nested,
            show_trainable=show_trainable,
            layer_range=layer_range,
        )

    def _repr_html_(self) -> str:
        """Shows itself in notebooks, as `summary` does on a terminal."""
        return summary_html(self)

    # ---------------------------------------------------------------- the layer protocol

    @default
    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Returns the outputs of the graph.

        Args:
            inputs: An array, or arrays nested as the symbolic inputs are; the keys of a dict may be input names.
            training: Passed on to the layers, if it is given.
            mask: The masks of the inputs, nested likewise.
        """
        graph = self._graph()
        if graph is None:
            raise NotSupportedError(f"{self._where()} has no `call` method. Write one to compute its output.")
        values = standardized(graph, inputs, self._where())
        for value, given in zip(values, tree.flatten(mask), strict=False):
            set_mask(value, given)

        def call(operation: Operation, args: tuple, kwargs: dict) -> Any:
            if training is not None and isinstance(operation, Layer):
                kwargs = {**kwargs, "training": training}
            return operation(*args, **kwargs)

        if self._graph_with_losses is None:
            outputs = graph.run(values, call)
        else:
            outputs, losses = self._graph_with_losses.run(values, call)
            super().add_loss(losses)
        return single_or_all(outputs)

    def compute_output_spec(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Returns the symbolic outputs for symbolic inputs."""
        graph = self._graph()
        if graph is None or not hasattr(type(self).call, "is_default"):
            return super().compute_output_spec(inputs, *args, **kwargs)
        return graph.specs(in_order(graph, inputs, self._where()))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of the output for an input shape, nested as they are."""
        graph = self._graph()
        return super().compute_output_shape(input_shape) if graph is None else graph.compute_output_shape(input_shape)

    def add_loss(self, loss: Nested[TensorLike]) -> None:
        """Adds a loss to the one that training minimizes; to be called in the `call` of a subclass.

        Args:
            loss: A scalar or an array, or a nested structure of them. For a functional model, as in Keras 2: symbolic
                values that depend on its inputs, computed in each call of the model.

        Raises:
            NotSupportedError: If a functional model is given a computed value: let one of its layers add the loss.
            ArgumentError: If a symbolic value does not depend on the inputs.
        """
        graph = self._graph()
        losses = tree.flatten(loss)
        if graph is not None and losses and all(isinstance(each, KerasTensor) for each in losses):
            warn_legacy("`model.add_loss(symbolic value)`", "a layer that calls `self.add_loss(value)` in its `call`")
            self._graph_with_losses = graph_with_losses(graph, self._graph_with_losses, losses)
            self._tracker.set("layers of the losses", layers_of(self._graph_with_losses))
            return
        if self.class_name == "Functional":
            raise NotSupportedError(f"{self._where()}: `add_loss` is for the `call` of a layer or of a subclass.")
        super().add_loss(loss)

    def _warn_of_losses(self) -> None:
        if self._graph_with_losses is not None:
            warn_user(f"{self._where()}: losses added by `add_loss` are in no config and are not saved.", UserWarning)

    @default
    def get_config(self) -> dict[str, Any]:
        """Returns the config of the model, without its weights."""
        if not self._is_functional:
            return super().get_config()
        self._warn_of_losses()
        config = {"name": self.name, "trainable": self.trainable}
        if not _is_made_like_a_graph(type(self)):
            return {**config, "dtype": serialize_keras_object(self.dtype_policy)}
        return {**config, **graph_config.described(self._function)}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict | None = None) -> Self:
        """Creates a model from its config, with new weights.

        Args:
            config: What `get_config` returned.
            custom_objects: Custom classes and functions, by name.

        Raises:
            ArgumentError: If the config does not describe a valid graph.
            ArgumentTypeError: If it has arguments that the class does not have.
        """
        with loading(config):
            if not ({"name", "layers", "input_layers", "output_layers"} <= set(config) and _is_made_like_a_graph(cls)):
                return super().from_config(config)
            with CustomObjectScope(custom_objects):
                inputs, outputs = graph_config.revived(config)
            rest = {key: value for key, value in config.items() if key not in graph_config.KEYS}
            return cls(inputs=inputs, outputs=outputs, **rest)

    @property
    def keras_module(self) -> str | None:
        """The module of Keras's class for functional models; None for others."""
        return "keras.src.models.functional" if self.class_name == "Functional" else None

    def build_from_config(self, config: dict) -> None:
        """Builds the model from what `get_build_config` returned."""
        if self._function is None:
            super().build_from_config(config)

    @classmethod
    @cache
    def _names_of_base(cls) -> frozenset[str]:
        return frozenset(dir(Model(name="model"))) - {"layers", "optimizer"}

    def _saved_parts(self) -> Iterator[tuple[str, Any]]:
        if self._is_functional:
            yield "layers", self.layers
        yield from super()._saved_parts()

    def get_compile_config(self) -> dict:
        """Returns the serialized arguments of `compile`; an empty dict if the model is not compiled."""
        # Steps are always replayed, so there is nothing to compile; Keras has False on its numpy backend, too.
        arguments = {"optimizer": self.optimizer, "jit_compile": False}
        return serialize_keras_object({**self._compile_arguments, **arguments}) if self.compiled else {}

    def compile_from_config(self, config: dict) -> None:
        """Compiles the model with what `get_compile_config` returned."""
        if config:
            self.compile(**deserialize_keras_object(config))
            if self.built:
                self.optimizer.build(self.trainable_variables)

    def _check_input(self, inputs: Any) -> None:
        graph = self._graph()
        if graph is None or vars(self).get("_input_spec") is not None:
            super()._check_input(inputs)
        else:
            values = in_order(graph, inputs, self._where())
            shapes = [None if value is None else np.shape(value) for value in values]
            fitted_shapes(graph, shapes, self._where())

    def get_state_tree(self, value_format: str = "backend_tensor") -> dict:
        """Returns the values of all variables as nested dicts, keyed by the components of their paths.

        Args:
            value_format: "backend_tensor" or "numpy_array", which are both arrays here.

        Returns:
            A dict with "trainable_variables", "non_trainable_variables", "optimizer_variables", "metrics_variables".

        Source: https://keras.io/api/models/model/
        """
        return state_tree(self, value_format)

    def set_state_tree(self, state_tree: dict) -> None:
        """Assigns the values of a tree, or of a part of one, to the variables; all are checked before any is assigned.

        Args:
            state_tree: What `get_state_tree` returned.

        Raises:
            ArgumentError: If there is no variable of a name in it.
            ShapeError: If the shape of a value differs from that of its variable.

        Source: https://keras.io/api/models/model/
        """
        assign_state_tree(self, state_tree)

    def _where(self) -> str:
        return f"{self.class_name} model '{vars(self).get('name')}'"


def _ends_of_graph(args: tuple, kwargs: dict) -> tuple[Any, Any] | None:
    """Removes the inputs and outputs from the arguments of a model; None if it is not functional."""
    if len(args) == 2:
        return args
    if len(args) == 1 and "outputs" in kwargs:
        return args[0], kwargs.pop("outputs")
    if not args and "inputs" in kwargs and "outputs" in kwargs:
        return kwargs.pop("inputs"), kwargs.pop("outputs")
    if args or "inputs" in kwargs or "outputs" in kwargs:
        raise ArgumentTypeError(
            "A functional model needs `inputs` and `outputs`, and all else by name. "
            f"Received: {len(args)} arguments by position and {sorted(kwargs)} by name"
        )
    return None


def _is_made_like_a_graph(cls: type) -> bool:
    """Tells whether a config can create the class, by `inputs`, `outputs` and `name`."""
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    kinds = {parameter.kind for parameter in parameters}
    takes_all = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD} <= kinds
    names = [parameter.name for parameter in parameters if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
    return takes_all or names == ["inputs", "outputs", "name"]

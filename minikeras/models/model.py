"""The base of every model: a layer that can be trained."""

from collections.abc import Callable, Sequence

from ..engine import tree
from ..errors import ArgumentError, NotSupportedError
from ..layers.base import Layer
from ..training.data import ArrayData
from ..training.trainer import Trainer
from .summary import print_summary


class Model(Trainer, Layer):
    """A layer with the methods of training.

    Subclasses make layers in `__init__` and use them in `call`; `Sequential` does it for a list of layers.

    Args:
        **kwargs: `name`, `trainable`, `dtype`, ... of every layer.

    Raises:
        NotSupportedError: For `Model(inputs, outputs)`: functional models are not in minikeras yet.

    Source: https://keras.io/api/models/model/

    Example:
        >>> from minikeras.layers import Dense
        >>> class Linear(Model):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.dense = Dense(1, kernel_initializer="ones")
        ...     def call(self, inputs):
        ...         return self.dense(inputs)
        >>> Linear().predict([[1.0, 2.0]], verbose=0)
        array([[3.]], dtype=float32)
    """

    def __init__(self, *args: object, **kwargs: object):
        if args or "inputs" in kwargs or "outputs" in kwargs:
            raise NotSupportedError(
                "`Model(inputs, outputs)` is not in minikeras yet. Use `Sequential`, or a subclass of `Model`."
            )
        super().__init__(**kwargs)

    @property
    def layers(self) -> list[Layer]:
        """The layers held by the model, in the order they were set."""
        return list(self._sublayers)

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Returns a layer by its name or its index.

        Raises:
            ArgumentError: If there is no such layer.

        Source: https://keras.io/api/models/model/
        """
        layers = self.layers
        if (name is None) == (index is None):
            raise ArgumentError("`get_layer` expects either a layer's `name` or its `index`.")
        if index is not None:
            if not -len(layers) <= index < len(layers):
                raise ArgumentError(f"`get_layer`: there is no layer {index}; the model has {len(layers)} layers.")
            return layers[index]
        for layer in layers:
            if layer.name == name:
                return layer
        raise ArgumentError(f"No such layer: {name!r}. The layers are: {[layer.name for layer in layers]}")

    def summary(
        self,
        line_length: int | None = None,
        positions: Sequence[float] | None = None,
        print_fn: Callable | None = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        layer_range: Sequence[str] | None = None,
    ) -> None:
        """Prints a table of the layers with their output shapes and numbers of parameters.

        Args:
            line_length: The width of the table in characters.
            positions: Where the columns end, as shares of the width.
            print_fn: What to call with the text instead of printing it.
            expand_nested: Show the layers inside of layers.
            show_trainable: Show which layers are trained.
            layer_range: The names (or patterns) of the first and the last layer to show.

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

    def get_compile_config(self) -> dict:
        """Returns the arguments of `compile`; an empty dict if the model is not compiled."""
        return dict(self._compile_arguments) if self.compiled else {}

    def _build_for(self, data: ArrayData) -> None:
        """Runs the model once on one batch if it is not built, so that all weights are there."""
        if not self.built or not all(layer.built for layer in self._flat_layers()):
            batch = data.first()
            x = tree.pack_like(data.structure, batch.arrays())[0]
            self(x, training=False)

    def _checked_output_shape(self, data: ArrayData) -> tuple | None:
        """Returns the output shape for the data, having checked that the data fits; None if not known."""
        return None

    def _check_alike(self, first: ArrayData, other: ArrayData) -> None:
        """Refuses data of another shape than the data the model will be built for; nothing is known of that here."""

    def _where(self) -> str:
        return f"{type(self).__name__} model '{self.name}'"

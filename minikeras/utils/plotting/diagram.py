"""What the picture of a model shows: a box for each layer, a frame around each nested model, and the arrows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ...engine import tree
from ...engine.naming import printable
from ...errors import StateError
from ...lazy import namespace

_BLACK, _WHITE, _GREEN, _RED = "black", "white", "forestgreen", "firebrick"


@dataclass(frozen=True)
class Cell:
    """A cell of a box: a label in regular type, followed by a value in bold type."""

    label: str
    value: str
    background: str = _WHITE
    color: str = _BLACK


@dataclass(frozen=True)
class Show:
    """What is shown of each layer; the attributes are the arguments of `plot_model`."""

    shapes: bool = False
    dtype: bool = False
    layer_names: bool = True
    layer_activations: bool = False
    trainable: bool = False

    @property
    def columns(self) -> int:
        """The number of columns that the rows of a box span."""
        return max(1, 2 * bool(self.shapes) + bool(self.dtype) + bool(self.trainable))


@dataclass(eq=False)
class Box:
    """A layer in the picture.

    Attributes:
        key: The id of the layer, by which arrows refer to it.
        name: Its name; None if it is not shown.
        class_name: The name of its class.
        activation: Its activation; None if it has none, or if it is not shown.
        cells: The last row.
    """

    key: int
    name: str | None
    class_name: str
    activation: str | None
    cells: list[Cell]


@dataclass(eq=False)
class Diagram:
    """A model in the picture, or a nested one in a frame.

    Attributes:
        key: The id of the model.
        name: Its name.
        items: Its layers in order: boxes, and diagrams of nested models.
        edges: Pairs of keys of boxes, from one to the next.
    """

    key: int
    name: str
    items: list[Any] = field(default_factory=list)
    edges: list[tuple[int, int]] = field(default_factory=list)

    def boxes(self) -> Iterator[Box]:
        """Yields all boxes, those of nested models, too."""
        for item in self.items:
            if isinstance(item, Diagram):
                yield from item.boxes()
            else:
                yield item

    def connect(self, source: Any, target: Any) -> None:
        """Adds an arrow between two layers, unless there is one."""
        if (id(source), id(target)) not in self.edges:
            self.edges.append((id(source), id(target)))


def diagram_of(model: Any, show: Show, expand_nested: bool = False) -> Diagram:
    """Describes a model.

    Args:
        model: A model that is built.
        show: What is shown of each layer.
        expand_nested: Whether nested models are drawn with their layers, in a frame, instead of as a box.

    Returns:
        The description; of a model without a graph of layers, a single box.

    Raises:
        StateError: If the model is not built.

    Example:
        >>> from minikeras import Sequential, layers
        >>> model = Sequential([layers.Input((4,)), layers.Dense(3), layers.Dense(2)])
        >>> diagram = diagram_of(model, Show(shapes=True))
        >>> [[cell.value for cell in box.cells] for box in diagram.boxes()], len(diagram.edges)
        ([['(None, 4)', '(None, 3)'], ['(None, 3)', '(None, 2)']], 1)
    """
    if not model.built:
        raise StateError(
            f"The model {model.name!r} is not built, so that its layers are unknown. Call `build()`, or call the model "
            "on a batch of data."
        )
    diagram = Diagram(id(model), printable(model.name))
    if not _has_graph(model):
        diagram.items.append(_box(model, show))
        return diagram
    layers = model.layers if _is_sequential(model) else model.operations
    for layer in layers:
        nested = expand_nested and _has_graph(layer)
        diagram.items.append(diagram_of(layer, show, expand_nested) if nested else _box(layer, show))
    for source, target in _calls(model, layers, expand_nested):
        diagram.connect(source, target)
    return diagram


def _is_sequential(layer: Any) -> bool:
    return isinstance(layer, namespace("models").Sequential)


def _has_graph(layer: Any) -> bool:
    """Whether an operation is a model made of inputs and outputs, or a `Sequential` one."""
    return _is_sequential(layer) or (isinstance(layer, namespace("models").Model) and layer._is_functional)


def _calls(model: Any, layers: list[Any], expand_nested: bool) -> Iterator[tuple[Any, Any]]:
    """Yields the pairs of layers of which the second is called on an output of the first."""
    if _is_sequential(model):
        for source, target in zip(layers, layers[1:], strict=False):
            yield (_last(source, 0), _first(target, 0)) if expand_nested else (source, target)
        return
    inside = set(model._graph().nodes)
    for layer in layers:
        for node in layer._inbound_nodes:
            if node not in inside:
                continue
            for index, tensor in enumerate(node.input_tensors):
                history = tensor._keras_history
                if expand_nested:
                    yield _last(history.operation, history.tensor_index), _first(layer, index)
                else:
                    yield history.operation, layer


def _last(layer: Any, index: int) -> Any:
    """Returns the layer in nested models that computes an output."""
    while _has_graph(layer):
        if _is_sequential(layer):
            layer, index = layer.layers[-1], 0
        else:
            layer, _, index = layer.outputs[index]._keras_history
    return layer


def _first(layer: Any, index: int) -> Any:
    """Returns the layer in nested models that gets an input."""
    while _has_graph(layer):
        layer = layer.layers[0] if _is_sequential(layer) else layer.inputs[index]._keras_history.operation
    return layer


def _box(layer: Any, show: Show) -> Box:
    activation = getattr(layer, "activation", None) if show.layer_activations else None
    return Box(
        id(layer),
        printable(layer.name) if show.layer_names else None,
        printable(layer.class_name),
        None if activation is None else printable(_activation_name(activation)),
        list(_cells(layer, show)),
    )


def _activation_name(activation: Any) -> str:
    return str(getattr(activation, "name", None) or getattr(activation, "__name__", None) or activation)


def _cells(layer: Any, show: Show) -> Iterator[Cell]:
    if show.shapes:
        inputs, outputs = _of_values(layer, "shape", ("input", "output"))
        if type(layer).__name__ != "InputLayer":
            yield Cell("Input shape: ", _shape_text(inputs))
        yield Cell("Output shape: ", _shape_text(outputs))
    if show.dtype:
        yield Cell("Output dtype: ", printable(str(_of_values(layer, "dtype", ("output",))[0] or "?")))
    if show.trainable and hasattr(layer, "trainable") and layer.weights:
        trainable = bool(layer.trainable)
        text, color = ("Trainable", _GREEN) if trainable else ("Non-trainable", _RED)
        yield Cell("", text, color, _WHITE)


def _of_values(layer: Any, attribute: str, names: tuple[str, ...]) -> list[Any]:
    """Returns an attribute of a layer's symbolic inputs and outputs; None where it was called never or repeatedly."""
    try:
        return [tree.map_structure(lambda own: getattr(own, attribute), getattr(layer, name)) for name in names]
    except (ValueError, AttributeError):
        return [None] * len(names)


def _shape_text(shape: Any) -> str:
    if shape is None:
        return "?"
    text = ", ".join(f"{key}: {value}" for key, value in shape.items()) if isinstance(shape, dict) else str(shape)
    return printable(text.replace("{", "").replace("}", ""))

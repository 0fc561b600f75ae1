"""Pictures of models, drawn by Graphviz or matplotlib, and their description in the language of Graphviz."""

import os
from types import ModuleType
from typing import Any

from ..argument_checks import check_number
from ..errors import ArgumentError, ArgumentTypeError, brief, unknown_name
from ..lazy import namespace
from ..tracebacks import filtered
from .paths import checked_path
from .plotting import dot
from .plotting.diagram import Show, diagram_of
from .plotting.drawing import Picture, render

_DIRECTIONS = ("TB", "LR", "BT", "RL")
_SPLINES = ("ortho", "curved", "polyline", "spline", "line")


def _pydot() -> ModuleType | None:
    try:
        import pydot
    except ImportError:
        return None
    return pydot


def _has_graphviz(pydot: ModuleType | None) -> bool:
    """Whether pydot finds the programs of Graphviz: it is asked for a picture of nothing."""
    if pydot is None:
        return False
    try:
        pydot.Dot().create()
    except (OSError, pydot.PydotException):
        return False
    return True


def _check(where: str, model: Any, rankdir: Any, dpi: Any, splines: Any, more: dict[str, Any]) -> None:
    if not isinstance(model, namespace("models").Model):
        raise ArgumentTypeError(f"`{where}` expects a model. Received: {brief(model)}")
    if rankdir not in _DIRECTIONS:
        raise unknown_name(f"`rankdir` of `{where}`", rankdir, _DIRECTIONS)
    if splines not in _SPLINES:
        raise unknown_name(f"`splines` of `{where}`", splines, _SPLINES)
    check_number(f"`{where}`", "dpi", dpi, above=0)
    if more.pop("layer_range", None) is not None:
        raise ArgumentError(f"`{where}`: `layer_range` is no longer supported, in Keras either. Draw a smaller model.")
    if more:
        raise ArgumentError(f"`{where}`: unknown arguments {sorted(more)}.")


@filtered
def model_to_dot(
    model: Any,
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = True,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: float = 200,
    subgraph: bool = False,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str = "ortho",
    **kwargs: Any,
) -> Any:
    """Describes a model in the dot language of Graphviz.

    Args:
        model: A model that is built. One without a graph of layers, a subclass of `Model`, is a single node.
        show_shapes: Whether to show the shapes of inputs and outputs.
        show_dtype: Whether to show the dtypes of outputs.
        show_layer_names: Whether to show the names of layers, in addition to those of classes.
        rankdir: The direction of the arrows: "TB" (from top to bottom), "LR", "BT" or "RL".
        expand_nested: Whether nested models are clusters with their layers, instead of single nodes.
        dpi: Dots per inch.
        subgraph: Whether to return a cluster, to be added to another graph.
        show_layer_activations: Whether to show the activations of layers that have the attribute `activation`.
        show_trainable: Whether to mark layers with weights as trainable or not.
        splines: How arrows run: "ortho" (horizontally and vertically), "curved", "polyline", "spline" or "line".
        **kwargs: None; `layer_range` of Keras 2 is refused.

    Returns:
        A `pydot.Dot`, or a `pydot.Cluster` with `subgraph`. Without pydot, an object with those of its methods that
        describe a graph, such as `to_string`, `get_nodes` and `write_raw`. Nodes have the `id` of layers as names.

    Raises:
        ArgumentError: If an argument is invalid.
        StateError: If the model is not built.

    Source: https://keras.io/api/utils/model_plotting_utils/

    Example:
        >>> from minikeras import Sequential, layers
        >>> model = Sequential([layers.Input((4,)), layers.Dense(3, name="hidden"), layers.Dense(2)])
        >>> text = model_to_dot(model, rankdir="LR").to_string()
        >>> "<b>hidden</b> (Dense)" in text, text.count("->")
        (True, 1)
    """
    _check("model_to_dot", model, rankdir, dpi, splines, kwargs)
    show = Show(show_shapes, show_dtype, show_layer_names, show_layer_activations, show_trainable)
    attributes = None
    if not subgraph:
        attributes = {"rankdir": rankdir, "concentrate": True, "dpi": dpi, "splines": splines}
    return dot.build(diagram_of(model, show, expand_nested), show, _pydot() or dot, attributes)


@filtered
def plot_model(
    model: Any,
    to_file: Any = "model.png",
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = False,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: float = 200,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str = "ortho",
    **kwargs: Any,
) -> Any:
    """Draws a model to a file: with Graphviz if it and pydot are installed, as in Keras, otherwise with matplotlib.

    Args:
        model: A model that is built. One without a graph of layers, a subclass of `Model`, is a single box.
        to_file: The file; the format is its ending, or PNG without one.
        show_shapes: Whether to show the shapes of inputs and outputs.
        show_dtype: Whether to show the dtypes of outputs.
        show_layer_names: Whether to show the names of layers, in addition to those of classes.
        rankdir: The direction of the arrows: "TB" (from top to bottom), "LR", "BT" or "RL".
        expand_nested: Whether nested models are frames with their layers, instead of single boxes.
        dpi: Dots per inch. matplotlib draws up to 65,535 dots; longer pictures have fewer per inch, with a warning.
        show_layer_activations: Whether to show the activations of layers that have the attribute `activation`.
        show_trainable: Whether to mark layers with weights as trainable or not.
        splines: How arrows run: "ortho" (horizontally and vertically), "curved", "polyline", "spline" or "line".
            matplotlib draws "spline" as "curved", and "line" as "polyline", so that no line crosses a box.
        **kwargs: None; `layer_range` of Keras 2 is refused.

    Returns:
        The picture as an object of IPython, which a notebook shows; None without IPython, and for other formats than
        PNG, JPEG, GIF and SVG.

    Raises:
        ArgumentError: If an argument is invalid, or the format unknown.
        StateError: If the model is not built.
        FileWriteError: If the file cannot be written; the old one is unchanged.
        ImportError: If neither Graphviz and pydot nor matplotlib are installed.

    Source: https://keras.io/api/utils/model_plotting_utils/

    Example:
        >>> import tempfile
        >>> from minikeras import Sequential, layers
        >>> model = Sequential([layers.Input((4,)), layers.Dense(3), layers.Dense(2)])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     picture = plot_model(model, f"{folder}/model.svg", show_shapes=True)
        ...     os.listdir(folder)
        ['model.svg']
    """
    _check("plot_model", model, rankdir, dpi, splines, kwargs)
    path = checked_path(to_file, "`plot_model`")
    kind = os.path.splitext(path)[1][1:].lower() or "png"
    show = Show(show_shapes, show_dtype, show_layer_names, show_layer_activations, show_trainable)
    diagram = diagram_of(model, show, expand_nested)
    pydot = _pydot()
    if _has_graphviz(pydot):
        attributes = {"rankdir": rankdir, "concentrate": True, "dpi": dpi, "splines": splines}
        data = _drawn_by_graphviz(dot.build(diagram, show, pydot, attributes), kind, pydot)
    else:
        _require_matplotlib()
        data = render(Picture(diagram, rankdir, splines), kind, dpi)
    namespace("saving.atomic").write_file(path, data)
    return _shown(data, kind)


def _drawn_by_graphviz(graph: Any, kind: str, pydot: Any) -> bytes:
    try:
        return graph.create(format=kind)
    except (OSError, AssertionError, pydot.PydotException) as error:
        raise ArgumentError(f"`plot_model`: Graphviz could not draw the model as .{kind}: {error}") from error


def _require_matplotlib() -> None:
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise ImportError(
            "`plot_model` draws with matplotlib, which is not installed: `pip install minikeras[plot]`. With Graphviz "
            "and `pip install pydot`, it draws as in Keras."
        ) from error


def _shown(data: bytes, kind: str) -> Any:
    if kind not in ("png", "jpg", "jpeg", "gif", "svg"):
        return None
    try:
        from IPython import display
    except ImportError:
        return None
    return display.SVG(data) if kind == "svg" else display.Image(data, format=kind)

"""Plots of the network, its decision surface and its learning curve. They need matplotlib, the extra `plot`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .arguments import Layers, as_array, as_index, as_network, as_problem, as_rows, as_sizes
from .network import activations

_MOST_NEURONS = 12  # drawn per layer: more would be indistinguishable
_COLOURS = "RdBu_r"  # blue is negative, red is positive, white is nothing
_DPI = 150
_GAP = 2.2  # between two layers; that between two neurons of a layer is 1
_INCH = 0.75  # of paper for each of these units


def draw_network(sizes: Sequence[int], w: Layers | None = None, b: Layers | None = None) -> Any:
    """Draws the network: a column of circles for each layer, and a line for each weight.

    With parameters, the colour of the line from neuron j of layer k to neuron i of layer k+1 is w[k][i, j], and that of
    the circle is the neuron's bias b[k][i, 0]: red is positive, blue negative, pale near 0. So one sees which inputs a
    neuron listens to.

    Args:
        sizes: The number of neurons of each layer, inputs first. Of a layer with more than 12 the first and the last
            few are drawn, with dots between.
        w: The weights, w[k] of shape (n[k+1], n[k]).
        b: The biases, b[k] of shape (n[k+1], 1); together with `w`.

    Returns:
        The picture, a matplotlib Figure. `figure.savefig("network.png")` writes it; a notebook shows it.

    Raises:
        TypeError: If a size is not an integer, w or b is not a list, or only one of them is given.
        ValueError: If a size is less than 1, or shapes do not match (the message names the layer).
        ImportError: If matplotlib is not installed.

    Example:
        >>> figure = draw_network([2, 3, 1])
        >>> [text.get_text() for text in figure.axes[0].texts if "layer" in text.get_text()]
        ['layer 0\\n2 inputs', 'layer 1\\n3 neurons', 'layer 2\\n1 neuron']
    """
    counts = as_sizes("draw_network", sizes)
    if (w is None) != (b is None):
        raise TypeError(f"draw_network: expected w and b, or neither; received only {'b' if w is None else 'w'}.")
    if w is not None:
        w, b = as_network("draw_network", w, b)
        _check_sizes(counts, w)
    require_matplotlib("draw_network")
    from matplotlib.figure import Figure

    shown = [_shown_neurons(count) for count in counts]
    tallest = max(len(each) for each in shown)
    colours = None if w is None else _scale([*w, *b])
    width, height = _GAP * (len(counts) - 1) + 1.6, tallest + 1.0
    figure = Figure(figsize=(_INCH * width + (colours is not None), _INCH * height), layout="constrained")
    axes = figure.subplots()
    axes.set(xlim=(-0.8, width - 0.8), ylim=(-tallest / 2 - 1.0, tallest / 2))
    places = [_places(layer, neurons) for layer, neurons in enumerate(shown)]
    for k in range(len(counts) - 1):
        _draw_edges(axes, places[k], places[k + 1], None if w is None else w[k], colours)
    for layer, count in enumerate(counts):
        _draw_neurons(axes, places[layer], None if b is None or layer == 0 else b[layer - 1], colours)
        _label_layer(axes, layer, count, len(shown[layer]), tallest)
    axes.set_aspect("equal")
    axes.set_axis_off()
    if colours is not None:
        bar = figure.colorbar(colours, ax=axes, shrink=0.8)
        bar.set_label("weight (lines), bias (circles)", fontsize=9, labelpad=8)
    return figure


def draw_decision(
    w: Layers, b: Layers, X: ArrayLike = None, y: ArrayLike = None, output: int = 0, title: str | None = None
) -> Any:
    """Draws the decision surface of a network with two inputs.

    The colour at (x1, x2) is `predict([[x1, x2]])`; the black line is where the answer is 0.5. Each neuron of the first
    layer is one straight line in this plane; the layers after it combine them.

    Args:
        w: The weights, w[k] of shape (n[k+1], n[k]), with n[0] = 2.
        b: The biases, b[k] of shape (n[k+1], 1).
        X: Examples to draw as points, of shape (m, 2). They also say how much of the plane is drawn; without them both
            features go from -1 to 1.
        y: The target outputs, of shape (m, n[-1]) or, with one output, (m,): black points above 0.5, white ones below.
        output: Which output is drawn, from 0.
        title: A line above the picture.

    Returns:
        The picture, a matplotlib Figure. `figure.savefig("decision.png")` writes it; a notebook shows it.

    Raises:
        TypeError: If an argument does not consist of numbers, w or b is not a list, or y is given without X.
        ValueError: If the network does not have two inputs, or shapes do not match (the message names the layer).
        IndexError: If there is no such output.
        ImportError: If matplotlib is not installed.

    Example:
        >>> figure = draw_decision(w=[[[1.0, -1.0]]], b=[[[0.0]]])
        >>> figure.axes[0].get_xlabel()
        'x1'
    """
    weights, biases = as_network("draw_decision", w, b)
    if weights[0].shape[1] != 2:
        raise ValueError(
            f"draw_decision: w[0] (from layer 0 to layer 1): expected 2 columns: only a network with two inputs has a "
            f"surface; received shape {weights[0].shape}."
        )
    column = as_index("draw_decision", "output", output, len(weights[-1]), "outputs")
    points, wanted = _points(X, y, weights, biases, column)
    require_matplotlib("draw_decision")
    from matplotlib.figure import Figure

    x1, x2 = np.meshgrid(*_ranges(points))
    inp = np.stack([x1.ravel(), x2.ravel()]).astype(weights[0].dtype)
    surface = activations(inp, weights, biases)[-1][column].reshape(x1.shape)

    figure = Figure(figsize=(6.4, 5.2), layout="constrained")
    axes = figure.subplots()
    levels = np.linspace(0, 1, 21)
    filled = axes.contourf(x1, x2, surface, levels=levels, cmap=_COLOURS, alpha=0.85)
    if surface.min() < 0.5 < surface.max():
        axes.contour(x1, x2, surface, levels=[0.5], colors="black", linewidths=1.5)
    figure.colorbar(filled, ax=axes, label="answer", ticks=np.linspace(0, 1, 6))
    if points is not None:
        _draw_points(axes, points, wanted)
    axes.set(xlabel="x1", ylabel="x2", title=title)
    return figure


def draw_errors(errors: Sequence[float]) -> Any:
    """Draws the learning curve: the cost before the first epoch, and after each.

    Args:
        errors: The costs, of shape (epochs + 1,).

    Returns:
        The picture, a matplotlib Figure.

    Raises:
        TypeError: If they are not numbers.
        ValueError: If there are none, or they are not in one row.
        ImportError: If matplotlib is not installed.

    Example:
        >>> draw_errors([0.4, 0.3, 0.2]).axes[0].lines[0].get_xydata().tolist()
        [[0.0, 0.4], [1.0, 0.3], [2.0, 0.2]]
    """
    curve = as_array("draw_errors", "errors", errors)
    if curve.ndim != 1 or curve.size == 0:
        raise ValueError(f"draw_errors: errors: expected a list of numbers; received shape {curve.shape}.")
    require_matplotlib("draw_errors")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    _draw_curve(figure.subplots(), curve)
    return figure


def save_errors(errors: Sequence[float], path: str | os.PathLike) -> None:
    """Saves the learning curve to a file.

    Args:
        errors: The costs, of shape (epochs + 1,).
        path: The file; its ending says the format.
    """
    draw_errors(errors).savefig(path, dpi=_DPI)


def show_errors(errors: Sequence[float], saved: bool = False) -> None:
    """Shows the learning curve in a window or a notebook, or says that neither is available.

    Args:
        errors: The costs, of shape (epochs + 1,).
        saved: Whether the curve was written to a file, so that nothing is lost without a window.
    """
    import matplotlib.pyplot as plt
    from matplotlib.backends.registry import BackendFilter, backend_registry

    backend = plt.get_backend()
    if backend.lower() in backend_registry.list_builtin(BackendFilter.NON_INTERACTIVE):
        if not saved:
            print(f"The curve of errors is not shown: matplotlib's backend {backend!r} has no screen. Use save_to=...")
        return
    _draw_curve(plt.figure(figsize=(6.4, 4.2), layout="constrained").subplots(), errors)
    plt.show()


def require_matplotlib(where: str, otherwise: str = "") -> None:
    """Raises an error with an installation hint if matplotlib is missing.

    Args:
        where: The function that needs it, for the message.
        otherwise: What else helps.

    Raises:
        ImportError: If matplotlib is not installed.
    """
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise ImportError(
            f"{where} draws with matplotlib, which is not installed. Get it with: "
            f'pip install "minikeras[plot]".{otherwise}'
        ) from error


def check_picture_path(where: str, path: str | os.PathLike) -> None:
    """Checks, before training, that a picture can be written to a path.

    Args:
        where: The name of the function, for the message.
        path: The file.

    Raises:
        TypeError: If it is not a path.
        ValueError: If its folder does not exist, or its extension is not that of a picture.
    """
    from matplotlib.backend_bases import FigureCanvasBase

    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"{where}: save_to: expected a file name; received {path!r}.")
    folder, ending = os.path.dirname(os.path.abspath(path)), os.path.splitext(path)[1][1:].lower()
    if not os.path.isdir(folder):
        raise ValueError(f"{where}: save_to: there is no folder {folder!r}; make it first.")
    known = FigureCanvasBase.get_supported_filetypes()
    if ending not in known:
        raise ValueError(f"{where}: save_to: expected a name that ends in one of {sorted(known)}; received {path!r}.")


def _check_sizes(counts: list[int], w: Layers) -> None:
    shapes = [w[0].shape[1], *(len(weight) for weight in w)]
    if len(shapes) != len(counts):
        raise ValueError(
            f"draw_network: expected w to have {len(counts) - 1} arrays, one less than there are sizes; received "
            f"{len(w)}."
        )
    for layer, (count, found) in enumerate(zip(counts, shapes, strict=True)):
        if count != found:
            raise ValueError(
                f"draw_network: sizes[{layer}] (layer {layer}): expected {found}, the number of neurons in w and b; "
                f"received {count}."
            )


def _shown_neurons(count: int) -> list[int | None]:
    """The numbers of the neurons that are drawn, from top to bottom; None is a gap."""
    if count <= _MOST_NEURONS:
        return list(range(count))
    half = _MOST_NEURONS // 2
    return [*range(half), None, *range(count - half + 1, count)]


def _places(layer: int, neurons: list[int | None]) -> dict[int, tuple[float, float]]:
    """Where the neurons of a layer are, with the column centred."""
    top = (len(neurons) - 1) / 2
    return {neuron: (_GAP * layer, top - row) for row, neuron in enumerate(neurons) if neuron is not None}


def _scale(arrays: Layers) -> Any:
    """Colours for numbers, with 0 in the middle."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    largest = max(float(np.abs(array).max()) for array in arrays) or 1.0
    return ScalarMappable(Normalize(-largest, largest), _COLOURS)


def _draw_edges(axes: Any, before: dict, after: dict, weights: np.ndarray | None, colours: Any) -> None:
    from matplotlib.collections import LineCollection

    pairs = [(j, i) for j in before for i in after]
    if weights is not None:
        pairs.sort(key=lambda pair: abs(weights[pair[::-1]]))  # the strongest are drawn last, on top
    lines = [(before[j], after[i]) for j, i in pairs]
    if weights is None:
        axes.add_collection(LineCollection(lines, colors="0.6", linewidths=1.2, zorder=1))
        return
    values = np.array([weights[i, j] for j, i in pairs])
    widths = 1.0 + 3.0 * np.abs(values) / colours.norm.vmax
    # A thin dark line below, so that pale ones, near 0, are seen too.
    axes.add_collection(LineCollection(lines, colors="0.75", linewidths=widths + 0.8, zorder=1))
    axes.add_collection(LineCollection(lines, colors=colours.to_rgba(values), linewidths=widths, zorder=2))


def _draw_neurons(axes: Any, places: dict, biases: np.ndarray | None, colours: Any) -> None:
    from matplotlib.patches import Circle

    for neuron, place in places.items():
        colour = "white" if biases is None else colours.to_rgba(biases[neuron, 0])
        axes.add_patch(Circle(place, 0.3, facecolor=colour, edgecolor="black", linewidth=1.2, zorder=3))


def _label_layer(axes: Any, layer: int, count: int, rows: int, tallest: int) -> None:
    kind = ("input" if layer == 0 else "neuron") + ("" if count == 1 else "s")
    x = _GAP * layer
    axes.text(x, -tallest / 2 - 0.05, f"layer {layer}\n{count} {kind}", ha="center", va="top", fontsize=9)
    if count > _MOST_NEURONS:
        gap = (rows - 1) / 2 - _MOST_NEURONS // 2
        axes.text(x, gap, "⋮", ha="center", va="center", fontsize=18, zorder=4)


def _points(
    X: ArrayLike, y: ArrayLike, w: Layers, b: Layers, column: int
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """The points to draw, and which answer each should get."""
    if X is None:
        if y is not None:
            raise TypeError("draw_decision: y was given without X, the points it belongs to.")
        return None, None
    if y is None:
        return as_rows("draw_decision", X, w), None
    points, wanted, _, _ = as_problem("draw_decision", X, y, w, b)
    return points, wanted[:, column]


def _ranges(points: np.ndarray | None) -> list[np.ndarray]:
    """The values of both features for which the surface is computed, with a margin around the points."""
    if points is None:
        return [np.linspace(-1, 1, 201)] * 2
    low, high = points.min(axis=0), points.max(axis=0)
    margin = np.where(high > low, 0.1 * (high - low), 1.0)
    return [np.linspace(start, stop, 201) for start, stop in zip(low - margin, high + margin, strict=True)]


def _draw_points(axes: Any, points: np.ndarray, wanted: np.ndarray | None) -> None:
    if wanted is None:
        axes.scatter(*points.T, s=22, c="black")
        return
    yes = wanted > 0.5
    axes.scatter(*points[~yes].T, s=30, facecolors="white", edgecolors="black", linewidths=0.8, label="wanted: 0")
    axes.scatter(*points[yes].T, s=30, facecolors="black", edgecolors="white", linewidths=0.8, label="wanted: 1")
    axes.figure.legend(loc="outside lower center", ncols=2)


def _draw_curve(axes: Any, errors: Sequence[float]) -> None:
    axes.plot(range(len(errors)), errors)
    axes.set(title="Error curve", xlabel="epoch", ylabel="error")
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)

"""Prints a model as a table of its layers, so that shapes and parameter counts can be checked before training.

The text is the same, byte for byte, as what Keras prints. Keras leaves column widths, line breaks and cropping to a
terminal library; here they are computed below, and `tabulate` draws the lines between the finished cells.
"""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from minikeras.engine.html import html_table
from minikeras.engine.naming import printable
from minikeras.errors import ArgumentError, brief, reason
from minikeras.utils.progbar import write_text


class _Box(NamedTuple):
    """The characters of a table: the bars of header and rows, and the ends, dash and crossing of lines."""

    header_bar: str
    row_bar: str
    top: str
    below_header: str
    between_rows: str
    bottom: str


_HEAVY_HEADED = _Box("┃", "│", "┏━┳┓", "┡━╇┩", "├─┼┤", "└─┴┘")
_ASCII = _Box("|", "|", "+--+", "|-+|", "|-+|", "+--+")

# Replacements for the mark of nested layers and the ellipsis where the encoding lacks them.
_ASCII_MARKS = str.maketrans({"└": "+", "…": "."})

# Bell, backspace, vertical tab, form feed and carriage return would move the cursor out of the table.
_CURSOR_CODES = dict.fromkeys([7, 8, 11, 12, 13])

_NARROWEST_COLUMN = 4
_UNKNOWN_CONSOLE_WIDTH = 80


def print_summary(
    model: Any,
    line_length: int | None = None,
    positions: Sequence[float] | None = None,
    print_fn: Callable[[str], Any] | None = None,
    expand_nested: bool = False,
    show_trainable: bool = False,
    layer_range: Sequence[str] | None = None,
) -> None:
    """Prints the layers of a model with output shapes, parameter counts and memory use.

    Args:
        model: The model; it has a row for each entry of `model.layers`.
        line_length: Width of the table in characters; by default 88 (100 with `show_trainable`), or what fits on the
            terminal; 20 more for a model whose graph is not a chain, which has a column "Connected to". What is wider
            than the terminal is cropped.
        positions: Right ends of the columns as fractions of `line_length`, `[0.45, 0.8, 1.0]` by default, and
            `[0.3, 0.56, 0.74, 1.0]` for a graph; the column that `show_trainable` adds takes the last tenth.
        print_fn: Called once with the whole text, which ends in a newline; by default it goes to the standard output.
            The table is drawn in ASCII if the encoding of the standard output is not a Unicode one.
        expand_nested: Whether the layers of a nested model get rows of their own.
        show_trainable: Whether to add a column with `Y`, `N`, or `-` for layers without weights.
        layer_range: Two regular expressions for the start of layer names: the rows go from the first layer that
            matches one to the last that matches the other.

    Raises:
        ArgumentError: If a column would be narrower than 4 characters, `positions` has too few entries, or
            `layer_range` is not two regular expressions that each match a layer.

    Source: https://keras.io/api/models/model/#summary-method

    Example:
        >>> from types import SimpleNamespace
        >>> weights = {"trainable_weights": [], "non_trainable_weights": []}
        >>> model = SimpleNamespace(name="empty", layers=[], optimizer=None, **weights)
        >>> print_summary(model, line_length=56)
        Model: "empty"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━┓
        ┃ Layer (type)           ┃ Output Shape    ┃   Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━┩
        └────────────────────────┴─────────────────┴───────────┘
         Total params: 0 (0.00 B)
         Trainable params: 0 (0.00 B)
         Non-trainable params: 0 (0.00 B)
    """
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    box = _HEAVY_HEADED if encoding.startswith("utf") else _ASCII
    text = _summary_text(model, line_length, positions, expand_nested, show_trainable, layer_range, box)
    text = printable(text)  # class names and outputs are not checked
    if print_fn:
        print_fn(text)
    else:
        write_text(_with_ascii_marks(text, encoding))


def summary_html(model: Any) -> str:
    """Returns the summary of a model as a table in HTML, as notebooks show it.

    Args:
        model: The model; it has a row for each entry of `model.layers`.

    Returns:
        The HTML text.

    Example:
        >>> from types import SimpleNamespace
        >>> weights = {"trainable_weights": [], "non_trainable_weights": []}
        >>> model = SimpleNamespace(name="empty", layers=[], optimizer=None, **weights)
        >>> summary_html(model).partition("</p>")[0]
        '<div><p>Model: &quot;empty&quot;'
    """
    layers, nodes = _layers_and_nodes(model)
    header = ["Layer (type)", "Output Shape", "Param #"] + ([] if nodes is None else ["Connected to"])
    rows = [[printable(cell) for cell in row] for row in _layer_rows(layers, False, False, nodes)]
    return html_table(f'Model: "{model.name}"', header, rows, notes=_total_lines(model))


def layer_output_shape(layer: Any) -> Any:
    """Returns the output shape of the last call of a layer, or the one it would have after `build`.

    Args:
        layer: A layer. Its `_inbound_nodes` are read first: one node for every call on symbolic tensors, with the list
            of tensors the call returned in `node.outputs`. A layer built by hand has none; then its `output_shape`
            is taken, or `compute_output_shape` is asked, with the shapes in `_build_shapes_dict` (None before `build`)
            that the layer was built for.

    Returns:
        A shape, with None for a dimension that is not known yet, such as the batch size; for several outputs a list,
        tuple or dict of shapes. None if the layer was neither called nor built, or has no `compute_output_shape`.

    Example:
        >>> from types import SimpleNamespace
        >>> node = SimpleNamespace(outputs=[SimpleNamespace(shape=(None, 10))])
        >>> layer_output_shape(SimpleNamespace(_inbound_nodes=[node]))
        (None, 10)
    """
    if layer._inbound_nodes:
        shapes = [tuple(output.shape) for output in layer._inbound_nodes[-1].outputs]
        return shapes[0] if len(shapes) == 1 else shapes
    if not layer._build_shapes_dict or hasattr(type(layer).compute_output_shape, "is_default"):
        return None
    if hasattr(layer, "output_shape"):
        return tuple(layer.output_shape)
    try:
        return layer.compute_output_shape(**layer._build_shapes_dict)
    except NotImplementedError:
        return None


# What the summary says.


def _summary_text(
    model: Any,
    line_length: int | None,
    positions: Sequence[float] | None,
    expand_nested: bool,
    show_trainable: bool,
    layer_range: Sequence[str] | None,
    box: _Box,
) -> str:
    """Writes the summary; the arguments are those of `print_summary`, and the lines to draw with."""
    layers, nodes = _layers_and_nodes(model)
    connected = nodes is not None
    header, aligns = ["Layer (type)", "Output Shape", "Param #"], ["left", "left", "right"]
    width, ends = (108, [0.3, 0.56, 0.74, 1.0]) if connected else (88, [0.45, 0.8, 1.0])
    ends = list(positions or ends)
    if connected:
        header, aligns = [*header, "Connected to"], [*aligns, "left"]
    if show_trainable:
        header, aligns, width = [*header, "Trainable"], [*aligns, "center"], width + 12
        ends = [0.9 * end for end in ends] + [1.0]
    import shutil

    line_length = line_length or min(width, shutil.get_terminal_size().columns - 4)
    widths = _fit_widths(_text_widths(ends, line_length, len(header)), line_length)
    first, stop = _bounds_of_range(layers, layer_range)
    rows = list(_layer_rows(layers[first:stop], expand_nested, show_trainable, nodes))

    console_width = _console_width()
    lines = _wrap(f'Model: "{model.name}"', console_width, fold=True)
    lines += [_crop(line, console_width) for line in _table_lines(header, rows, widths, aligns, box)]
    for line in _total_lines(model):
        lines += _wrap(line, console_width, fold=True)
    return "".join(f"{line}\n" for line in lines)


def _layers_and_nodes(model: Any) -> tuple[Sequence[Any], frozenset | None]:
    """Returns what has a row, and the nodes of the graph if it is not a chain, so that connections are shown."""
    graph = model._function if getattr(model, "_is_functional", False) else None
    layers = model.layers if graph is None else graph.operations
    return layers, None if graph is None or _is_chain(graph) else frozenset(graph.nodes)


def _is_chain(graph: Any) -> bool:
    """Tells whether a graph is a chain: each operation is called once, on the output of the one before."""
    levels = list(graph.nodes_by_depth.values())
    single = all(len(nodes) == 1 and len(nodes[0].input_tensors) <= 1 for nodes in levels)
    return single and len({nodes[0].operation for nodes in levels}) == len(levels)


def _layer_rows(
    layers: Sequence[Any], expand_nested: bool, show_trainable: bool, nodes: frozenset | None
) -> Iterator[list[str]]:
    """Yields the cells of each layer, those of a nested model followed by its layers.

    If the nodes of a graph are given, there is a column with the calls that produce the inputs.
    """
    stack = [(layer, ()) for layer in reversed(layers)]  # with the models that contain it
    while stack:
        layer, around = stack.pop()
        prefix = "   " * len(around) + "└ " if around else ""
        row = [
            f"{prefix}{layer.name} ({getattr(layer, 'class_name', type(layer).__name__)})",
            _shape_text(layer_output_shape(layer)),
            f"{layer.count_params():,}" if getattr(layer, "built", False) else "0 (unbuilt)",
        ]
        if not hasattr(layer, "built"):
            row[2] = "0"
        if nodes is not None:
            row.append(_connections(layer, nodes))
        if show_trainable:
            row.append(("Y" if layer.trainable else "N") if getattr(layer, "weights", None) else "-")
        yield row
        if expand_nested and getattr(layer, "layers", None) and layer not in around:
            stack += [(inner, (*around, layer)) for inner in reversed(layer.layers)]


def _connections(layer: Any, nodes: frozenset) -> str:
    """Formats the sources of a layer's inputs: operation, index of the call, index of the output."""
    histories = [
        tensor._keras_history for node in layer._inbound_nodes if node in nodes for tensor in node.input_tensors
    ]
    return ", ".join(f"{operation.name}[{node}][{output}]" for operation, node, output in histories) or "-"


def _shape_text(shape: Any) -> str:
    """Formats a shape, or a list, tuple or dict of shapes; a single one without its container."""
    if shape is None:
        return "?"
    texts = _shape_texts(shape)
    while not isinstance(texts, str) and len(texts) == 1:
        (texts,) = texts.values() if isinstance(texts, dict) else texts
    return str(texts).replace("'", "")


def _shape_texts(shape: Any) -> Any:
    """Replaces each shape in a list, tuple or dict by its text."""
    if isinstance(shape, dict):
        return {name: _shape_texts(entry) for name, entry in shape.items()}
    if any(isinstance(entry, (list, tuple, dict)) for entry in shape):
        return type(shape)([_shape_texts(entry) for entry in shape])
    return f"({', '.join(map(str, shape))})"


def _total_lines(model: Any) -> list[str]:
    """Formats the parameter counts below the table; the optimizer has a line once it is built."""
    trainable, frozen = list(model.trainable_weights), list(model.non_trainable_weights)
    optimizer = model.optimizer
    has_slots = optimizer is not None and optimizer.built
    slots = list(optimizer.variables) if has_slots else []
    groups = [("Trainable", [trainable]), ("Non-trainable", [frozen])] + ([("Optimizer", [slots])] if has_slots else [])
    lines = []
    for title, parts in [("Total", [trainable, frozen, slots]), *groups]:
        count = sum(math.prod(weight.shape) for part in parts for weight in part)
        lines.append(f" {title} params: {count:,} ({_size_text(sum(map(_bytes_of, parts)))})")
    return lines


def _bytes_of(weights: Sequence[Any]) -> float:
    """Returns the memory of weights in bytes, counting each once."""
    distinct = {id(weight): weight for weight in weights}.values()
    return sum(math.prod(weight.shape) * _bits_of(weight.dtype) for weight in distinct) / 8


def _bits_of(dtype: Any) -> int:
    """Returns the bits per element; as in Keras, a bool counts as one bit, although numpy stores it in a byte."""
    name = str(getattr(dtype, "name", dtype))
    number = re.fullmatch(r"(?:float|bfloat|int|uint)(\d+)", name)
    if name != "bool" and number is None:
        raise ArgumentError(
            f"Summary: expected weights of a float, int or bool dtype, received a weight of dtype '{name}'."
        )
    return 1 if number is None else int(number[1])


def _size_text(size: float) -> str:
    """Formats a number of bytes in the largest unit that keeps it below 1024."""
    for unit in ["B", "KB", "MB", "GB", "TB"]:
        if size < 1024:
            return f"{size:.2f} {unit}"
        size /= 1024
    return f"{size:.2f} PB"


def _bounds_of_range(layers: Sequence[Any], layer_range: Sequence[str] | None) -> tuple[int, int]:
    """Returns the indices of the first layer to print and of the one after the last, by two regular expressions."""
    if layer_range is None:
        return 0, len(layers)
    if len(layer_range) != 2 or not all(isinstance(pattern, str) for pattern in layer_range):
        raise ArgumentError(
            "Summary: expected layer_range to be two strings, the names of the first and the last layer to print. "
            f"Received: layer_range={brief(layer_range)}"
        )
    found = []
    for pattern in layer_range:
        try:
            name = re.compile(pattern)
        except re.error as error:
            raise ArgumentError(
                f"Summary: expected layer_range to be two regular expressions, but {pattern!r} is none: "
                f"{reason(error)}."
            ) from None
        indices = [index for index, layer in enumerate(layers) if name.match(layer.name)]
        if not indices:
            raise ArgumentError(
                f"Summary: expected layer_range to name layers of the model, but none matches {pattern!r}. "
                f"The layers are {[layer.name for layer in layers]}. Received: layer_range={brief(layer_range)}"
            )
        found.append(indices)
    lower, upper = found
    if lower[0] > upper[-1]:
        lower, upper = upper, lower
    return lower[0], upper[-1] + 1


# Column widths.


def _console_width() -> int:
    """Returns the width of the terminal, from any of the standard streams: the output is often redirected."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    for descriptor in (0, 1, 2):
        try:
            return os.get_terminal_size(descriptor).columns or _UNKNOWN_CONSOLE_WIDTH
        except OSError:
            continue
    return _UNKNOWN_CONSOLE_WIDTH


def _text_widths(ends: Sequence[float], line_length: int, columns: int) -> list[int]:
    """Converts the right ends of the columns to widths."""
    if len(ends) < columns:
        raise ArgumentError(
            f"Summary: expected positions with an entry for each of the {columns} columns of the table. "
            f"Received: {len(ends)} entries (the one for show_trainable is added for you)."
        )
    widths, start = [], 0
    for end in ends:
        width = int(end * line_length) - start
        if width < _NARROWEST_COLUMN:
            raise ArgumentError(
                f"Summary: expected every column to be at least {_NARROWEST_COLUMN} characters wide, but positions and "
                f"line_length={line_length} give column {len(widths) + 1} a width of {width}. Pass a larger "
                "line_length, increasing positions, or use a wider terminal."
            )
        widths.append(width)
        start += width
    return widths[:columns]


def _fit_widths(text_widths: Sequence[int], line_length: int) -> list[int]:
    """Adds a space on both sides of each column, then fits the table to `line_length`.

    Excess is removed evenly from the columns; missing width is added in proportion to their widths.
    """
    room = max(0, line_length - len(text_widths) - 1)
    widths = [min(width + 2, room) or 1 for width in text_widths]
    missing = room - sum(widths)
    fitted = []
    for index, width in enumerate(widths):
        if missing > 0:
            change = math.ceil(width * missing / sum(widths[index:]))
        else:
            change = max(-width, round(missing / (len(widths) - index)))
        fitted.append(width + change)
        missing -= change
    return fitted


def _char_cells(char: str) -> int:
    """Returns the number of terminal cells of a character: 0 for a combining accent, 2 for a wide character."""
    import unicodedata

    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Mc", "Cf", "Cc"):
        return 0
    return 2 if category != "Cn" and unicodedata.east_asian_width(char) in "WF" else 1


def _cells(text: str) -> int:
    """Returns the number of terminal cells of a text."""
    return sum(map(_char_cells, text))


def _fitting(text: str, width: int) -> int:
    """Returns the number of leading characters that fit into `width` cells."""
    used = 0
    for index, char in enumerate(text):
        used += _char_cells(char)
        if used > width:
            return index
    return len(text)


# Where lines break, and how they are drawn.


def _crop(text: str, width: int) -> str:
    """Crops a text to `width` cells; half of a wide character becomes a space."""
    kept = text[: _fitting(text, width)]
    return kept if kept == text else kept + " " * (width - _cells(kept))


def _break_points(line: str, width: int, fold: bool) -> list[int]:
    """Returns the indices at which lines start: at words, or within a word too long for a line if `fold`."""
    points, used = [], 0
    for word in re.finditer(r"\s*\S+\s*", line):
        text, start = word[0], word.start()
        length = _cells(text.rstrip())
        if length <= width - used:
            used += _cells(text)
            continue
        while fold and length > width and _fitting(text, width) < len(text):
            points.append(start)
            taken = max(1, _fitting(text, width))
            text, start = text[taken:], start + taken
        points.append(start)
        used = _cells(text)
    return [point for point in points if point]


def _expand_tabs(line: str) -> str:
    """Replaces tabs by spaces up to the next multiple of 8 cells."""
    expanded, *parts = line.split("\t")
    for part in parts:
        expanded += " " * (8 - _cells(expanded) % 8) + part
    return expanded


def _wrap(text: str, width: int, fold: bool) -> list[str]:
    """Wraps a text to lines of `width` cells; without `fold`, longer words are kept whole."""
    lines = []
    for line in text.translate(_CURSOR_CODES).split("\n"):
        line = _expand_tabs(line)
        points = _break_points(line, width, fold)
        for start, end in zip([0, *points], [*points, len(line)], strict=True):
            part = line[start:end]
            spaces = len(part) - len(part.rstrip())
            part = part[: len(part) - min(spaces, max(0, len(part) - width))]
            lines.append(_crop(part, width) if fold else part)
    return lines


def _cell_lines(text: str, width: int, align: str) -> list[str]:
    """Wraps the text of a cell to lines padded to the column width; words too long for it end in an ellipsis."""
    inner = width - 2
    lines = []
    for line in _wrap(text, inner, fold=False) if inner > 0 else ():
        if align != "left":
            line = line.rstrip()
        if _cells(line) > inner:
            line = _crop(line, inner - 1) + "…"
        space = inner - _cells(line)
        left = {"left": 0, "center": space // 2, "right": space}[align]
        lines.append(" " * (left + 1) + line + " " * (space - left + 1))
    return lines


def _stack(cells: list[list[str]], widths: Sequence[int], at_bottom: bool) -> list[list[str]]:
    """Pads the cells of a row to equal height with blank lines, and returns the row line by line."""
    height = max(1, *map(len, cells))
    columns = []
    for lines, width in zip(cells, widths, strict=True):
        blank = [" " * width] * (height - len(lines))
        columns.append(blank + lines if at_bottom else lines + blank)
    return [list(line) for line in zip(*columns, strict=True)]


def _table_lines(
    header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], aligns: Sequence[str], box: _Box
) -> list[str]:
    """Draws the table: the header, and below it the rows with lines between them."""
    from tabulate import SEPARATING_LINE, DataRow, TableFormat, tabulate

    def edge(ends: str, *_measured: Any) -> str:
        left, dash, crossing, right = ends
        return left + crossing.join(dash * width for width in widths) + right

    def draw(lines: list[Any], bar: str, edges: Sequence[str | None]) -> list[str]:
        # The edges are given as functions because tabulate would measure the cells in characters: an accent that
        # combines with its letter is two of them. The one it draws for a separating line is the one below the header.
        above, between, below = (ends and partial(edge, ends) for ends in edges)
        bars = DataRow(bar, bar, bar)
        style = TableFormat(above, between, None, below, bars, bars, padding=0, with_header_hide=None)
        return tabulate(lines, tablefmt=style, stralign=None, disable_numparse=True).split("\n")

    def cells(row: Sequence[str]) -> list[list[str]]:
        return [_cell_lines(*cell) for cell in zip(row, widths, aligns, strict=True)]

    # tabulate cannot wrap headers in custom formats, so header and rows are drawn separately.
    header_lines = _stack(cells(header), widths, at_bottom=True)
    head = draw(header_lines, box.header_bar, [box.top, None, box.below_header])
    if not rows:
        return [*head, edge(box.bottom)]
    body: list[Any] = []
    for row in rows:
        body += [SEPARATING_LINE] if body else []
        body += _stack(cells(row), widths, at_bottom=False)
    return head + draw(body, box.row_bar, [None, box.between_rows, box.bottom])


def _with_ascii_marks(text: str, encoding: str) -> str:
    """Replaces the marks of nested layers and the ellipses if the encoding of the console lacks them."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_ASCII_MARKS)
    return text

"""Draws a diagram with matplotlib."""

import io
from typing import Any

from ...errors import ArgumentError, warn_user
from .diagram import Box, Cell, Diagram
from .layout import Layout, Line

_TITLE, _TEXT = 12.0, 11.0  # font sizes, in points
_PAD = 7.0
_MARGIN = 8.0
_HEAD = 8.0  # length of the head of an arrow
_PIXELS = 2**16 - 1  # the largest width and height that matplotlib draws
_BORDER = 1.0


class _Fonts:
    """Measures texts, in points."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, float, bool], float] = {}

    def width(self, text: str, size: float, bold: bool) -> float:
        """Returns the width of a text in one line."""
        key = (text, size, bold)
        if key not in self._known:
            from matplotlib.font_manager import FontProperties
            from matplotlib.textpath import text_to_path

            font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "regular", size=size)
            self._known[key] = text_to_path.get_text_width_height_descent(text, font, False)[0] if text else 0.0
        return self._known[key]

    def of(self, parts: list[tuple[str, bool]], size: float) -> float:
        """Returns the width of a text of regular and bold parts."""
        return sum(self.width(text, size, bold) for text, bold in parts)


def _title_parts(box: Box) -> list[tuple[str, bool]]:
    if box.name is None:
        return [(box.class_name, True)]
    return [(box.name, True), (f" ({box.class_name})", False)]


def _rows(box: Box) -> list[tuple[float, list[Cell | list[tuple[str, bool]]]]]:
    """Returns the rows of a box: the size of the font, and the cells."""
    rows: list[Any] = [(_TITLE, [_title_parts(box)])]
    if box.activation is not None:
        rows.append((_TEXT, [Cell("Activation: ", box.activation)]))
    if box.cells:
        rows.append((_TEXT, box.cells))
    return rows


def _parts(cell: Any) -> list[tuple[str, bool]]:
    return [(cell.label, False), (cell.value, True)] if isinstance(cell, Cell) else cell


class Picture:
    """A diagram as a figure of matplotlib.

    Args:
        diagram: The diagram.
        rankdir: The direction of the arrows: "TB", "BT", "LR" or "RL".
        splines: How lines run: "ortho", "polyline", "line", "spline" or "curved".
    """

    def __init__(self, diagram: Diagram, rankdir: str = "TB", splines: str = "ortho"):
        self._fonts = _Fonts()
        self._rankdir, self._splines = rankdir, splines
        self._is_vertical = rankdir in ("TB", "BT")
        self.layout = Layout(diagram, self._flow_size, self._title_room)
        across, along = self.layout.width, self.layout.height
        size = (across, along) if self._is_vertical else (along, across)
        self.width, self.height = size[0] + 2 * _MARGIN, size[1] + 2 * _MARGIN

    def _size(self, box: Box) -> tuple[float, float]:
        """Returns the width and height of a box."""
        width = height = 0.0
        for size, cells in _rows(box):
            width = max(width, sum(self._fonts.of(_parts(cell), size) + 2 * _PAD for cell in cells))
            height += size + 2 * _PAD
        return width, height

    def _flow_size(self, box: Box) -> tuple[float, float]:
        width, height = self._size(box)
        return (width, height) if self._is_vertical else (height, width)

    def _title_room(self, diagram: Diagram) -> tuple[float, float, float, float]:
        height = _TEXT + _PAD
        width = self._fonts.width(diagram.name, _TEXT, False) + 2 * _PAD
        if not self._is_vertical:
            return (height, 0.0, 0.0, 0.0)
        return (0.0, height, 0.0, width) if self._rankdir == "TB" else (0.0, 0.0, height, width)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        """Returns a point of the layout in the picture, whose y axis points down."""
        if self._rankdir in ("BT", "RL"):
            y = self.layout.height - y
        return (x + _MARGIN, y + _MARGIN) if self._is_vertical else (y + _MARGIN, x + _MARGIN)

    def figure(self) -> Any:
        """Returns the figure."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(self.width / 72, self.height / 72), facecolor="white")
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, self.width)
        axes.set_ylim(self.height, 0)
        axes.axis("off")
        for own in self.layout.rectangles:
            corners = [self._point(own.x, own.y), self._point(own.x + own.width, own.y + own.height)]
            left, right = sorted(x for x, _ in corners)
            top, bottom = sorted(y for _, y in corners)
            if isinstance(own.content, Box):
                self._draw_box(axes, own.content, left, top, right - left, bottom - top)
            else:
                self._draw_frame(axes, own.content, left, top, right - left, bottom - top)
        for line in self.layout.lines:
            self._draw_line(axes, line)
        return figure

    def _draw_frame(self, axes: Any, diagram: Diagram, x: float, y: float, width: float, height: float) -> None:
        from matplotlib.patches import Rectangle

        axes.add_patch(Rectangle((x, y), width, height, fill=False, edgecolor="black", linestyle="--", linewidth=0.8))
        self._text(axes, [(diagram.name, False)], x + _PAD, y + _PAD / 2 + _TEXT / 2, _TEXT, "black")

    def _draw_box(self, axes: Any, box: Box, x: float, y: float, width: float, height: float) -> None:
        from matplotlib.patches import Rectangle

        rows = _rows(box)
        axes.add_patch(Rectangle((x, y), width, height, facecolor="black", edgecolor="black", linewidth=_BORDER))
        spare = (height - sum(size + 2 * _PAD for size, _ in rows)) / len(rows)
        for size, cells in rows:
            tall = size + 2 * _PAD + spare
            widths = [self._fonts.of(_parts(cell), size) + 2 * _PAD for cell in cells]
            wider = (width - sum(widths)) / len(cells)
            left = x
            for cell, own in zip(cells, widths, strict=True):
                color = "white"
                if isinstance(cell, Cell):
                    color = cell.color
                    place = Rectangle((left, y), own + wider, tall)
                    place.set(facecolor=cell.background, edgecolor="black", linewidth=_BORDER)
                    axes.add_patch(place)
                self._text(axes, _parts(cell), left + wider / 2 + _PAD, y + tall / 2, size, color)
                left += own + wider
            y += tall

    def _text(self, axes: Any, parts: list[tuple[str, bool]], x: float, y: float, size: float, color: str) -> None:
        for text, bold in parts:
            style = {"family": "DejaVu Sans", "weight": "bold" if bold else "regular", "size": size, "color": color}
            axes.text(x, y, text, va="center_baseline", ha="left", parse_math=False, **style)
            x += self._fonts.width(text, size, bold)

    def _draw_line(self, axes: Any, line: Line) -> None:
        from matplotlib.patches import PathPatch, Polygon

        points, is_curved = _route(line, self._splines)
        points = [self._point(*point) for point in points]
        if line.has_head:
            (x, y), end = points[-2:]
            length = ((end[0] - x) ** 2 + (end[1] - y) ** 2) ** 0.5
            dx, dy = (end[0] - x) / length, (end[1] - y) / length
            base = (end[0] - dx * _HEAD, end[1] - dy * _HEAD)
            sides = [(base[0] + sign * dy * _HEAD / 2.4, base[1] - sign * dx * _HEAD / 2.4) for sign in (1, -1)]
            axes.add_patch(Polygon([end, *sides], facecolor="black", linewidth=0))
            points[-1] = base
        style = {"fill": False, "edgecolor": "black", "linewidth": 1.3, "capstyle": "projecting", "joinstyle": "round"}
        axes.add_patch(PathPatch(_path(points, is_curved), **style))


def _route(line: Line, splines: str) -> tuple[list[tuple[float, float]], bool]:
    """Returns the points of a line, and whether the inner four of six are those of a curve."""
    if splines == "ortho" or line.bend is None or len(line.points) == 2:
        return line.points, False
    (x, top), (end_x, low) = line.points[0], line.points[-1]
    start, end = line.bend
    if splines in ("line", "polyline"):
        return [(x, top), (x, start), (end_x, end), (end_x, low)], False
    middle = (start + end) / 2
    return [(x, top), (x, start), (x, middle), (end_x, middle), (end_x, end), (end_x, low)], True


def _path(points: list[tuple[float, float]], is_curved: bool) -> Any:
    from matplotlib.path import Path

    if not is_curved:
        return Path(points)
    return Path(points, [Path.MOVETO, Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO])


def render(picture: Picture, kind: str, dpi: float) -> bytes:
    """Returns a picture in a file format of matplotlib.

    Args:
        picture: The picture.
        kind: The format, such as "png".
        dpi: Dots per inch.

    Raises:
        ArgumentError: If there is no such format.
    """
    figure = picture.figure()
    kinds = sorted(figure.canvas.get_supported_filetypes())
    if kind not in kinds:
        raise ArgumentError(f"`plot_model`: expected a file that ends in one of {kinds}. Received: .{kind}")
    largest = max(picture.width, picture.height) / 72
    if largest * dpi > _PIXELS and kind not in ("pdf", "svg", "svgz", "eps", "ps", "pgf"):
        reduced = int(_PIXELS / largest)
        warn_user(
            f"`plot_model`: the picture is {largest:.0f} inches long, too long for matplotlib at {dpi} dots per inch, "
            f"so it is drawn at {reduced}. Save it as .pdf or .svg, or pass a smaller `dpi`.",
            UserWarning,
        )
        dpi = reduced
    stream = io.BytesIO()
    figure.savefig(stream, format=kind, dpi=dpi)
    return stream.getvalue()

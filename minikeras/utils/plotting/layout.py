"""The layout of a diagram: rectangles of boxes and frames, and the lines between them, in points.

Each nested model is laid out by itself and is one large item of the model around it. Where an arrow crosses its frame,
it has a port: an item in the first or last row inside, and a point of the frame's edge outside.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from .channels import Wire, set_tracks
from .diagram import Box, Diagram
from .positions import set_positions, spread_between
from .ranks import Item, Link, Rows, choose_rows

GAP = 18.0  # between boxes of a row
_LANE = 10.0
_TRACK = 9.0  # between horizontal lines
_ENTRY = 14.0  # between the arrows that enter a box
_LEAD = 13.0  # from the last horizontal line to a box: room for the head of an arrow
_START = 9.0  # from a box to the first horizontal line
_FRAME = 12.0  # from a frame to what is in it


class Line(NamedTuple):
    """A line of horizontal and vertical pieces.

    Attributes:
        points: Its corners.
        bend: Where it may leave the vertical instead, from which y to which; None for a line that turns around.
        has_head: Whether it ends in the head of an arrow.
    """

    points: list[tuple[float, float]]
    bend: tuple[float, float] | None
    has_head: bool


class Rectangle(NamedTuple):
    """A rectangle, by the corner with the smallest coordinates.

    Attributes:
        content: The box or diagram in it.
    """

    x: float
    y: float
    width: float
    height: float
    content: Any


class Layout:
    """A diagram laid out, with arrows that point in the direction of ascending y.

    Args:
        diagram: The diagram.
        size_of: The size of a box: across the arrows, and along them.
        title_of: The room that the title of a frame needs: on the side of small x, on that of small y, on that of large
            y, and its width if it is on one of the latter.

    Attributes:
        width: The size across the arrows.
        height: The size along them.
        rectangles: The boxes and frames; a frame before what is in it.
        lines: The lines.
    """

    def __init__(
        self,
        diagram: Diagram,
        size_of: Callable[[Box], tuple[float, float]],
        title_of: Callable[[Diagram], tuple[float, float, float, float]],
    ):
        self._size_of, self._title_of = size_of, title_of
        self.rectangles: list[Rectangle] = []
        self.lines: list[Line] = []
        level = _Level(self, diagram, _tree_edges(diagram), is_nested=False)
        self.width, self.height = level.width, level.height
        level.place(0.0, 0.0)


def _tree_edges(diagram: Diagram) -> list[tuple[list[int], list[int]]]:
    """Returns the arrows as pairs of paths: the keys of the frames around a box, from outside, and its own."""
    paths: dict[int, list[int]] = {}
    edges: list[tuple[int, int]] = []

    def visit(own: Diagram, path: list[int]) -> None:
        edges.extend(own.edges)
        for item in own.items:
            if isinstance(item, Diagram):
                visit(item, [*path, item.key])
            else:
                paths[item.key] = [*path, item.key]

    visit(diagram, [])
    unique = dict.fromkeys(edges)
    return [(paths[source], paths[target]) for source, target in unique if source in paths and target in paths]


class _Level:
    """One diagram, with each frame in it as one item.

    An arrow of this level is a pair of paths; one that is empty means that the arrow crosses the frame there. Its net
    is the key of the box where it starts.
    """

    def __init__(self, layout: Layout, diagram: Diagram, edges: list[tuple[list[int], list[int]]], is_nested: bool):
        self.layout, self.diagram = layout, diagram
        self.levels: dict[int, _Level] = {}
        self.items: dict[Any, Item] = {}
        self.links: list[Link] = []
        inner = self._sort(edges)
        for item in diagram.items:
            if isinstance(item, Diagram):
                level = self.levels[item.key] = _Level(layout, item, inner.get(item.key, []), True)
                self.items[item.key] = Item(level.width, level.height, item)
            else:
                across, along = layout._size_of(item)
                arrows = len({source for source, target in self.ends if target == item.key})
                self.items[item.key] = Item(max(across, (arrows + 1) * _LANE), along, item)
        self._connect()
        choose_rows(list(self.items.values()), self.links)
        self.rows = Rows(list(self.items.values()), self.links, _LANE)
        self._set_frame_ports()
        set_positions(self.rows, GAP)
        self._set_entries()
        self._set_size(is_nested)

    def _sort(self, edges: list[tuple[list[int], list[int]]]) -> dict[int, list[Any]]:
        """Sorts arrows into those of this level, `ends`, and parts of them inside of frames.

        Paths start with the net, the key of the box where the arrow starts, once a piece is cut off.
        """
        self.ends: dict[tuple[Any, Any], list[tuple[int, int]]] = {}
        inner: dict[int, list[Any]] = {}
        for source, target in edges:
            net = source[-1]
            if source and target and source[0] == target[0] and len(source) > 1 and len(target) > 1:
                inner.setdefault(source[0], []).append((source[1:], target[1:]))
                continue
            start = ("in", net) if source[0] == "outside" else source[0]
            end = ("out", net) if target[0] == "outside" else target[0]
            self.ends.setdefault((start, end), []).append(net)
            if source[0] != "outside" and len(source) > 1:
                inner.setdefault(source[0], []).append((source[1:], ["outside"]))
            if target[0] != "outside" and len(target) > 1:
                inner.setdefault(target[0], []).append((["outside", net], target[1:]))
        return inner

    def _connect(self) -> None:
        for (start, end), nets in self.ends.items():
            for key in (start, end):
                if isinstance(key, tuple) and key not in self.items:
                    port = self.items[key] = Item(_LANE, 0)
                    port.is_first, port.is_last = key[0] == "in", key[0] == "out"
            for net in dict.fromkeys(nets):
                self.links.append(Link(net, self.items[start], self.items[end]))

    def _set_frame_ports(self) -> None:
        """Takes over where arrows enter and leave the frames in this level."""
        for key, level in self.levels.items():
            for name, x in level.ports.items():
                ends = self.items[key].entries if name[0] == "in" else self.items[key].exits
                ends[name[1]] = x - level.width / 2

    def _set_entries(self) -> None:
        """Chooses where arrows enter boxes: straight from above, if they do not get too near to each other."""
        arriving: dict[Item, list[tuple[float, Any]]] = {}
        for pieces in self.rows.down:
            for net, upper, lower in pieces:
                arriving.setdefault(lower, []).append((upper.x + upper.exits.get(net, 0.0), net))
        for pieces in self.rows.turns:
            for net, upper, lower in pieces:
                if upper.is_lane:  # it comes from the lane above
                    arriving.setdefault(lower, []).append((upper.x, (net, "back")))
        for item, lines in arriving.items():
            if isinstance(item.content, Box):
                lines.sort(key=lambda line: line[0])
                half = max(item.width / 2 - _LANE, 0.0)
                places = spread_between([x - item.x for x, _ in lines], -half, half, _ENTRY)
                if len(lines) == 1 and abs(places[0]) > 0.5:
                    places = [0.0]
                item.entries = {net: x for (_, net), x in zip(lines, places, strict=True)}

    def _wires(self, gap: int) -> dict[Any, Wire]:
        wires: dict[Any, Wire] = {}
        for net, upper, lower in self.rows.down[gap]:
            wire = wires.setdefault(net, Wire([], []))
            wire.tops.append(upper.x + upper.exits.get(net, 0.0))
            wire.bottoms.append(lower.x + lower.entries.get(net, 0.0))
        for net, upper, lower in self.rows.turns[gap]:
            if upper.is_lane:
                wire = wires.setdefault((net, "back"), Wire([], []))
                wire.bottoms += [upper.x, lower.x + lower.entries.get((net, "back"), lower.entries.get(net, 0.0))]
            else:
                wire = wires.setdefault(net, Wire([], []))
                wire.tops += [upper.x + upper.exits.get(net, 0.0), lower.x]
        return wires

    def _set_size(self, is_nested: bool) -> None:
        """Sets where rows and gaps begin, and the extent of the whole."""
        self.gaps = [self._wires(gap) for gap in range(len(self.rows.rows) + 1)]
        ends = [end for wires in self.gaps for wire in wires.values() for end in wire.span]
        items = [item for row in self.rows.rows for item in row]
        left = min([item.x - item.width / 2 for item in items if item.content is not None] + ends)
        right = max([item.x + item.width / 2 for item in items if item.content is not None] + ends)
        low = high = 0.0
        if is_nested:
            side, low, high, title = self.layout._title_of(self.diagram)
            left, right = left - _FRAME - side, right + _FRAME
            ports = [item.x for key, item in self.items.items() if isinstance(key, tuple)]
            left = min(left, min(ports, default=right) - title)  # lines do not cross the title
            right = max(right, left + title)
        self.left, self.width = left, right - left
        self.ports = {key: item.x - left for key, item in self.items.items() if isinstance(key, tuple)}
        self.tops: list[float] = []
        self.starts: list[float] = []
        y = 0.0
        for gap, wires in enumerate(self.gaps):
            self.starts.append(y)
            y += self._gap_height(gap, wires, low, high, is_nested)
            if gap < len(self.rows.rows):
                self.tops.append(y)
                y += max(item.height for item in self.rows.rows[gap])
        self.height = y

    def _gap_height(self, gap: int, wires: dict[Any, Wire], low: float, high: float, is_nested: bool) -> float:
        tracks, last = set_tracks(wires), len(self.rows.rows)
        if gap in (0, last):
            height = _START + tracks * _TRACK + _LEAD if tracks else 0.0
            if is_nested and not self._has_port(0 if gap == 0 else -1):
                height += _FRAME + (low if gap == 0 else high)
            return height
        height = _START + max(tracks - 1, 0) * _TRACK + _LEAD
        height += low if gap == 1 and self._has_port(0) else 0.0
        return height + (high if gap == last - 1 and self._has_port(-1) else 0.0)

    def place(self, x: float, y: float) -> None:
        """Adds the rectangles and lines to the layout, with the corner of the diagram at a point."""
        out = self.layout
        shift = x - self.left
        for number, row in enumerate(self.rows.rows):
            height = max(item.height for item in row)
            for item in row:
                left = shift + item.x - item.width / 2
                top = y + self.tops[number] + (height - item.height) / 2
                if item.content is not None:
                    out.rectangles.append(Rectangle(left, top, item.width, item.height, item.content))
                if isinstance(item.content, Diagram):
                    self.levels[item.content.key].place(left, top)
        for gap in range(len(self.gaps)):
            self._draw_gap(gap, shift, y)

    def _draw_gap(self, gap: int, shift: float, y: float) -> None:
        start, end = y + self.starts[gap], y + (self.height if gap == len(self.tops) else self.tops[gap])
        first = start + _START
        if gap == 1 and self._has_port(0):
            first = end - _LEAD - _TRACK * max(self._tracks(gap) - 1, 0)  # below the title of the frame
        bend = (first - _START, end - _LEAD)
        wires = self.gaps[gap]
        for net, upper, lower in self.rows.down[gap]:
            track = wires[net].track
            x, end_x = shift + upper.x + upper.exits.get(net, 0.0), shift + lower.x + lower.entries.get(net, 0.0)
            # A lane is drawn with the piece below it.
            top = self._top_of(upper, y) if upper.is_lane else self._bottom_of(upper, y)
            low = self._top_of(lower, y)
            if track is None:
                self._add_line([(end_x, top), (end_x, low)], bend, lower)
                continue
            level = first + track * _TRACK
            self._add_line([(x, top), (x, level), (end_x, level), (end_x, low)], bend, lower)
        for net, upper, lower in self.rows.turns[gap]:
            if upper.is_lane:  # it comes up in a lane, and enters an item below
                level = first + wires[(net, "back")].track * _TRACK
                x, top, low = shift + upper.x, self._top_of(upper, y), self._top_of(lower, y)
                end_x = shift + lower.x + lower.entries.get((net, "back"), lower.entries.get(net, 0.0))
            else:
                level = first + wires[net].track * _TRACK
                x, top = shift + upper.x + upper.exits.get(net, 0.0), self._bottom_of(upper, y)
                end_x, low = shift + lower.x, self._top_of(lower, y)
            self._add_line([(x, top), (x, level), (end_x, level), (end_x, low)], None, lower)

    def _add_line(self, points: list[tuple[float, float]], bend: tuple[float, float] | None, lower: Item) -> None:
        corners = [point for point, before in zip(points, [None, *points], strict=False) if point != before]
        self.layout.lines.append(Line(corners, bend, isinstance(lower.content, Box)))

    def _has_port(self, row: int) -> bool:
        return any(item.is_first or item.is_last for item in self.rows.rows[row])

    def _tracks(self, gap: int) -> int:
        return 1 + max((wire.track for wire in self.gaps[gap].values() if wire.track is not None), default=-1)

    def _row_height(self, row: int) -> float:
        return max(item.height for item in self.rows.rows[row])

    def _top_of(self, item: Item, y: float) -> float:
        space = 0.0 if item.is_lane else (self._row_height(item.row) - item.height) / 2
        return y + self.tops[item.row] + space

    def _bottom_of(self, item: Item, y: float) -> float:
        return self._top_of(item, y) + item.height

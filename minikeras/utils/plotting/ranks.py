"""Rows of a layered drawing: in which row each item is, and in which order the items of a row are.

The steps are those of K. Sugiyama, S. Tagawa and M. Toda, "Methods for visual understanding of hierarchical system
structures" (1981): break cycles, choose rows, give long arrows a lane in each row that they pass, and order the rows so
that few arrows cross.
"""

from collections import defaultdict
from typing import Any

_SWEEPS = 12


class Item:
    """Something in a row: a box, a frame, a lane in which an arrow passes the row, or the port of a frame.

    Args:
        width: Its size across the arrows, in points.
        height: Its size along the arrows, in points.
        content: What is drawn there; None for lanes and ports.

    Attributes:
        row: The index of its row.
        x: The position of its center, across.
        entries: Where the arrows of each source enter it, relative to the center.
        exits: Where those of each source leave it.
    """

    def __init__(self, width: float, height: float, content: Any = None):
        self.width, self.height, self.content = width, height, content
        self.row = 0
        self.x = 0.0
        self.entries: dict[Any, float] = {}
        self.exits: dict[Any, float] = {}
        self.is_first = self.is_last = False

    @property
    def is_lane(self) -> bool:
        """Whether only arrows pass here."""
        return self.content is None


class Link:
    """An arrow from one item to another.

    Args:
        net: What starts it: arrows of one source are drawn as one line that branches.
        source: The first item.
        target: The second item.
    """

    def __init__(self, net: Any, source: Item, target: Item):
        self.net, self.source, self.target = net, source, target
        self.is_back = False


def choose_rows(items: list[Item], links: list[Link]) -> None:
    """Sets the row of each item: below those of all sources of its arrows, as far up as that allows.

    Arrows that would close a cycle are marked as going back. An item with more arrows out than in, such as an input, is
    moved down to the first of its targets. `is_first` and `is_last` items, the ports, are alone in the outermost rows.
    """
    out = defaultdict(list)
    for link in links:
        out[link.source].append(link)
    _mark_back_links(items, out)
    into = defaultdict(list)
    for link in links:
        if not link.is_back:
            into[link.target].append(link)
    ordered = _topological(items, into, out)
    first = int(any(item.is_first for item in items))
    for item in ordered:
        item.row = max((link.source.row + 1 for link in into[item]), default=0 if item.is_first else first)
    last = max(item.row + (not item.is_last) for item in items)
    for item in reversed(ordered):
        forward = [link.target.row for link in out[item] if not link.is_back]
        if item.is_last:
            item.row = last
        elif forward and len(forward) > len(into[item]) and not item.is_first:
            item.row = min(forward) - 1


def _mark_back_links(items: list[Item], out: dict[Item, list[Link]]) -> None:
    """Marks the arrows that lead to an item from which they can be reached, in a search that is not recursive."""
    done: set[Item] = set()
    for start in items:
        if start in done:
            continue
        active, stack = {start}, [(start, iter(out[start]))]
        while stack:
            item, rest = stack[-1]
            for link in rest:
                if link.target in active:
                    link.is_back = True
                elif link.target not in done:
                    active.add(link.target)
                    stack.append((link.target, iter(out[link.target])))
                    break
            else:
                stack.pop()
                active.discard(item)
                done.add(item)


def _topological(items: list[Item], into: dict[Item, list[Link]], out: dict[Item, list[Link]]) -> list[Item]:
    missing = {item: len(into[item]) for item in items}
    ready = [item for item in items if not missing[item]]
    ordered = []
    while ready:
        item = ready.pop(0)
        ordered.append(item)
        for link in out[item]:
            if not link.is_back:
                missing[link.target] -= 1
                if not missing[link.target]:
                    ready.append(link.target)
    return ordered


class Rows:
    """The rows, and the pieces of line between them.

    Args:
        items: The items, with their rows chosen.
        links: The arrows.
        lane_width: The room for a line that passes a row, in points.

    Attributes:
        rows: The items of each row, in order.
        down: For each gap between rows, `(net, upper item, lower item)` of the lines through it. Gap r is above row r;
            lines that turn around in a gap are in `turns`, as `(net, items above, items below)`.
    """

    def __init__(self, items: list[Item], links: list[Link], lane_width: float):
        self.lane_width = lane_width
        self.rows: list[list[Item]] = [[] for _ in range(1 + max(item.row for item in items))]
        self.down: list[list[tuple[Any, Item, Item]]] = [[] for _ in range(len(self.rows) + 1)]
        self.turns: list[list[tuple[Any, Item, Item]]] = [[] for _ in range(len(self.rows) + 1)]
        self._lanes: dict[tuple, Item] = {}
        for item in items:
            self.rows[item.row].append(item)
        for link in sorted(links, key=lambda own: own.target.row):
            if link.is_back:
                self._add_back(link)
            else:
                self._add(link)
        self._order()

    def _lane(self, net: Any, row: int, is_back: bool = False) -> Item:
        key = (net, row, is_back)
        if key not in self._lanes:
            lane = self._lanes[key] = Item(self.lane_width, 0)
            lane.row = row
            self.rows[row].append(lane)
        return self._lanes[key]

    def _piece(self, pieces: list[list[tuple[Any, Item, Item]]], gap: int, net: Any, upper: Item, lower: Item) -> None:
        if (net, upper, lower) not in pieces[gap]:
            pieces[gap].append((net, upper, lower))

    def _add(self, link: Link) -> None:
        upper = link.source
        for row in range(link.source.row + 1, link.target.row):
            lane = self._lane(link.net, row)
            self._piece(self.down, row, link.net, upper, lane)
            upper = lane
        self._piece(self.down, link.target.row, link.net, upper, link.target)

    def _add_back(self, link: Link) -> None:
        """Adds an arrow that leaves its source downwards, passes beside the rows, and enters its target from above."""
        lanes = [self._lane(link.net, row, True) for row in range(link.target.row, link.source.row + 1)]
        self._piece(self.turns, link.source.row + 1, link.net, link.source, lanes[-1])
        self._piece(self.turns, link.target.row, link.net, lanes[0], link.target)
        for upper, lower in zip(lanes, lanes[1:], strict=False):
            self._piece(self.down, lower.row, (link.net, "back"), upper, lower)

    def _order(self) -> None:
        """Orders the rows by the mean positions of the neighbors above and below, and keeps the best order found."""
        above, below = defaultdict(list), defaultdict(list)
        for pieces in self.down:
            for _, upper, lower in pieces:
                above[lower].append(upper)
                below[upper].append(lower)
        best, fewest = [list(row) for row in self.rows], self.crossings()
        for sweep in range(_SWEEPS):
            if not fewest:
                break
            neighbors = below if sweep % 2 else above
            for row in reversed(self.rows) if sweep % 2 else self.rows:
                self._sort(row, neighbors)
            crossings = self.crossings()
            if crossings < fewest:
                best, fewest = [list(row) for row in self.rows], crossings
        self.rows = best

    def _sort(self, row: list[Item], neighbors: dict[Item, list[Item]]) -> None:
        adjacent = {own.row for item in row for own in neighbors[item]}
        place = {item: index for number in adjacent for index, item in enumerate(self.rows[number])}
        means = {}
        for index, item in enumerate(row):
            places = [place[own] for own in neighbors[item]]
            means[item] = sum(places) / len(places) if places else index
        row.sort(key=means.__getitem__)

    def crossings(self) -> int:
        """Returns how many pairs of lines cross."""
        place = {item: index for row in self.rows for index, item in enumerate(row)}
        count = 0
        for pieces in self.down:
            lines = sorted((place[upper], place[lower]) for _, upper, lower in pieces)
            for index, (start, end) in enumerate(lines):
                count += sum(1 for other, own in lines[index + 1 :] if other > start and own < end)
        return count

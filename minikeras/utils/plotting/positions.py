"""Where the items of a layered drawing are across the arrows, so that lines are straight where possible."""

import math
from typing import Any

from .ranks import Item, Rows

_SWEEPS = 16
_ROUNDS = 3
_LANES, _LANE, _BOXES = (
    8.0,
    3.0,
    1.0,
)  # how much a line between two lanes, a lane and a box, two boxes wants to be straight


_Lines = dict[Item, list[tuple[Item, float, float]]]  # of each item: the other end, how much it is shifted, the weight


def set_positions(rows: Rows, gap: float) -> None:
    """Sets `x` of all items: in each row in order, at least a gap apart, near to what they are connected with.

    Args:
        rows: The rows.
        gap: The smallest distance between two items, in points.
    """
    lines: _Lines = {}
    for net, upper, lower in (piece for pieces in rows.down for piece in pieces):
        weight = {2: _LANES, 1: _LANE, 0: _BOXES}[upper.is_lane + lower.is_lane]
        shift = upper.exits.get(net, 0.0) - lower.entries.get(net, 0.0)
        lines.setdefault(lower, []).append((upper, shift, weight))
        lines.setdefault(upper, []).append((lower, -shift, weight))
    for row in rows.rows:
        _spread(row, [(0.0, 1.0)] * len(row), gap)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        last = sweep >= _SWEEPS - 2
        for row in rows.rows if down else reversed(rows.rows):
            wanted = []
            for item in row:
                near = [
                    (other.x + shift, weight)
                    for other, shift, weight in lines.get(item, ())
                    if last or (other.row < item.row) == down
                ]
                total = sum(weight for _, weight in near)
                wanted.append((sum(x * weight for x, weight in near) / total, total) if near else (item.x, 0.1))
            _spread(row, wanted, gap)
    chains = _chains(rows, lines)
    for _ in range(_ROUNDS):
        for chain in chains:
            _straighten(chain, rows, gap)


def _chains(rows: Rows, lines: _Lines) -> list[list[tuple[Item, float]]]:
    """Returns chains of items whose lines should be straight, longest first, with positions relative to the first.

    Each item is followed by the one below that matters most to it, if it matters most to that one, too.
    """

    def most(item: Item, below: bool) -> tuple[Item, float] | None:
        near = [line for line in lines.get(item, ()) if (line[0].row > item.row) == below]
        if not near:
            return None
        other, shift, _ = min(near, key=lambda line: (-line[2], abs(line[0].x + line[1] - item.x)))
        return other, shift

    chains = []
    following: set[Item] = set()
    for row in rows.rows:
        for item in row:
            if item in following:
                continue
            chain, place, current = [(item, 0.0)], 0.0, item
            while (lower := most(current, True)) and (upper := most(lower[0], False)) and upper[0] is current:
                place += upper[1]
                current = lower[0]
                following.add(current)
                chain.append((current, place))
            if len(chain) > 1:
                chains.append(chain)
    return sorted(chains, key=len, reverse=True)


def _straighten(chain: list[tuple[Item, float]], rows: Rows, gap: float) -> None:
    """Moves the items of a chain so that its lines are straight, as far as their neighbors in the rows let them."""
    start = 0
    while start < len(chain):
        low, high, total, end = -math.inf, math.inf, 0.0, start
        for item, place in chain[start:]:
            left, right = _room(item, rows.rows[item.row], gap)
            if max(low, left - place) > min(high, right - place):
                break
            low, high = max(low, left - place), min(high, right - place)
            total += item.x - place
            end += 1
        if end == start:  # the row is full, apart from rounding
            start += 1
            continue
        x = min(max(total / (end - start), low), high)
        for item, place in chain[start:end]:
            item.x = x + place
        start = end


def _room(item: Item, row: list[Item], gap: float) -> tuple[float, float]:
    """Returns between which positions an item can be moved in its row."""
    index = row.index(item)
    left, right = -math.inf, math.inf
    if index:
        left = row[index - 1].x + (row[index - 1].width + item.width) / 2 + gap
    if index + 1 < len(row):
        right = row[index + 1].x - (row[index + 1].width + item.width) / 2 - gap
    return left, max(left, right)


def _spread(row: list[Item], wanted: list[tuple[float, float]], gap: float) -> None:
    """Sets the positions in a row: the smallest weighted sum of squared distances from those wanted."""
    offsets, offset = [], 0.0
    for index, item in enumerate(row):
        if index:
            offset += (row[index - 1].width + item.width) / 2 + gap
        offsets.append(offset)
    goals = [(x - offset, weight) for (x, weight), offset in zip(wanted, offsets, strict=True)]
    for item, x, offset in zip(row, ascending(goals), offsets, strict=True):
        item.x = x + offset


def ascending(goals: list[tuple[float, float]]) -> list[float]:
    """Returns the ascending numbers nearest to given ones, by pooling neighbors that are out of order.

    Args:
        goals: Pairs of a number and its weight.

    Example:
        >>> ascending([(0.0, 1.0), (5.0, 1.0), (3.0, 1.0), (9.0, 1.0)])
        [0.0, 4.0, 4.0, 9.0]
    """
    blocks: list[list[Any]] = []
    for value, weight in goals:
        blocks.append([value, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            value, weight, count = blocks.pop()
            below = blocks[-1]
            total = below[1] + weight
            blocks[-1] = [(below[0] * below[1] + value * weight) / total, total, below[2] + count]
    return [value for value, _, count in blocks for _ in range(count)]


def spread_between(wanted: list[float], left: float, right: float, distance: float) -> list[float]:
    """Returns ascending positions between two bounds, as near as possible to those wanted, which ascend.

    Args:
        wanted: The positions wanted.
        left: The lower bound.
        right: The upper bound.
        distance: The smallest distance of two, if there is room for it.

    Example:
        >>> spread_between([0.0, 0.0, 100.0], 0.0, 20.0, 5.0)
        [0.0, 5.0, 20.0]
    """
    count = len(wanted)
    distance = min(distance, (right - left) / (count - 1)) if count > 1 else 0.0
    goals = [(min(max(x, left), right) - index * distance, 1.0) for index, x in enumerate(wanted)]
    room = right - left - (count - 1) * distance
    return [left + min(max(x - left, 0.0), room) + index * distance for index, x in enumerate(ascending(goals))]

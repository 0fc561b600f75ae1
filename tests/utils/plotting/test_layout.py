"""Pictures of random models: nothing overlaps, no line crosses a box, and every arrow ends at the edge of one."""

import random

import pytest

from minikeras.utils.plotting.diagram import Box, Diagram
from minikeras.utils.plotting.layout import GAP, Layout

ROUNDING = 1e-6
STRAIGHT = 0.6  # a line that is off by less is drawn straight


def box(key):
    return Box(key, "name", "Class", None, [])


def random_diagram(rng, depth=0, keys=None):
    keys = iter(range(1, 10_000)) if keys is None else keys
    diagram = Diagram(next(keys), "m" * rng.randint(1, 12))
    for _ in range(rng.randint(1, 9)):
        nested = depth < 2 and rng.random() < 0.2
        diagram.items.append(random_diagram(rng, depth + 1, keys) if nested else box(next(keys)))
    inside = [[own.key for own in item.boxes()] if isinstance(item, Diagram) else [item.key] for item in diagram.items]
    for target in range(1, len(inside)):
        for source in rng.sample(range(target), rng.randint(0, min(3, target))):
            diagram.edges.append((rng.choice(inside[source]), rng.choice(inside[target])))
    if rng.random() < 0.3:  # a layer called again
        ends = sorted(rng.choices(range(len(inside)), k=2), reverse=True)
        diagram.edges.append((rng.choice(inside[ends[0]]), rng.choice(inside[ends[1]])))
    return diagram


def laid_out(diagram, rng):
    sizes = {own.key: (rng.uniform(20, 160), rng.uniform(15, 60)) for own in diagram.boxes()}
    beside = rng.random() < 0.5
    title = lambda own: (18, 0, 0, 0) if beside else (0, 18, 0, 7 * len(own.name) + 14)  # noqa: E731
    return Layout(diagram, lambda own: sizes[own.key], title)


def overlap(a, b, slack=ROUNDING):
    return (
        a.x < b.x + b.width - slack
        and b.x < a.x + a.width - slack
        and a.y < b.y + b.height - slack
        and b.y < a.y + a.height - slack
    )


def contains(outer, inner):
    right, bottom = outer.x + outer.width, outer.y + outer.height
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= right + ROUNDING
        and inner.y + inner.height <= bottom + ROUNDING
    )


def crosses(start, end, own):
    (x0, x1), (y0, y1) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    sideways = x0 < own.x + own.width - STRAIGHT and x1 > own.x + STRAIGHT
    return sideways and y0 < own.y + own.height - STRAIGHT and y1 > own.y + STRAIGHT


def faults(layout):
    boxes = [own for own in layout.rectangles if isinstance(own.content, Box)]
    frames = [own for own in layout.rectangles if isinstance(own.content, Diagram)]
    yield from (f"{a} overlaps {b}" for i, a in enumerate(boxes) for b in boxes[i + 1 :] if overlap(a, b))
    for frame in frames:
        inside = {own.key for own in frame.content.boxes()}
        for own in boxes:
            if not contains(frame, own) if own.content.key in inside else overlap(frame, own):
                yield f"{own} is half in {frame}"
    for line in layout.lines:
        for start, end in zip(line.points, line.points[1:], strict=False):
            if start[0] != end[0] and start[1] != end[1]:
                yield f"{line} is neither horizontal nor vertical"
            yield from (f"{line} crosses {own}" for own in boxes if crosses(start, end, own))
        x, y = line.points[-1]
        on_edge = [own for own in boxes if abs(y - own.y) < ROUNDING and own.x <= x <= own.x + own.width]
        if line.has_head and not on_edge:
            yield f"{line} ends beside all boxes"
        for x, y in line.points:
            if not (-ROUNDING <= x <= layout.width + ROUNDING and -ROUNDING <= y <= layout.height + ROUNDING):
                yield f"{line} leaves the picture"


@pytest.mark.parametrize("seed", range(60))
def test_random_models(seed):
    rng = random.Random(seed)
    diagram = random_diagram(rng)
    layout = laid_out(diagram, rng)
    assert list(faults(layout)) == []
    drawn = [own.content.key for own in layout.rectangles if isinstance(own.content, Box)]
    assert sorted(drawn) == sorted(own.key for own in diagram.boxes())


@pytest.mark.parametrize("moved", [(-400.0, 0.0), (0.0, 7.0)])
def test_faults_are_seen(moved):
    diagram = Diagram(0, "model", [box(1), box(2), box(3)], [(1, 2), (1, 3), (2, 3)])
    layout = Layout(diagram, lambda own: (50.0, 20.0), lambda own: (0, 0, 0, 0))
    assert list(faults(layout)) == []
    index = next(i for i, own in enumerate(layout.rectangles) if own.content.key == 3)
    own = layout.rectangles[index]
    layout.rectangles[index] = own._replace(x=own.x + moved[0], y=own.y + moved[1])
    assert list(faults(layout))


def heads(layout):
    return sum(line.has_head for line in layout.lines)


def test_each_arrow_has_a_head():
    edges = [(1, 2), (2, 3), (1, 3), (3, 3), (3, 1)]
    diagram = Diagram(0, "model", [box(1), box(2), box(3)], edges)
    layout = Layout(diagram, lambda own: (50, 20), lambda own: (0, 0, 0, 0))
    assert heads(layout) == len(edges) and list(faults(layout)) == []


def test_a_box_is_wide_enough_for_its_arrows():
    sources = [box(key) for key in range(1, 21)]
    diagram = Diagram(0, "model", [*sources, box(99)], [(own.key, 99) for own in sources])
    layout = Layout(diagram, lambda own: (30, 20), lambda own: (0, 0, 0, 0))
    ends = sorted(line.points[-1][0] for line in layout.lines if line.has_head)
    assert len(ends) == 20 and min(b - a for a, b in zip(ends, ends[1:], strict=False)) > 8


def test_an_arrow_into_a_frame_goes_through_its_edge():
    inner = Diagram(10, "inner", [box(2), box(3)], [(2, 3)])
    diagram = Diagram(0, "model", [box(1), inner, box(4)], [(1, 2), (3, 4)])
    layout = Layout(diagram, lambda own: (60, 20), lambda own: (0, 16, 0, 40))
    frame = next(own for own in layout.rectangles if own.content is inner)
    crossing = [line for line in layout.lines if any(abs(y - frame.y) < ROUNDING for _, y in line.points)]
    assert len(crossing) == 2 and heads(layout) == 3 and list(faults(layout)) == []


def test_two_boxes_in_a_row():
    diagram = Diagram(0, "model", [box(1), box(2)], [])
    layout = Layout(diagram, lambda own: (50, 20), lambda own: (0, 0, 0, 0))
    assert (layout.width, layout.height) == (100 + GAP, 20)

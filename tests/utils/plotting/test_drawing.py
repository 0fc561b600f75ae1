"""Pictures by matplotlib: their size, what is drawn where, and their formats."""

import io

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from minikeras.errors import ArgumentError
from minikeras.utils.plotting import drawing
from minikeras.utils.plotting.diagram import Box, Cell, Diagram
from minikeras.utils.plotting.drawing import Picture, render

DPI = 72  # one pixel is a point


def diagram(boxes=3, **values):
    shown = {"name": "dense_1", "class_name": "Dense", "activation": None, "cells": [], **values}
    keys = range(1, boxes + 1)
    return Diagram(0, "model", [Box(key=key, **shown) for key in keys], list(zip(keys, keys[1:], strict=False)))


def pixels(picture, dpi=DPI):
    return np.asarray(Image.open(io.BytesIO(render(picture, "png", dpi))).convert("L")).astype(int)


def test_the_size_of_a_picture():
    picture = Picture(diagram())
    image = pixels(picture)
    assert image.shape == (int(picture.height), int(picture.width))
    assert pixels(picture, 144).shape == (int(2 * picture.height), int(2 * picture.width))
    assert picture.height > picture.width  # three boxes below each other
    assert Picture(diagram(), "LR").height < Picture(diagram(), "LR").width


@pytest.mark.parametrize("direction", ["TB", "BT", "LR", "RL"])
@pytest.mark.parametrize("splines", ["ortho", "polyline", "line", "curved", "spline"])
def test_arrows_meet_boxes(direction, splines):
    """Along the middle of boxes and arrows, the longest white piece is a stroke of a letter."""
    picture = Picture(diagram(name=None, class_name="I"), direction, splines)
    lines = pixels(picture, 144) > 128
    lines = lines if direction in ("LR", "RL") else lines.T
    middle = lines[len(lines) // 2 - 1][2 * 8 + 2 : -2 * 8 - 2]  # 8: the margin
    runs = "".join("w" if white else "." for white in middle).split(".")
    assert max(map(len, runs)) < 20 and len(middle) > 180


@pytest.mark.parametrize(("direction", "end"), [("TB", 1), ("LR", 1), ("BT", -1), ("RL", -1)])
def test_heads_are_at_the_ends_of_arrows(direction, end):
    """Of the pixels between two boxes, more are black in the half of the head."""
    image = pixels(Picture(diagram(2, name=None), direction), 288) < 128
    image = image.T if direction in ("LR", "RL") else image
    rows = image.sum(axis=1)
    between = rows[(rows > 0) & (rows < 60)]  # lines and heads, no boxes
    half = len(between) // 2
    assert np.sign(between[half:].sum() - between[:half].sum()) == end


def test_what_is_written_where():
    cells = [Cell("Output shape: ", "(None, 3)"), Cell("", "Trainable", "forestgreen", "white")]
    figure = Picture(diagram(1, activation="relu", cells=cells)).figure()
    texts = [own.get_text() for own in figure.axes[0].texts]
    assert texts == ["dense_1", " (Dense)", "Activation: ", "relu", "Output shape: ", "(None, 3)", "", "Trainable"]
    image = np.asarray(Image.open(io.BytesIO(render(Picture(diagram(1, cells=cells)), "png", DPI))).convert("RGB"))
    assert (image == [34, 139, 34]).all(axis=-1).sum() > 100  # forest green


def test_texts_fit_into_their_cells():
    cells = [Cell("Input shape: ", "(None, 224, 224, 3)"), Cell("Output dtype: ", "float32")]
    figure = Picture(diagram(1, name="a_rather_long_name_of_a_layer", cells=cells)).figure()
    figure.set_dpi(DPI)
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [own.get_window_extent(renderer) for own in figure.axes[0].patches]
    for text in figure.axes[0].texts:
        own = text.get_window_extent(renderer)
        assert any(box.x0 <= own.x0 and own.x1 <= box.x1 and box.y0 <= own.y0 and own.y1 <= box.y1 for box in boxes)


def test_formulas_are_not_read_in_names():
    assert "$x_1$" in [own.get_text() for own in Picture(diagram(1, name="$x_1$")).figure().axes[0].texts]
    render(Picture(diagram(1, name="$\\x")), "png", DPI)


def test_the_title_of_a_frame_is_beside_its_lines():
    inner = Diagram(10, "a long title of a model", [Box(11, None, "A", None, [])])
    outer = Diagram(0, "model", [Box(1, None, "B", None, []), inner], [(1, 11)])
    picture = Picture(outer)
    (title,) = [own for own in picture.figure().axes[0].texts if own.get_text() == inner.name]
    width = picture._fonts.width(inner.name, 11.0, False)
    lines = [x + 8 for line in picture.layout.lines for x, _ in line.points]  # 8: the margin
    assert title.get_position()[0] + width < min(lines)


@pytest.mark.parametrize(
    ("kind", "start"), [("png", b"\x89PNG"), ("jpg", b"\xff\xd8"), ("pdf", b"%PDF"), ("svg", b"<?xml")]
)
def test_formats(kind, start):
    assert render(Picture(diagram()), kind, DPI).startswith(start)


def test_an_unknown_format():
    with pytest.raises(ArgumentError, match=r"expected a file that ends in one of \[.*'pdf'.*Received: .abc"):
        render(Picture(diagram()), "abc", DPI)


def test_a_picture_that_is_too_long(monkeypatch):
    monkeypatch.setattr(drawing, "_PIXELS", 1000)  # drawing 65,535 takes long
    picture = Picture(diagram(40))
    with pytest.warns(UserWarning, match=r"inches long, too long for matplotlib at 200 dots per inch, so it is drawn"):
        image = Image.open(io.BytesIO(render(picture, "png", 200)))
    assert 900 < image.height <= 1000
    assert render(picture, "svg", 200).startswith(b"<?xml")
